"""The operations of layers that PyTorch also offers in torch itself."""

import torch._native as native
from torch._dtype import code_of
from torch._random import stream
from torch._tensor import function, method, operation, same_or_new, wrap


def _converted(input, dtype):
    return input if dtype is None else same_or_new(input, native.to_dtype(input._h, code_of(dtype)))


@operation
def softmax(input, dim, dtype=None):
    """exp(input) over its sum along dim."""
    source = _converted(input, dtype)
    return wrap(native.softmax(source._h, dim))


@operation
def log_softmax(input, dim, dtype=None):
    """The logarithm of softmax."""
    source = _converted(input, dtype)
    return wrap(native.log_softmax(source._h, dim))


@function
def dropout(input, p, train):
    """Elements zeroed with probability p, the others scaled by 1 / (1 - p)."""
    return same_or_new(input, native.dropout(input._h, p, bool(train), stream(None)))


@function
def embedding(weight, indices, padding_idx=-1, scale_grad_by_freq=False, sparse=False):
    """Rows of weight (V, E) by index."""
    if scale_grad_by_freq or sparse:
        raise NotImplementedError('embedding(scale_grad_by_freq=True or sparse=True) is not supported')
    return wrap(native.embedding(weight._h, indices._h, padding_idx))


@method
def relu_(self):
    """max(0, x), in place."""
    return self.clamp_(min=0)
