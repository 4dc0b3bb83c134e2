// The plain recurrent layer: h' = φ(W_ih x + b_ih + W_hh h + b_hh), φ = tanh or relu. Backward, with dh the
// total derivative by h': da = dh φ', and W_hh^T da flows to the step before.
#include "backend/recurrence.h"
#include "ops/recurrent.h"

namespace unroll {

namespace {

using namespace recurrent;

Tensors rnn_layer(const Tensor& input, const Tensors& initial, const LayerWeights& weights,
                  const Place& place, bool relu) {
  const int64_t steps = input.size(0), hidden = weights.w_hh.size(1);
  const std::vector<Part> parts{{0, 0, hidden}};
  Tensor x, hs;
  {
    GradMode off(false);
    x = contiguous(input);
    hs = states_from(initial[0], steps);
    add_input(x, weights.w_ih, weights.b_ih.defined() ? add(weights.b_ih, weights.b_hh) : Tensor(), parts,
              outputs_of(hs));
    rnn_steps_kernel(x.device_type(), hs, weights.w_hh, relu);
  }
  const Tensors results{outputs_of(hs), last_of(hs)};
  const Tensors inputs{input, initial[0], weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh};
  if (!needs_grad(inputs)) return results;
  auto node = record_all(
      results, relu ? "RnnReluBackward0" : "RnnTanhBackward0", inputs,
      [x = x.is_same(input) ? Saved(input) : Saved(x), hs = Saved(hs), w_ih = Saved(weights.w_ih),
       w_hh = Saved(weights.w_hh), b_ih = weights.b_ih, b_hh = weights.b_hh, parts, place,
       relu](Node& self, Tensors grads) -> Tensors {
        const Tensor states = hs.get(self);
        const Tensor dgates =
            empty({states.size(0) - 1, states.size(1), states.size(2)}, states.dtype(), states.device());
        const LayerWeights w{w_ih.get(self), w_hh.get(self), b_ih, b_hh};
        const Tensor dh = gradient_of_last(grads[1], states);
        const Tensor grad_out = grads[0].defined() ? contiguous(grads[0]) : Tensor();
        const Tensor norms = norms_for(place, 1, dgates.size(0));
        rnn_steps_backward_kernel(states.device_type(), states, w.w_hh, grad_out, dh, dgates, norms, relu);
        note_norms(place, norms);
        const Gradients g = gradients(dgates, x.get(self), states, w, parts, parts, [&](int wanted) {
          return self.needs(wanted == kInput ? 0 : wanted + 1);
        });
        return {g.input, dh, g.w_ih, g.w_hh, g.b_ih, g.b_hh};
      });
  node->once_only = true;
  return results;
}

}  // namespace

Tensor2 rnn(const Tensor& input, const Tensor& h0, const Tensors& weights, const RnnOptions& options,
            bool relu, Generator& generator) {
  const Tensors out = run_layers(input, {h0}, weights, options, 1, generator,
                                 [relu](const Tensor& x, const Tensors& states, const LayerWeights& w,
                                        const Place& place) { return rnn_layer(x, states, w, place, relu); });
  return {out[0], out[1]};
}

}  // namespace unroll
