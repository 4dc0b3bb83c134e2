// Products: elementwise, by a number, and the fused forms addcmul and lerp.
#include "ops/pointwise.h"

namespace unroll {

Tensor mul(const Tensor& a, const Tensor& b) {
  Tensor out = pointwise(PointwiseOp::Mul, result_type(a, b), {a, b});
  if (needs_grad(a, b)) {
    const bool for_a = needs_grad(a), for_b = needs_grad(b);
    record(out, "MulBackward0", {a, b},
           [a = for_b ? Saved(a) : Saved(), b = for_a ? Saved(b) : Saved()](Node& self,
                                                                            const Tensor& g) -> Tensors {
             return {self.needs(0) ? mul(g, b.get(self)) : Tensor(),
                     self.needs(1) ? mul(g, a.get(self)) : Tensor()};
           });
  }
  return out;
}
Tensor mul_(const Tensor& self, const Tensor& b) {
  return pointwise_(self, needs_grad(b), PointwiseOp::Mul, result_type(self, b), {self, b}, {},
                    [&](const Tensor& old) { return mul(old, b); });
}

Tensor mul_scalar(const Tensor& a, const Scalar& b) {
  Tensor out = pointwise(PointwiseOp::Mul, promote_types(a.dtype(), b), {a, b});
  if (needs_grad(a))
    record(out, "MulBackward0", {a}, [b](Node&, const Tensor& g) -> Tensors { return {mul_scalar(g, b)}; });
  return out;
}
Tensor mul_scalar_(const Tensor& self, const Scalar& b) {
  return pointwise_(self, false, PointwiseOp::Mul, promote_types(self.dtype(), b), {self, b}, {},
                    [&](const Tensor& old) { return mul_scalar(old, b); });
}

namespace {

DType result_type(const Tensor& t, const Tensor& a, const Tensor& b) {
  return promote_types(promote_types(t.dtype(), a.dtype()), b.dtype());
}

Tensor scaled(const Tensor& t, double factor) { return factor == 1 ? t : mul_scalar(t, Scalar::of(factor)); }

}  // namespace

Tensor addcmul(const Tensor& t, const Tensor& a, const Tensor& b, double value) {
  Tensor out = pointwise(PointwiseOp::Addcmul, result_type(t, a, b), {t, a, b}, {value});
  if (needs_grad({&t, &a, &b}))
    record(out, "AddcmulBackward0", {t, a, b},
           [a = Saved(a), b = Saved(b), value](Node& self, const Tensor& g) -> Tensors {
             return {g, self.needs(1) ? mul(g, scaled(b.get(self), value)) : Tensor(),
                     self.needs(2) ? mul(g, scaled(a.get(self), value)) : Tensor()};
           });
  return out;
}
Tensor addcmul_(const Tensor& self, const Tensor& a, const Tensor& b, double value) {
  return pointwise_(self, needs_grad(a, b), PointwiseOp::Addcmul, result_type(self, a, b), {self, a, b},
                    {value}, [&](const Tensor& old) { return addcmul(old, a, b, value); });
}

namespace {

DType lerp_type(const Tensor& start, const Tensor& end) {
  UNROLL_CHECK(start.dtype() == end.dtype(), "expected dtype ", c_type_name(start.dtype()),
               " for `end` but got dtype ", c_type_name(end.dtype()));
  UNROLL_CHECK_KIND(NotImplemented, is_floating(start.dtype()),
                    "\"lerp_kernel_scalar\" not implemented for '", scalar_type_name(start.dtype()), "'");
  return start.dtype();
}

}  // namespace

Tensor lerp(const Tensor& start, const Tensor& end, double weight) {
  Tensor out = pointwise(PointwiseOp::Lerp, lerp_type(start, end), {start, end}, {weight});
  if (needs_grad(start, end))
    record(out, "LerpBackward0", {start, end}, [weight](Node& self, const Tensor& g) -> Tensors {
      return {self.needs(0) ? scaled(g, 1 - weight) : Tensor(), self.needs(1) ? scaled(g, weight) : Tensor()};
    });
  return out;
}
Tensor lerp_(const Tensor& self, const Tensor& end, double weight) {
  return pointwise_(self, needs_grad(end), PointwiseOp::Lerp, lerp_type(self, end), {self, end}, {weight},
                    [&](const Tensor& old) { return lerp(old, end, weight); });
}

}  // namespace unroll
