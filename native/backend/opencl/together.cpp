#include "backend/opencl/together.h"

namespace unroll::opencl {

Shares shares_of(const ClDevice& device, const Tensors& tensors, size_t first) {
  Shares shares;
  for (size_t i = 0; i < kTogether; ++i) {
    if (first + i < tensors.size()) shares.n[i] = count_of(tensors[first + i]);
    shares.start[i + 1] = shares.start[i] + static_cast<int>(sweep_groups(device, shares.n[i]));
  }
  return shares;
}

void add_eight(Launch& launch, const Tensors& tensors, size_t first) {
  for (size_t i = 0; i < kTogether; ++i)
    launch.tensor(first + i < tensors.size() ? tensors[first + i] : Tensor());
}

}  // namespace unroll::opencl
