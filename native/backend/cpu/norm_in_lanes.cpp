// The 2-norm in PyTorch's order of additions; compiled for the baseline alone, as no multiply-add may round
// once where PyTorch rounds twice.
#include <cmath>
#include <cstring>

#include "backend/kernels.h"

namespace unroll::cpu {
namespace {

constexpr int64_t kLanes = 8;
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float))));

void norm_in_lanes(const Tensor& out, const Tensor& t) {
  const float* x = t.data<float>();
  const int64_t n = t.numel();
  Lanes sums = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    Lanes values;
    std::memcpy(&values, x + i, sizeof values);
    sums += values * values;
  }
  float total = sums[0];
  for (int64_t lane = 1; lane < kLanes; ++lane) total += sums[lane];
  for (; i < n; ++i) total += x[i] * x[i];
  *out.data<float>() = std::sqrt(total);
}

const KernelOn<DeviceType::Cpu> norm_in_lanes_on_cpu{norm_in_lanes_kernel, norm_in_lanes};

}  // namespace
}  // namespace unroll::cpu
