"""Losses of classes and of regression."""

import math
import warnings

import torch._native as native
from torch._creation import full_like
from torch._rearrange import where
from torch._shape import shape_of
from torch._tensor import Tensor, checked, handle_of, wrap
from torch.nn.functional._activation import logsigmoid, refuse_whole_numbers
from torch.nn.functional._reduction import checked_reduction, noted, reduced


@checked
def cross_entropy(
    input,
    target,
    weight=None,
    size_average=None,
    ignore_index=-100,
    reduce=None,
    reduction='mean',
    label_smoothing=0.0,
):
    """nll_loss of log_softmax: logits (N, C, ...) against classes (N, ...) or probabilities (N, C, ...)."""
    reduction = checked_reduction(reduction, size_average, reduce)
    loss = native.cross_entropy(
        input._h, target._h, handle_of(weight), reduction, ignore_index, label_smoothing
    )
    return noted(wrap(loss), input, reduction)


@checked
def nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'):
    """Minus the log-probability (N, C, ...) of the target class (N, ...)."""
    reduction = checked_reduction(reduction, size_average, reduce)
    loss = native.nll_loss(input._h, target._h, handle_of(weight), reduction, ignore_index)
    return noted(wrap(loss), input, reduction)


# --- differences
def _warn_of_broadcast(input, target):
    if isinstance(target, Tensor) and shape_of(input) != shape_of(target):
        warnings.warn(
            f'Using a target size ({shape_of(target)}) that is different to the input size '
            f'({shape_of(input)}). This will likely lead to incorrect results due to broadcasting. '
            'Please ensure they have the same size.',
            stacklevel=4,
        )


def _weighted(losses, input, weight, reduction):
    """Reduced, each element counting as its weight; the mean is over the weights' sum."""
    if weight is None:
        return reduced(losses, input, reduction)
    if shape_of(weight) != shape_of(losses):
        raise ValueError('Inputs and weight must have the same size.')
    losses = losses * weight
    if reduction == 'mean':
        return noted(losses.sum() / weight.sum(), input, reduction)
    return reduced(losses, input, reduction)


@checked
def mse_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None):
    """(input - target) ** 2"""
    reduction = checked_reduction(reduction, size_average, reduce)
    _warn_of_broadcast(input, target)
    if weight is not None:
        return _weighted((input - target) ** 2, input, weight, reduction)
    return noted(wrap(native.mse_loss(input._h, target._h, reduction)), input, reduction)


@checked
def l1_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None):
    """|input - target|"""
    reduction = checked_reduction(reduction, size_average, reduce)
    _warn_of_broadcast(input, target)
    return _weighted((input - target).abs(), input, weight, reduction)


@checked
def smooth_l1_loss(input, target, size_average=None, reduce=None, reduction='mean', beta=1.0):
    """Half the squared difference over beta where that is below beta, else |difference| - beta / 2."""
    reduction = checked_reduction(reduction, size_average, reduce)
    _warn_of_broadcast(input, target)
    if beta < 0:
        raise RuntimeError('smooth_l1_loss does not support negative values for beta.')
    distance = (input - target).abs()
    if beta == 0:
        return reduced(distance, input, reduction)
    refuse_whole_numbers(distance, 'smooth_l1_cpu')
    losses = where(distance < beta, distance * distance * (0.5 / beta), distance - 0.5 * beta)
    return reduced(losses, input, reduction)


@checked
def huber_loss(input, target, reduction='mean', delta=1.0, weight=None):
    """Half the squared difference up to delta, beyond it delta * (|difference| - delta / 2)."""
    checked_reduction(reduction)
    _warn_of_broadcast(input, target)
    if delta <= 0:
        raise RuntimeError('huber_loss does not support non-positive values for delta.')
    distance = (input - target).abs()
    refuse_whole_numbers(distance, 'huber_cpu')
    losses = where(distance <= delta, 0.5 * distance * distance, delta * (distance - 0.5 * delta))
    if weight is not None and shape_of(weight) != shape_of(losses):
        raise ValueError('Inputs and weight must have the same size.')
    return reduced(losses if weight is None else losses * weight, input, reduction)


# --- likelihoods
def _check_same_size(input, target, message):
    if not isinstance(target, Tensor) or shape_of(target) != shape_of(input):
        raise ValueError(message.format(target=shape_of(target), input=shape_of(input)))


