#include "autograd/engine.h"

#include <algorithm>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "autograd/variable.h"
#include "ops/ops.h"
#include "telemetry/mailbox.h"
#include "telemetry/recorder.h"

namespace unroll {

namespace {

/** What the pass gathers for one node before it runs. */
struct Pending {
  Tensors grads;         // one an output of the forward operation
  int dependencies = 0;  // edges into it that have not delivered yet
};

using Graph = std::unordered_map<Node*, Pending>;

struct LaterFirst {
  bool operator()(const Node* a, const Node* b) const { return a->sequence() < b->sequence(); }
};

/** Counts the edges into every node reachable from the roots. */
void count_dependencies(const std::vector<Edge>& roots, Graph& graph) {
  std::vector<Node*> stack;
  for (const Edge& root : roots)
    if (graph.try_emplace(root.node.get()).second) stack.push_back(root.node.get());
  while (!stack.empty()) {
    Node* node = stack.back();
    stack.pop_back();
    for (const Edge& edge : node->next_edges()) {
      if (!edge.node) continue;
      auto [entry, is_new] = graph.try_emplace(edge.node.get());
      ++entry->second.dependencies;
      if (is_new) stack.push_back(edge.node.get());
    }
  }
}

/** The nodes from which one of `targets` can be reached: the only ones worth running. */
std::unordered_set<Node*> nodes_towards(const std::vector<Edge>& roots, const std::vector<Edge>& targets) {
  std::unordered_set<Node*> needed;
  for (const Edge& target : targets) needed.insert(target.node.get());
  std::unordered_set<Node*> seen;
  std::vector<std::pair<Node*, size_t>> stack;  // a node and the next edge to look at
  for (const Edge& root : roots)
    if (seen.insert(root.node.get()).second) stack.emplace_back(root.node.get(), 0);
  while (!stack.empty()) {
    Node* node = stack.back().first;
    if (stack.back().second < node->next_edges().size()) {
      Node* next = node->next_edges()[stack.back().second++].node.get();
      if (next && seen.insert(next).second) stack.emplace_back(next, 0);
      continue;
    }
    for (const Edge& edge : node->next_edges())
      if (edge.node && needed.count(edge.node.get())) needed.insert(node);
    stack.pop_back();
  }
  return needed;
}

/** Adds `grad`, of the part of an output that `view` took, to that output's own: a loop over parts makes the
 * whole once. */
void deliver_part(Tensor& slot, const Tensor& grad, const Node& view, const Node::Output& whole) {
  if (!slot.defined()) {
    slot = zeros(whole.sizes, whole.dtype, *whole.device);
    copy_(view.part(slot), grad);
    return;
  }
  if (!is_unshared(slot)) slot = clone(contiguous(slot));
  add_(view.part(slot), grad);
}

void deliver(Tensor& slot, Tensor grad, const Node& to, int index) {
  if (!grad.defined()) return;
  const Node::Output& expected = to.outputs()[index];
  if (!(grad.sizes() == expected.sizes)) grad = sum_to(grad, expected.sizes);
  if (grad.dtype() != expected.dtype) grad = to_dtype(grad, expected.dtype);
  if (!slot.defined())
    slot = std::move(grad);
  else if (!grad_enabled() && is_unshared(slot))
    add_(slot, grad);
  else
    slot = add(slot, grad);
}

void run_hook(const Node::Hook& hook, Tensor& grad) {
  if (!grad.defined()) return;
  Tensor replaced = hook(grad);
  if (!replaced.defined()) return;
  UNROLL_CHECK(replaced.sizes() == grad.sizes(), "hook has changed the size of value");
  grad = std::move(replaced);
}

/** Hooks may replace gradients; tensors that retain theirs receive it. */
void run_hooks(Node& node, Tensors& grads) {
  // Copies: a hook may register others.
  for (const auto& [index, hook] : std::vector(node.hooks)) run_hook(hook, grads[index]);
  if (auto* accumulator = node.next_edges().empty() ? dynamic_cast<AccumulateGrad*>(&node) : nullptr)
    for (const Node::Hook& hook : std::vector(autograd_meta(Tensor(accumulator->leaf)).hooks))
      run_hook(hook, grads[0]);
  for (auto& [index, weak] : node.retained) {
    std::shared_ptr<TensorImpl> impl = weak.lock();
    if (!impl || !grads[index].defined()) continue;
    AutogradMeta& meta = autograd_meta(Tensor(impl));
    meta.grad = meta.grad.defined() ? add(meta.grad, grads[index]) : clone(grads[index]);
  }
}

/** Under anomaly detection: what fails, or gives NaN, is shown where the script made it. */
Tensors apply_watched(Node& node, Tensors grads) {
  const AnomalyMode mode = anomaly_mode();
  try {
    Tensors out = node.apply(std::move(grads));
    for (size_t i = 0; i < out.size() && mode.check_nan; ++i)
      UNROLL_CHECK(!out[i].defined() || !only_element<bool>(any(isnan(detach(out[i])), {}, false)),
                   "Function '", node.name(), "' returned nan values in its ", i, "th output.");
    return out;
  } catch (const Error&) {
    mode.complain(node);
    throw;
  }
}

std::vector<Edge> root_edges(const Tensors& roots, Tensors& grads) {
  UNROLL_CHECK(grads.size() == roots.size(), "got ", roots.size(), " tensors and ", grads.size(),
               " gradients");
  std::vector<Edge> edges;
  for (size_t i = 0; i < roots.size(); ++i) {
    const Tensor& root = roots[i];
    UNROLL_CHECK(root.requires_grad(), "element ", i,
                 " of tensors does not require grad and does not have a grad_fn");
    if (!grads[i].defined()) {
      UNROLL_CHECK(root.numel() == 1, "grad can be implicitly created only for scalar outputs");
      grads[i] = full(root.sizes(), Scalar::of(1.0), root.dtype(), root.device());
    }
    UNROLL_CHECK(grads[i].sizes() == root.sizes(), "Mismatch in shape: grad_output[", i, "] has a shape of ",
                 grads[i].sizes(), " and output[", i, "] has a shape of ", root.sizes(), ".");
    edges.push_back(gradient_edge(root));
  }
  return edges;
}

/** The targets of the pass that this thread is in. */
thread_local const std::vector<Edge>* current_targets = nullptr;

class TargetsInForce {
 public:
  explicit TargetsInForce(const std::vector<Edge>& targets)
      : before_(std::exchange(current_targets, &targets)) {}
  ~TargetsInForce() { current_targets = before_; }
  TargetsInForce(const TargetsInForce&) = delete;
  TargetsInForce& operator=(const TargetsInForce&) = delete;

