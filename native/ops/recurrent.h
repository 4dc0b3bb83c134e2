// What the three recurrent layers share: their checks, the loop over layers with dropout between them, the
// products over all time steps before the time loop and after it, and the record of the gradient through
// time.
#pragma once

#include <functional>

#include "autograd/variable.h"
#include "ops/ops.h"

namespace unroll::recurrent {

/** w_ih (G, I), w_hh (G, H), biases (G) or undefined, where G is the number of gates times H. */
struct LayerWeights {
  Tensor w_ih, w_hh, b_ih, b_hh;
};

/** Under which name a layer's gradient through time is recorded. */
struct Place {
  int64_t module = 0, call = 0, layer = 0;
};

/** One layer: input (T, B, I) and states (B, H) give the output (T, B, H) followed by the last states (B, H).
 */
using Layer = std::function<Tensors(const Tensor& input, const Tensors& states, const LayerWeights& weights,
                                    const Place& place)>;

/**
 * Runs the layers one on the other. `states` are those of ops.h's functions, (L, B, H) each; `gates` counts a
 * layer's. Returns the output and the last states, (L, B, H) each. Raises PyTorch's errors for arguments that
 * do not fit.
 */
Tensors run_layers(const Tensor& input, const Tensors& states, const Tensors& weights,
                   const RnnOptions& options, int64_t gates, Generator& generator, const Layer& layer);

/** (T + 1, B, H), the initial state (B, H) at 0 and the others unset. */
Tensor states_from(const Tensor& initial, int64_t steps);
/** The states after every step, (T, B, H): the same memory and version. */
Tensor outputs_of(const Tensor& states);
/** A copy of the state after the last step, (B, H). */
Tensor last_of(const Tensor& states);
/** A copy of the gradient of the last state, or zeros where there is none: what a backward time loop writes
 * over. */
Tensor gradient_of_last(const Tensor& grad, const Tensor& states);

/** Gates in the time loop's order from `column` on that belong to the weight's rows from `row` on. */
struct Part {
  int64_t column, row, count;
};

/** gates (T, B, C) = input (T, B, I) · w_ih^T + bias (G), part by part; columns in no part stay unset. */
void add_input(const Tensor& input, const Tensor& w_ih, const Tensor& bias, const std::vector<Part>& parts,
               const Tensor& gates);

/** The gradients that follow from dgates (T, B, C), those wanted. */
struct Gradients {
  Tensor input, w_ih, w_hh, b_ih, b_hh;
};
Gradients gradients(const Tensor& dgates, const Tensor& input, const Tensor& states,
                    const LayerWeights& weights, const std::vector<Part>& input_parts,
                    const std::vector<Part>& state_parts, const std::function<bool(int)>& needs);
/** What `needs` is asked about. */
enum Wanted { kInput, kWeightInput, kWeightState, kBiasInput, kBiasState };

/** Where the norms (series, T) are recorded at all: a float64 tensor to be filled, else undefined. */
Tensor norms_for(const Place& place, int64_t series, int64_t steps);
/** Hands them to the recorder: "l0/h" and, of two series, "l0/c". */
void note_norms(const Place& place, const Tensor& norms);

}  // namespace unroll::recurrent
