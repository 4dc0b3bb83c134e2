// Softmax and its logarithm over one dimension.
#include "ops/softmax.h"

#include "autograd/variable.h"
#include "backend/layers.h"
#include "ops/ops.h"

namespace unroll {

namespace {

/** grad_in of softmax or log_softmax by the fused kernel: no history. */
Tensor fused_backward(const Tensor& grad, const Tensor& out, int dim, bool log) {
  const Tensor g = contiguous(grad);
  Tensor grad_in = empty(out.sizes(), out.dtype(), out.device());
  softmax_backward_kernel(out.device_type(), g, out, grad_in, dim, log);
  return grad_in;
}

/** The same of differentiable operations, for a second derivative. */
Tensor composed_backward(const Tensor& grad, const Tensor& out, int dim, bool log) {
  if (log) return sub(grad, mul(exp(out), sum(grad, {dim}, true)));
  return mul(out, sub(grad, sum(mul(grad, out), {dim}, true)));
}

Tensor softmax_over(const Tensor& t, int dim, bool log) {
  GradMode off(false);
  Tensor out = empty(t.sizes(), t.dtype(), t.device());
  softmax_kernel(t.device_type(), contiguous(t), out, dim, log);
  return out;
}

/** The formula, given the result. */
auto backward_of(const Tensor& out, int dim, bool log) {
  return [out = Saved::output(out), dim, log](Node& self, const Tensor& g) -> Tensors {
    const Tensor y = out.get(self);
    return {grad_enabled() && y.dim() > 0 ? composed_backward(g, y, dim, log)
                                          : fused_backward(g, y, dim, log)};
  };
}

}  // namespace

Tensor softmax(const Tensor& t, int64_t dim) {
  const int d = wrap_dim(dim, t.dim());
  const Tensor out = softmax_over(t, d, false);
  if (needs_grad(t)) record(out, "SoftmaxBackward0", {t}, backward_of(out, d, false));
  return out;
}

Tensor log_softmax(const Tensor& t, int64_t dim) {
  const int d = wrap_dim(dim, t.dim());
  const Tensor out = softmax_over(t, d, true);
  if (!needs_grad(t)) return out;
  const auto node = std::make_shared<LogSoftmaxNode>(
      [backward = backward_of(out, d, true)](Node& self, Tensors grads) { return backward(self, grads[0]); },
      d);
  node->add_edge(gradient_edge(t));
  set_history(out, node);
  return out;
}

}  // namespace unroll
