#include "ops/reduction.h"

#include <numeric>

#include "ops/geometry.h"
#include "ops/ops.h"

namespace unroll {

namespace {

struct DimSet {
  bool has[kMaxDims] = {};
  explicit DimSet(const Dims& dims) {
    for (int64_t d : dims) has[d] = true;
  }
};

Dims all_dims(int rank) {
  Dims dims(rank, 0);
  std::iota(dims.begin(), dims.end(), 0);
  return dims;
}

Tensor permuted(const Tensor& t, const Dims& order) {
  Dims sizes, strides;
  for (int64_t d : order) {
    sizes.push_back(t.sizes()[static_cast<int>(d)]);
    strides.push_back(t.strides()[static_cast<int>(d)]);
  }
  return alias(t, sizes, strides, t.offset());
}

Tensor contiguous_copy(const Tensor& t) {
  Tensor copy = empty(t.sizes(), t.dtype(), t.device());
  copy_kernel(t.device_type(), copy, t);
  return copy;
}

/** The sizes of contiguous memory as [outer][reduced][inner]; false where reduced dimensions lie in two
 * places. */
bool canonical(const Dims& sizes, const Dims& order, const DimSet& goes, ReduceShape& shape) {
  shape = {};
  int phase = 0;  // 0 outer, 1 reduced, 2 inner
  for (int i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 1) continue;
    if (goes.has[order[i]]) {
      if (phase == 2) return false;
      phase = 1;
      shape.reduced *= sizes[i];
    } else {
      if (phase == 1) phase = 2;
      (phase == 0 ? shape.outer : shape.inner) *= sizes[i];
    }
  }
  return true;
}

}  // namespace

Reducible::Reducible(const Tensor& t, const Dims& requested) {
  const int rank = t.dim();
  dims = requested.empty() ? all_dims(rank) : wrap_dims(requested, rank);
  const DimSet goes(dims);
  for (int i = 0; i < rank; ++i) {
    keepdim_sizes.push_back(goes.has[i] ? 1 : t.sizes()[i]);
    if (!goes.has[i]) sizes.push_back(t.sizes()[i]);
  }

  // A dense tensor is reduced in the order in which it lies in memory; any other is copied.
  Dims order = all_dims(rank);
  in = t;
  if (!t.is_contiguous()) {
    if (t.is_dense())
      std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
        return t.strides()[static_cast<int>(a)] > t.strides()[static_cast<int>(b)];
      });
    in = permuted(t, order);
    if (!in.is_contiguous()) in = contiguous_copy(in);
  }
  if (!canonical(in.sizes(), order, goes, shape)) {
    std::stable_partition(order.begin(), order.end(), [&](int64_t d) { return !goes.has[d]; });
    in = contiguous_copy(permuted(t, order));
    canonical(in.sizes(), order, goes, shape);
  }
  int place[kMaxDims] = {}, staying = 0;
  for (int i = 0; i < rank; ++i) place[i] = goes.has[i] ? -1 : staying++;
  for (int64_t d : order)
    if (!goes.has[d]) kept.push_back(place[d]);
}

Tensor Reducible::output(DType dtype) const {
  Dims in_order;
  for (int64_t d : kept) in_order.push_back(sizes[static_cast<int>(d)]);
  return empty(in_order, dtype, in.device());
}

Tensor Reducible::finished(const Tensor& out, bool keepdim) const {
  Tensor result = out;
  if (!std::is_sorted(kept.begin(), kept.end())) {
    Dims inverse(kept.size(), 0);
    for (int i = 0; i < kept.size(); ++i) inverse[static_cast<int>(kept[i])] = i;
    result = contiguous_copy(permuted(out, inverse));
  }
  if (keepdim) result = alias(result, keepdim_sizes, contiguous_strides(keepdim_sizes), 0);
  return result;
}

Tensor reduced(Reduction op, const Tensor& t, const Dims& dims, bool keepdim, DType dtype, double parameter) {
  const Reducible ready(t, dims);
  Tensor out = ready.output(dtype);
  reduce_kernel(t.device_type(), op, out, ready.in, ready.shape, parameter);
  return ready.finished(out, keepdim);
}

Tensor with_reduced_dims(const Tensor& r, const Dims& sizes, const Dims& dims) {
  if (r.dim() == sizes.size()) return r;
  Dims ones = sizes;
  for (int64_t d : dims.empty() ? all_dims(sizes.size()) : dims) ones[static_cast<int>(d)] = 1;
  return view(r, ones);
}

int64_t reduced_numel(const Dims& sizes, const Dims& dims) {
  if (dims.empty()) return numel_of(sizes);
  int64_t n = 1;
  for (int64_t d : dims) n *= sizes[static_cast<int>(d)];
  return n;
}

}  // namespace unroll
