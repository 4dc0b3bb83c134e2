"""Writing in place, and a tensor's part in autograd."""

from copy import deepcopy

import torch._native as native
from torch._callbacks import RemovableHandle, answer_all, keep
from torch._dtype import scalar
from torch._tensor import Tensor, method, operation, register, wrap


@method
def copy_(self, src, non_blocking=False):
    """src's elements, broadcast and converted."""
    native.copy_(self._h, src._h)
    return self


@method
def fill_(self, value):
    """One number everywhere."""
    native.fill_(self._h, *scalar(value))
    return self


@method
def zero_(self):
    """Zeros everywhere."""
    native.zero_(self._h)
    return self


# --- autograd
@operation
def detach(input):
    """The same memory outside the graph."""
    return wrap(native.detach(input._h))


@operation
def detach_(input):
    """Takes the tensor out of the graph, in place."""
    native.detach_from_graph(input._h)
    return input


@method
def requires_grad_(self, requires_grad=True):
    """Sets requires_grad; returns self."""
    native.set_requires_grad(self._h, bool(requires_grad))
    return self


@method
def retain_grad(self):
    """Keeps the gradient of a tensor that is not a leaf, in .grad."""
    native.retain_grad(self._h)


@method
def register_hook(self, hook):
    """Calls hook(grad) when the gradient of this tensor is known; what it returns takes the gradient's place."""
    if not native.requires_grad(self._h):
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")

    def run(grad):
        replaced = hook(grad)
        if replaced is None:
            return 0
        if not isinstance(replaced, Tensor):
            raise TypeError(f'hook should return a tensor or None, but got {type(replaced).__name__}')
        return answer_all([replaced])

    number = keep(run)
    native.hook_tensor(self._h, number)
    return RemovableHandle(number)


@method
def register_post_accumulate_grad_hook(self, hook):
    """Calls hook(tensor) each time the gradient of this leaf has been added to its .grad."""
    if not native.requires_grad(self._h):
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if not native.is_leaf(self._h):
        raise RuntimeError('post accumulate grad hooks cannot be registered on non-leaf tensors')
    register(self)

    def run(tensor):
        hook(tensor)
        return 0

    number = keep(run)
    native.hook_accumulated(self._h, number)
    return RemovableHandle(number)


def _deepcopy(self, memo):
    if not native.is_leaf(self._h):
        raise RuntimeError(
            'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol '
            'at the moment.'
        )
    if id(self) in memo:
        return memo[id(self)]
    copied = self.data.clone()
    out = type(self)._from(copied, native.requires_grad(self._h))
    out.__dict__.update(deepcopy(self.__dict__, memo))
    if (grad := self.grad) is not None:
        out.grad = deepcopy(grad, memo)
    memo[id(self)] = out
    return out


def _from(cls, data, requires_grad):
    out = _new(cls)
    out._h = native.detach(data._h)
    if requires_grad:
        native.set_requires_grad(out._h, True)
    return out


Tensor.__deepcopy__ = _deepcopy
Tensor._from = classmethod(_from)
_new = object.__new__
