// The backward pass: walks the graph from the roots, later operations first, and hands gradients along the
// edges.
#pragma once

#include "autograd/node.h"

namespace unroll {

struct BackwardOptions {
  bool retain_graph = false;
  bool create_graph = false;
};

/**
 * torch.autograd.backward: adds to the .grad of every leaf (only `inputs`, where given). Undefined entries of
 * `grads` stand for 1 and are allowed for scalars only.
 */
void backward(const Tensors& roots, Tensors grads, const BackwardOptions& options,
              const Tensors& inputs = {});

/**
 * Within a backward pass: whether a later node may hand gradients to what lies behind `node`, leaving it out.
 * Not where somebody sees what flows into it, by a hook, by retain_grad or as the pass's own aim, nor where
 * the pass is recorded.
 */
bool may_pass_by(const Node& node);

/** torch.autograd.grad: the gradients of `inputs`, undefined where unreachable (an error unless
 * allow_unused). */
Tensors grad(const Tensors& roots, Tensors grads, const Tensors& inputs, const BackwardOptions& options,
             bool allow_unused);

}  // namespace unroll
