"""How a loss of many elements becomes one number, of which the run's record takes note."""

import warnings

import torch._native as native
from torch._telemetry import evaluation, note_loss


def checked_reduction(reduction, size_average=None, reduce=None):
    """A `reduction` argument. @raises ValueError for another than 'none', 'mean' and 'sum'"""
    if size_average is not None or reduce is not None:
        reduction = 'none' if reduce is False else 'sum' if size_average is False else 'mean'
        warnings.warn(
            f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
            stacklevel=3,
        )
    if reduction not in ('none', 'mean', 'sum'):
        raise ValueError(f'{reduction} is not a valid value for reduction')
    return reduction


def noted(loss, input, reduction):
    """A loss, of which the run's record takes note while the script evaluates."""
    if evaluation.is_running:
        note_loss(loss, native.size(input._h, 0) if native.dim(input._h) > 1 else 1, reduction == 'sum')
    return loss


def reduced(losses, input, reduction):
    """The losses' mean or sum, or themselves; noted."""
    if reduction != 'none':
        losses = losses.mean() if reduction == 'mean' else losses.sum()
    return noted(losses, input, reduction)
