// Sums over stretches of memory, float and double, accumulated in double in an order that depends on the
// length alone, not on the width of the vectors.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

/** sum x[i] */
UNROLL_DISPATCH(double(const float* x, int64_t n), sum_f32)
UNROLL_DISPATCH(double(const double* x, int64_t n), sum_f64)
/** sum (x[i] - centre)² */
UNROLL_DISPATCH(double(const float* x, int64_t n, double centre), sum_squares_f32)
UNROLL_DISPATCH(double(const double* x, int64_t n, double centre), sum_squares_f64)
/** total[c] += sum over rows of x[row][c], rows `stride` apart */
UNROLL_DISPATCH(void(const float* x, int64_t rows, int64_t stride, int64_t columns, double* total),
                sum_columns_f32)
UNROLL_DISPATCH(void(const double* x, int64_t rows, int64_t stride, int64_t columns, double* total),
                sum_columns_f64)
/** total[c] += sum over rows of (x[row][c] - centre[c])² */
UNROLL_DISPATCH(void(const float* x, int64_t rows, int64_t stride, int64_t columns, const double* centre,
                     double* total),
                sum_squares_columns_f32)
UNROLL_DISPATCH(void(const double* x, int64_t rows, int64_t stride, int64_t columns, const double* centre,
                     double* total),
                sum_squares_columns_f64)
/** The greatest of n > 0 elements, or the least; false where one of them is NaN. */
UNROLL_DISPATCH(bool(const float* x, int64_t n, bool largest, float* result), extreme_f32)
UNROLL_DISPATCH(bool(const double* x, int64_t n, bool largest, double* result), extreme_f64)
/**
 * The least and greatest of n > 0 elements and how many are 0; false, and nothing told, where one is not
 * finite.
 */
UNROLL_DISPATCH(bool(const float* x, int64_t n, float* low, float* high, int64_t* zeros), bounds_f32)
UNROLL_DISPATCH(bool(const double* x, int64_t n, double* low, double* high, int64_t* zeros), bounds_f64)
