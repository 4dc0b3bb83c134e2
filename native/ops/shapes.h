// What several products share: checks in PyTorch's words, and matrices out of tensors. These are views with a
// history only where one is recorded; elsewhere plain aliases, which cost less.
#pragma once

#include "autograd/variable.h"
#include "ops/ops.h"

namespace unroll {

/** a (M, K) and b (K, N) can be multiplied: RuntimeError with the shapes, or the dtypes, otherwise. */
inline void check_product(const Tensor& a, const Tensor& b) {
  UNROLL_CHECK(a.size(1) == b.size(0), "mat1 and mat2 shapes cannot be multiplied (", a.size(0), "x",
               a.size(1), " and ", b.size(0), "x", b.size(1), ")");
  UNROLL_CHECK(a.dtype() == b.dtype(),
               "expected m1 and m2 to have the same dtype, but got: ", c_type_name(a.dtype()),
               " != ", c_type_name(b.dtype()));
}

/** The matrices in the last two dimensions, transposed. */
inline Tensor transposed(const Tensor& t) {
  if (grad_enabled()) return transpose(t, -2, -1);
  Dims sizes = t.sizes(), strides = t.strides();
  std::swap(sizes[t.dim() - 2], sizes[t.dim() - 1]);
  std::swap(strides[t.dim() - 2], strides[t.dim() - 1]);
  return alias(t, sizes, strides, t.offset());
}

/** (..., C) as a matrix (rows, C). */
inline Tensor as_rows(const Tensor& t) {
  if (t.dim() == 2) return t;
  const int64_t columns = t.size(-1);
  int64_t rows = 1;
  for (int i = 0; i + 1 < t.dim(); ++i) rows *= t.sizes()[i];
  if (grad_enabled() || !t.is_contiguous()) return reshape(t, {rows, columns});
  return alias(t, {rows, columns}, {columns, 1}, t.offset());
}

}  // namespace unroll
