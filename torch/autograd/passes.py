"""torch.autograd.backward and grad: from roots to leaves, or to the tensors asked for."""

import torch._native as native
import torch._telemetry as telemetry
from torch._tensor import Tensor, handle_of, handles, known, method, register


def _several(tensors):
    return (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)


def _start(roots, gradients):
    """Roots and their gradients as the engine takes them, checked as PyTorch does."""
    if len(gradients) != len(roots):
        raise RuntimeError(f'Mismatch in length: {len(roots)} tensors but {len(gradients)} gradients')
    for root, gradient in zip(roots, gradients, strict=True):
        if gradient is not None:
            register(gradient)  # the engine may hand it out again, as a gradient
        elif native.requires_grad(root._h) and native.numel(root._h) != 1:
            raise RuntimeError('grad can be implicitly created only for scalar outputs')
    return (*handles(roots), len(gradients), *map(handle_of, gradients))


def backward(
    tensors, grad_tensors=None, retain_graph=None, create_graph=False, grad_variables=None, inputs=None
):
    """Adds the gradients of the roots `tensors` to the leaves' (or to `inputs`') .grad."""
    roots = _several(tensors)
    gradients = (None,) * len(roots) if grad_tensors is None else _several(grad_tensors)
    if grad_variables is not None:
        raise NotImplementedError('grad_variables is not supported: use grad_tensors')
    if inputs is not None and not isinstance(inputs, Tensor) and len(inputs) == 0:
        raise RuntimeError('`inputs` argument to `backward` cannot be empty.')
    targets = () if inputs is None else _several(inputs)
    keep = create_graph if retain_graph is None else retain_graph
    telemetry.end_hand_step()
    native.backward(*_start(roots, gradients), bool(keep), bool(create_graph), *handles(targets))


def grad(
    outputs,
    inputs,
    grad_outputs=None,
    retain_graph=None,
    create_graph=False,
    allow_unused=None,
    is_grads_batched=False,
    materialize_grads=False,
):
    """The gradients of the outputs with respect to the inputs, as a tuple; .grad stays as it is."""
    if is_grads_batched:
        raise NotImplementedError('grad(is_grads_batched=True) is not supported')
    roots, targets = _several(outputs), _several(inputs)
    gradients = (None,) * len(roots) if grad_outputs is None else _several(grad_outputs)
    keep = create_graph if retain_graph is None else retain_graph
    unused = materialize_grads if allow_unused is None else allow_unused
    for target in targets:
        register(target)
    first = native.autograd_grad(
        *_start(roots, gradients), *handles(targets), bool(keep), bool(create_graph), bool(unused)
    )
    found = [known(first), *(known(native.more()) for _ in targets[1:])]
    if materialize_grads:
        found = [_zeros(target) if g is None else g for target, g in zip(targets, found, strict=True)]
    return tuple(found)


def _zeros(tensor):
    return tensor.detach().new_zeros(tensor.shape)


@method
def _backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
    """Adds the gradients of this tensor to the leaves' (or to `inputs`') .grad."""
    backward(self, gradient, retain_graph, create_graph, inputs=inputs)


Tensor.backward = _backward
del Tensor._backward
