// Norms, variances and log-sum-exp over any dimensions.
#include <cmath>
#include <limits>

#include "autograd/variable.h"
#include "backend/kernels.h"
#include "ops/geometry.h"
#include "ops/ops.h"
#include "ops/reduction.h"

namespace unroll {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Reduction norm_kind(double p) {
  if (p == 2) return Reduction::Norm2;
  if (p == 1) return Reduction::AbsSum;
  if (p == 0) return Reduction::CountNonzero;
  if (p == kInfinity) return Reduction::AbsMax;
  if (p == -kInfinity) return Reduction::AbsMin;
  return Reduction::NormP;
}

/** a / b, 0 where b is 0: what norms take for their gradient where they have none. */
Tensor divided_or_zero(const Tensor& a, const Tensor& b) {
  return masked_fill(div(a, b), eq(b, zeros({}, b.dtype())), Scalar::of(0.0));
}

// With n the norm and s the sign of x: x/n for p = 2, s for p = 1, s shared among the greatest for p = inf,
// and s |x|^(p-1) / n^(p-1) in general. `g` and `n` have the reduced dimensions as 1.
Tensor norm_backward(const Tensor& g, const Tensor& x, const Tensor& n, double p, const Dims& dims) {
  if (p == 2) return mul(g, divided_or_zero(x, n));
  if (p == 1) return mul(g, sign(x));
  if (p == 0) return Tensor();  // flat between its jumps
  const Tensor magnitude = abs(x);
  if (std::isinf(p)) {
    const Tensor reached = to_dtype(eq(magnitude, n), x.dtype());
    return mul(mul(sign(x), reached), div(g, sum(reached, dims, true)));
  }
  const Scalar exponent = Scalar::of(p - 1);
  Tensor shape = divided_or_zero(pow_scalar(magnitude, exponent), pow_scalar(n, exponent));
  if (p < 1) shape = masked_fill(shape, eq(x, zeros({}, x.dtype())), Scalar::of(0.0));
  return mul(g, mul(sign(x), shape));
}

void check_norm(const Tensor& t, double p, const Dims& dims) {
  UNROLL_CHECK(is_floating(t.dtype()),
               "linalg.vector_norm: Expected a floating point or complex tensor as input. Got ",
               scalar_type_name(t.dtype()));
  if (!(p < 0 || p == kInfinity) || t.numel() > 0) return;
  const auto written = [p] {
    return p == kInfinity ? std::string("inf") : p == -kInfinity ? "-inf" : text(p);
  };
  UNROLL_CHECK(!dims.empty(), "linalg.vector_norm cannot compute the ", written(),
               " norm on an empty tensor because the operation does not have an identity");
  for (int64_t d : dims)
    UNROLL_CHECK(t.sizes()[static_cast<int>(d)] > 0, "linalg.vector_norm cannot compute the ", written(),
                 " norm on the dimension ", d,
                 "because this dimension is empty and the operation does not have an identity");
}

}  // namespace

Tensor norm(const Tensor& t, double p, const Dims& requested, bool keepdim) {
  const Dims dims = wrap_dims(requested, t.dim());
  check_norm(t, p, dims);
  Tensor out = reduced(norm_kind(p), t, dims, keepdim, t.dtype(), p);
  if (needs_grad(t))
    record(out, "LinalgVectorNormBackward0", {t},
           [t = Saved(t), out = Saved::output(out), p, dims](Node& self, const Tensor& g) -> Tensors {
             const Tensor x = t.get(self);
             return {norm_backward(with_reduced_dims(g, x.sizes(), dims), x,
                                   with_reduced_dims(out.get(self), x.sizes(), dims), p, dims)};
           });
  return out;
}

namespace {

Tensor variance(const Tensor& t, const Dims& dims, double correction, bool keepdim) {
  UNROLL_CHECK(is_floating(t.dtype()), "std and var only support floating point and complex dtypes");
  return reduced(Reduction::Var, t, dims, keepdim, t.dtype(), correction);
}

/** `g`: of the variance, the reduced dimensions standing as 1. */
Tensor var_backward(const Tensor& g, const Tensor& x, const Dims& dims, double correction) {
  const double freedom = std::max(0.0, static_cast<double>(reduced_numel(x.sizes(), dims)) - correction);
  return mul(mul_scalar(g, Scalar::of(2 / freedom)), sub(x, mean(x, dims, true)));
}

}  // namespace

Tensor var(const Tensor& t, const Dims& requested, double correction, bool keepdim) {
  const Dims dims = wrap_dims(requested, t.dim());
  Tensor out = variance(t, dims, correction, keepdim);
  if (needs_grad(t))
    record(out, "VarBackward0", {t},
           [t = Saved(t), dims, correction](Node& self, const Tensor& g) -> Tensors {
             const Tensor x = t.get(self);
             return {var_backward(with_reduced_dims(g, x.sizes(), dims), x, dims, correction)};
           });
  return out;
}

Tensor std(const Tensor& t, const Dims& requested, double correction, bool keepdim) {
  const Dims dims = wrap_dims(requested, t.dim());
  Tensor out = variance(t, dims, correction, keepdim);
  pointwise_kernel(out.device_type(), PointwiseOp::Sqrt, out.dtype(), out, {out}, {});
  if (needs_grad(t))
    record(
        out, "StdBackward0", {t},
        [t = Saved(t), out = Saved::output(out), dims, correction](Node& self, const Tensor& g) -> Tensors {
          const Tensor x = t.get(self), deviation = out.get(self);
          const Tensor of_variance =
              masked_fill(div(g, mul_scalar(deviation, Scalar::of(2.0))),
                          eq(deviation, zeros({}, deviation.dtype())), Scalar::of(0.0));
          return {var_backward(with_reduced_dims(of_variance, x.sizes(), dims), x, dims, correction)};
        });
  return out;
}

namespace {

/** max over dims with an infinite one taken for 0, so that subtracting it leaves no inf - inf. */
Tensor finite_max(const Tensor& t, const Dims& dims) {
  const Reducible ready(t, dims);
  Tensor out = ready.output(t.dtype());
  extreme_kernel(t.device_type(), out, Tensor(), ready.in, ready.shape, true);
  return masked_fill(ready.finished(out, true), isinf(ready.finished(out, true)), Scalar::of(0.0));
}

Tensor logsumexp_forward(const Tensor& t, const Dims& dims, bool keepdim) {
  GradMode off(false);
  if (reduced_numel(t.sizes(), dims) == 0) return log(sum(t, dims, keepdim));
  const Tensor shift = finite_max(t, dims);
  Tensor total = add(log(sum(exp(sub(t, shift)), dims, true)), shift);
  return keepdim ? total : view(total, Reducible(t, dims).sizes);
}

}  // namespace

Tensor logsumexp(const Tensor& t, const Dims& requested, bool keepdim) {
  if (!is_floating(t.dtype())) return logsumexp(to_dtype(t, default_dtype()), requested, keepdim);
  const Dims dims = wrap_dims(requested, t.dim());
  Tensor out = detach(logsumexp_forward(t, dims, keepdim));
  if (needs_grad(t))
    record(out, "LogsumexpBackward0", {t},
           [t = Saved(t), out = Saved::output(out), dims](Node& self, const Tensor& g) -> Tensors {
             const Tensor x = t.get(self);
             const Tensor weights = exp(sub(x, with_reduced_dims(out.get(self), x.sizes(), dims)));
             return {mul(with_reduced_dims(g, x.sizes(), dims), weights)};
           });
  return out;
}

}  // namespace unroll
