// Optimizer steps: one fused sweep over a parameter, its gradient and the optimizer's state, which also
// gathers the sums of squares that the recorder asks for.
#include <algorithm>

#include "autograd/variable.h"
#include "backend/kernels.h"
#include "ops/ops.h"
#include "ops/pointwise.h"
#include "telemetry/recorder.h"

namespace unroll {

namespace {

void check_alike(const Tensor& parameter, const Tensor& other, const char* what) {
  UNROLL_CHECK(other.sizes() == parameter.sizes(), "the ", what, " of sizes ", other.sizes(),
               " does not belong to a parameter of sizes ", parameter.sizes());
  UNROLL_CHECK(other.dtype() == parameter.dtype(), "the ", what, " of dtype ", dtype_name(other.dtype()),
               " does not belong to a parameter of dtype ", dtype_name(parameter.dtype()));
}

/** t itself where it lies in memory like the dense `parameter`, else a copy that does; undefined stays
 * undefined. */
Tensor laid_like(const Tensor& parameter, const Tensor& t) {
  if (!t.defined() || t.strides() == parameter.strides() || (t.is_contiguous() && parameter.is_contiguous()))
    return t;
  Tensor out = empty_strided(parameter.sizes(), parameter.strides(), t.dtype(), t.device());
  copy_kernel(t.device_type(), out, t);
  return out;
}

Tensor dense(const Tensor& t) {
  if (t.is_dense()) return t;
  Tensor out = empty(t.sizes(), t.dtype(), t.device());
  copy_kernel(t.device_type(), out, t);
  return out;
}

/** What was updated in `laid` is in `t` too. */
void put_back(const Tensor& t, const Tensor& laid) {
  if (!t.defined()) return;
  if (!t.is_same(laid)) copy_kernel(t.device_type(), t, laid);
  t.mark_written();
}

/** Runs `kernel(parameter, grad, state, sums)` on operands that lie alike, and tells the recorder what it
 * gathered. */
template <class Run>
void fused_step(const Tensor& parameter, const Tensor& grad, const Tensors& state, Run kernel) {
  UNROLL_CHECK(is_floating(parameter.dtype()), "only parameters of floating point can be optimized, not ",
               dtype_name(parameter.dtype()));
  check_alike(parameter, grad, "gradient");
  for (const Tensor& t : state)
    if (t.defined()) check_alike(parameter, t, "optimizer's state");
  const Tensor weights = dense(parameter);
  Tensors laid;
  for (const Tensor& t : state) laid.push_back(laid_like(weights, t));
  kernel(weights, laid_like(weights, grad), laid,
         recorder().enabled() ? &recorder().note_update(parameter) : nullptr);
  put_back(parameter, weights);
  for (size_t i = 0; i < state.size(); ++i) put_back(state[i], laid[i]);
}

}  // namespace

Tensor sgd_step(const Tensor& parameter, const Tensor& grad, const OptionalTensor& momentum_buffer, double lr,
                double momentum, double dampening, double weight_decay, bool nesterov, bool maximize) {
  const bool is_first = momentum != 0 && !momentum_buffer.defined();
  const SgdStep options{lr, momentum, dampening, weight_decay, nesterov, maximize, is_first};
  Tensor buffer = momentum != 0 ? momentum_buffer : Tensor();
  if (is_first)
    buffer = empty_strided(parameter.sizes(), result_strides(parameter.sizes(), {parameter}),
                           parameter.dtype(), parameter.device());
  fused_step(parameter, grad, {buffer},
             [&](const Tensor& p, const Tensor& g, const Tensors& state, SquareSums* sums) {
               sgd_kernel(p.device_type(), p, g, state[0], options, sums);
             });
  return buffer;
}

void adam_step(const Tensor& parameter, const Tensor& grad, const Tensor& exp_avg, const Tensor& exp_avg_sq,
               const OptionalTensor& max_exp_avg_sq, double lr, double beta1, double beta2, double eps,
               double weight_decay, bool decoupled, bool maximize, int64_t step) {
  UNROLL_CHECK(step >= 1, "adam_step counts from 1, got step ", step);
  const AdamStep options{lr, beta1, beta2, eps, weight_decay, decoupled, maximize, step};
  fused_step(parameter, grad, {exp_avg, exp_avg_sq, max_exp_avg_sq},
             [&](const Tensor& p, const Tensor& g, const Tensors& state, SquareSums* sums) {
               adam_kernel(p.device_type(), p, g, state[0], state[1], state[2], options, sums);
             });
}

void note_update(const Tensor& parameter, const Tensor& grad, const Tensor& before) {
  if (!recorder().enabled()) return;
  GradMode off(false);
  check_alike(parameter, grad, "gradient");
  check_alike(parameter, before, "earlier value");
  Recorder::UpdateSums& sums = recorder().note_update(parameter);
  square_sum_later(grad, sums.grad);
  square_sum_later(parameter, sums.weight);
  square_sum_later(sub(parameter, before), sums.update);
}

namespace {

/** Whether a device's kernel can work on all at once. */
bool are_alike(const Tensors& tensors) {
  return std::all_of(tensors.begin(), tensors.end(), [&](const Tensor& t) {
    return t.is_dense() && is_floating(t.dtype()) && !is_half(t.dtype()) && t.dtype() == tensors[0].dtype() &&
           &t.device() == &tensors[0].device();
  });
}

}  // namespace

Tensor total_norm(const Tensors& tensors, double p) {
  GradMode off(false);
  if (tensors.empty()) return full({}, Scalar::of(0.0), DType::Float32);
  const DeviceType type = tensors[0].device_type();
  if (p == 2 && total_norm_kernel.on(type) && are_alike(tensors)) {
    const Tensor out = empty({}, tensors[0].dtype(), tensors[0].device());
    total_norm_kernel(type, out, tensors);
    return out;
  }
  Tensors norms;
  for (const Tensor& t : tensors) {
    if (p != 2 || t.dtype() != DType::Float32 || !norm_in_lanes_kernel.on(t.device_type())) {
      norms.push_back(norm(t, p, {}, false));
      continue;
    }
    norms.push_back(empty({}, t.dtype(), t.device()));
    norm_in_lanes_kernel(t.device_type(), norms.back(), dense(t));
  }
  return norm(stack(norms, 0), p, {}, false);
}

void scale_(const Tensors& tensors, const Tensor& factor) {
  if (tensors.empty()) return;
  const DeviceType type = tensors[0].device_type();
  Tensors all = tensors;
  all.push_back(factor);
  if (grad_enabled() || !scale_kernel.on(type) || !are_alike(all)) {
    for (const Tensor& t : tensors) mul_(t, factor);
    return;
  }
  scale_kernel(type, tensors, factor);
  for (const Tensor& t : tensors) t.mark_written();
}

}  // namespace unroll