 private:
  const std::vector<Edge>* before_;
};

/** Runs the pass. `targets`: stop there and put what arrives into `captured`; empty: run everything. */
void run(const std::vector<Edge>& roots, Tensors grads, const BackwardOptions& options,
         const std::vector<Edge>& targets, Tensors* captured, bool accumulate) {
  GradMode mode(options.create_graph);
  TargetsInForce in_force(targets);
  Graph graph;
  count_dependencies(roots, graph);
  std::unordered_set<Node*> needed;
  if (!targets.empty()) needed = nodes_towards(roots, targets);

  std::priority_queue<Node*, std::vector<Node*>, LaterFirst> ready;
  std::unordered_set<Node*> queued;
  auto grads_of = [&](const Edge& edge) -> Tensor& {
    Tensors& slots = graph[edge.node.get()].grads;
    slots.resize(edge.node->outputs().size());
    return slots[edge.index];
  };
  for (size_t i = 0; i < roots.size(); ++i)
    deliver(grads_of(roots[i]), std::move(grads[i]), *roots[i].node, roots[i].index);
  for (const Edge& root : roots)
    if (graph[root.node.get()].dependencies == 0 && queued.insert(root.node.get()).second)
      ready.push(root.node.get());

  while (!ready.empty()) {
    mailbox().serve();
    Node* node = ready.top();
    ready.pop();
    std::shared_ptr<Node> alive = node->shared_from_this();
    Pending& pending = graph[node];
    pending.grads.resize(node->outputs().size());
    Tensors arrived = std::move(pending.grads);
    run_hooks(*node, arrived);
    bool is_target = false;
    for (size_t i = 0; i < targets.size(); ++i)
      if (targets[i].node.get() == node) {
        is_target = true;
        if (captured) (*captured)[i] = arrived[targets[i].index];
      }
    Tensors out;
    bool is_leaf = node->next_edges().empty();
    bool runs = targets.empty() || (needed.count(node) && !(is_leaf && !(is_target && accumulate)));
    if (runs && !(is_target && captured && is_leaf)) {
      bool any = false;
      for (const Tensor& g : arrived) any |= g.defined();
      if (any && node->part && !options.create_graph && !anomaly_mode().where) {
        const Edge& edge = node->next_edges()[0];
        if (edge.node) deliver_part(grads_of(edge), arrived[0], *node, edge.node->outputs()[edge.index]);
      } else if (any) {
        out =
            anomaly_mode().where ? apply_watched(*node, std::move(arrived)) : node->apply(std::move(arrived));
      }
      if (!options.retain_graph) node->release();
    }
    out.resize(node->next_edges().size());
    for (size_t i = 0; i < node->next_edges().size(); ++i) {
      const Edge& edge = node->next_edges()[i];
      if (!edge.node) continue;
      deliver(grads_of(edge), std::move(out[i]), *edge.node, edge.index);
      if (--graph[edge.node.get()].dependencies == 0) ready.push(edge.node.get());
    }
  }
}

std::vector<Edge> target_edges(const Tensors& inputs) {
  std::vector<Edge> edges;
  for (const Tensor& input : inputs) {
    Edge edge = gradient_edge(input);
    UNROLL_CHECK(edge.node, "One of the differentiated Tensors does not require grad");
    edges.push_back(std::move(edge));
  }
  return edges;
}

}  // namespace

bool may_pass_by(const Node& node) {
  if (grad_enabled() || !node.hooks.empty() || !node.retained.empty()) return false;
  return !current_targets || std::none_of(current_targets->begin(), current_targets->end(),
                                          [&](const Edge& target) { return target.node.get() == &node; });
}

void backward(const Tensors& roots, Tensors grads, const BackwardOptions& options, const Tensors& inputs) {
  recorder().note_backward(roots);
  std::vector<Edge> edges = root_edges(roots, grads);
  run(edges, std::move(grads), options, target_edges(inputs), nullptr, true);
}

Tensors grad(const Tensors& roots, Tensors grads, const Tensors& inputs, const BackwardOptions& options,
             bool allow_unused) {
  std::vector<Edge> edges = root_edges(roots, grads);
  Tensors captured(inputs.size());
  run(edges, std::move(grads), options, target_edges(inputs), &captured, false);
  for (size_t i = 0; i < captured.size(); ++i)
    UNROLL_CHECK(captured[i].defined() || allow_unused,
                 "One of the differentiated Tensors appears to not have been used in the graph. Set "
                 "allow_unused=True if this is "
                 "the desired behavior.");
  return captured;
}

}  // namespace unroll
