// Rows of a table by index, and the sum of gradients back into them. Threads take columns in the backward
// pass, so that each element adds up its gradients in the order of the indices, whatever their number.
#include <cstring>

#include "backend/cpu/kernels/gates.h"
#include "backend/cpu/threads.h"
#include "backend/layers.h"

namespace unroll {
namespace {

using namespace cpu;

void add_row(float* to, const float* from, int64_t n) { add_row_f32(to, from, n); }
void add_row(double* to, const double* from, int64_t n) { add_row_f64(to, from, n); }

/** Elements a thread copies or adds at least. */
constexpr int64_t kGrain = 1 << 14;

template <class Index>
void check_indices(const Index* indices, int64_t n, int64_t rows) {
  for (int64_t i = 0; i < n; ++i)
    UNROLL_CHECK_KIND(Index, indices[i] >= 0 && indices[i] < rows, "index out of range in self");
}

template <class F>
void visit_indices(const Tensor& indices, F&& f) {
  if (indices.dtype() == DType::Int64)
    f(indices.data<int64_t>());
  else
    f(indices.data<int32_t>());
}

void embedding_cpu(const Tensor& weight, const Tensor& indices, const Tensor& out) {
  const int64_t n = indices.numel(), rows = weight.size(0),
                row_bytes = weight.size(1) * item_size(weight.dtype());
  visit_indices(indices, [&](const auto* index) {
    check_indices(index, n, rows);
    if (row_bytes == 0) return;
    parallel_for(0, n, kGrain / weight.size(1) + 1, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i)
        std::memcpy(out.raw_data() + i * row_bytes, weight.raw_data() + index[i] * row_bytes,
                    static_cast<size_t>(row_bytes));
    });
  });
}

void embedding_backward_cpu(const Tensor& grad, const Tensor& indices, int64_t padding_idx,
                            const Tensor& grad_weight) {
  const int64_t n = indices.numel(), rows = grad_weight.size(0), width = grad_weight.size(1);
  visit_floating(grad.dtype(), "embedding_backward", [&]<class T>(T) {
    const T* const g = grad.data<T>();
    T* const sums = grad_weight.data<T>();
    visit_indices(indices, [&](const auto* index) {
      check_indices(index, n, rows);
      parallel_for(0, width, kGrain / std::max<int64_t>(n + rows, 1) + 1, [&](int64_t first, int64_t last) {
        const int64_t columns = last - first;
        for (int64_t r = 0; r < rows; ++r)
          std::memset(sums + r * width + first, 0, static_cast<size_t>(columns) * sizeof(T));
        for (int64_t i = 0; i < n; ++i) {
          if (index[i] == padding_idx) continue;
          T* const to = sums + index[i] * width + first;
          const T* const from = g + i * width + first;
          add_row(to, from, columns);
        }
      });
    });
  });
}

const KernelOn<DeviceType::Cpu> embedding_on_cpu{embedding_kernel, embedding_cpu};
const KernelOn<DeviceType::Cpu> embedding_backward_on_cpu{embedding_backward_kernel, embedding_backward_cpu};

}  // namespace
}  // namespace unroll
