// Norms of a window, as the recurrent kernels leave them.
#pragma once

#include <vector>

#include "values.h"

namespace unroll {

inline Tensor norms(const std::vector<double>& all) {
  return tensor_of({static_cast<int64_t>(all.size())}, all, DType::Float64);
}

}  // namespace unroll
