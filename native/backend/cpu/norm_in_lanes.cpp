// The 2-norm in PyTorch's order of additions; compiled for the baseline alone, as no multiply-add may round
// once where PyTorch rounds twice.
#include <atomic>
#include <cmath>
#include <cstring>

#include "backend/cpu/threads.h"
#include "backend/kernels.h"

namespace unroll::cpu {
namespace {

constexpr int64_t kLanes = 8;
/** Elements below which another thread costs more than it brings. */
constexpr int64_t kElementsPerThread = 1 << 15;
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float))));

/** Elements fetched ahead: one chain of additions is quicker than the memory else. */
constexpr int64_t kAhead = 512;

float norm_in_lanes(const float* x, int64_t n) {
  Lanes sums = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    Lanes values;
    __builtin_prefetch(x + i + kAhead);
    std::memcpy(&values, x + i, sizeof values);
    sums += values * values;
  }
  float total = sums[0];
  for (int64_t lane = 1; lane < kLanes; ++lane) total += sums[lane];
  for (; i < n; ++i) total += x[i] * x[i];
  return std::sqrt(total);
}

/** A tensor is one chain: threads take whole ones, whichever is next. */
void norms_in_lanes(const Tensor& out, const Tensors& tensors) {
  float* const norms = out.data<float>();
  const auto count = static_cast<int64_t>(tensors.size());
  int64_t elements = 0;
  for (const Tensor& t : tensors) elements += t.numel();
  std::atomic<int64_t> next = 0;
  parallel_for(0, elements, kElementsPerThread, [&](int64_t, int64_t) {
    for (int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;)
      norms[i] = norm_in_lanes(tensors[i].data<float>(), tensors[i].numel());
  });
}

const KernelOn<DeviceType::Cpu> norms_in_lanes_on_cpu{norms_in_lanes_kernel, norms_in_lanes};

}  // namespace
}  // namespace unroll::cpu
