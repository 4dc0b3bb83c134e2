// Rows taken into what the columns above them have come to.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

/**
 * Rows lie `stride` apart. Into each column's sum, least, greatest and number of finite elements; others are
 * passed over.
 */
UNROLL_DISPATCH(void(const float* x, int64_t rows, int64_t stride, int64_t columns, double* sum, float* low,
                     float* high, int32_t* finite),
                take_rows_f32)
UNROLL_DISPATCH(void(const double* x, int64_t rows, int64_t stride, int64_t columns, double* sum, double* low,
                     double* high, int32_t* finite),
                take_rows_f64)
