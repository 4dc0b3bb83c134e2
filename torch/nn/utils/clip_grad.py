"""Clipping of gradients, by norm or by value; the run's record notes each."""

import math
import warnings

import torch._native as native
from torch._creation import zeros
from torch._tensor import Tensor, handles, wrap
from torch.autograd.grad_mode import no_grad


def _list(tensors):
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def _checked(total, norm_type, error_if_nonfinite):
    if error_if_nonfinite and not bool(total.isfinite()):
        raise RuntimeError(
            f'The total norm of order {norm_type} for gradients from `parameters` is non-finite, so it '
            'cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, '
            'set `error_if_nonfinite=False`'
        )
    return total


@no_grad()
def get_total_norm(tensors, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    """The norm over all elements of all tensors, a tensor."""
    total = wrap(native.total_norm(*handles(_list(tensors)), float(norm_type)))
    return _checked(total, norm_type, error_if_nonfinite)


def clip_grads_with_norm_(parameters, max_norm, total_norm, foreach=None):
    """Scales gradients down by a total norm that is known already."""
    native.note_clip(total_norm._h, float(max_norm), total_norm._h)
    parameters = _list(parameters)
    native.clip_grads_with_norm_(*handles(parameters), float(max_norm), total_norm._h)


def clip_grad_norm_(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    """Scales gradients so that their total norm is at most max_norm; returns what it was, a tensor."""
    parameters = _list(parameters)
    total = native.grad_norm(*handles(parameters), float(norm_type))
    if total == 0:  # no parameter has a gradient
        return zeros(())
    total = _checked(wrap(total), norm_type, error_if_nonfinite)
    clip_grads_with_norm_(parameters, max_norm, total)
    return total


def clip_grad_norm(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    """clip_grad_norm_, by its old name."""
    warnings.warn(
        '`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.',
        FutureWarning,
        stacklevel=2,
    )
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)


@no_grad()
def clip_grad_value_(parameters, clip_value, foreach=None):
    """Brings every element of the gradients into [-clip_value, clip_value]."""
    parameters, limit = _list(parameters), float(clip_value)
    if native.recording():
        length, largest = (native.grad_norm(*handles(parameters), order) for order in (2.0, math.inf))
        if length != 0:  # some parameter has a gradient
            length, largest = wrap(length), wrap(largest)
            native.note_clip(length._h, limit, largest._h)
    for parameter in parameters:
        if native.has_grad(parameter._h):
            parameter.grad.clamp_(-limit, limit)
