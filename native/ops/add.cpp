// Sums and differences.
#include <cmath>

#include "ops/pointwise.h"

namespace unroll {

namespace {

void check_alpha(DType compute, double alpha) {
  UNROLL_CHECK(is_floating(compute) || alpha == std::trunc(alpha),
               "For integral input tensors, argument alpha must not be a floating point number.");
}

void refuse_bool(bool both, bool either) {
  UNROLL_CHECK(
      !both,
      "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
      "operator instead.");
  UNROLL_CHECK(!either,
               "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
               "invert a mask, use "
               "the `~` or `logical_not()` operator instead.");
}
void refuse_bool(const Tensor& a, const Tensor& b) {
  const bool first = a.dtype() == DType::Bool, second = b.dtype() == DType::Bool;
  refuse_bool(first && second, first || second);
}

Tensor scaled(const Tensor& grad, double factor) {
  return factor == 1 ? grad : mul_scalar(grad, Scalar::of(factor));
}

/** a + factor * b */
Tensor sum_of(const Tensor& a, const Tensor& b, double factor, const char* name) {
  const DType compute = result_type(a, b);
  check_alpha(compute, factor);
  Tensor out = pointwise(PointwiseOp::Add, compute, {a, b}, {factor});
  if (needs_grad(a, b))
    record(out, name, {a, b}, [factor](Node& self, const Tensor& g) -> Tensors {
      return {g, self.needs(1) ? scaled(g, factor) : Tensor()};
    });
  return out;
}

Tensor sum_of_(const Tensor& self, const Tensor& b, double factor, const char* name) {
  const DType compute = result_type(self, b);
  check_alpha(compute, factor);
  return pointwise_(self, needs_grad(b), PointwiseOp::Add, compute, {self, b}, {factor},
                    [&](const Tensor& old) { return sum_of(old, b, factor, name); });
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b, double alpha) { return sum_of(a, b, alpha, "AddBackward0"); }
Tensor add_(const Tensor& self, const Tensor& b, double alpha) {
  return sum_of_(self, b, alpha, "AddBackward0");
}

Tensor sub(const Tensor& a, const Tensor& b, double alpha) {
  refuse_bool(a, b);
  return sum_of(a, b, -alpha, "SubBackward0");
}
Tensor sub_(const Tensor& self, const Tensor& b, double alpha) {
  refuse_bool(self, b);
  return sum_of_(self, b, -alpha, "SubBackward0");
}

Tensor add_scalar(const Tensor& a, const Scalar& b) {
  Tensor out = pointwise(PointwiseOp::Add, promote_types(a.dtype(), b), {a, b}, {1});
  if (needs_grad(a)) record(out, "AddBackward0", {a}, [](Node&, const Tensor& g) -> Tensors { return {g}; });
  return out;
}
Tensor add_scalar_(const Tensor& self, const Scalar& b) {
  return pointwise_(self, false, PointwiseOp::Add, promote_types(self.dtype(), b), {self, b}, {1},
                    [&](const Tensor& old) { return add_scalar(old, b); });
}

Tensor rsub_scalar(const Tensor& a, const Scalar& b) {
  refuse_bool(a.dtype() == DType::Bool && b.kind == Scalar::Kind::Bool, a.dtype() == DType::Bool);
  Tensor out = pointwise(PointwiseOp::Add, promote_types(a.dtype(), b), {b, a}, {-1});
  if (needs_grad(a))
    record(out, "RsubBackward1", {a}, [](Node&, const Tensor& g) -> Tensors { return {neg(g)}; });
  return out;
}

}  // namespace unroll
