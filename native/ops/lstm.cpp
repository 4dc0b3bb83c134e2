// LSTM. At each step, with a = W_ih x + b_ih + W_hh h + b_hh cut in four blocks:
//   i = σ(a_i), f = σ(a_f), g = tanh(a_g), o = σ(a_o);  c' = f c + i g;  h' = o tanh(c').
// Backward, with dh and dc the total derivatives by h' and c':
//   dc += dh o (1 - tanh² c');  da_i = dc g i (1 - i);  da_f = dc c f (1 - f);  da_g = dc i (1 - g²);
//   da_o = dh tanh(c') o (1 - o);  to the step before: dc f, and W_hh^T da.
// With a projection W_hr, h' = W_hr m where m = o tanh c'; then dh of m is W_hr^T dh.
#include "backend/products.h"
#include "backend/recurrence.h"
#include "ops/recurrent.h"

namespace unroll {

namespace {

using namespace recurrent;

Tensors composite(const Tensor& gates, const Tensors& states, const LayerWeights& w) {
  const Tensor a = add(gates, linear(states[0], w.w_hh, w.b_hh));
  const int64_t hidden = a.size(1) / 4;
  const auto gate = [&](int64_t i) { return slice(a, 1, i * hidden, (i + 1) * hidden, 1); };
  const Tensor c = add(mul(sigmoid(gate(1)), states[1]), mul(sigmoid(gate(0)), tanh(gate(2))));
  const Tensor h = mul(sigmoid(gate(3)), tanh(c));
  return {w.w_hr.defined() ? linear(h, w.w_hr, {}) : h, c};
}

/** dhs (N, P)^T · whole (N, H) */
Tensor projection_gradient(const Tensor& dhs, const Tensor& whole, const Tensor& w_hr) {
  const Tensor grad = empty(w_hr.sizes(), w_hr.dtype(), w_hr.device());
  mm_kernel(grad.device_type(), transpose(dhs, 0, 1), whole, {}, grad, false);
  return grad;
}

Tensors lstm_layer(const LayerInput& input, const Tensors& initial, const LayerWeights& weights,
                   const TimeSteps& steps, const Place& place) {
  const int64_t width = weights.w_hh.size(0), hidden = width / 4;
  const std::vector<Part> parts{{0, 0, width}};
  Tensor x, gates, hs, cs, whole;
  {
    GradMode off(false);
    x = contiguous(input.rows);
    gates = empty({steps.total(), width}, x.dtype(), x.device());
    hs = states_from(initial[0], steps);
    cs = states_from(initial[1], steps);
    if (weights.w_hr.defined()) whole = empty({steps.total(), hidden}, x.dtype(), x.device());
    add_input({x, input.repeated}, weights.w_ih,
              weights.b_ih.defined() ? add(weights.b_ih, weights.b_hh) : Tensor(), parts, gates);
    lstm_steps_kernel(x.device_type(), gates, weights.w_hh, weights.w_hr, hs, cs, whole, steps);
  }
  const Tensors results{outputs_of(hs, steps), last_of(hs, steps), last_of(cs, steps)};
  const Tensors inputs{input.rows,   initial[0],   initial[1],   weights.w_ih,
                       weights.w_hh, weights.b_ih, weights.b_hh, weights.w_hr};
  if (!needs_grad(inputs)) return results;
  record_layer(
      results, "LstmBackward0", input, inputs,
      [saved = SavedLayer(x.is_same(input.rows) ? input.rows : x, hs, weights), repeated = input.repeated,
       gates, cs, whole, parts, steps, place](Node& self, Tensors grads) -> Tensors {
        const auto [x, states, w] = saved.get(self);
        if (grad_enabled())
          return composite_gradients(self, {x, {initial_of(states, steps), initial_of(cs, steps)}, w}, grads,
                                     steps, composite, place);
        const Tensor dgates = empty(gates.sizes(), gates.dtype(), gates.device());
        const Tensor dh = gradient_of_last(grads[1], steps, states.size(1), states);
        const Tensor dc = gradient_of_last(grads[2], steps, cs.size(1), states);
        const Tensor grad_out = grads[0].defined() ? contiguous(grads[0]) : Tensor();
        const Tensor dhs = w.w_hr.defined()
                               ? empty({steps.total(), states.size(1)}, gates.dtype(), gates.device())
                               : Tensor();
        const Tensor norms = norms_for(place, 2, steps.count());
        lstm_steps_backward_kernel(gates.device_type(), gates, w.w_hh, w.w_hr, cs, grad_out, dh, dc, dgates,
                                   dhs, norms, steps);
        note_norms(place, norms);
        const Gradients g =
            gradients(dgates, {x, repeated}, states_before(states, steps), w, parts, parts,
                      [&](int wanted) { return self.needs(wanted == kInput ? 0 : wanted + 2); });
        const Tensor d_hr = self.needs(7) ? projection_gradient(dhs, whole, w.w_hr) : Tensor();
        return {g.input, dh, dc, g.w_ih, g.w_hh, g.b_ih, g.b_hh, d_hr, g.table};
      });
  return results;
}

}  // namespace

Tensor3 lstm(const Tensor& input, const Tensor& h0, const Tensor& c0, const Tensors& weights,
             const RnnOptions& options, Generator& generator) {
  const Tensors out = run_layers(input, {h0, c0}, weights, options, 4, generator, lstm_layer);
  return {out[0], out[1], out[2]};
}

Tensor2 lstm_cell(const Tensor& input, const Tensor& h, const Tensor& c, const Tensors& weights,
                  int64_t module) {
  const Tensors out = run_cell(input, {h, c}, weights, module, 4, lstm_layer);
  return {out[0], out[1]};
}

}  // namespace unroll
