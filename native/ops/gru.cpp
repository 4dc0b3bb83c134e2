// GRU. At each step, with a = W_ih x + b_ih and u = W_hh h + b_hh cut in three blocks:
//   r = σ(a_r + u_r), z = σ(a_z + u_z), n = tanh(a_n + r u_n);  h' = (1 - z) n + z h.
// Backward, with dh the total derivative by h':
//   da_n = dh (1 - z)(1 - n²);  du_n = da_n r;  da_r = du_r = da_n u_n r (1 - r);  da_z = du_z = dh (h - n) z
//   (1 - z); to the step before: dh z + W_hh^T du.
// So there are four blocks of gate gradients: r, z, n of the state (du_n), n of the input (da_n), in this
// order.
#include "backend/recurrence.h"
#include "ops/recurrent.h"

namespace unroll {

namespace {

using namespace recurrent;

/** b_ih, with b_hh's part for r and z, which is only ever added to it. */
Tensor input_bias(const LayerWeights& weights, int64_t hidden) {
  if (!weights.b_ih.defined()) return {};
  Tensor bias = clone(weights.b_ih);
  add_(slice(bias, 0, 0, 2 * hidden, 1), slice(weights.b_hh, 0, 0, 2 * hidden, 1));
  return bias;
}

Tensors composite(const Tensor& gates, const Tensors& states, const LayerWeights& w) {
  const int64_t hidden = gates.size(1) / 3;
  const Tensor of_state = linear(states[0], w.w_hh, w.b_hh);
  const auto gate = [hidden](const Tensor& of, int64_t i) {
    return slice(of, 1, i * hidden, (i + 1) * hidden, 1);
  };
  const Tensor r = sigmoid(add(gate(gates, 0), gate(of_state, 0)));
  const Tensor z = sigmoid(add(gate(gates, 1), gate(of_state, 1)));
  const Tensor n = tanh(add(gate(gates, 2), mul(r, gate(of_state, 2))));
  return {add(n, mul(z, sub(states[0], n)))};
}

Tensors gru_layer(const LayerInput& input, const Tensors& initial, const LayerWeights& weights,
                  const TimeSteps& steps, const Place& place) {
  const int64_t hidden = weights.w_hh.size(1);
  const std::vector<Part> input_parts{{0, 0, 2 * hidden}, {3 * hidden, 2 * hidden, hidden}};
  const std::vector<Part> state_parts{{0, 0, 3 * hidden}};
  Tensor x, gates, hs;
  {
    GradMode off(false);
    x = contiguous(input.rows);
    gates = empty({steps.total(), 4 * hidden}, x.dtype(), x.device());
    hs = states_from(initial[0], steps);
    add_input({x, input.repeated}, weights.w_ih, input_bias(weights, hidden), input_parts, gates);
    const Tensor b_hn =
        weights.b_hh.defined() ? contiguous(slice(weights.b_hh, 0, 2 * hidden, 3 * hidden, 1)) : Tensor();
    gru_steps_kernel(x.device_type(), gates, weights.w_hh, b_hn, hs, steps);
  }
  const Tensors results{outputs_of(hs, steps), last_of(hs, steps)};
  const Tensors inputs{input.rows, initial[0], weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh};
  if (!needs_grad(inputs)) return results;
  record_layer(
      results, "GruBackward0", input, inputs,
      [saved = SavedLayer(x.is_same(input.rows) ? input.rows : x, hs, weights), repeated = input.repeated,
       gates, input_parts, state_parts, steps, place](Node& self, Tensors grads) -> Tensors {
        const auto [x, states, w] = saved.get(self);
        if (grad_enabled())
          return composite_gradients(self, {x, {initial_of(states, steps)}, w}, grads, steps, composite,
                                     place);
        const Tensor dgates = empty(gates.sizes(), gates.dtype(), gates.device());
        const Tensor dh = gradient_of_last(grads[1], steps, states.size(1), states);
        const Tensor grad_out = grads[0].defined() ? contiguous(grads[0]) : Tensor();
        const Tensor norms = norms_for(place, 1, steps.count());
        gru_steps_backward_kernel(gates.device_type(), gates, w.w_hh, states, grad_out, dh, dgates, norms,
                                  steps);
        note_norms(place, norms);
        const Gradients g =
            gradients(dgates, {x, repeated}, states_before(states, steps), w, input_parts, state_parts,
                      [&](int wanted) { return self.needs(wanted == kInput ? 0 : wanted + 1); });
        return {g.input, dh, g.w_ih, g.w_hh, g.b_ih, g.b_hh, g.table};
      });
  return results;
}

}  // namespace

Tensor2 gru(const Tensor& input, const Tensor& h0, const Tensors& weights, const RnnOptions& options,
            Generator& generator) {
  const Tensors out = run_layers(input, {h0}, weights, options, 3, generator, gru_layer);
  return {out[0], out[1]};
}

Tensor gru_cell(const Tensor& input, const Tensor& h, const Tensors& weights, int64_t module) {
  return run_cell(input, {h}, weights, module, 3, gru_layer)[0];
}

}  // namespace unroll
