// Normalising layers on the processor: rows over threads; the gradients of weight and bias are summed over a
// fixed number of blocks of rows, and the blocks combined in order.
#include "backend/normalise.h"

#include <cmath>
#include <vector>

#include "backend/cpu/kernels/normalise.h"
#include "backend/cpu/reducers.h"
#include "backend/cpu/threads.h"

namespace unroll::cpu {

namespace {

constexpr int64_t kGrain = 1 << 13;  // elements that make another thread worth waking
constexpr int64_t kBlocks = 16;      // of rows, for the sums over them

void forward_row(const float* x, int64_t n, const RowStatistics& s, const float* w, const float* b,
                 float* out) {
  normalise_row_f32(x, n, s, w, b, out);
}
void forward_row(const double* x, int64_t n, const RowStatistics& s, const double* w, const double* b,
                 double* out) {
  normalise_row_f64(x, n, s, w, b, out);
}
void backward_row(const float* g, const float* x, int64_t n, const RowStatistics& s, bool centred,
                  const float* w, float* grad) {
  normalise_row_backward_f32(g, x, n, s, centred, w, grad);
}
void backward_row(const double* g, const double* x, int64_t n, const RowStatistics& s, bool centred,
                  const double* w, double* grad) {
  normalise_row_backward_f64(g, x, n, s, centred, w, grad);
}
void affine_row(const float* g, const float* x, int64_t n, const RowStatistics& s, double* w, double* b) {
  add_affine_gradients_f32(g, x, n, s, w, b);
}
void affine_row(const double* g, const double* x, int64_t n, const RowStatistics& s, double* w, double* b) {
  add_affine_gradients_f64(g, x, n, s, w, b);
}

template <class T>
T* data_or_null(const Tensor& t) {
  return t.defined() ? t.data<T>() : nullptr;
}

RowStatistics* statistics_of(const Tensor& t) { return reinterpret_cast<RowStatistics*>(t.data<double>()); }

void normalise_cpu(const Tensor& in, const Tensor& weight, const Tensor& bias, double eps, bool centred,
                   const Tensor& out, const Tensor& statistics) {
  const int64_t rows = statistics.size(0), n = rows ? in.numel() / rows : 0;
  RowStatistics* all = statistics_of(statistics);
  visit_floating(in.dtype(), "LayerNormKernelImpl", [&]<class T>(T) {
    const T *x = in.data<T>(), *w = data_or_null<T>(weight), *b = data_or_null<T>(bias);
    T* y = out.data<T>();
    parallel_for(0, rows, kGrain / std::max<int64_t>(n, 1) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const double mean = centred ? sum_row(x + r * n, n) / static_cast<double>(n) : 0;
        const double square = sum_squares_row(x + r * n, n, mean) / static_cast<double>(n);
        all[r] = {mean, 1 / std::sqrt(square + eps)};
        forward_row(x + r * n, n, all[r], w, b, y + r * n);
      }
    });
  });
}

void normalise_backward_cpu(const Tensor& grad, const Tensor& in, const Tensor& weight,
                            const Tensor& statistics, bool centred, const Tensor& grad_in,
                            const Tensor& grad_weight, const Tensor& grad_bias) {
  const int64_t rows = statistics.size(0);
  int64_t n = rows ? in.numel() / rows : 0;
  for (const Tensor& affine : {grad_weight, grad_bias})  // which are zero where there are no rows
    if (affine.defined()) n = affine.numel();
  const RowStatistics* all = statistics_of(statistics);
  visit_floating(in.dtype(), "LayerNormBackwardKernelImpl", [&]<class T>(T) {
    const T *g = grad.data<T>(), *x = in.data<T>(), *w = data_or_null<T>(weight);
    if (T* to = data_or_null<T>(grad_in))
      parallel_for(0, rows, kGrain / std::max<int64_t>(n, 1) + 1, [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r)
          backward_row(g + r * n, x + r * n, n, all[r], centred, w, to + r * n);
      });
    if (!grad_weight.defined() && !grad_bias.defined()) return;
    std::vector<double> sums(static_cast<size_t>(kBlocks * 2 * n));
    parallel_for(0, kBlocks, kGrain * kBlocks / std::max<int64_t>(rows * n, 1) + 1,
                 [&](int64_t begin, int64_t end) {
                   for (int64_t k = begin; k < end; ++k) {
                     double* of_weight = sums.data() + k * 2 * n;
                     for (int64_t r = rows * k / kBlocks; r < rows * (k + 1) / kBlocks; ++r)
                       affine_row(g + r * n, x + r * n, n, all[r], of_weight, of_weight + n);
                   }
                 });
    for (int64_t k = 1; k < kBlocks; ++k)
      for (int64_t j = 0; j < 2 * n; ++j)
        sums[static_cast<size_t>(j)] += sums[static_cast<size_t>(k * 2 * n + j)];
    T *to_weight = data_or_null<T>(grad_weight), *to_bias = data_or_null<T>(grad_bias);
    for (int64_t j = 0; j < n; ++j) {
      if (to_weight) to_weight[j] = static_cast<T>(sums[static_cast<size_t>(j)]);
      if (to_bias) to_bias[j] = static_cast<T>(sums[static_cast<size_t>(n + j)]);
    }
  });
}

const KernelOn<DeviceType::Cpu> normalise_on_cpu{normalise_kernel, normalise_cpu};
const KernelOn<DeviceType::Cpu> normalise_backward_on_cpu{normalise_backward_kernel, normalise_backward_cpu};

}  // namespace

}  // namespace unroll::cpu
