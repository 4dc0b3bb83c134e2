"""Dropout of elements and of whole channels. Masks are drawn as PyTorch's generator draws them."""

import math
import warnings

import torch._native as native
from torch._pointwise import write_result
from torch._random import stream
from torch._tensor import checked, same_or_new

_SELU_SCALE = 1.7580993408473766  # -(the lower limit of selu)


def check_probability(p):
    """@raises ValueError for a probability outside of [0, 1]"""
    if not 0.0 <= p <= 1.0:
        raise ValueError(f'dropout probability has to be between 0 and 1, but got {p}')


@checked
def dropout(input, p=0.5, training=True, inplace=False):
    """Elements zeroed with probability p, the others scaled by 1 / (1 - p); the input where not training."""
    check_probability(p)
    if not training:
        return input
    out = same_or_new(input, native.dropout(input._h, p, True, stream(None)))
    return write_result(input, out) if inplace else out


def _masked(input, p, training, inplace, is_feature, is_alpha):
    check_probability(p)
    if not training or p == 0 or not input.numel():
        return input
    if p == 1:
        out = input * 0.0
    else:
        sizes = (*input.shape[:2], *(1,) * (input.dim() - 2)) if is_feature else input.shape
        mask = input.detach().new_empty(sizes).bernoulli_(1 - p)
        if is_alpha:
            scale = 1 / math.sqrt((_SELU_SCALE**2 * p + 1) * (1 - p))
            shift = (mask - 1) * (_SELU_SCALE * scale) + _SELU_SCALE * scale * p
            out = input * (mask * scale) + shift
        else:
            out = input * (mask / (1 - p))
    return write_result(input, out) if inplace else out


def _channels(name, batched, input, p, training, inplace):
    """Dropout of channels (N, C, ...); where the batch's dimension is missing, (C, ...)."""
    check_probability(p)
    if input.dim() not in (batched - 1, batched):
        warnings.warn(
            f'{name}: Received a {input.dim()}-D input to {name}, which is deprecated and will result in an '
            f'error in a future release.',
            stacklevel=3,
        )
    return _masked(input, p, training, inplace, True, False)


@checked
def dropout1d(input, p=0.5, training=True, inplace=False):
    """Whole channels of (N, C, L) or (C, L) zeroed, the others scaled."""
    check_probability(p)
    if input.dim() not in (2, 3):
        raise RuntimeError(
            f'dropout1d: Expected 2D or 3D input, but received a {input.dim()}D input. '
            'Note that dropout1d exists to provide channel-wise dropout on inputs with 1 '
            'spatial dimension, a channel dimension, and an optional batch dimension '
            '(i.e. 2D or 3D inputs).'
        )
    if input.dim() == 3:
        return _masked(input, p, training, inplace, True, False)
    out = _masked(input.unsqueeze(0), p, training, False, True, False).squeeze(0)
    return write_result(input, out) if inplace else out


@checked
def dropout2d(input, p=0.5, training=True, inplace=False):
    """Whole channels of (N, C, H, W) zeroed, the others scaled."""
    return _channels('dropout2d', 4, input, p, training, inplace)


@checked
def dropout3d(input, p=0.5, training=True, inplace=False):
    """Whole channels of (N, C, D, H, W) or (C, D, H, W) zeroed, the others scaled."""
    if input.dim() == 4:
        out = _channels('dropout3d', 5, input.unsqueeze(0), p, training, False).squeeze(0)
        return write_result(input, out) if inplace else out
    return _channels('dropout3d', 5, input, p, training, inplace)


@checked
def alpha_dropout(input, p=0.5, training=False, inplace=False):
    """Elements set to selu's lower limit with probability p, then mean and variance restored."""
    return _masked(input, p, training, inplace, False, True)


@checked
def feature_alpha_dropout(input, p=0.5, training=False, inplace=False):
    """alpha_dropout of whole channels."""
    return _masked(input, p, training, inplace, True, True)
