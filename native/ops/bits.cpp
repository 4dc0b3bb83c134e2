// Operations on the bits of numbers: shifts and divisors of integers; signs and neighbours of floating point.
#include "ops/unary.h"

namespace unroll {

namespace {

Tensor of_integers(PointwiseOp op, const Tensor& a, const Tensor& b) {
  return pointwise(op, result_type(a, b), {a, b});
}

}  // namespace

Tensor gcd(const Tensor& a, const Tensor& b) { return of_integers(PointwiseOp::Gcd, a, b); }
Tensor lcm(const Tensor& a, const Tensor& b) { return of_integers(PointwiseOp::Lcm, a, b); }
Tensor bitwise_left_shift(const Tensor& a, const Tensor& b) {
  return of_integers(PointwiseOp::ShiftLeft, a, b);
}
Tensor bitwise_right_shift(const Tensor& a, const Tensor& b) {
  return of_integers(PointwiseOp::ShiftRight, a, b);
}

Tensor copysign(const Tensor& a, const Tensor& b) {
  Tensor out = pointwise(PointwiseOp::Copysign, floating_type(result_type(a, b)), {a, b});
  if (needs_grad(a, b))
    record(out, "CopysignBackward0", {a, b},
           [a = Saved(a), b = Saved(b)](Node& self, const Tensor& g) -> Tensors {
             const Tensor x = a.get(self);
             Tensors grads(2);
             if (self.needs(0)) {
               const Tensor turned = mul(sign(x), copysign(full({}, number(1), x.dtype()), b.get(self)));
               grads[0] = mul(g, turned);
             }
             if (self.needs(1)) grads[1] = zeros_like(g);
             return grads;
           });
  return out;
}

Tensor nextafter(const Tensor& a, const Tensor& b) {
  return without_derivative(pointwise(PointwiseOp::Nextafter, result_type(a, b), {a, b}), {a, b},
                            "aten::nextafter");
}

}  // namespace unroll
