// Running sums: floating types in double, integers in int64, each run by one thread in order.
#include "backend/cpu/threads.h"
#include "backend/reduce.h"

namespace unroll::cpu {

namespace {

constexpr int64_t kGrain = 1 << 14;  // elements that make another thread worth waking
constexpr int64_t kBlock = 128;      // neighbouring runs walked together

template <class T>
void cumsum(const Tensor& out, const Tensor& in, const ReduceShape& s) {
  constexpr bool is_float = std::is_floating_point_v<T>;
  using Out = std::conditional_t<is_float, T, int64_t>;
  using Acc = std::conditional_t<is_float, double, uint64_t>;  // unsigned: wraps around
  const T* x = in.data<T>();
  Out* y = out.data<Out>();
  if (s.inner == 1) {
    parallel_for(0, s.outer, kGrain / s.reduced + 1, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        Acc total = 0;
        for (int64_t i = row * s.reduced; i < (row + 1) * s.reduced; ++i) {
          total += static_cast<Acc>(x[i]);
          y[i] = static_cast<Out>(total);
        }
      }
    });
    return;
  }
  const int64_t width = std::min(s.inner, kBlock), blocks = (s.inner + width - 1) / width;
  parallel_for(0, s.outer * blocks, kGrain / (s.reduced * width + 1) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t column = i % blocks * width, columns = std::min(width, s.inner - column);
      int64_t at = i / blocks * s.reduced * s.inner + column;
      Acc total[kBlock] = {};
      for (int64_t r = 0; r < s.reduced; ++r, at += s.inner)
        for (int64_t c = 0; c < columns; ++c) {
          total[c] += static_cast<Acc>(x[at + c]);
          y[at + c] = static_cast<Out>(total[c]);
        }
    }
  });
}

void cumsum_cpu(const Tensor& out, const Tensor& in, const ReduceShape& s) {
  if (in.numel() == 0) return;
  visit_computed(in.dtype(), [&](auto type) { cumsum<decltype(type)>(out, in, s); });
}

const KernelOn<DeviceType::Cpu> cumsum_on_cpu{cumsum_kernel, cumsum_cpu};

}  // namespace

}  // namespace unroll::cpu
