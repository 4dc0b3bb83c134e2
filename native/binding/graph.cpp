// Gradients and the backward pass, as the script reaches them.
#include <unordered_map>

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "binding/exports.h"
#include "binding/marshal.h"

namespace unroll::binding {

namespace {

bool requires_grad(const Tensor& t) { return t.requires_grad(); }
bool is_leaf(const Tensor& t) { return t.is_leaf(); }
Tensor grad_of(const Tensor& t) { return t.grad(); }
bool has_grad(const Tensor& t) { return t.grad().defined(); }

// Nodes of the graph that the script looks at, by number, as long as it holds on to them.
std::unordered_map<int64_t, std::shared_ptr<Node>>& held_nodes() {
  static std::unordered_map<int64_t, std::shared_ptr<Node>> nodes;
  return nodes;
}
int64_t hold(std::shared_ptr<Node> node) {
  static int64_t last = 0;
  if (!node) return 0;
  held_nodes()[++last] = std::move(node);
  return last;
}
Node& held(int64_t number) { return *held_nodes().at(number); }
int64_t hold_grad_fn(const Tensor& t) { return hold(grad_fn(t)); }
void free_node(int64_t number) { held_nodes().erase(number); }
std::string node_name(int64_t number) { return held(number).name(); }
int64_t node_id(int64_t number) { return static_cast<int64_t>(reinterpret_cast<intptr_t>(&held(number))); }
int64_t node_edges(int64_t number) { return static_cast<int64_t>(held(number).next_edges().size()); }
int64_t hold_next(int64_t number, int64_t i) {
  return hold(held(number).next_edges().at(static_cast<size_t>(i)).node);
}
int64_t next_index(int64_t number, int64_t i) {
  return held(number).next_edges().at(static_cast<size_t>(i)).index;
}

std::string grad_fn_name(const Tensor& t) {
  const std::shared_ptr<Node> node = grad_fn(t);
  return node ? node->name() : "";
}

/** The tensor a view looks into, undefined where t is no view. */
Tensor base(const Tensor& t) {
  const AutogradMeta* meta = t.impl().autograd.get();
  return meta && meta->view ? meta->view->base : Tensor();
}

void run_backward(const Tensors& roots, const Tensors& grads, bool retain_graph, bool create_graph,
                  const Tensors& inputs) {
  backward(roots, grads, {retain_graph, create_graph}, inputs);
}

Tensors autograd_grad(const Tensors& roots, const Tensors& grads, const Tensors& inputs, bool retain_graph,
                      bool create_graph, bool allow_unused) {
  return grad(roots, grads, inputs, {retain_graph, create_graph}, allow_unused);
}

}  // namespace

void export_graph(napi_env env, napi_value exports) {
  export_all(env, exports,
             {UNROLL_EXPORT(requires_grad),
              UNROLL_EXPORT(set_requires_grad),
              UNROLL_EXPORT(is_leaf),
              {"grad", Bound<&grad_of>::call},
              UNROLL_EXPORT(has_grad),
              UNROLL_EXPORT(set_grad),
              UNROLL_EXPORT(retain_grad),
              UNROLL_EXPORT(grad_fn_name),
              UNROLL_EXPORT(hold_grad_fn),
              UNROLL_EXPORT(free_node),
              UNROLL_EXPORT(node_name),
              UNROLL_EXPORT(node_id),
              UNROLL_EXPORT(node_edges),
              UNROLL_EXPORT(hold_next),
              UNROLL_EXPORT(next_index),
              UNROLL_EXPORT(detach_from_graph),
              UNROLL_EXPORT(base),
              {"backward", Bound<&run_backward>::call},
              UNROLL_EXPORT(autograd_grad),
              UNROLL_EXPORT(grad_enabled),
              UNROLL_EXPORT(set_grad_enabled)});
}

}  // namespace unroll::binding
