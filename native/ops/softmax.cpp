// Softmax and its logarithm over one dimension.
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

Tensor softmax_over(const Tensor& t, int64_t dim, bool log, const char* name) {
  const int d = wrap_dim(dim, t.dim());
  Tensor out = empty(t.sizes(), t.dtype(), t.device());
  {
    GradMode off(false);
    softmax_kernel(t.device_type(), contiguous(t), out, d, log);
  }
  if (needs_grad(t))
    record(out, name, {t}, [out = Saved::output(out), d, log](Node& self, const Tensor& g) -> Tensors {
      const Tensor y = out.get(self);
      return {grad_enabled() && y.dim() > 0 ? composed_backward(g, y, d, log) : fused_backward(g, y, d, log)};
    });
  return out;
}

}  // namespace

Tensor softmax(const Tensor& t, int64_t dim) { return softmax_over(t, dim, false, "SoftmaxBackward0"); }
Tensor log_softmax(const Tensor& t, int64_t dim) { return softmax_over(t, dim, true, "LogSoftmaxBackward0"); }

}  // namespace unroll
