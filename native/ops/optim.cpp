// Optimizer steps: one fused sweep over parameters, their gradients and the optimizer's state, which also
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

/** Some parameters' operands: those of one parameter lie alike, as kernels take them. */
struct Laid {
  Tensors parameters, grads;
  std::vector<Tensors> state;
  SumsOfEach sums;
};

/** A list of state for every kind that the optimizer keeps, empty where it keeps none. */
using State = std::vector<Tensors>;

/**
 * Runs `kernel(operands, step)` on all of the parameters, as many at a time as are of one dtype, one device
 * and as many steps old, and tells the recorder what it gathered.
 */
template <class Run>
void fused_step(const Tensors& parameters, const Tensors& grads, const State& state,
                const std::vector<int64_t>& steps, Run kernel) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    UNROLL_CHECK(is_floating(parameters[i].dtype()),
                 "only parameters of floating point can be optimized, not ",
                 dtype_name(parameters[i].dtype()));
    check_alike(parameters[i], grads[i], "gradient");
    for (const Tensors& each : state)
      if (!each.empty()) check_alike(parameters[i], each[i], "optimizer's state");
  }
  const auto is_like = [&](size_t i, size_t j) {
    return parameters[i].dtype() == parameters[j].dtype() &&
           &parameters[i].device() == &parameters[j].device() && steps[i] == steps[j];
  };
  for (size_t first = 0, end; first < parameters.size(); first = end) {
    Laid laid;
    laid.state.resize(state.size());
    for (end = first; end < parameters.size() && is_like(first, end); ++end) {
      const Tensor& weights = laid.parameters.emplace_back(dense(parameters[end]));
      laid.grads.push_back(laid_like(weights, grads[end]));
      for (size_t k = 0; k < state.size(); ++k)
        if (!state[k].empty()) laid.state[k].push_back(laid_like(weights, state[k][end]));
      if (recorder().enabled()) laid.sums.push_back(&recorder().note_update(parameters[end]));
    }
    kernel(laid, steps[first]);
    for (size_t i = first; i < end; ++i) {
      put_back(parameters[i], laid.parameters[i - first]);
      for (size_t k = 0; k < state.size(); ++k)
        if (!state[k].empty()) put_back(state[k][i], laid.state[k][i - first]);
    }
  }
}

/** The gradients that there are. */
Tensors grads_of(const Tensors& parameters) {
  Tensors grads;
  for (const Tensor& p : parameters)
    if (const Tensor grad = p.grad(); grad.defined()) grads.push_back(grad);
  return grads;
}

void check_as_many(const Tensors& parameters, const Tensors& others, const char* what) {
  UNROLL_CHECK(others.size() == parameters.size(), "got ", parameters.size(), " parameters and ",
               others.size(), " ", what);
}

}  // namespace

Tensors sgd_step(const Tensors& parameters, const Tensors& given, const Tensors& momentum_buffers, double lr,
                 double momentum, double dampening, double weight_decay, bool nesterov, bool maximize) {
  const Tensors grads = given.empty() ? grads_of(parameters) : given;
  check_as_many(parameters, grads, "gradients");
  Tensors made, buffers = momentum != 0 ? momentum_buffers : Tensors();
  if (momentum != 0) check_as_many(parameters, buffers, "momentum buffers");
  std::vector<int64_t> has_begun(parameters.size(), 1);
  for (size_t i = 0; i < buffers.size(); ++i) {
    if (buffers[i].defined()) continue;
    has_begun[i] = 0;
    const Tensor& p = parameters[i];
    buffers[i] = empty_strided(p.sizes(), result_strides(p.sizes(), {p}), p.dtype(), p.device());
    made.push_back(buffers[i]);
  }
  fused_step(parameters, grads, {buffers}, has_begun, [&](const Laid& on, int64_t begun) {
    const SgdStep options{lr, momentum, dampening, weight_decay, nesterov, maximize, begun == 0};
    sgd_kernel(on.parameters[0].device_type(), on.parameters, on.grads, on.state[0], options, on.sums);
  });
  return made;
}

