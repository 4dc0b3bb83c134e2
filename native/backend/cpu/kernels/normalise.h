// One row of a normalising layer.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

namespace unroll::cpu {

/** What a row is normalised by: (x - mean) · factor. */
struct RowStatistics {
  double mean, factor;
};

}  // namespace unroll::cpu

// out = (x - mean) factor weight + bias; weight and bias may be null.
UNROLL_DISPATCH(void(const float* x, int64_t n, const unroll::cpu::RowStatistics& s, const float* weight,
                     const float* bias, float* out),
                normalise_row_f32)
UNROLL_DISPATCH(void(const double* x, int64_t n, const unroll::cpu::RowStatistics& s, const double* weight,
                     const double* bias, double* out),
                normalise_row_f64)
// The gradient of x from that of out, g.
UNROLL_DISPATCH(void(const float* g, const float* x, int64_t n, const unroll::cpu::RowStatistics& s,
                     bool centred, const float* weight, float* grad),
                normalise_row_backward_f32)
UNROLL_DISPATCH(void(const double* g, const double* x, int64_t n, const unroll::cpu::RowStatistics& s,
                     bool centred, const double* weight, double* grad),
                normalise_row_backward_f64)
// grad_weight += g (x - mean) factor and grad_bias += g.
UNROLL_DISPATCH(void(const float* g, const float* x, int64_t n, const unroll::cpu::RowStatistics& s,
                     double* grad_weight, double* grad_bias),
                add_affine_gradients_f32)
UNROLL_DISPATCH(void(const double* g, const double* x, int64_t n, const unroll::cpu::RowStatistics& s,
                     double* grad_weight, double* grad_bias),
                add_affine_gradients_f64)
