// Choosing by a condition.
#include "ops/pointwise.h"

namespace unroll {

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  UNROLL_CHECK(condition.dtype() == DType::Bool,
               "where expected condition to be a boolean tensor, but got a tensor with dtype ",
               scalar_type_name(condition.dtype()));
  Tensor out = pointwise(PointwiseOp::Where, result_type(a, b), {condition, a, b});
  if (needs_grad(a, b))
    record(out, "WhereBackward0", {a, b},
           [condition = Saved(condition)](Node& self, const Tensor& g) -> Tensors {
             const Tensor chosen = condition.get(self);
             const Scalar zero = Scalar::of(0.0);
             return {self.needs(0) ? masked_fill(g, logical_not(chosen), zero) : Tensor(),
                     self.needs(1) ? masked_fill(g, chosen, zero) : Tensor()};
           });
  return out;
}

namespace {

void check_mask(const Tensor& mask) {
  UNROLL_CHECK(mask.dtype() == DType::Bool,
               "masked_fill_ only supports boolean masks, but got mask with dtype ",
               c_type_name(mask.dtype()));
}

}  // namespace

Tensor masked_fill(const Tensor& t, const Tensor& mask, const Scalar& value) {
  check_mask(mask);
  Tensor out = pointwise(PointwiseOp::Where, t.dtype(), {mask, value, t});
  if (needs_grad(t))
    record(out, "MaskedFillBackward0", {t}, [mask = Saved(mask)](Node& self, const Tensor& g) -> Tensors {
      return {masked_fill(g, mask.get(self), Scalar::of(0.0))};
    });
  return out;
}

Tensor masked_fill_(const Tensor& self, const Tensor& mask, const Scalar& value) {
  check_mask(mask);
  broadcast_sizes(self.sizes(), mask.sizes());  // PyTorch's message has self first
  return pointwise_(self, false, PointwiseOp::Where, self.dtype(), {mask, value, self}, {},
                    [&](const Tensor& old) { return masked_fill(old, mask, value); });
}

}  // namespace unroll
