// A row taken into what the columns above it have come to.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

/** Into each column's sum, least, greatest and number of finite elements; the others are passed over. */
UNROLL_DISPATCH(void(const float* row, int64_t columns, double* sum, double* low, double* high,
                     double* finite),
                take_row_f32)
UNROLL_DISPATCH(void(const double* row, int64_t columns, double* sum, double* low, double* high,
                     double* finite),
                take_row_f64)
