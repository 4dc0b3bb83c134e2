// The loop over layers and directions, and what it is given: checked, and brought into the rows that a layer
// takes.
#include "ops/recurrent.h"
#include "telemetry/recorder.h"

namespace unroll::recurrent {

namespace {

void check_state(const Tensor& state, const Tensor& input, const Dims& expected, const char* name) {
  UNROLL_CHECK(state.sizes() == expected, "Expected ", name, " size ", expected, ", got ", state.sizes());
  UNROLL_CHECK(state.dtype() == input.dtype(),
               "Input and hidden tensors are not the same dtype, found input tensor with ",
               scalar_type_name(input.dtype()), " and hidden tensor with ", scalar_type_name(state.dtype()));
}

void check_weight(const Tensor& weight, const Dims& expected, const char* name, const std::string& suffix) {
  UNROLL_CHECK(weight.sizes() == expected, "Expected ", name, suffix, " of size ", expected, ", got ",
               weight.sizes());
}

int64_t directions(const RnnOptions& options) { return options.is_bidirectional ? 2 : 1; }

/** One layer's weights from its part of the flat list, in PyTorch's order. */
LayerWeights take_weights(const Tensors& weights, size_t at, const RnnOptions& options) {
  LayerWeights w{weights[at], weights[at + 1], {}, {}, {}};
  at += 2;
  if (options.has_biases) {
    w.b_ih = weights[at];
    w.b_hh = weights[at + 1];
    at += 2;
  }
  if (options.has_projections) w.w_hr = weights[at];
  return w;
}

/** The weights of all layers and directions, checked against each other and the input's width. */
std::vector<LayerWeights> layers_of(const Tensors& weights, const Tensor& input, const RnnOptions& options,
                                    int64_t gates) {
  const size_t each = (options.has_biases ? 4 : 2) + (options.has_projections ? 1 : 0);
  UNROLL_CHECK(options.num_layers > 0 &&
                   weights.size() == each * static_cast<size_t>(options.num_layers * directions(options)),
               "got an incorrect number of RNN parameters");
  for (const Tensor& weight : weights)
    UNROLL_CHECK(weight.dtype() == input.dtype(),
                 "Input and parameter tensors are not the same dtype, found input tensor with ",
                 scalar_type_name(input.dtype()), " and parameter tensor with ",
                 scalar_type_name(weight.dtype()));
  std::vector<LayerWeights> layers;
  for (size_t at = 0; at < weights.size(); at += each) layers.push_back(take_weights(weights, at, options));
  UNROLL_CHECK(layers[0].w_hh.dim() == 2 && layers[0].w_ih.dim() == 2, "recurrent weights must be matrices");
  const int64_t rows = layers[0].w_hh.size(0), state = layers[0].w_hh.size(1),
                inputs = layers[0].w_ih.size(1);
  UNROLL_CHECK(input.size(-1) == inputs, "input.size(-1) must be equal to input_size. Expected ", inputs,
               ", got ", input.size(-1));
  const int64_t hidden = options.has_projections ? layers[0].w_hr.size(-1) : state;
  UNROLL_CHECK(rows == gates * hidden, "Expected weight_hh_l0 of size ", Dims{gates * hidden, state},
               ", got ", layers[0].w_hh.sizes());
  for (size_t i = 0; i < layers.size(); ++i) {
    const int64_t layer = static_cast<int64_t>(i) / directions(options);
    const bool is_reverse = static_cast<int64_t>(i) % directions(options) == 1;
    const std::string suffix = text("_l", layer, is_reverse ? "_reverse" : "");
    check_weight(layers[i].w_ih, {rows, layer ? directions(options) * state : inputs}, "weight_ih", suffix);
    check_weight(layers[i].w_hh, {rows, state}, "weight_hh", suffix);
    if (options.has_projections) check_weight(layers[i].w_hr, {state, hidden}, "weight_hr", suffix);
    if (!options.has_biases) continue;
    check_weight(layers[i].b_ih, {rows}, "bias_ih", suffix);
    check_weight(layers[i].b_hh, {rows}, "bias_hh", suffix);
  }
  return layers;
}

/** The steps of a packed input (N, I) whose rows at each step `batch_sizes` counts. */
TimeSteps packed_steps(const Tensor& input, const Tensor& batch_sizes) {
  UNROLL_CHECK(batch_sizes.dim() == 1 && batch_sizes.dtype() == DType::Int64 && batch_sizes.numel() > 0,
               "batch_sizes must be a vector of int64, one number a time step");
  const Tensor dense = contiguous(batch_sizes);
  const int64_t* const first = dense.data<int64_t>();
  std::vector<int64_t> rows(first, first + dense.numel());
  for (size_t t = 0; t < rows.size(); ++t)
    UNROLL_CHECK(rows[t] > 0 && (t == 0 || rows[t] <= rows[t - 1]),
                 "batch_sizes must be positive and must not grow");
  TimeSteps steps(rows);
  UNROLL_CHECK(steps.total() == input.size(0), "Expected a packed input of ", steps.total(), " rows, got ",
               input.size(0));
  return steps;
}

/** Where each row of sequences turned round comes from: its own inverse. */
Tensor turned_rows(const TimeSteps& steps) {
  Tensor from = empty({steps.total()}, DType::Int64);
  for (int64_t t = 0; t < steps.count(); ++t)
    for (int64_t b = 0; b < steps.rows(t); ++b)
      from.data<int64_t>()[steps.begin(t) + b] = steps.begin(steps.length(b) - 1 - t) + b;
  return from;
}

/** Every sequence's last step first; (N, C). */
Tensor turned(const Tensor& x, const TimeSteps& steps, const Tensor& turned_rows) {
  if (steps.is_ragged()) return index_select(x, 0, turned_rows);
  const Dims by_step{steps.count(), steps.batch(), x.size(1)};
  return view(flip(view(x, by_step), {0}), x.sizes());
}

LayerInput turned(const LayerInput& x, const TimeSteps& steps, const Tensor& order) {
  return {turned(x.rows, steps, order), x.repeated ? turned(*x.repeated, steps) : nullptr};
}

Tensors run_directions(const LayerInput& x, const Tensors& states, const std::vector<LayerWeights>& layers,
                       const TimeSteps& steps, const RnnOptions& options, Place place, const Layer& layer,
                       std::vector<Tensors>& last) {
  Tensors outputs;
  for (int64_t d = 0; d < directions(options); ++d) {
    const int64_t at = place.layer * directions(options) + d;
    Tensors initial;
    for (const Tensor& state : states) initial.push_back(select(state, 0, at));
    place.is_reverse = d == 1;
    TimeSteps own = steps;
    own.is_reversed = place.is_reverse;
    const Tensor order = place.is_reverse && steps.is_ragged() ? turned_rows(steps) : Tensor();
    Tensors results = layer(place.is_reverse ? turned(x, steps, order) : x, initial, layers[at], own, place);
    outputs.push_back(place.is_reverse ? turned(results[0], steps, order) : results[0]);
    for (size_t i = 0; i < states.size(); ++i) last[i].push_back(results[i + 1]);
  }
  return outputs;
}

}  // namespace

Tensors run_layers(const Tensor& input, const Tensors& states, const Tensors& weights,
                   const RnnOptions& options, int64_t gates, Generator& generator, const Layer& layer) {
  const bool is_packed = options.batch_sizes.defined();
  UNROLL_CHECK(input.dim() == (is_packed ? 2 : 3), "input must have ", is_packed ? 2 : 3, " dimensions, got ",
               input.dim());
  const std::vector<LayerWeights> layers = layers_of(weights, input, options, gates);
  Tensor x = options.batch_first && !is_packed ? transpose(input, 0, 1) : input;
  UNROLL_CHECK(x.size(0) > 0, "Expected sequence length to be larger than 0 in RNN");
  const TimeSteps steps =
      is_packed ? packed_steps(x, options.batch_sizes) : TimeSteps::even(x.size(0), x.size(1));
  const int64_t hidden = layers[0].w_hh.size(0) / gates, state = layers[0].w_hh.size(1);
  const int64_t depth = options.num_layers * directions(options);
  const char* const names[] = {states.size() == 1 ? "hidden" : "hidden[0]", "hidden[1]"};
  for (size_t i = 0; i < states.size(); ++i)
    check_state(states[i], input, {depth, steps.batch(), i ? hidden : state}, names[i]);

  Place place{options.module, options.module ? recorder().next_call() : 0, 0, false};
  std::shared_ptr<const RepeatedRows> repeated =
      is_packed ? nullptr : repeated_rows(input, options.batch_first);
  if (!is_packed) x = reshape(x, {steps.total(), x.size(2)});
  std::vector<Tensors> last(states.size());
  for (; place.layer < options.num_layers; ++place.layer) {
    if (place.layer > 0) x = dropout(x, options.dropout, options.training, generator);
    const LayerInput rows{x, std::exchange(repeated, nullptr)};  // only of the first layer
    const Tensors outputs = run_directions(rows, states, layers, steps, options, place, layer, last);
    x = outputs.size() == 1 ? outputs[0] : cat(outputs, 1);
  }
  if (!is_packed) x = view(x, {steps.count(), steps.batch(), x.size(1)});
  Tensors out{options.batch_first && !is_packed ? transpose(x, 0, 1) : x};
  for (const Tensors& each : last) out.push_back(each.size() == 1 ? unsqueeze(each[0], 0) : stack(each, 0));
  if (out[0].requires_grad()) recorder().note_states(options.module, states[0], out[1]);
  return out;
}

Tensors run_cell(const Tensor& input, const Tensors& states, const Tensors& weights, int64_t module,
                 int64_t gates, const Layer& layer) {
  UNROLL_CHECK(input.dim() == 2, "input must have 2 dimensions, got ", input.dim());
  RnnOptions options;
  options.has_biases = weights.size() == 4;
  const LayerWeights w = layers_of(weights, input, options, gates)[0];
  for (const Tensor& state : states) check_state(state, input, {input.size(0), w.w_hh.size(1)}, "hidden");
  const Place place{module, module ? recorder().next_call() : 0, 0, false};
  Tensors results = layer({input, nullptr}, states, w, TimeSteps::even(1, input.size(0)), place);
  results.erase(results.begin());
  if (results[0].requires_grad()) recorder().note_states(module, states[0], results[0]);
  return results;
}

}  // namespace unroll::recurrent
