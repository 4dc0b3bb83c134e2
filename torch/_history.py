"""Writing in place, and a tensor's part in autograd."""

from copy import deepcopy

import torch._native as native
from torch._dtype import scalar
from torch._tensor import Tensor, method, operation, wrap


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


@method
def detach_(self):
    """Refused: a tensor's history cannot be taken from it."""
    raise NotImplementedError('Tensor.detach_() is not supported: use x = x.detach()')


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
    """Refused: Python functions are not called from the backward pass."""
    raise NotImplementedError(
        'Tensor.register_hook() is not supported: use retain_grad() and read .grad after backward()'
    )


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
