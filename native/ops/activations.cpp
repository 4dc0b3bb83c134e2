// Activations. Their backward pass is one fused kernel; where it is itself to be differentiated
// (create_graph), the same derivative is put together from differentiable operations.
#include <cmath>

#include "ops/pointwise.h"

namespace unroll {

namespace {

Scalar number(double value) { return Scalar::of(value); }

/** What the derivative is a formula of. */
enum class By { Input, Output };

/** `slope(x)`: the derivative at x, x the input or the output as `by` says, of differentiable operations. */
template <class Slope>
Tensor activation(PointwiseOp op, PointwiseOp gradient, By by, const Tensor& a, const char* name,
                  Numbers numbers, Slope slope) {
  UNROLL_CHECK_KIND(NotImplemented, is_floating(a.dtype()) || op <= PointwiseOp::Relu, '"',
                    pointwise_name(op), "_cpu\" not implemented for '", scalar_type_name(a.dtype()), "'");
  const DType compute = op == PointwiseOp::Relu ? a.dtype() : floating_type(a.dtype());
  Tensor out = pointwise(op, compute, {a}, numbers);
  if (needs_grad(a))
    record(
        out, name, {a},
        [=, saved = by == By::Input ? Saved(a) : Saved::output(out)](Node& self, const Tensor& g) -> Tensors {
          const Tensor x = saved.get(self);
          if (grad_enabled()) return {mul(g, slope(x))};
          return {pointwise(gradient, x.dtype(), {x, g}, numbers)};
        });
  return out;
}

/** 1 where x > 0, `other` elsewhere. */
Tensor one_where_positive(const Tensor& x, const Tensor& other) {
  return where(gt(x, zeros({}, x.dtype())), full({}, number(1), x.dtype()), other);
}

/** The normal distribution's cumulative probability, and its density. */
Tensor normal_cdf(const Tensor& x) {
  return mul_scalar(add_scalar(erf(mul_scalar(x, number(std::sqrt(0.5)))), number(1)), number(0.5));
}
Tensor normal_density(const Tensor& x) {
  return mul_scalar(exp(mul_scalar(mul(x, x), number(-0.5))),
                    number(0.39894228040143267794));  // 1 / sqrt(2 pi)
}

Tensor gelu_tanh_slope(const Tensor& x) {
  const double root = 0.79788456080286535588, cubic = 0.044715;  // sqrt(2 / pi)
  const Tensor squared = mul(x, x);
  const Tensor t =
      tanh(mul(mul_scalar(x, number(root)), add_scalar(mul_scalar(squared, number(cubic)), number(1))));
  const Tensor inner =
      mul_scalar(add_scalar(mul_scalar(squared, number(3 * cubic)), number(1)), number(root));
  const Tensor outer = rsub_scalar(mul(t, t), number(1));
  return mul_scalar(add(add_scalar(t, number(1)), mul(x, mul(outer, inner))), number(0.5));
}

}  // namespace

Tensor sigmoid(const Tensor& a) {
  return activation(PointwiseOp::Sigmoid, PointwiseOp::SigmoidGrad, By::Output, a, "SigmoidBackward0", {},
                    [](const Tensor& y) { return mul(y, rsub_scalar(y, number(1))); });
}

Tensor tanh(const Tensor& a) {
  return activation(PointwiseOp::Tanh, PointwiseOp::TanhGrad, By::Output, a, "TanhBackward0", {},
                    [](const Tensor& y) { return rsub_scalar(mul(y, y), number(1)); });
}

Tensor relu(const Tensor& a) {
  UNROLL_CHECK(a.dtype() != DType::Bool, "Boolean inputs not supported for relu");
  return activation(PointwiseOp::Relu, PointwiseOp::ReluGrad, By::Output, a, "ReluBackward0", {},
                    [](const Tensor& y) { return one_where_positive(y, zeros({}, y.dtype())); });
}

Tensor leaky_relu(const Tensor& a, double negative_slope) {
  return activation(PointwiseOp::LeakyRelu, PointwiseOp::LeakyReluGrad, By::Input, a, "LeakyReluBackward0",
                    {negative_slope}, [=](const Tensor& x) {
                      return one_where_positive(x, full({}, number(negative_slope), x.dtype()));
                    });
}

Tensor elu(const Tensor& a, double alpha) {
  return activation(PointwiseOp::Elu, PointwiseOp::EluGrad, By::Input, a, "EluBackward0", {alpha},
                    [=](const Tensor& x) {
                      // The exponential of what is clamped: an infinite one, though not chosen, would make
                      // its gradient NaN.
                      return one_where_positive(x, mul_scalar(exp(clamp(x, {}, number(0))), number(alpha)));
                    });
}

Tensor softplus(const Tensor& a, double beta, double threshold) {
  return activation(PointwiseOp::Softplus, PointwiseOp::SoftplusGrad, By::Input, a, "SoftplusBackward0",
                    {beta, threshold}, [=](const Tensor& x) {
                      const Tensor scaled = mul_scalar(x, number(beta));
                      return where(gt(scaled, full({}, number(threshold), x.dtype())),
                                   full({}, number(1), x.dtype()), sigmoid(scaled));
                    });
}

Tensor silu(const Tensor& a) {
  return activation(PointwiseOp::Silu, PointwiseOp::SiluGrad, By::Input, a, "SiluBackward0", {},
                    [](const Tensor& x) {
                      const Tensor s = sigmoid(x);
                      return mul(s, add_scalar(mul(x, rsub_scalar(s, number(1))), number(1)));
                    });
}

Tensor gelu(const Tensor& a, const std::string& approximate) {
  UNROLL_CHECK(approximate == "none" || approximate == "tanh",
               "approximate argument must be either none or tanh.");
  if (approximate == "tanh")
    return activation(PointwiseOp::GeluTanh, PointwiseOp::GeluTanhGrad, By::Input, a, "GeluBackward0", {},
                      gelu_tanh_slope);
  return activation(PointwiseOp::GeluErf, PointwiseOp::GeluErfGrad, By::Input, a, "GeluBackward0", {},
                    [](const Tensor& x) { return add(normal_cdf(x), mul(x, normal_density(x))); });
}

}  // namespace unroll
