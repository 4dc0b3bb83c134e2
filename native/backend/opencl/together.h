// Several flat tensors in one launch, as a model has many small ones.
#pragma once

#include "backend/opencl/launch.h"

namespace unroll::opencl {

/** As many as common.cl's EIGHT names. */
inline constexpr size_t kTogether = 8;

/** common.cl's Shares: how many elements each tensor has, and which work-group each begins with; the last:
 * how many groups there are. */
struct Shares {
  int n[kTogether] = {}, start[kTogether + 1] = {};
  int64_t groups() const { return start[kTogether]; }
};

/** Of the tensors from `first` on, up to kTogether; each gets sweep_groups of its own. */
Shares shares_of(const ClDevice& device, const Tensors& tensors, size_t first);

/** The arguments of EIGHT: the tensors from `first` on, null pointers where there are fewer. */
void add_eight(Launch& launch, const Tensors& tensors, size_t first);

}  // namespace unroll::opencl
