#include "backend/opencl/together.h"

#include <algorithm>

namespace unroll::opencl {

constexpr int64_t kMostGroups = 256;

Shares shares_of(const ClDevice& device, const Tensors& tensors, size_t first) {
  const auto group = static_cast<int64_t>(device.group_size());
  Shares shares;
  for (size_t i = 0; i < kTogether; ++i) {
    if (first + i < tensors.size()) shares.n[i] = count_of(tensors[first + i]);
    shares.start[i + 1] =
        shares.start[i] + static_cast<int>(std::min(kMostGroups, (shares.n[i] + group - 1) / group));
  }
  return shares;
}

void add_eight(Launch& launch, const Tensors& tensors, size_t first) {
  for (size_t i = 0; i < kTogether; ++i)
    launch.tensor(first + i < tensors.size() ? tensors[first + i] : Tensor());
}

}  // namespace unroll::opencl
