"""Normalisations: over the last dimensions, over channels, over the batch."""

import math

from torch import _layers
from torch._tensor import checked


@checked
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05):
    """The last dimensions brought to mean 0 and variance 1, then scaled and shifted."""
    return _layers.layer_norm(input, normalized_shape, weight, bias, eps)


@checked
def rms_norm(input, normalized_shape, weight=None, eps=None):
    """The last dimensions over the root of their mean square, then scaled."""
    return _layers.rms_norm(input, normalized_shape, weight, eps)


@checked
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-05):
    """(N, C, ...): each of num_groups groups of channels to mean 0 and variance 1; scaled by channel."""
    return _layers.group_norm(input, num_groups, weight, bias, eps)


@checked
def batch_norm(
    input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05
):
    """(N, C, ...): channels to mean 0 and variance 1, of the batch in training, else of the running statistics."""
    if training:
        values = input.numel() // max(input.size(1), 1)
        if values <= 1:
            raise ValueError(
                f'Expected more than 1 value per channel when training, got input size {input.shape}'
            )
    statistics = (running_mean, running_var)
    return _layers.batch_norm(input, weight, bias, *statistics, training, momentum, eps)


@checked
def instance_norm(
    input,
    running_mean=None,
    running_var=None,
    weight=None,
    bias=None,
    use_input_stats=True,
    momentum=0.1,
    eps=1e-05,
):
    """(N, C, ...): every channel of every sample to mean 0 and variance 1, then scaled and shifted."""
    if use_input_stats and math.prod(input.shape[2:]) <= 1:
        raise ValueError(f'Expected more than 1 spatial element when training, got input size {input.shape}')
    statistics = (running_mean, running_var)
    return _layers.instance_norm(input, weight, bias, *statistics, use_input_stats, momentum, eps)


@checked
def local_response_norm(input, size, alpha=1e-4, beta=0.75, k=1.0):
    """(N, C, ...): each channel over (k + alpha * mean square of `size` channels around it) ** beta."""
    if input.dim() < 3:
        raise ValueError(f'Expected 3D or higher dimensionality input (got {input.dim()} dimensions)')
    if not input.numel():
        return input
    squares, channels = input * input, input.size(1)
    sizes = list(input.shape)
    sizes[1] = channels + size - 1
    padded = squares.new_zeros(sizes)
    padded[:, size // 2 : size // 2 + channels] = squares
    total = sum(padded.narrow(1, shift, channels) for shift in range(size))
    return input / (total * (alpha / size) + k) ** beta


@checked
def normalize(input, p=2.0, dim=1, eps=1e-12, out=None):
    """input over its p-norm along dim (at least eps)."""
    if out is not None:
        raise NotImplementedError('normalize(out=...) is not supported')
    return input / input.norm(p, dim, keepdim=True).clamp_min(eps).expand_as(input)
