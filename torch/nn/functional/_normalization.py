"""Normalisations: over the last dimensions, over channels, over the batch."""

import math

from torch._dtype import finfo
from torch._tensor import checked


def _standardized(input, dims, eps):
    """Mean 0 and variance 1 over dims."""
    centred = input - input.mean(dims, keepdim=True)
    return centred * ((centred * centred).mean(dims, keepdim=True) + eps).rsqrt()


def _affine(out, weight, bias):
    out = out if weight is None else out * weight
    return out if bias is None else out + bias


def _normalized_dims(input, normalized_shape):
    count = len(normalized_shape)
    if tuple(input.shape[max(input.dim() - count, 0) :]) != tuple(normalized_shape):
        raise RuntimeError(
            f'Given normalized_shape={list(normalized_shape)}, expected input with shape '
            f'[*, {", ".join(map(str, normalized_shape))}], but got input of size{list(input.shape)}'
        )
    return tuple(range(-count, 0))


@checked
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05):
    """The last dimensions brought to mean 0 and variance 1, then scaled and shifted."""
    return _affine(_standardized(input, _normalized_dims(input, normalized_shape), eps), weight, bias)


@checked
def rms_norm(input, normalized_shape, weight=None, eps=None):
    """The last dimensions over the root of their mean square, then scaled."""
    dims = _normalized_dims(input, normalized_shape)
    smallest = finfo(input.dtype).eps if eps is None else eps
    return _affine(input * ((input * input).mean(dims, keepdim=True) + smallest).rsqrt(), weight, None)


def _per_channel(tensor, input):
    return None if tensor is None else tensor.view(-1, *(1,) * (input.dim() - 2))


@checked
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-05):
    """(N, C, ...): each of num_groups groups of channels to mean 0 and variance 1; scaled by channel."""
    if input.dim() < 2:
        raise RuntimeError(f'Expected at least 2 dimensions for input tensor but received {input.dim()}')
    batch, channels = input.shape[:2]
    if channels % num_groups:
        raise RuntimeError(
            'Expected number of channels in input to be divisible by num_groups, but got input of shape '
            f'{list(input.shape)} and num_groups={num_groups}'
        )
    groups = input.reshape(batch, num_groups, -1)
    out = _standardized(groups, (2,), eps).view(input.shape)
    return _affine(out, _per_channel(weight, input), _per_channel(bias, input))


def _follow(running, batch_value, momentum):
    """running <- (1 - momentum) * running + momentum * batch_value"""
    if running is not None:
        running.copy_(running * (1 - momentum) + batch_value.detach().to(running.dtype) * momentum)


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
        dims = [d for d in range(input.dim()) if d != 1]
        mean = input.mean(dims, keepdim=True)
        variance = ((input - mean) ** 2).mean(dims, keepdim=True)
        _follow(running_mean, mean.flatten(), momentum)
        _follow(running_var, variance.flatten() * (values / (values - 1)), momentum)
    else:
        mean, variance = _per_channel(running_mean, input), _per_channel(running_var, input)
    out = (input - mean) * (variance + eps).rsqrt()
    return _affine(out, _per_channel(weight, input), _per_channel(bias, input))


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
    values = math.prod(input.shape[2:])
    if not use_input_stats:
        return batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    if values <= 1:
        raise ValueError(f'Expected more than 1 spatial element when training, got input size {input.shape}')
    dims = tuple(range(2, input.dim()))
    mean = input.mean(dims, keepdim=True)
    variance = ((input - mean) ** 2).mean(dims, keepdim=True)
    _follow(running_mean, mean.flatten(1).mean(0), momentum)
    _follow(running_var, variance.flatten(1).mean(0) * (values / (values - 1)), momentum)
    out = (input - mean) * (variance + eps).rsqrt()
    return _affine(out, _per_channel(weight, input), _per_channel(bias, input))


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
