// Powers, and the larger and smaller of two.
#include <cmath>

#include "ops/pointwise.h"

namespace unroll {

namespace {

/** a^b without history; the powers that scripts write most are cheaper than the general one. */
Tensor power(const Tensor& a, const Scalar& b, DType compute) {
  const double exponent = b.to_double();
  if (exponent == 2) return pointwise(PointwiseOp::Mul, compute, {a, a});
  if (is_floating(compute)) {
    if (exponent == 0.5) return pointwise(PointwiseOp::Sqrt, compute, {a});
    if (exponent == -0.5) return pointwise(PointwiseOp::Rsqrt, compute, {a});
    if (exponent == -1) return pointwise(PointwiseOp::Reciprocal, compute, {a});
  }
  return pointwise(PointwiseOp::Pow, compute, {a, b});
}

/** b · a^(b-1), where b = 0 gives 0 even for a = 0. */
Tensor slope_by_base(const Tensor& a, const Tensor& b) {
  const Tensor slope = mul(b, pow(a, sub(b, full({}, Scalar::of(1.0), b.dtype()))));
  return masked_fill(slope, eq(b, zeros({}, b.dtype())), Scalar::of(0.0));
}

/** a^b · log a, where a = 0 and b >= 0 give 0. */
Tensor slope_by_exponent(const Tensor& a, const Tensor& b, const Tensor& result) {
  const Tensor zero = zeros({}, a.dtype());
  const Tensor is_flat = bitwise_and(eq(a, zero), ge(b, zeros({}, b.dtype())));
  return masked_fill(mul(result, log(a)), is_flat, Scalar::of(0.0));
}

}  // namespace

Tensor pow(const Tensor& a, const Tensor& b) {
  Tensor out = pointwise(PointwiseOp::Pow, result_type(a, b), {a, b});
  if (needs_grad(a, b))
    record(out, "PowBackward1", {a, b},
           [a = Saved(a), b = Saved(b), out = Saved::output(out)](Node& self, const Tensor& g) -> Tensors {
             const Tensor base = a.get(self), exponent = b.get(self);
             return {self.needs(0) ? mul(g, slope_by_base(base, exponent)) : Tensor(),
                     self.needs(1) ? mul(g, slope_by_exponent(base, exponent, out.get(self))) : Tensor()};
           });
  return out;
}

Tensor pow_scalar(const Tensor& a, const Scalar& b) {
  const DType compute = promote_types(a.dtype(), b);
  UNROLL_CHECK(is_floating(compute) || b.to_double() >= 0,
               "Integers to negative integer powers are not allowed.");
  Tensor out = power(a, b, compute);
  if (needs_grad(a))
    record(out, "PowBackward0", {a},
           [a = Saved(a), exponent = b.to_double()](Node& self, const Tensor& g) -> Tensors {
             if (exponent == 0) return {zeros_like(g)};
             const Tensor base = a.get(self);
             const Tensor lower = exponent == 2 ? base : pow_scalar(base, Scalar::of(exponent - 1));
             return {mul(g, mul_scalar(lower, Scalar::of(exponent)))};
           });
  return out;
}

Tensor scalar_pow(const Scalar& a, const Tensor& b) {
  const DType compute = promote_types(b.dtype(), a);
  Tensor out = pointwise(PointwiseOp::Pow, compute, {a, b});
  if (needs_grad(b))
    record(out, "PowBackward1", {b},
           [base = a.to_double(), b = Saved(b), out = Saved::output(out)](Node& self,
                                                                          const Tensor& g) -> Tensors {
             if (base != 0) return {mul(g, mul_scalar(out.get(self), Scalar::of(std::log(base))))};
             const Tensor exponent = b.get(self);
             const Tensor slope = mul_scalar(out.get(self), Scalar::of(std::log(base)));
             return {mul(g, masked_fill(slope, ge(exponent, zeros({}, exponent.dtype())), Scalar::of(0.0)))};
           });
  return out;
}

namespace {

/** The gradient goes to the operand taken; where both are equal, half to each. */
Tensor extreme(PointwiseOp op, const Tensor& a, const Tensor& b, const char* name) {
  Tensor out = pointwise(op, result_type(a, b), {a, b});
  if (needs_grad(a, b))
    record(out, name, {a, b}, [op, a = Saved(a), b = Saved(b)](Node& self, const Tensor& g) -> Tensors {
      const Tensor x = a.get(self), y = b.get(self);
      const Tensor shared = where(eq(x, y), div_scalar(g, Scalar::of(2.0)), g);
      const bool larger = op == PointwiseOp::Maximum;
      return {self.needs(0) ? masked_fill(shared, larger ? lt(x, y) : gt(x, y), Scalar::of(0.0)) : Tensor(),
              self.needs(1) ? masked_fill(shared, larger ? gt(x, y) : lt(x, y), Scalar::of(0.0)) : Tensor()};
    });
  return out;
}

}  // namespace

Tensor maximum(const Tensor& a, const Tensor& b) {
  return extreme(PointwiseOp::Maximum, a, b, "MaximumBackward0");
}
Tensor minimum(const Tensor& a, const Tensor& b) {
  return extreme(PointwiseOp::Minimum, a, b, "MinimumBackward0");
}

}  // namespace unroll
