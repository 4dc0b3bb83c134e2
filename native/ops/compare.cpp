// Comparisons and logic, whose results have no gradient.
#include "ops/pointwise.h"

namespace unroll {

namespace {

/** Both converted to the type they promote to. */
Tensor together(PointwiseOp op, const Tensor& a, const Tensor& b) {
  return pointwise(op, result_type(a, b), {a, b});
}

}  // namespace

Tensor eq(const Tensor& a, const Tensor& b) { return together(PointwiseOp::Eq, a, b); }
Tensor ne(const Tensor& a, const Tensor& b) { return together(PointwiseOp::Ne, a, b); }
Tensor lt(const Tensor& a, const Tensor& b) { return together(PointwiseOp::Lt, a, b); }
Tensor le(const Tensor& a, const Tensor& b) { return together(PointwiseOp::Le, a, b); }
Tensor gt(const Tensor& a, const Tensor& b) { return together(PointwiseOp::Gt, a, b); }
Tensor ge(const Tensor& a, const Tensor& b) { return together(PointwiseOp::Ge, a, b); }

Tensor logical_not(const Tensor& a) { return pointwise(PointwiseOp::LogicalNot, a.dtype(), {a}); }
Tensor isnan(const Tensor& a) { return pointwise(PointwiseOp::IsNan, a.dtype(), {a}); }
Tensor isinf(const Tensor& a) { return pointwise(PointwiseOp::IsInf, a.dtype(), {a}); }
Tensor isfinite(const Tensor& a) { return pointwise(PointwiseOp::IsFinite, a.dtype(), {a}); }

Tensor bitwise_not(const Tensor& a) { return pointwise(PointwiseOp::BitNot, a.dtype(), {a}); }
Tensor bitwise_and(const Tensor& a, const Tensor& b) { return together(PointwiseOp::BitAnd, a, b); }
Tensor bitwise_or(const Tensor& a, const Tensor& b) { return together(PointwiseOp::BitOr, a, b); }
Tensor bitwise_xor(const Tensor& a, const Tensor& b) { return together(PointwiseOp::BitXor, a, b); }

bool equal(const Tensor& a, const Tensor& b) {
  if (!(a.sizes() == b.sizes())) return false;
  return only_element<bool>(all(eq(a, b), {}, false));
}

}  // namespace unroll
