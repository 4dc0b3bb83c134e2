// What the three recurrent layers share: their checks, the loop over layers and directions with dropout
// between them, the products over all time steps before the time loop and after it, the record of the
// gradient through time, and the same layer written in differentiable operations.
//
// Within a layer rows lie as TimeSteps says: N of them over all steps, B sequences. The reverse direction
// is the same layer over sequences turned round.
#pragma once

#include <functional>

#include "autograd/variable.h"
#include "backend/time_steps.h"
#include "ops/ops.h"
#include "ops/repeated_rows.h"

namespace unroll::recurrent {

/**
 * w_ih (G, I), w_hh (G, P), biases (G) or undefined, w_hr (P, H) or undefined, where G is the number of gates
 * times H.
 */
struct LayerWeights {
  Tensor w_ih, w_hh, b_ih, b_hh, w_hr;
};

/** Under which name a layer's gradient through time is recorded. */
struct Place {
  int64_t module = 0, call = 0, layer = 0;
  bool is_reverse = false;
};

/** What a layer reads: N rows (N, I), and which of them are equal where that is known. */
struct LayerInput {
  Tensor rows;
  std::shared_ptr<const RepeatedRows> repeated;
};

/** One layer in one direction: its input and states (B, ·) give the output (N, P) and then the last states.
 */
using Layer = std::function<Tensors(const LayerInput& input, const Tensors& states,
                                    const LayerWeights& weights, const TimeSteps& steps, const Place& place)>;

/**
 * Runs the layers one on the other. `states` are those of ops.h's functions; `gates` counts a layer's.
 * Returns the output and the last states. Raises PyTorch's errors for arguments that do not fit.
 */
Tensors run_layers(const Tensor& input, const Tensors& states, const Tensors& weights,
                   const RnnOptions& options, int64_t gates, Generator& generator, const Layer& layer);
/** One step of one layer: input (B, I), states (B, ·), weights w_ih, w_hh[, b_ih, b_hh]; the new states. */
Tensors run_cell(const Tensor& input, const Tensors& states, const Tensors& weights, int64_t module,
                 int64_t gates, const Layer& layer);

// --- the rows of states, (B + N, ·)
/** Initial states (B, ·), the others unset. */
Tensor states_from(const Tensor& initial, const TimeSteps& steps);
/** The states after every step, (N, ·): the same memory and version. */
Tensor outputs_of(const Tensor& states, const TimeSteps& steps);
/** Copies of every sequence's last state, (B, ·). */
Tensor last_of(const Tensor& states, const TimeSteps& steps);
/** The states before every step, (N, ·); a copy only where sequences differ in length. */
Tensor states_before(const Tensor& states, const TimeSteps& steps);
/** The initial states, (B, ·): the same memory. */
Tensor initial_of(const Tensor& states, const TimeSteps& steps);
/**
 * A copy of the gradient of the last states, or zeros (B, units) like `like` where there is none: what a
 * backward time loop writes over.
 */
Tensor gradient_of_last(const Tensor& grad, const TimeSteps& steps, int64_t units, const Tensor& like);

/** What the backward pass of each kind needs again; a change in between of what it reads is PyTorch's error.
 */
class SavedLayer {
 public:
  /** `input` contiguous. */
  SavedLayer(const Tensor& input, const Tensor& states, const LayerWeights& weights);
  struct Values {
    Tensor input, states;
    LayerWeights weights;
  };
  Values get(Node& self) const;

 private:
  Saved input_, states_, w_ih_, w_hh_, b_ih_, b_hh_, w_hr_;
};

/** record_all of a layer; where rows of its input repeat, an edge to their table follows those to `inputs`.
 */
void record_layer(const Tensors& results, const char* name, const LayerInput& input, const Tensors& inputs,
                  Backward backward);

// --- the products over all time steps
/** Gates in the time loop's order from `column` on that belong to the weight's rows from `row` on. */
struct Part {
  int64_t column, row, count;
};

/** gates (N, C) = input (N, I) · w_ih^T + bias (G), part by part; columns in no part stay unset. */
void add_input(const LayerInput& input, const Tensor& w_ih, const Tensor& bias,
               const std::vector<Part>& parts, const Tensor& gates);

/**
 * The gradients that follow from dgates (N, C), those wanted. `before`: the states before every step. `table`
 * takes the place of `input` where the input is an embedding's output whose own gradient nobody sees.
 */
struct Gradients {
  Tensor input, w_ih, w_hh, b_ih, b_hh, table;
};
Gradients gradients(const Tensor& dgates, const LayerInput& input, const Tensor& before,
                    const LayerWeights& weights, const std::vector<Part>& input_parts,
                    const std::vector<Part>& state_parts, const std::function<bool(int)>& needs);
/** What `needs` is asked about. */
enum Wanted { kInput, kWeightInput, kWeightState, kBiasInput, kBiasState };

// --- the gradient through time
/** Where the norms (series, T) are recorded at all: a float64 tensor on the processor, to be filled
 * by the step's end; else undefined. */
Tensor norms_for(const Place& place, int64_t series, int64_t steps);
/** Hands them to the recorder: "l0/h" and, of two series, "l0/c"; "l0_reverse/h" for the other direction. */
void note_norms(const Place& place, const Tensor& norms);

// --- recurrent_composite.cpp: what runs where the backward pass is itself recorded
/** One step in differentiable operations: the input's part of the gates (B, G) and the states before. */
using Cell = std::function<Tensors(const Tensor& gates, const Tensors& states, const LayerWeights& weights)>;

/** A layer's inputs as its backward pass has them, in the order of its edges: input, states, weights. */
struct LayerInputs {
  Tensor input;
  Tensors states;
  LayerWeights weights;
};

/**
 * The gradients of the layer's inputs in the order of self's edges, as functions of them and of `grads`: the
 * layer is run again step by step. Records the gradient through time as the time loop would.
 */
Tensors composite_gradients(Node& self, const LayerInputs& inputs, const Tensors& grads,
                            const TimeSteps& steps, const Cell& cell, const Place& place);

}  // namespace unroll::recurrent
