#include "ops/geometry.h"

#include "ops/ops.h"

namespace unroll {

Dims wrap_dims(const Dims& dims, int rank) {
  Dims wrapped;
  bool seen[kMaxDims] = {};
  for (int64_t d : dims) {
    const int dim = wrap_dim(d, rank);
    UNROLL_CHECK(!seen[dim], "dim ", dim, " appears multiple times in the list of dims");
    seen[dim] = true;
    if (rank > 0) wrapped.push_back(dim);
  }
  return wrapped;
}

Tensor zeros_beside(const Tensor& like, const Dims& sizes) {
  Tensor out = empty(sizes, like.dtype(), like.device());
  if (out.numel()) out.device().fill_zero(out.storage().block(), 0, out.storage().bytes());
  return out;
}

Tensor placed(const Tensor& part, const Dims& sizes, const Replay& view) {
  Tensor whole = zeros_beside(part, sizes);
  copy_(view(whole), part);
  return whole;
}

// Both shapes are walked from the last dimension. A run of old dimensions that lie densely in one another is
// one stretch of memory with a single stride; the new dimensions must divide each such stretch exactly.
bool view_strides(const Dims& sizes, const Dims& strides, const Dims& to, Dims& result) {
  if (numel_of(sizes) == 0) {
    result = contiguous_strides(to);
    return true;
  }
  result = Dims(to.size(), 1);
  int next = to.size() - 1;
  for (int i = sizes.size() - 1; i >= 0; --i) {
    if (sizes[i] == 1) continue;
    const int64_t stride = strides[i];
    int64_t stretch = sizes[i];
    for (; i > 0 && (sizes[i - 1] == 1 || strides[i - 1] == stretch * stride); --i) stretch *= sizes[i - 1];
    int64_t covered = 1;
    for (; next >= 0 && (covered < stretch || to[next] == 1); --next) {
      result[next] = covered * stride;
      covered *= to[next];
    }
    if (covered != stretch) return false;
  }
  return true;
}

}  // namespace unroll
