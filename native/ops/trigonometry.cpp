// Hyperbolic functions, the inverses of these and of the trigonometric ones, and the angle of a vector.
#include "ops/unary.h"

namespace unroll {

namespace {

/** 1 / sqrt(offset + factor x²) */
Tensor inverse_root(const Tensor& x, double offset, double factor) {
  return rsqrt(add_scalar(mul_scalar(mul(x, x), number(factor)), number(offset)));
}

}  // namespace

Tensor sinh(const Tensor& a) {
  return by_input(PointwiseOp::Sinh, a, "SinhBackward0",
                  [](const Tensor& g, const Tensor& x) { return mul(g, cosh(x)); });
}
Tensor cosh(const Tensor& a) {
  return by_input(PointwiseOp::Cosh, a, "CoshBackward0",
                  [](const Tensor& g, const Tensor& x) { return mul(g, sinh(x)); });
}
Tensor asin(const Tensor& a) {
  return by_input(PointwiseOp::Asin, a, "AsinBackward0",
                  [](const Tensor& g, const Tensor& x) { return mul(g, inverse_root(x, 1, -1)); });
}
Tensor acos(const Tensor& a) {
  return by_input(PointwiseOp::Acos, a, "AcosBackward0",
                  [](const Tensor& g, const Tensor& x) { return neg(mul(g, inverse_root(x, 1, -1))); });
}
Tensor atan(const Tensor& a) {
  return by_input(PointwiseOp::Atan, a, "AtanBackward0",
                  [](const Tensor& g, const Tensor& x) { return div(g, add_scalar(mul(x, x), number(1))); });
}
Tensor asinh(const Tensor& a) {
  return by_input(PointwiseOp::Asinh, a, "AsinhBackward0",
                  [](const Tensor& g, const Tensor& x) { return mul(g, inverse_root(x, 1, 1)); });
}
Tensor acosh(const Tensor& a) {
  return by_input(PointwiseOp::Acosh, a, "AcoshBackward0",
                  [](const Tensor& g, const Tensor& x) { return mul(g, inverse_root(x, -1, 1)); });
}
Tensor atanh(const Tensor& a) {
  return by_input(PointwiseOp::Atanh, a, "AtanhBackward0",
                  [](const Tensor& g, const Tensor& x) { return div(g, rsub_scalar(mul(x, x), number(1))); });
}

Tensor atan2(const Tensor& a, const Tensor& b) {
  Tensor out = pointwise(PointwiseOp::Atan2, floating_type(result_type(a, b)), {a, b});
  if (needs_grad(a, b))
    record(out, "Atan2Backward0", {a, b},
           [a = Saved(a), b = Saved(b)](Node& self, const Tensor& g) -> Tensors {
             const Tensor y = a.get(self), x = b.get(self);
             const Tensor squares = add(mul(y, y), mul(x, x));
             const Tensor scaled = masked_fill(div(g, squares), eq(squares, zeros_like(squares)), number(0));
             return {mul(scaled, x), self.needs(1) ? neg(mul(scaled, y)) : Tensor()};
           });
  return out;
}

Tensor hypot(const Tensor& a, const Tensor& b) {
  Tensor out = pointwise(PointwiseOp::Hypot, result_type(a, b), {a, b});
  if (needs_grad(a, b))
    record(out, "HypotBackward0", {a, b},
           [a = Saved(a), b = Saved(b), out = Saved::output(out)](Node& self, const Tensor& g) -> Tensors {
             const Tensor scaled = div(g, out.get(self));
             return {mul(scaled, a.get(self)), mul(scaled, b.get(self))};
           });
  return out;
}

}  // namespace unroll
