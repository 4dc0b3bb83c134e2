#include "ops/recurrent.h"

#include "autograd/engine.h"
#include "backend/products.h"
#include "telemetry/mailbox.h"
#include "telemetry/recorder.h"

// A layer may take a good part of a second: readers of tensors are answered between its products too.

namespace unroll::recurrent {

namespace {

Tensor rows(const Tensor& t, int64_t begin, int64_t count) {
  Dims sizes = t.sizes();
  sizes[0] = count;
  return alias(t, sizes, t.strides(), t.offset() + begin * t.strides()[0]);
}

Tensor columns(const Tensor& t, int64_t begin, int64_t count) {
  return alias(t, {t.size(0), count}, t.strides(), t.offset() + begin * t.strides()[1]);
}

Tensor transposed(const Tensor& t) {
  return alias(t, {t.size(1), t.size(0)}, {t.strides()[1], t.strides()[0]}, t.offset());
}

/** weight's gradient: dgates^T · x for every part. dgates (R, C), x (R, I). */
Tensor weight_gradient(const Tensor& dgates, const Tensor& x, const Tensor& weight,
                       const std::vector<Part>& parts) {
  Tensor grad = empty(weight.sizes(), weight.dtype(), weight.device());
  for (const Part& p : parts) {
    mailbox().serve();
    mm_kernel(x.device_type(), transposed(columns(dgates, p.column, p.count)), x, {},
              rows(grad, p.row, p.count), false);
  }
  return grad;
}

/** A bias's gradient from the sums (C) of dgates' columns. */
Tensor bias_gradient(const Tensor& sums, const Tensor& bias, const std::vector<Part>& parts) {
  Tensor grad = empty(bias.sizes(), bias.dtype(), bias.device());
  for (const Part& p : parts)
    copy_kernel(bias.device_type(), rows(grad, p.row, p.count), rows(sums, p.column, p.count));
  return grad;
}

}  // namespace

Tensor states_from(const Tensor& initial, const TimeSteps& steps) {
  const Tensor states =
      empty({steps.batch() + steps.total(), initial.size(1)}, initial.dtype(), initial.device());
  copy_kernel(initial.device_type(), rows(states, 0, steps.batch()), initial);
  return states;
}

Tensor initial_of(const Tensor& states, const TimeSteps& steps) { return rows(states, 0, steps.batch()); }

Tensor outputs_of(const Tensor& states, const TimeSteps& steps) {
  return rows(states, steps.batch(), steps.total());
}

Tensor last_of(const Tensor& states, const TimeSteps& steps) {
  const Tensor last = empty({steps.batch(), states.size(1)}, states.dtype(), states.device());
  for (int64_t t = steps.count() - 1, done = 0; t >= 0; --t) {  // those that end at t
    const int64_t ended = steps.rows(t) - done;
    if (ended == 0) continue;
    copy_kernel(states.device_type(), rows(last, done, ended), rows(states, steps.after(t) + done, ended));
    done += ended;
  }
  return last;
}

Tensor states_before(const Tensor& states, const TimeSteps& steps) {
  if (!steps.is_ragged()) return rows(states, 0, steps.total());
  const Tensor before = empty({steps.total(), states.size(1)}, states.dtype(), states.device());
  for (int64_t t = 0; t < steps.count(); ++t)
    copy_kernel(states.device_type(), rows(before, steps.begin(t), steps.rows(t)),
                rows(states, steps.before(t), steps.rows(t)));
  return before;
}

Tensor gradient_of_last(const Tensor& grad, const TimeSteps& steps, int64_t units, const Tensor& like) {
  const Dims sizes{steps.batch(), units};
  if (!grad.defined()) return zeros(sizes, like.dtype(), like.device());
  const Tensor copy = empty(sizes, like.dtype(), like.device());
  copy_kernel(like.device_type(), copy, grad);
  return copy;
}

SavedLayer::SavedLayer(const Tensor& input, const Tensor& states, const LayerWeights& weights)
    : input_(input),
      states_(states),
      w_ih_(weights.w_ih),
      w_hh_(weights.w_hh),
      b_ih_(weights.b_ih),
      b_hh_(weights.b_hh),
      w_hr_(weights.w_hr) {}

SavedLayer::Values SavedLayer::get(Node& self) const {
  return {input_.get(self),
          states_.get(self),
          {w_ih_.get(self), w_hh_.get(self), b_ih_.get(self), b_hh_.get(self), w_hr_.get(self)}};
}

namespace {

/** out (R, C) = input (R, I) · w_ih^T + bias (G), part by part. */
void multiply_input(const Tensor& input, const Tensor& w_ih, const Tensor& bias,
                    const std::vector<Part>& parts, const Tensor& out) {
  for (const Part& p : parts)
    mm_kernel(input.device_type(), input, transposed(rows(w_ih, p.row, p.count)),
              bias.defined() ? rows(bias, p.row, p.count) : Tensor(), columns(out, p.column, p.count), false);
}

/** The gradient (R, I) of input rows whose gates have the gradients (R, C). */
Tensor input_gradient(const Tensor& dgates, const Tensor& w_ih, const std::vector<Part>& parts) {
  const Tensor grad = empty({dgates.size(0), w_ih.size(1)}, dgates.dtype(), dgates.device());
  for (size_t i = 0; i < parts.size(); ++i) {
    const Part& p = parts[i];
    mm_kernel(dgates.device_type(), columns(dgates, p.column, p.count), rows(w_ih, p.row, p.count), {}, grad,
              i > 0);
  }
  return grad;
}

}  // namespace

void record_layer(const Tensors& results, const char* name, const LayerInput& input, const Tensors& inputs,
                  Backward backward) {
  const auto node = record_all(results, name, inputs, std::move(backward));
  if (input.repeated) node->add_edge(input.repeated->table_edge());
}

void add_input(const LayerInput& input, const Tensor& w_ih, const Tensor& bias,
               const std::vector<Part>& parts, const Tensor& gates) {
  if (input.repeated) {
    const Tensor each = empty({input.repeated->groups(), gates.size(1)}, gates.dtype());
    multiply_input(input.repeated->one_each(input.rows), w_ih, bias, parts, each);
    input.repeated->gather(each, gates);
  } else {
    multiply_input(input.rows, w_ih, bias, parts, gates);
  }
  mailbox().serve();
}

Gradients gradients(const Tensor& dgates, const LayerInput& input, const Tensor& before,
                    const LayerWeights& weights, const std::vector<Part>& input_parts,
                    const std::vector<Part>& state_parts, const std::function<bool(int)>& needs) {
  Gradients out;
  mailbox().serve();
  const RepeatedRows* const repeated = input.repeated.get();
  // Of equal rows, or of every row.
  const Tensor x = repeated ? repeated->one_each(input.rows) : input.rows;
  const Tensor d = repeated ? repeated->sums(dgates) : dgates;
  if (needs(kInput)) {
    if (repeated && may_pass_by(*repeated->made_by))
      out.table = repeated->table_gradient(input_gradient(d, weights.w_ih, input_parts));
    else
      out.input = input_gradient(dgates, weights.w_ih, input_parts);
  }
  if (needs(kWeightInput)) out.w_ih = weight_gradient(d, x, weights.w_ih, input_parts);
  if (needs(kWeightState)) out.w_hh = weight_gradient(dgates, before, weights.w_hh, state_parts);
  const bool has_biases = weights.b_ih.defined();
  if (has_biases && (needs(kBiasInput) || needs(kBiasState))) {
    const Tensor sums = sum(d, {0}, false);
    if (needs(kBiasInput)) out.b_ih = bias_gradient(sums, weights.b_ih, input_parts);
    if (needs(kBiasState)) out.b_hh = bias_gradient(sums, weights.b_hh, state_parts);
  }
  return out;
}

Tensor norms_for(const Place& place, int64_t series, int64_t steps) {
  if (place.module == 0 || !recorder().enabled()) return {};
  return empty({series, steps}, DType::Float64);
}

void note_norms(const Place& place, const Tensor& norms) {
  if (!norms.defined()) return;
  const int64_t steps = norms.size(1);
  constexpr const char* names[] = {"h", "c"};
  for (int64_t s = 0; s < norms.size(0); ++s)
    recorder().note_through_time(place.module, place.call,
                                 text("l", place.layer, place.is_reverse ? "_reverse/" : "/", names[s]),
                                 alias(norms, {steps}, {1}, s * steps));
}

}  // namespace unroll::recurrent
