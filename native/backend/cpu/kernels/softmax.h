// Softmax and its kin over rows of contiguous memory, and over columns that lie side by side.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

namespace unroll::cpu {

/** The class-index cross entropy of one row as the kernels need it; see ops/loss.cpp for the formulas. */
template <class T>
struct CrossEntropyRow {
  int64_t target;  // in [0, classes)
  T hit;           // what -log p(target) counts
  T smooth;        // what Σ_c weight_c · -log p(c) counts
  T scale;         // backward: the gradient that arrives at this row's loss
};

}  // namespace unroll::cpu

// softmax, or log_softmax where `log`, of in[rows][n] into out[rows][n].
UNROLL_DISPATCH(void(const float* in, float* out, int64_t rows, int64_t n, bool log), softmax_rows_f32)
UNROLL_DISPATCH(void(const double* in, double* out, int64_t rows, int64_t n, bool log), softmax_rows_f64)
// The same down the columns of in[n][stride], `columns` of them. scratch: 2 · columns.
UNROLL_DISPATCH(void(const float* in, float* out, int64_t n, int64_t stride, int64_t columns, bool log,
                     float* scratch),
                softmax_columns_f32)
UNROLL_DISPATCH(void(const double* in, double* out, int64_t n, int64_t stride, int64_t columns, bool log,
                     double* scratch),
                softmax_columns_f64)
// The gradient of in from that of out and out itself.
UNROLL_DISPATCH(void(const float* grad, const float* out, float* grad_in, int64_t rows, int64_t n, bool log),
                softmax_rows_backward_f32)
UNROLL_DISPATCH(void(const double* grad, const double* out, double* grad_in, int64_t rows, int64_t n,
                     bool log),
                softmax_rows_backward_f64)
UNROLL_DISPATCH(void(const float* grad, const float* out, float* grad_in, int64_t n, int64_t stride,
                     int64_t columns, bool log, float* scratch),
                softmax_columns_backward_f32)
UNROLL_DISPATCH(void(const double* grad, const double* out, double* grad_in, int64_t n, int64_t stride,
                     int64_t columns, bool log, double* scratch),
                softmax_columns_backward_f64)
// One row's loss, hit · (lse - x[target]) + smooth · Σ_c weight[c] · (lse - x[c]), with lse = log Σ exp x,
// which is returned in *lse. `weight` null stands for ones.
UNROLL_DISPATCH(float(const float* x, int64_t n, const unroll::cpu::CrossEntropyRow<float>& row,
                      const float* weight, float* lse),
                cross_entropy_row_f32)
UNROLL_DISPATCH(double(const double* x, int64_t n, const unroll::cpu::CrossEntropyRow<double>& row,
                       const double* weight, double* lse),
                cross_entropy_row_f64)
// Its gradient; weight_sum = Σ weight.
UNROLL_DISPATCH(void(const float* x, int64_t n, const unroll::cpu::CrossEntropyRow<float>& row,
                     const float* weight, float weight_sum, float lse, float* grad),
                cross_entropy_row_backward_f32)
UNROLL_DISPATCH(void(const double* x, int64_t n, const unroll::cpu::CrossEntropyRow<double>& row,
                     const double* weight, double weight_sum, double lse, double* grad),
                cross_entropy_row_backward_f64)
