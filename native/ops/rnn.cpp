// The plain recurrent layer: h' = φ(W_ih x + b_ih + W_hh h + b_hh), φ = tanh or relu. Backward, with dh the
// total derivative by h': da = dh φ', and W_hh^T da flows to the step before.
#include "backend/recurrence.h"
#include "ops/recurrent.h"

namespace unroll {

namespace {

using namespace recurrent;

Cell composite(bool relu) {
  return [relu](const Tensor& gates, const Tensors& states, const LayerWeights& w) -> Tensors {
    const Tensor a = add(gates, linear(states[0], w.w_hh, w.b_hh));
    return {relu ? unroll::relu(a) : tanh(a)};
  };
}

Layer rnn_layer(bool relu) {
  return [relu](const LayerInput& input, const Tensors& initial, const LayerWeights& weights,
                const TimeSteps& steps, const Place& place) -> Tensors {
    const int64_t hidden = weights.w_hh.size(1);
    const std::vector<Part> parts{{0, 0, hidden}};
    Tensor x, hs;
    {
      GradMode off(false);
      x = contiguous(input.rows);
      hs = states_from(initial[0], steps);
      add_input({x, input.repeated}, weights.w_ih,
                weights.b_ih.defined() ? add(weights.b_ih, weights.b_hh) : Tensor(), parts,
                outputs_of(hs, steps));
      rnn_steps_kernel(x.device_type(), hs, weights.w_hh, relu, steps);
    }
    const Tensors results{outputs_of(hs, steps), last_of(hs, steps)};
    const Tensors inputs{input.rows, initial[0], weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh};
    if (!needs_grad(inputs)) return results;
    record_layer(
        results, relu ? "RnnReluBackward0" : "RnnTanhBackward0", input, inputs,
        [saved = SavedLayer(x.is_same(input.rows) ? input.rows : x, hs, weights), repeated = input.repeated,
         parts, steps, place, relu](Node& self, Tensors grads) -> Tensors {
          const auto [x, states, w] = saved.get(self);
          if (grad_enabled())
            return composite_gradients(self, {x, {initial_of(states, steps)}, w}, grads, steps,
                                       composite(relu), place);
          const Tensor dgates = empty({steps.total(), states.size(1)}, states.dtype(), states.device());
          const Tensor dh = gradient_of_last(grads[1], steps, states.size(1), states);
          const Tensor grad_out = grads[0].defined() ? contiguous(grads[0]) : Tensor();
          const Tensor norms = norms_for(place, 1, steps.count());
          rnn_steps_backward_kernel(states.device_type(), states, w.w_hh, grad_out, dh, dgates, norms, relu,
                                    steps);
          note_norms(place, norms);
          const Gradients g =
              gradients(dgates, {x, repeated}, states_before(states, steps), w, parts, parts,
                        [&](int wanted) { return self.needs(wanted == kInput ? 0 : wanted + 1); });
          return {g.input, dh, g.w_ih, g.w_hh, g.b_ih, g.b_hh, g.table};
        });
    return results;
  };
}

}  // namespace

Tensor2 rnn(const Tensor& input, const Tensor& h0, const Tensors& weights, const RnnOptions& options,
            bool relu, Generator& generator) {
  const Tensors out = run_layers(input, {h0}, weights, options, 1, generator, rnn_layer(relu));
  return {out[0], out[1]};
}

Tensor rnn_cell(const Tensor& input, const Tensor& h, const Tensors& weights, int64_t module, bool relu) {
  return run_cell(input, {h}, weights, module, 1, rnn_layer(relu))[0];
}

}  // namespace unroll