@checked
def binary_cross_entropy_with_logits(
    input, target, weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None
):
    """-(target * log(sigmoid(input)) + (1 - target) * log(1 - sigmoid(input)))"""
    reduction = checked_reduction(reduction, size_average, reduce)
    _check_same_size(input, target, 'Target size ({target}) must be the same as input size ({input})')
    factor = 1 if pos_weight is None else 1 + (pos_weight - 1) * target
    losses = (1 - target) * input - factor * logsigmoid(input)
    return reduced(losses if weight is None else losses * weight, input, reduction)


@checked
def binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None, reduction='mean'):
    """-(target * log(input) + (1 - target) * log(1 - input)), the logarithms no less than -100."""
    reduction = checked_reduction(reduction, size_average, reduce)
    _check_same_size(
        input,
        target,
        'Using a target size ({target}) that is different to the input size ({input}) is deprecated. '
        'Please ensure they have the same size.',
    )
    values = input.detach()
    if values.numel() and not bool(((values >= 0) & (values <= 1)).all()):
        raise RuntimeError('all elements of input should be between 0 and 1')
    losses = -(target * _bounded_log(input) + (1 - target) * _bounded_log(1 - input))
    return reduced(losses if weight is None else losses * weight, input, reduction)


def _bounded_log(p):
    """log(p), at least -100; its derivative at 0 is 1e12."""
    is_positive = p > 0
    logarithm = where(is_positive, p, 1.0).log().clamp(min=-100.0)
    return where(is_positive, logarithm, (p - p.detach()) * 1e12 - 100.0)


@checked
def kl_div(input, target, size_average=None, reduce=None, reduction='mean', log_target=False):
    """target * (log(target) - input), input in logarithms; 'batchmean' is the sum over the batch's size."""
    batch_mean = reduction == 'batchmean'
    if reduction == 'mean' and size_average is None and reduce is None:
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math definition."
            "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
            stacklevel=3,
        )
    reduction = checked_reduction('sum' if batch_mean else reduction, size_average, reduce)
    if log_target:
        losses = target.exp() * (target - input)
    else:
        is_positive = target > 0
        logarithm = where(is_positive, target, 1.0).log()
        losses = where(is_positive, target * logarithm, target * 0.0) - target * input
    if batch_mean:
        return noted(losses.sum() / input.size(0), input, 'mean')
    return reduced(losses, input, reduction)


@checked
def poisson_nll_loss(
    input,
    target,
    log_input=True,
    full=False,
    size_average=None,
    eps=1e-8,
    reduce=None,
    reduction='mean',
):
    """exp(input) - target * input; with full the target's factorial too, by Stirling's formula."""
    reduction = checked_reduction(reduction, size_average, reduce)
    losses = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        losses = losses + where(target > 1, stirling, 0.0)
    return reduced(losses, input, reduction)


@checked
def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction='mean'):
    """(log(var) + (input - target) ** 2 / var) / 2, var at least eps; with full the constant too."""
    if isinstance(var, (int, float)):
        if var < 0:
            raise ValueError('var has negative entry/entries')
        var = full_like(input.detach(), var)
    elif var.numel() and bool((var.detach() < 0).any()):
        raise ValueError('var has negative entry/entries')
    sizes = shape_of(input)
    if shape_of(var) != sizes:
        if sizes[:-1] == shape_of(var):
            var = var.unsqueeze(-1)
        elif sizes[:-1] != shape_of(var)[:-1] or var.size(-1) != 1:
            raise ValueError('var is of incorrect size')
    checked_reduction(reduction)
    # What is clamped keeps its gradient.
    bounded = var + (var.detach().clamp(min=eps) - var.detach())
    losses = 0.5 * (bounded.log() + (input - target) ** 2 / bounded)
    if full:
        losses = losses + 0.5 * math.log(2 * math.pi)
    return reduced(losses, input, reduction)


@checked
def soft_margin_loss(input, target, size_average=None, reduce=None, reduction='mean'):
    """log(1 + exp(-target * input)), target 1 or -1."""
    reduction = checked_reduction(reduction, size_average, reduce)
    return reduced(-logsigmoid(target * input), input, reduction)


@checked
def multilabel_soft_margin_loss(input, target, weight=None, size_average=None, reduce=None, reduction='mean'):
    """Over classes (last dimension), the mean binary cross entropy of logits."""
    reduction = checked_reduction(reduction, size_average, reduce)
    losses = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    losses = losses if weight is None else losses * weight
    return reduced(losses.sum(-1) / input.size(-1), input, reduction)
