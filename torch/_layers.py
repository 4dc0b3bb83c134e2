"""The operations of layers that PyTorch also offers in torch itself."""

import torch._native as native
from torch._dtype import code_of
from torch._random import stream
from torch._tensor import function, handle_of, method, operation, same_or_new, wrap


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


# --- normalisation
def _shape(normalized_shape):
    sizes = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    return len(sizes), *sizes


@function
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn_enable=True):
    """The last dimensions brought to mean 0 and variance 1, then scaled and shifted."""
    sizes = _shape(normalized_shape)
    return wrap(native.layer_norm(input._h, *sizes, handle_of(weight), handle_of(bias), eps))


@function
def rms_norm(input, normalized_shape, weight=None, eps=None):
    """The last dimensions brought to mean square 1, then scaled."""
    return wrap(native.rms_norm(input._h, *_shape(normalized_shape), handle_of(weight), eps))


@function
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-05, cudnn_enabled=True):
    """Groups of channels of (N, C, ...) brought to mean 0 and variance 1, then scaled and shifted by channel."""
    return wrap(native.group_norm(input._h, num_groups, handle_of(weight), handle_of(bias), eps))


@function
def batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled=True):
    """Channels of (N, C, ...) normalised over the batch, or by the running statistics where not training."""
    given = map(handle_of, (weight, bias, running_mean, running_var))
    return wrap(native.batch_norm(input._h, *given, training, momentum, eps))


@function
def instance_norm(
    input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled=True
):
    """batch_norm of every sample by itself."""
    samples, channels, *rest = native.sizes(input._h).split(',')
    n, c = int(samples), int(channels)
    given = [None if t is None else t.repeat(n) for t in (weight, bias, running_mean, running_var)]
    out = batch_norm(input.reshape(1, n * c, *map(int, rest)), *given, use_input_stats, momentum, eps)
    for running, all_ in zip((running_mean, running_var), given[2:], strict=True):
        if running is not None and use_input_stats:
            running.copy_(all_.view(n, c).mean(0))
    return out.view(input.shape)
