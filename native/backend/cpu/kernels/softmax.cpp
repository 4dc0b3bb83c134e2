#include "backend/cpu/kernels/softmax.h"

#include "backend/cpu/kernels/lanes.h"
#include "backend/cpu/kernels/math.h"

namespace unroll::cpu::UNROLL_ISA {
namespace {

template <class T>
void rows_forward(const T* in, T* out, int64_t rows, int64_t n, bool is_log) {
  for (int64_t r = 0; r < rows; ++r, in += n, out += n) {
    const T top = max_lanes(in, n);
    if (is_log) {
      const T lse = log(sum_lanes<T>(n, [&](int64_t j) { return exp_or_zero(in[j] - top); }));
      for (int64_t j = 0; j < n; ++j) out[j] = (in[j] - top) - lse;
    } else {
      for (int64_t j = 0; j < n; ++j) out[j] = exp(in[j] - top);
      const T scale = T(1) / sum_lanes<T>(n, [&](int64_t j) { return out[j]; });
      for (int64_t j = 0; j < n; ++j) out[j] *= scale;
    }
  }
}

template <class T>
void columns_forward(const T* in, T* out, int64_t n, int64_t stride, int64_t columns, bool is_log,
                     T* scratch) {
  T* const top = scratch;
  T* const sum = scratch + columns;
  for (int64_t c = 0; c < columns; ++c) {
    top[c] = in[c];
    sum[c] = 0;
  }
  for (int64_t k = 1; k < n; ++k)
    for (int64_t c = 0; c < columns; ++c) top[c] = in[k * stride + c] > top[c] ? in[k * stride + c] : top[c];
  for (int64_t k = 0; k < n; ++k)
    for (int64_t c = 0; c < columns; ++c) {
      const T shifted = in[k * stride + c] - top[c], e = exp(shifted);
      out[k * stride + c] = is_log ? shifted : e;
      sum[c] += e;
    }
  for (int64_t c = 0; c < columns; ++c) sum[c] = is_log ? log(sum[c]) : T(1) / sum[c];
  for (int64_t k = 0; k < n; ++k)
    for (int64_t c = 0; c < columns; ++c) {
      T& y = out[k * stride + c];
      y = is_log ? y - sum[c] : y * sum[c];
    }
}

template <class T>
void rows_backward(const T* grad, const T* out, T* grad_in, int64_t rows, int64_t n, bool is_log) {
  for (int64_t r = 0; r < rows; ++r, grad += n, out += n, grad_in += n) {
    if (is_log) {
      const T sum = sum_lanes<T>(n, [&](int64_t j) { return grad[j]; });
      for (int64_t j = 0; j < n; ++j) grad_in[j] = grad[j] - exp(out[j]) * sum;
    } else {
      const T sum = sum_lanes<T>(n, [&](int64_t j) { return grad[j] * out[j]; });
      for (int64_t j = 0; j < n; ++j) grad_in[j] = out[j] * (grad[j] - sum);
    }
  }
}

template <class T>
void columns_backward(const T* grad, const T* out, T* grad_in, int64_t n, int64_t stride, int64_t columns,
                      bool is_log, T* sum) {
  for (int64_t c = 0; c < columns; ++c) sum[c] = 0;
  for (int64_t k = 0; k < n; ++k)
    for (int64_t c = 0; c < columns; ++c) {
      const int64_t i = k * stride + c;
      sum[c] += is_log ? grad[i] : grad[i] * out[i];
    }
  for (int64_t k = 0; k < n; ++k)
    for (int64_t c = 0; c < columns; ++c) {
      const int64_t i = k * stride + c;
      grad_in[i] = is_log ? grad[i] - exp(out[i]) * sum[c] : out[i] * (grad[i] - sum[c]);
    }
}

template <class T>
T row_loss(const T* x, int64_t n, const CrossEntropyRow<T>& row, const T* weight, T* lse) {
  const T top = max_lanes(x, n);
  *lse = top + log(sum_lanes<T>(n, [&](int64_t j) { return exp_or_zero(x[j] - top); }));
  T loss = row.hit * (*lse - x[row.target]);
  if (row.smooth == 0) return loss;
  const T l = *lse;
  return loss + row.smooth * (weight ? sum_lanes<T>(n, [&](int64_t j) { return weight[j] * (l - x[j]); })
                                     : sum_lanes<T>(n, [&](int64_t j) { return l - x[j]; }));
}

template <class T>
void row_backward(const T* x, int64_t n, const CrossEntropyRow<T>& row, const T* weight, T weight_sum, T lse,
                  T* grad) {
  // A row that takes no part has no gradient even where its numbers are not finite.
  if (row.hit == 0 && row.smooth == 0) {
    for (int64_t j = 0; j < n; ++j) grad[j] = 0;
    return;
  }
  const T all = (row.hit + row.smooth * weight_sum) * row.scale, each = row.smooth * row.scale;
  if (row.smooth == 0)
    for (int64_t j = 0; j < n; ++j) grad[j] = all * exp_or_zero(x[j] - lse);
  else if (weight)
    for (int64_t j = 0; j < n; ++j) grad[j] = all * exp_or_zero(x[j] - lse) - each * weight[j];
  else
    for (int64_t j = 0; j < n; ++j) grad[j] = all * exp_or_zero(x[j] - lse) - each;
  grad[row.target] -= row.hit * row.scale;
}

}  // namespace

void softmax_rows_f32(const float* in, float* out, int64_t rows, int64_t n, bool is_log) {
  rows_forward(in, out, rows, n, is_log);
}
void softmax_rows_f64(const double* in, double* out, int64_t rows, int64_t n, bool is_log) {
  rows_forward(in, out, rows, n, is_log);
}
void softmax_columns_f32(const float* in, float* out, int64_t n, int64_t stride, int64_t columns, bool is_log,
                         float* scratch) {
  columns_forward(in, out, n, stride, columns, is_log, scratch);
}
void softmax_columns_f64(const double* in, double* out, int64_t n, int64_t stride, int64_t columns,
                         bool is_log, double* scratch) {
  columns_forward(in, out, n, stride, columns, is_log, scratch);
}
void softmax_rows_backward_f32(const float* grad, const float* out, float* grad_in, int64_t rows, int64_t n,
                               bool is_log) {
  rows_backward(grad, out, grad_in, rows, n, is_log);
}
void softmax_rows_backward_f64(const double* grad, const double* out, double* grad_in, int64_t rows,
                               int64_t n, bool is_log) {
  rows_backward(grad, out, grad_in, rows, n, is_log);
}
void softmax_columns_backward_f32(const float* grad, const float* out, float* grad_in, int64_t n,
                                  int64_t stride, int64_t columns, bool is_log, float* scratch) {
  columns_backward(grad, out, grad_in, n, stride, columns, is_log, scratch);
}
void softmax_columns_backward_f64(const double* grad, const double* out, double* grad_in, int64_t n,
                                  int64_t stride, int64_t columns, bool is_log, double* scratch) {
  columns_backward(grad, out, grad_in, n, stride, columns, is_log, scratch);
}
float cross_entropy_row_f32(const float* x, int64_t n, const CrossEntropyRow<float>& row, const float* weight,
                            float* lse) {
  return row_loss(x, n, row, weight, lse);
}
double cross_entropy_row_f64(const double* x, int64_t n, const CrossEntropyRow<double>& row,
                             const double* weight, double* lse) {
  return row_loss(x, n, row, weight, lse);
}
void cross_entropy_row_backward_f32(const float* x, int64_t n, const CrossEntropyRow<float>& row,
                                    const float* weight, float weight_sum, float lse, float* grad) {
  row_backward(x, n, row, weight, weight_sum, lse, grad);
}
void cross_entropy_row_backward_f64(const double* x, int64_t n, const CrossEntropyRow<double>& row,
                                    const double* weight, double weight_sum, double lse, double* grad) {
  row_backward(x, n, row, weight, weight_sum, lse, grad);
}

}  // namespace unroll::cpu::UNROLL_ISA
