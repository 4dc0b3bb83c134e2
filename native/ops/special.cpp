// Error, gamma and Bessel functions, and logarithms that are safe where a factor is 0 or a power overflows.
#include <cmath>

#include "ops/unary.h"

namespace unroll {

namespace {

constexpr double kPi = 3.14159265358979323846;

}  // namespace

Tensor exp2(const Tensor& a) {
  return by_output(PointwiseOp::Exp2, a, "Exp2Backward0", [](const Tensor& g, const Tensor& y) {
    return mul(g, mul_scalar(y, number(std::log(2.0))));
  });
}

Tensor sinc(const Tensor& a) {
  return by_input(PointwiseOp::Sinc, a, "SincBackward0", [](const Tensor& g, const Tensor& x) {
    const Tensor angle = mul_scalar(x, number(kPi));
    const Tensor slope = div(sub(mul(angle, cos(angle)), sin(angle)), mul(angle, x));
    return mul(g, masked_fill(slope, eq(x, zeros_like(x)), number(0)));
  });
}

Tensor erfc(const Tensor& a) {
  return by_input(PointwiseOp::Erfc, a, "ErfcBackward0", [](const Tensor& g, const Tensor& x) {
    return mul(g, mul_scalar(exp(neg(mul(x, x))), number(-2 / std::sqrt(kPi))));
  });
}

Tensor erfinv(const Tensor& a) {
  return by_output(PointwiseOp::Erfinv, a, "ErfinvBackward0", [](const Tensor& g, const Tensor& y) {
    return mul(g, mul_scalar(exp(mul(y, y)), number(std::sqrt(kPi) / 2)));
  });
}

Tensor lgamma(const Tensor& a) {
  return by_input(PointwiseOp::Lgamma, a, "LgammaBackward0",
                  [](const Tensor& g, const Tensor& x) { return mul(g, digamma(x)); });
}

Tensor digamma(const Tensor& a) {
  return by_input(PointwiseOp::Digamma, a, "DigammaBackward0",
                  [](const Tensor& g, const Tensor& x) { return mul(g, polygamma(1, x)); });
}

Tensor polygamma(int64_t n, const Tensor& a) {
  UNROLL_CHECK(n >= 0, "polygamma(n, x) does not support negative n.");
  if (n == 0) return digamma(a);
  return by_input(PointwiseOp::Polygamma, a, "PolygammaBackward0",
                  [n](const Tensor& g, const Tensor& x) { return mul(g, polygamma(n + 1, x)); },
                  {static_cast<double>(n)});
}

Tensor i0(const Tensor& a) {
  return by_input(PointwiseOp::BesselI0, a, "I0Backward0",
                  [](const Tensor& g, const Tensor& x) { return mul(g, i1(x)); });
}

Tensor i1(const Tensor& a) {
  return by_input(PointwiseOp::BesselI1, a, "SpecialI1Backward0", [](const Tensor& g, const Tensor& x) {
    const Tensor is_zero = eq(x, zeros_like(x));
    const Tensor quotient = div(i1(x), masked_fill(x, is_zero, number(1)));
    return mul(g, sub(i0(x), masked_fill(quotient, is_zero, number(0.5))));
  });
}

Tensor xlogy(const Tensor& a, const Tensor& b) {
  Tensor out = pointwise(PointwiseOp::Xlogy, floating_type(result_type(a, b)), {a, b});
  if (needs_grad(a, b))
    record(out, "XlogyBackward0", {a, b},
           [a = Saved(a), b = Saved(b)](Node& self, const Tensor& g) -> Tensors {
             const Tensor x = a.get(self), y = b.get(self);
             Tensors grads(2);
             if (self.needs(0)) {
               const Tensor is_flat = bitwise_and(eq(x, zeros_like(x)), le(y, zeros_like(y)));
               grads[0] = masked_fill(xlogy(g, y), is_flat, number(0));
             }
             if (self.needs(1)) grads[1] = mul(g, div(x, y));
             return grads;
           });
  return out;
}

Tensor logaddexp(const Tensor& a, const Tensor& b) {
  Tensor out = pointwise(PointwiseOp::LogAddExp, result_type(a, b), {a, b});
  if (needs_grad(a, b))
    record(out, "LogaddexpBackward0", {a, b},
           [a = Saved(a), b = Saved(b)](Node& self, const Tensor& g) -> Tensors {
             const Tensor share = sigmoid(sub(a.get(self), b.get(self)));
             return {mul(g, share), self.needs(1) ? mul(g, rsub_scalar(share, number(1))) : Tensor()};
           });
  return out;
}

}  // namespace unroll
