// LSTM. At each step, with a = W_ih x + b_ih + W_hh h + b_hh cut in four blocks:
//   i = σ(a_i), f = σ(a_f), g = tanh(a_g), o = σ(a_o);  c' = f c + i g;  h' = o tanh(c').
// Backward, with dh and dc the total derivatives by h' and c':
//   dc += dh o (1 - tanh² c');  da_i = dc g i (1 - i);  da_f = dc c f (1 - f);  da_g = dc i (1 - g²);
//   da_o = dh tanh(c') o (1 - o);  to the step before: dc f, and W_hh^T da.
#include "backend/recurrence.h"
#include "ops/recurrent.h"

namespace unroll {

namespace {

using namespace recurrent;

Tensors lstm_layer(const Tensor& input, const Tensors& initial, const LayerWeights& weights,
                   const Place& place) {
  const int64_t steps = input.size(0), batch = input.size(1), hidden = weights.w_hh.size(1);
  const std::vector<Part> parts{{0, 0, 4 * hidden}};
  Tensor x, gates, hs, cs;
  {
    GradMode off(false);
    x = contiguous(input);
    gates = empty({steps, batch, 4 * hidden}, x.dtype(), x.device());
    hs = states_from(initial[0], steps);
    cs = states_from(initial[1], steps);
    add_input(x, weights.w_ih, weights.b_ih.defined() ? add(weights.b_ih, weights.b_hh) : Tensor(), parts,
              gates);
    lstm_steps_kernel(x.device_type(), gates, weights.w_hh, hs, cs);
  }
  const Tensors results{outputs_of(hs), last_of(hs), last_of(cs)};
  const Tensors inputs{input, initial[0], initial[1], weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh};
  if (!needs_grad(inputs)) return results;
  auto node = record_all(
      results, "LstmBackward0", inputs,
      [x = x.is_same(input) ? Saved(input) : Saved(x), gates, hs = Saved(hs), cs, w_ih = Saved(weights.w_ih),
       w_hh = Saved(weights.w_hh), b_ih = weights.b_ih, b_hh = weights.b_hh, parts,
       place](Node& self, Tensors grads) -> Tensors {
        const Tensor states = hs.get(self), dgates = empty(gates.sizes(), gates.dtype(), gates.device());
        const LayerWeights w{w_ih.get(self), w_hh.get(self), b_ih, b_hh};
        const Tensor dh = gradient_of_last(grads[1], states), dc = gradient_of_last(grads[2], states);
        const Tensor grad_out = grads[0].defined() ? contiguous(grads[0]) : Tensor();
        const Tensor norms = norms_for(place, 2, states.size(0) - 1);
        lstm_steps_backward_kernel(gates.device_type(), gates, w.w_hh, cs, grad_out, dh, dc, dgates, norms);
        note_norms(place, norms);
        const Gradients g = gradients(dgates, x.get(self), states, w, parts, parts, [&](int wanted) {
          return self.needs(wanted == kInput ? 0 : wanted + 2);
        });
        return {g.input, dh, dc, g.w_ih, g.w_hh, g.b_ih, g.b_hh};
      });
  node->once_only = true;
  return results;
}

}  // namespace

Tensor3 lstm(const Tensor& input, const Tensor& h0, const Tensor& c0, const Tensors& weights,
             const RnnOptions& options, Generator& generator) {
  const Tensors out = run_layers(input, {h0, c0}, weights, options, 4, generator, lstm_layer);
  return {out[0], out[1], out[2]};
}

}  // namespace unroll
