// One row of a normalising layer, forward and backward.
#include "backend/cpu/kernels/normalise.h"

#include "backend/cpu/kernels/lanes.h"

namespace unroll::cpu::UNROLL_ISA {
namespace {

template <class T>
void forward(const T* x, int64_t n, const RowStatistics& s, const T* weight, const T* bias, T* out) {
  const T mean = static_cast<T>(s.mean), factor = static_cast<T>(s.factor);
#pragma GCC ivdep
  for (int64_t j = 0; j < n; ++j) out[j] = (x[j] - mean) * factor;
  if (weight) {
#pragma GCC ivdep
    for (int64_t j = 0; j < n; ++j) out[j] *= weight[j];
  }
  if (bias) {
#pragma GCC ivdep
    for (int64_t j = 0; j < n; ++j) out[j] += bias[j];
  }
}

// With y = (x - mean) factor and v = g weight: factor (v - mean(v) - y mean(v y)), without mean(v) where the
// row was not centred.
template <class T>
void backward(const T* g, const T* x, int64_t n, const RowStatistics& s, bool centred, const T* weight,
              T* grad) {
  const T mean = static_cast<T>(s.mean), factor = static_cast<T>(s.factor);
#pragma GCC ivdep
  for (int64_t j = 0; j < n; ++j) grad[j] = weight ? g[j] * weight[j] : g[j];
  const double count = static_cast<double>(n);
  const T shared =
      centred ? static_cast<T>(sum_lanes<double>(n, [=](int64_t j) { return grad[j]; }) / count) : T(0);
  const T along = static_cast<T>(
      sum_lanes<double>(n, [=](int64_t j) { return grad[j] * ((x[j] - mean) * factor); }) / count);
#pragma GCC ivdep
  for (int64_t j = 0; j < n; ++j) grad[j] = factor * (grad[j] - shared - (x[j] - mean) * factor * along);
}

template <class T>
void affine(const T* g, const T* x, int64_t n, const RowStatistics& s, double* grad_weight,
            double* grad_bias) {
  const T mean = static_cast<T>(s.mean), factor = static_cast<T>(s.factor);
#pragma GCC ivdep
  for (int64_t j = 0; j < n; ++j) {
    grad_weight[j] += static_cast<double>(g[j] * ((x[j] - mean) * factor));
    grad_bias[j] += static_cast<double>(g[j]);
  }
}

}  // namespace

void normalise_row_f32(const float* x, int64_t n, const RowStatistics& s, const float* weight,
                       const float* bias, float* out) {
  forward(x, n, s, weight, bias, out);
}
void normalise_row_f64(const double* x, int64_t n, const RowStatistics& s, const double* weight,
                       const double* bias, double* out) {
  forward(x, n, s, weight, bias, out);
}
void normalise_row_backward_f32(const float* g, const float* x, int64_t n, const RowStatistics& s,
                                bool centred, const float* weight, float* grad) {
  backward(g, x, n, s, centred, weight, grad);
}
void normalise_row_backward_f64(const double* g, const double* x, int64_t n, const RowStatistics& s,
                                bool centred, const double* weight, double* grad) {
  backward(g, x, n, s, centred, weight, grad);
}
void add_affine_gradients_f32(const float* g, const float* x, int64_t n, const RowStatistics& s,
                              double* grad_weight, double* grad_bias) {
  affine(g, x, n, s, grad_weight, grad_bias);
}
void add_affine_gradients_f64(const double* g, const double* x, int64_t n, const RowStatistics& s,
                              double* grad_weight, double* grad_bias) {
  affine(g, x, n, s, grad_weight, grad_bias);
}

}  // namespace unroll::cpu::UNROLL_ISA
