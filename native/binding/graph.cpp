// Gradients and the backward pass, as the script reaches them.
#include "autograd/engine.h"
#include "autograd/variable.h"
#include "binding/exports.h"
#include "binding/marshal.h"

namespace unroll::binding {

namespace {

bool requires_grad(const Tensor& t) { return t.requires_grad(); }
bool is_leaf(const Tensor& t) { return t.is_leaf(); }
Tensor grad_of(const Tensor& t) { return t.grad(); }

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
              UNROLL_EXPORT(set_grad),
              UNROLL_EXPORT(retain_grad),
              UNROLL_EXPORT(grad_fn_name),
              UNROLL_EXPORT(base),
              {"backward", Bound<&run_backward>::call},
              UNROLL_EXPORT(autograd_grad),
              UNROLL_EXPORT(grad_enabled),
              UNROLL_EXPORT(set_grad_enabled)});
}

}  // namespace unroll::binding
