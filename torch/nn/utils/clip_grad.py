"""Clipping of gradients, by norm or by value; the run's record notes each."""

import math
import warnings

import torch._native as native
from torch._creation import zeros
from torch._tensor import Tensor, handles, wrap
from torch.autograd.grad_mode import no_grad


def _gradients(parameters):
    if isinstance(parameters, Tensor):
        parameters = [parameters]
    gradients = (parameter.grad for parameter in parameters)
    return [gradient for gradient in gradients if gradient is not None]


def _total_norm(tensors, norm_type, error_if_nonfinite):
    total = wrap(native.total_norm(*handles(tensors), float(norm_type)))
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
    return _total_norm(
        [tensors] if isinstance(tensors, Tensor) else list(tensors), norm_type, error_if_nonfinite
    )


def _scale_down(gradients, max_norm, total_norm):
    """Multiplies gradients so that their total norm is at most max_norm."""
    factor = (max_norm / (total_norm + 1e-6)).clamp(max=1.0)
    # A factor of 1 changes nothing; on another device, asking costs more than multiplying.
    if factor.device.type != 'cpu' or factor.item() != 1.0:
        native.scale_(*handles(gradients), factor._h)


@no_grad()
def clip_grads_with_norm_(parameters, max_norm, total_norm, foreach=None):
    """Scales gradients down by a total norm that is known already."""
    native.note_clip(total_norm._h, float(max_norm), total_norm._h)
    _scale_down(_gradients(parameters), float(max_norm), total_norm)


@no_grad()
def clip_grad_norm_(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    """Scales gradients so that their total norm is at most max_norm; returns what it was, a tensor."""
    gradients = _gradients(parameters)
    if not gradients:
        return zeros(())
    total = _total_norm(gradients, norm_type, error_if_nonfinite)
    native.note_clip(total._h, float(max_norm), total._h)
    _scale_down(gradients, float(max_norm), total)
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
    gradients, limit = _gradients(parameters), float(clip_value)
    if gradients and native.recording():
        length, largest = (_total_norm(gradients, order, False) for order in (2.0, math.inf))
        native.note_clip(length._h, limit, largest._h)
    for gradient in gradients:
        gradient.clamp_(-limit, limit)