void adam_step(const Tensors& parameters, const Tensors& given, const Tensors& exp_avgs,
               const Tensors& exp_avg_sqs, const Tensors& max_exp_avg_sqs, const Tensors& state_steps,
               double lr, double beta1, double beta2, double eps, double weight_decay, bool decoupled,
               bool maximize) {
  const Tensors grads = given.empty() ? grads_of(parameters) : given;
  check_as_many(parameters, grads, "gradients");
  check_as_many(parameters, exp_avgs, "averages");
  check_as_many(parameters, exp_avg_sqs, "averages of squares");
  check_as_many(parameters, state_steps, "counts of steps");
  if (!max_exp_avg_sqs.empty()) check_as_many(parameters, max_exp_avg_sqs, "greatest averages of squares");
  std::vector<int64_t> steps;
  for (const Tensor& count : state_steps) {
    const Tensor here = to_device(count, cpu_device());
    steps.push_back(1 + visit_dtype(here.dtype(), [&](auto zero) {
                      return static_cast<int64_t>(only_element<decltype(zero)>(here));
                    }));
    UNROLL_CHECK(steps.back() >= 1, "adam_step counts from 1, got step ", steps.back());
  }
  fused_step(parameters, grads, {exp_avgs, exp_avg_sqs, max_exp_avg_sqs}, steps,
             [&](const Laid& on, int64_t step) {
               const AdamStep options{lr, beta1, beta2, eps, weight_decay, decoupled, maximize, step};
               adam_kernel(on.parameters[0].device_type(), on.parameters, on.grads, on.state[0], on.state[1],
                           on.state[2], options, on.sums);
             });
  for (size_t i = 0; i < steps.size(); ++i) {
    fill_kernel(state_steps[i].device_type(), state_steps[i], Scalar::of(steps[i]));
    state_steps[i].mark_written();
  }
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
  const auto goes_in_lanes = [&](const Tensor& t) {
    return p == 2 && t.dtype() == DType::Float32 && norms_in_lanes_kernel.on(t.device_type());
  };
  if (std::all_of(tensors.begin(), tensors.end(), goes_in_lanes)) {
    const Tensor norms = empty({static_cast<int64_t>(tensors.size())});
    Tensors laid;
    for (const Tensor& t : tensors) laid.push_back(dense(t));
    norms_in_lanes_kernel(type, norms, laid);
    return norm(norms, p, {}, false);
  }
  Tensors norms;
  for (const Tensor& t : tensors) {
    if (!goes_in_lanes(t)) {
      norms.push_back(norm(t, p, {}, false));
      continue;
    }
    norms.push_back(empty({}));
    norms_in_lanes_kernel(t.device_type(), norms.back(), {dense(t)});
  }
  return norm(stack(norms, 0), p, {}, false);
}

namespace {

/** Multiplies each of the tensors by a scalar tensor. */
void scale(const Tensors& tensors, const Tensor& factor) {
  const DeviceType type = tensors[0].device_type();
  Tensors all = tensors;
  all.push_back(factor);
  if (!scale_kernel.on(type) || !are_alike(all)) {
    for (const Tensor& t : tensors) mul_(t, factor);
    return;
  }
  scale_kernel(type, tensors, factor);
  for (const Tensor& t : tensors) t.mark_written();
}

}  // namespace

Tensor grad_norm(const Tensors& parameters, double p) {
  const Tensors grads = grads_of(parameters);
  return grads.empty() ? Tensor() : total_norm(grads, p);
}

void clip_grads_with_norm_(const Tensors& parameters, double max_norm, const Tensor& total_norm) {
  const Tensors grads = grads_of(parameters);
  if (grads.empty()) return;
  GradMode off(false);
  const Tensor ratio = mul_scalar(reciprocal(add_scalar(total_norm, Scalar::of(1e-6))), Scalar::of(max_norm));
  const Tensor factor = clamp(ratio, {}, Scalar::of(1.0));
  // A factor of 1 changes nothing; on another device, asking costs more than multiplying.
  const bool is_one = factor.device_type() == DeviceType::Cpu && visit_dtype(factor.dtype(), [&](auto zero) {
                        return static_cast<double>(only_element<decltype(zero)>(factor)) == 1;
                      });
  if (!is_one) scale(grads, factor);
}

}  // namespace unroll
