#include "ops/recurrent.h"

#include "backend/products.h"
#include "telemetry/recorder.h"

namespace unroll::recurrent {

namespace {

void check_state(const Tensor& state, const Dims& expected, const char* name) {
  UNROLL_CHECK(state.sizes() == expected, "Expected ", name, " size ", expected, ", got ", state.sizes());
}

void check_weight(const Tensor& weight, const Dims& expected, const char* name, int64_t layer) {
  UNROLL_CHECK(weight.sizes() == expected, "Expected ", name, "_l", layer, " of size ", expected, ", got ",
               weight.sizes());
}

/** The layers' weights from the flat list, checked against each other and the input. */
std::vector<LayerWeights> layers_of(const Tensors& weights, const Tensor& input, const RnnOptions& options,
                                    int64_t gates) {
  const size_t each = options.has_biases ? 4 : 2;
  UNROLL_CHECK(options.num_layers > 0 && weights.size() == each * static_cast<size_t>(options.num_layers),
               "got an incorrect number of RNN parameters");
  std::vector<LayerWeights> layers;
  for (size_t i = 0; i < weights.size(); i += each) {
    layers.push_back({weights[i], weights[i + 1], {}, {}});
    if (options.has_biases) layers.back() = {weights[i], weights[i + 1], weights[i + 2], weights[i + 3]};
  }
  for (const Tensor& weight : weights)
    UNROLL_CHECK(weight.dtype() == input.dtype(),
                 "Input and parameter tensors are not the same dtype, found input tensor with ",
                 scalar_type_name(input.dtype()), " and parameter tensor with ",
                 scalar_type_name(weight.dtype()));
  UNROLL_CHECK(layers[0].w_hh.dim() == 2 && layers[0].w_ih.dim() == 2, "recurrent weights must be matrices");
  const int64_t hidden = layers[0].w_hh.size(1), inputs = layers[0].w_ih.size(1);
  UNROLL_CHECK(input.size(2) == inputs, "input.size(-1) must be equal to input_size. Expected ", inputs,
               ", got ", input.size(2));
  for (size_t l = 0; l < layers.size(); ++l) {
    const int64_t layer = static_cast<int64_t>(l);
    check_weight(layers[l].w_ih, {gates * hidden, l ? hidden : inputs}, "weight_ih", layer);
    check_weight(layers[l].w_hh, {gates * hidden, hidden}, "weight_hh", layer);
    if (!options.has_biases) continue;
    check_weight(layers[l].b_ih, {gates * hidden}, "bias_ih", layer);
    check_weight(layers[l].b_hh, {gates * hidden}, "bias_hh", layer);
  }
  return layers;
}

void check_states(const Tensors& states, const Tensor& input, const Dims& expected) {
  const char* const one[] = {"hidden"};
  const char* const two[] = {"hidden[0]", "hidden[1]"};
  for (size_t i = 0; i < states.size(); ++i) {
    check_state(states[i], expected, states.size() == 1 ? one[0] : two[i]);
    UNROLL_CHECK(states[i].dtype() == input.dtype(),
                 "Input and hidden tensors are not the same dtype, found input tensor with ",
                 scalar_type_name(input.dtype()), " and hidden tensor with ",
                 scalar_type_name(states[i].dtype()));
  }
}

/** (T, B, C) as (T · B, C). t is contiguous. */
Tensor flat(const Tensor& t) {
  return alias(t, {t.size(0) * t.size(1), t.size(2)}, {t.size(2), 1}, t.offset());
}

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
  for (const Part& p : parts)
    mm_kernel(x.device_type(), transposed(columns(dgates, p.column, p.count)), x, {},
              rows(grad, p.row, p.count), false);
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

Tensors run_layers(const Tensor& input, const Tensors& states, const Tensors& weights,
                   const RnnOptions& options, int64_t gates, Generator& generator, const Layer& layer) {
  UNROLL_CHECK(input.dim() == 3, "input must have 3 dimensions, got ", input.dim());
  const std::vector<LayerWeights> layers = layers_of(weights, input, options, gates);
  Tensor x = options.batch_first ? transpose(input, 0, 1) : input;
  UNROLL_CHECK(x.size(0) > 0, "Expected sequence length to be larger than 0 in RNN");
  check_states(states, input, {options.num_layers, x.size(1), layers[0].w_hh.size(1)});

  Place place{options.module, options.module ? recorder().next_call() : 0, 0};
  std::vector<Tensors> last(states.size());
  for (const LayerWeights& w : layers) {
    if (place.layer > 0) x = dropout(x, options.dropout, options.training, generator);
    Tensors initial;
    for (const Tensor& state : states) initial.push_back(select(state, 0, place.layer));
    const Tensors results = layer(x, initial, w, place);
    x = results[0];
    for (size_t i = 0; i < states.size(); ++i) last[i].push_back(results[i + 1]);
    ++place.layer;
  }
  Tensors out{options.batch_first ? transpose(x, 0, 1) : x};
  for (const Tensors& state : last)
    out.push_back(state.size() == 1 ? unsqueeze(state[0], 0) : stack(state, 0));
  return out;
}

Tensor states_from(const Tensor& initial, int64_t steps) {
  Tensor states = empty({steps + 1, initial.size(0), initial.size(1)}, initial.dtype(), initial.device());
  copy_kernel(initial.device_type(), rows(states, 0, 1), initial);
  return states;
}

Tensor outputs_of(const Tensor& states) { return rows(states, 1, states.size(0) - 1); }

Tensor last_of(const Tensor& states) {
  Tensor last = empty({states.size(1), states.size(2)}, states.dtype(), states.device());
  copy_kernel(states.device_type(), last, select(states, 0, -1));
  return last;
}

Tensor gradient_of_last(const Tensor& grad, const Tensor& states) {
  const Dims sizes{states.size(1), states.size(2)};
  if (!grad.defined()) return zeros(sizes, states.dtype());
  Tensor copy = empty(sizes, states.dtype(), states.device());
  copy_kernel(states.device_type(), copy, grad);
  return copy;
}

void add_input(const Tensor& input, const Tensor& w_ih, const Tensor& bias, const std::vector<Part>& parts,
               const Tensor& gates) {
  const Tensor x = flat(input), g = flat(gates);
  for (const Part& p : parts)
    mm_kernel(x.device_type(), x, transposed(rows(w_ih, p.row, p.count)),
              bias.defined() ? rows(bias, p.row, p.count) : Tensor(), columns(g, p.column, p.count), false);
}

Gradients gradients(const Tensor& dgates, const Tensor& input, const Tensor& states,
                    const LayerWeights& weights, const std::vector<Part>& input_parts,
                    const std::vector<Part>& state_parts, const std::function<bool(int)>& needs) {
  Gradients out;
  const Tensor d = flat(dgates), x = flat(input);
  if (needs(kInput)) {
    out.input = empty(input.sizes(), input.dtype(), input.device());
    for (size_t i = 0; i < input_parts.size(); ++i) {
      const Part& p = input_parts[i];
      mm_kernel(x.device_type(), columns(d, p.column, p.count), rows(weights.w_ih, p.row, p.count), {},
                flat(out.input), i > 0);
    }
  }
  if (needs(kWeightInput)) out.w_ih = weight_gradient(d, x, weights.w_ih, input_parts);
  if (needs(kWeightState)) {
    const Tensor before = rows(states, 0, states.size(0) - 1);
    out.w_hh = weight_gradient(d, flat(before), weights.w_hh, state_parts);
  }
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
  for (int64_t s = 0; s < norms.size(0); ++s) {
    const double* const first = norms.data<double>() + s * steps;
    recorder().note_through_time(place.module, place.call, text("l", place.layer, "/", names[s]),
                                 std::vector<float>(first, first + steps));
  }
}

}  // namespace unroll::recurrent
