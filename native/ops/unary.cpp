// Functions of one tensor. Those that give no integers for integers compute and return float32 for them.
#include "ops/unary.h"

#include <cmath>

namespace unroll {

namespace {

/** A function that is flat between its jumps; integers are their own whole part. */
Tensor stepwise(PointwiseOp op, const Tensor& a, const char* name) {
  if (is_integral(a.dtype()) && op != PointwiseOp::Sign) return clone(a);
  Tensor out = pointwise(op, a.dtype(), {a});
  if (needs_grad(a))
    record(out, name, {a}, [](Node&, const Tensor& g) -> Tensors { return {zeros_like(g)}; });
  return out;
}

}  // namespace

Tensor neg(const Tensor& a) {
  UNROLL_CHECK(a.dtype() != DType::Bool,
               "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a "
               "mask, use the "
               "`~` or `logical_not()` operator instead.");
  Tensor out = pointwise(PointwiseOp::Neg, a.dtype(), {a});
  if (needs_grad(a))
    record(out, "NegBackward0", {a}, [](Node&, const Tensor& g) -> Tensors { return {neg(g)}; });
  return out;
}

Tensor abs(const Tensor& a) {
  Tensor out = pointwise(PointwiseOp::Abs, a.dtype(), {a});
  if (needs_grad(a))
    record(out, "AbsBackward0", {a},
           [a = Saved(a)](Node& self, const Tensor& g) -> Tensors { return {mul(g, sign(a.get(self)))}; });
  return out;
}

Tensor square(const Tensor& a) { return pow_scalar(a, Scalar::of(int64_t{2})); }

Tensor sign(const Tensor& a) { return stepwise(PointwiseOp::Sign, a, "SignBackward0"); }
Tensor floor(const Tensor& a) { return stepwise(PointwiseOp::Floor, a, "FloorBackward0"); }
Tensor ceil(const Tensor& a) { return stepwise(PointwiseOp::Ceil, a, "CeilBackward0"); }
Tensor round(const Tensor& a) { return stepwise(PointwiseOp::Round, a, "RoundBackward0"); }
Tensor trunc(const Tensor& a) { return stepwise(PointwiseOp::Trunc, a, "TruncBackward0"); }

Tensor exp(const Tensor& a) {
  return by_output(PointwiseOp::Exp, a, "ExpBackward0",
                   [](const Tensor& g, const Tensor& y) { return mul(g, y); });
}
Tensor expm1(const Tensor& a) {
  return by_output(PointwiseOp::Expm1, a, "Expm1Backward0",
                   [](const Tensor& g, const Tensor& y) { return mul(g, add_scalar(y, number(1))); });
}
Tensor log(const Tensor& a) {
  return by_input(PointwiseOp::Log, a, "LogBackward0",
                  [](const Tensor& g, const Tensor& x) { return div(g, x); });
}
Tensor log1p(const Tensor& a) {
  return by_input(PointwiseOp::Log1p, a, "Log1PBackward0",
                  [](const Tensor& g, const Tensor& x) { return div(g, add_scalar(x, number(1))); });
}
Tensor log2(const Tensor& a) {
  return by_input(PointwiseOp::Log2, a, "Log2Backward0", [](const Tensor& g, const Tensor& x) {
    return div(g, mul_scalar(x, number(std::log(2.0))));
  });
}
Tensor log10(const Tensor& a) {
  return by_input(PointwiseOp::Log10, a, "Log10Backward0", [](const Tensor& g, const Tensor& x) {
    return div(g, mul_scalar(x, number(std::log(10.0))));
  });
}
Tensor sqrt(const Tensor& a) {
  return by_output(PointwiseOp::Sqrt, a, "SqrtBackward0",
                   [](const Tensor& g, const Tensor& y) { return div(g, mul_scalar(y, number(2))); });
}
Tensor rsqrt(const Tensor& a) {
  return by_output(PointwiseOp::Rsqrt, a, "RsqrtBackward0", [](const Tensor& g, const Tensor& y) {
    return mul(mul_scalar(g, number(-0.5)), pow_scalar(y, number(3)));
  });
}
Tensor reciprocal(const Tensor& a) {
  return by_output(PointwiseOp::Reciprocal, a, "ReciprocalBackward0",
                   [](const Tensor& g, const Tensor& y) { return neg(mul(g, mul(y, y))); });
}
Tensor sin(const Tensor& a) {
  return by_input(PointwiseOp::Sin, a, "SinBackward0",
                  [](const Tensor& g, const Tensor& x) { return mul(g, cos(x)); });
}
Tensor cos(const Tensor& a) {
  return by_input(PointwiseOp::Cos, a, "CosBackward0",
                  [](const Tensor& g, const Tensor& x) { return neg(mul(g, sin(x))); });
}
Tensor tan(const Tensor& a) {
  return by_output(PointwiseOp::Tan, a, "TanBackward0",
                   [](const Tensor& g, const Tensor& y) { return mul(g, add_scalar(mul(y, y), number(1))); });
}
Tensor erf(const Tensor& a) {
  return by_input(PointwiseOp::Erf, a, "ErfBackward0", [](const Tensor& g, const Tensor& x) {
    return mul(g, mul_scalar(exp(neg(mul(x, x))), number(1.12837916709551257390)));  // 2 / sqrt(pi)
  });
}

namespace {

/** Runs `run(op, operands)` with clamp's op for the bounds that are there. */
template <class Run>
auto with_bounds(const Tensor& a, const std::optional<Scalar>& min, const std::optional<Scalar>& max,
                 Run run) {
  UNROLL_CHECK(min || max, "torch.clamp: At least one of 'min' or 'max' must not be None");
  DType compute = a.dtype();
  if (min) compute = promote_types(compute, *min);
  if (max) compute = promote_types(compute, *max);
  if (min && max) return run(PointwiseOp::Clamp, compute, Operands{a, *min, *max});
  return min ? run(PointwiseOp::Maximum, compute, Operands{a, *min})
             : run(PointwiseOp::Minimum, compute, Operands{a, *max});
}

Tensor bound(const Scalar& value, DType dtype) { return full({}, value, promote_types(dtype, value)); }

}  // namespace

Tensor clamp(const Tensor& a, const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  Tensor out = with_bounds(a, min, max, [](PointwiseOp op, DType compute, const Operands& operands) {
    return pointwise(op, compute, operands);
  });
  if (needs_grad(a))
    record(out, "ClampBackward1", {a}, [a = Saved(a), min, max](Node& self, const Tensor& g) -> Tensors {
      const Tensor x = a.get(self);
      Tensor grad = g;
      if (min) grad = masked_fill(grad, lt(x, bound(*min, x.dtype())), number(0));
      if (max) grad = masked_fill(grad, gt(x, bound(*max, x.dtype())), number(0));
      return {grad};
    });
  return out;
}
Tensor clamp_(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  return with_bounds(self, min, max, [&](PointwiseOp op, DType compute, const Operands& operands) {
    return pointwise_(self, false, op, compute, operands, {},
                      [&](const Tensor& old) { return clamp(old, min, max); });
  });
}

}  // namespace unroll
