// Quotients, rounded or not, and remainders.
#include "ops/pointwise.h"

namespace unroll {

Tensor div(const Tensor& a, const Tensor& b) {
  Tensor out = pointwise(PointwiseOp::Div, floating_type(result_type(a, b)), {a, b});
  if (needs_grad(a, b)) {
    const bool for_b = needs_grad(b);
    record(out, "DivBackward0", {a, b},
           [a = for_b ? Saved(a) : Saved(), b = Saved(b)](Node& self, const Tensor& g) -> Tensors {
             const Tensor divisor = b.get(self);
             const Tensor of_a = div(g, divisor);
             return {of_a, self.needs(1) ? neg(mul(of_a, div(a.get(self), divisor))) : Tensor()};
           });
  }
  return out;
}
Tensor div_(const Tensor& self, const Tensor& b) {
  return pointwise_(self, needs_grad(b), PointwiseOp::Div, floating_type(result_type(self, b)), {self, b}, {},
                    [&](const Tensor& old) { return div(old, b); });
}

Tensor div_scalar(const Tensor& a, const Scalar& b) {
  Tensor out = pointwise(PointwiseOp::Div, floating_type(promote_types(a.dtype(), b)), {a, b});
  if (needs_grad(a))
    record(out, "DivBackward0", {a}, [b](Node&, const Tensor& g) -> Tensors { return {div_scalar(g, b)}; });
  return out;
}
Tensor div_scalar_(const Tensor& self, const Scalar& b) {
  return pointwise_(self, false, PointwiseOp::Div, floating_type(promote_types(self.dtype(), b)), {self, b},
                    {}, [&](const Tensor& old) { return div_scalar(old, b); });
}

Tensor div_rounded(const Tensor& a, const Tensor& b, const std::string& mode) {
  UNROLL_CHECK(mode == "floor" || mode == "trunc",
               "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '", mode, "'");
  const PointwiseOp op = mode == "floor" ? PointwiseOp::FloorDiv : PointwiseOp::TruncDiv;
  Tensor out = pointwise(op, result_type(a, b), {a, b});
  if (needs_grad(a, b))  // flat between its jumps
    record(out, "DivBackward1", {a, b}, [](Node& self, const Tensor& g) -> Tensors {
      return {self.needs(0) ? zeros_like(g) : Tensor(), self.needs(1) ? zeros_like(g) : Tensor()};
    });
  return out;
}

namespace {

/** a - quotient · b, the quotient rounded as `mode` says. */
Tensor remainder_of(PointwiseOp op, const Tensor& a, const Tensor& b, const char* name, const char* mode) {
  Tensor out = pointwise(op, result_type(a, b), {a, b});
  if (needs_grad(a, b)) {
    const bool for_b = needs_grad(b);
    record(out, name, {a, b},
           [a = for_b ? Saved(a) : Saved(), b = for_b ? Saved(b) : Saved(), mode](
               Node& self, const Tensor& g) -> Tensors {
             return {g, self.needs(1) ? neg(mul(g, div_rounded(a.get(self), b.get(self), mode))) : Tensor()};
           });
  }
  return out;
}

}  // namespace

Tensor remainder(const Tensor& a, const Tensor& b) {
  return remainder_of(PointwiseOp::Remainder, a, b, "RemainderBackward0", "floor");
}
Tensor fmod(const Tensor& a, const Tensor& b) {
  return remainder_of(PointwiseOp::Fmod, a, b, "FmodBackward0", "trunc");
}

Tensor addcdiv(const Tensor& t, const Tensor& a, const Tensor& b, double value) {
  UNROLL_CHECK(
      is_floating(a.dtype()) || is_floating(b.dtype()),
      "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will "
      "perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented "
      "as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as "
      "(input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the "
      "latter implementation: (input + value * tensor1 / tensor2), for all dtypes.");
  const DType compute = promote_types(promote_types(t.dtype(), a.dtype()), b.dtype());
  Tensor out = pointwise(PointwiseOp::Addcdiv, compute, {t, a, b}, {value});
  if (needs_grad({&t, &a, &b}))
    record(out, "AddcdivBackward0", {t, a, b},
           [a = Saved(a), b = Saved(b), value](Node& self, const Tensor& g) -> Tensors {
             const Tensor divisor = b.get(self), of_a = div(mul_scalar(g, Scalar::of(value)), divisor);
             return {g, of_a, self.needs(2) ? neg(mul(of_a, div(a.get(self), divisor))) : Tensor()};
           });
  return out;
}
Tensor addcdiv_(const Tensor& self, const Tensor& a, const Tensor& b, double value) {
  const DType compute = promote_types(promote_types(self.dtype(), a.dtype()), b.dtype());
  return pointwise_(self, needs_grad(a, b), PointwiseOp::Addcdiv, floating_type(compute), {self, a, b},
                    {value}, [&](const Tensor& old) { return addcdiv(old, a, b, value); });
}

}  // namespace unroll
