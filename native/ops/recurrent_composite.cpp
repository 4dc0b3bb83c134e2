// A recurrent layer step by step in differentiable operations, for a backward pass that is itself recorded
// (create_graph): its gradients are then functions that can be differentiated again.
#include <cmath>

#include "autograd/engine.h"
#include "ops/recurrent.h"

namespace unroll::recurrent {

namespace {

/** `value` with the history that `edge` stands for, behind a node of its own to which a pass can be confined.
 */
Tensor tied(const Tensor& value, const Edge& edge) {
  if (!value.defined() || !edge.node) return value;
  Tensor again = detached(value);
  auto node = std::make_shared<Node>("AliasBackward0",
                                     [](Node&, Tensors grads) -> Tensors { return {std::move(grads[0])}; });
  node->add_edge(edge);
  set_history(again, node);
  return again;
}

/** What a layer returns, and its states after each step. */
struct Unrolled {
  Tensors results;
  std::vector<Tensors> trace;
};

Unrolled unrolled(const LayerInputs& in, const TimeSteps& steps, const Cell& cell) {
  const Tensor gates = linear(in.input, in.weights.w_ih, in.weights.b_ih);
  Unrolled out;
  std::vector<Tensors> ended(in.states.size());  // the last states of sequences that are over
  Tensors states = in.states, outputs;
  for (int64_t t = 0; t < steps.count(); ++t) {
    const int64_t rows = steps.rows(t), before = states[0].size(0);
    for (size_t i = 0; i < states.size() && rows < before; ++i) {
      ended[i].push_back(slice(states[i], 0, rows, before, 1));
      states[i] = slice(states[i], 0, 0, rows, 1);
    }
    states = cell(slice(gates, 0, steps.begin(t), steps.begin(t) + rows, 1), states, in.weights);
    outputs.push_back(states[0]);
    out.trace.push_back(states);
  }
  out.results.push_back(cat(outputs, 0));
  for (size_t i = 0; i < states.size(); ++i) {
    ended[i].push_back(states[i]);
    out.results.push_back(cat(Tensors(ended[i].rbegin(), ended[i].rend()), 0));
  }
  return out;
}

/** The norms (series, T) of the total derivatives by the states after each step. */
void fill_norms(const Tensor& norms, const std::vector<Tensors>& totals, const TimeSteps& steps) {
  double* const out = norms.data<double>();
  std::fill_n(out, norms.numel(), 0.0);
  for (int64_t t = 0; t < steps.count(); ++t)
    for (size_t series = 0; series < totals[t].size(); ++series) {
      if (!totals[t][series].defined()) continue;
      const Tensor total = to_dtype(detach(totals[t][series]), DType::Float64);
      const Tensor squares = contiguous(sum(mul(total, total), {1}, false));
      for (int64_t b = 0; b < steps.rows(t); ++b)
        out[static_cast<int64_t>(series) * steps.count() + steps.time(t, b)] += squares.data<double>()[b];
    }
  for (int64_t i = 0; i < norms.numel(); ++i) out[i] = std::sqrt(out[i]);
}

}  // namespace

Tensors composite_gradients(Node& self, const LayerInputs& inputs, const Tensors& grads,
                            const TimeSteps& steps, const Cell& cell, const Place& place) {
  const LayerWeights& w = inputs.weights;
  Tensors flat{inputs.input};
  flat.insert(flat.end(), inputs.states.begin(), inputs.states.end());
  for (const Tensor& weight : {w.w_ih, w.w_hh, w.b_ih, w.b_hh, w.w_hr}) flat.push_back(weight);
  flat.resize(self.next_edges().size());
  Tensors wanted;
  for (size_t i = 0; i < flat.size(); ++i) {
    flat[i] = tied(flat[i], self.next_edges()[i]);
    if (self.needs(static_cast<int>(i)) && flat[i].defined()) wanted.push_back(flat[i]);
  }
  const auto at = [&](size_t i) { return i < flat.size() ? flat[i] : Tensor(); };
  const size_t states = inputs.states.size(), first = 1 + states;
  const Unrolled layer =
      unrolled({flat[0],
                Tensors(flat.begin() + 1, flat.begin() + 1 + static_cast<std::ptrdiff_t>(states)),
                {at(first), at(first + 1), at(first + 2), at(first + 3), at(first + 4)}},
               steps, cell);

  Tensors roots, root_grads;
  for (size_t i = 0; i < grads.size(); ++i)
    if (grads[i].defined()) {
      roots.push_back(layer.results[i]);
      root_grads.push_back(grads[i]);
    }
  const Tensor norms = norms_for(place, static_cast<int64_t>(states), steps.count());
  const size_t count = wanted.size();
  if (norms.defined())
    for (const Tensors& each : layer.trace) wanted.insert(wanted.end(), each.begin(), each.end());
  BackwardOptions options;
  options.retain_graph = options.create_graph = true;
  const Tensors found = grad(roots, root_grads, wanted, options, true);
  if (norms.defined()) {
    std::vector<Tensors> totals;
    for (auto next = found.begin() + static_cast<std::ptrdiff_t>(count); next != found.end();
         next += static_cast<std::ptrdiff_t>(states))
      totals.emplace_back(next, next + static_cast<std::ptrdiff_t>(states));
    GradMode off(false);
    fill_norms(norms, totals, steps);
    note_norms(place, norms);
  }
  Tensors out(flat.size());
  for (size_t i = 0, next = 0; i < flat.size(); ++i)
    if (self.needs(static_cast<int>(i)) && flat[i].defined()) out[i] = found[next++];
  return out;
}

}  // namespace unroll::recurrent
