"""The layers as functions."""

import torch._native as native
from torch import _layers
from torch._dtype import int64
from torch._names import FUNCTIONAL
from torch._pointwise import write_result
from torch._random import stream
from torch._refusal import module_getattr
from torch._shape import shape_of
from torch._telemetry import evaluation, note_loss
from torch._tensor import Tensor, checked, handle_of, same_or_new, wrap

__getattr__ = module_getattr('torch.nn.functional', functions=FUNCTIONAL)


def checked_reduction(reduction, size_average=None, reduce=None):
    """A `reduction` argument. @raises ValueError for another than 'none', 'mean' and 'sum'"""
    if size_average is not None or reduce is not None:
        raise NotImplementedError('size_average and reduce are not supported: use reduction')
    if reduction not in ('none', 'mean', 'sum'):
        raise ValueError(f'{reduction} is not a valid value for reduction')
    return reduction


@checked
def linear(input, weight, bias=None):
    """input (..., in) @ weight (out, in).T + bias (out)"""
    return wrap(native.linear(input._h, weight._h, 0 if bias is None else bias._h))


def check_embedding_options(max_norm, scale_grad_by_freq, sparse):
    """Refuses what the embedding kernels do not do."""
    for name, value in (
        ('max_norm', max_norm),
        ('scale_grad_by_freq', scale_grad_by_freq),
        ('sparse', sparse),
    ):
        if value:
            raise NotImplementedError(f'embedding({name}={value}) is not supported')


@checked
def embedding(
    input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False
):
    """Rows of weight (V, E) by the integers of input; padding_idx gets no gradient."""
    check_embedding_options(max_norm, scale_grad_by_freq, sparse)
    if padding_idx is None:
        return wrap(native.embedding(weight._h, input._h, -1))
    rows = native.size(weight._h, 0)
    if not -rows <= padding_idx < rows:
        raise AssertionError('Padding_idx must be within num_embeddings')
    return wrap(native.embedding(weight._h, input._h, padding_idx % rows))


@checked
def one_hot(tensor, num_classes=-1):
    """int64 classes (...) -> (..., num_classes) of zeros and a one."""
    classes = int(tensor.max()) + 1 if num_classes < 0 else num_classes
    if tensor.numel() and int(tensor.min()) < 0:
        raise RuntimeError('Class values must be non-negative.')
    if tensor.numel() and int(tensor.max()) >= classes:
        raise RuntimeError('Class values must be smaller than num_classes.')
    out = tensor.new_zeros(*shape_of(tensor), classes, dtype=int64)
    return out.scatter_(-1, tensor.unsqueeze(-1), 1)


@checked
def dropout(input, p=0.5, training=True, inplace=False):
    """Elements zeroed with probability p, the others scaled by 1 / (1 - p); the input where not training."""
    if not 0.0 <= p <= 1.0:
        raise ValueError(f'dropout probability has to be between 0 and 1, but got {p}')
    if not training:
        return input
    out = same_or_new(input, native.dropout(input._h, p, True, stream(None)))
    return write_result(input, out) if inplace else out


# --- activations
def _in_place_if(inplace, input, out):
    return write_result(input, out) if inplace else out


@checked
def relu(input, inplace=False):
    """max(0, x)"""
    return _in_place_if(inplace, input, wrap(native.relu(input._h)))


@checked
def leaky_relu(input, negative_slope=0.01, inplace=False):
    """x, or negative_slope * x below 0."""
    return _in_place_if(inplace, input, wrap(native.leaky_relu(input._h, negative_slope)))


@checked
def elu(input, alpha=1.0, inplace=False):
    """x, or alpha * (exp(x) - 1) below 0."""
    return _in_place_if(inplace, input, wrap(native.elu(input._h, alpha)))


@checked
def silu(input, inplace=False):
    """x * sigmoid(x)"""
    return _in_place_if(inplace, input, wrap(native.silu(input._h)))


@checked
def gelu(input, approximate='none'):
    """x times the normal distribution's function of x, or its approximation by tanh."""
    return wrap(native.gelu(input._h, approximate))


@checked
def softplus(input, beta=1.0, threshold=20.0):
    """log(1 + exp(beta * x)) / beta, and x itself where beta * x is above threshold."""
    return wrap(native.softplus(input._h, beta, threshold))


@checked
def sigmoid(input):
    """1 / (1 + exp(-x))"""
    return wrap(native.sigmoid(input._h))


@checked
def tanh(input):
    """The hyperbolic tangent."""
    return wrap(native.tanh(input._h))


@checked
def logsigmoid(input):
    """log(sigmoid(x))"""
    return -softplus(-input)


def _dim_or_implied(name, dim, input):
    if dim is not None:
        return dim
    raise NotImplementedError(f'{name}() without dim is not supported: say which dimension')


@checked
def softmax(input, dim=None, _stacklevel=3, dtype=None):
    """exp(input) over its sum along dim."""
    return _layers.softmax(input, _dim_or_implied('softmax', dim, input), dtype)


@checked
def log_softmax(input, dim=None, _stacklevel=3, dtype=None):
    """The logarithm of softmax."""
    return _layers.log_softmax(input, _dim_or_implied('log_softmax', dim, input), dtype)


@checked
def normalize(input, p=2.0, dim=1, eps=1e-12):
    """input over its p-norm along dim (at least eps)."""
    return input / input.norm(p, dim, keepdim=True).clamp_min(eps).expand_as(input)


@checked
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05):
    """The last dimensions brought to mean 0 and variance 1, then scaled and shifted."""
    dims = tuple(range(-len(normalized_shape), 0))
    if tuple(shape_of(input)[-len(dims) :]) != tuple(normalized_shape):
        raise RuntimeError(
            f'Given normalized_shape={list(normalized_shape)}, expected input with shape '
            f'[*, {", ".join(map(str, normalized_shape))}], but got input of size{list(shape_of(input))}'
        )
    centred = input - input.mean(dims, keepdim=True)
    out = centred * ((centred * centred).mean(dims, keepdim=True) + eps).rsqrt()
    out = out if weight is None else out * weight
    return out if bias is None else out + bias


# --- losses
def _noted(loss, input, reduction):
    """A loss, of which the run's record takes note while the script evaluates."""
    if evaluation.is_running:
        note_loss(loss, native.size(input._h, 0) if native.dim(input._h) > 1 else 1, reduction == 'sum')
    return loss


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
    checked_reduction(reduction, size_average, reduce)
    loss = native.cross_entropy(
        input._h, target._h, handle_of(weight), reduction, ignore_index, label_smoothing
    )
    return _noted(wrap(loss), input, reduction)


@checked
def nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'):
    """Minus the log-probability (N, C, ...) of the target class (N, ...)."""
    checked_reduction(reduction, size_average, reduce)
    loss = native.nll_loss(input._h, target._h, handle_of(weight), reduction, ignore_index)
    return _noted(wrap(loss), input, reduction)


def _reduced(loss, input, reduction):
    if reduction != 'none':
        loss = loss.mean() if reduction == 'mean' else loss.sum()
    return _noted(loss, input, reduction)


@checked
def mse_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None):
    """(input - target) ** 2"""
    checked_reduction(reduction, size_average, reduce)
    if weight is not None:
        raise NotImplementedError('mse_loss(weight=...) is not supported')
    return _noted(wrap(native.mse_loss(input._h, target._h, reduction)), input, reduction)


@checked
def l1_loss(input, target, size_average=None, reduce=None, reduction='mean'):
    """|input - target|"""
    checked_reduction(reduction, size_average, reduce)
    return _reduced((input - target).abs(), input, reduction)


@checked
def binary_cross_entropy_with_logits(
    input, target, weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None
):
    """-(target * log(sigmoid(input)) + (1 - target) * log(1 - sigmoid(input)))"""
    checked_reduction(reduction, size_average, reduce)
    if not isinstance(target, Tensor) or shape_of(target) != shape_of(input):
        raise ValueError(
            f'Target size ({shape_of(target)}) must be the same as input size ({shape_of(input)})'
        )
    log_likelihood = logsigmoid(input)
    factor = 1 if pos_weight is None else 1 + (pos_weight - 1) * target
    loss = (1 - target) * input - factor * log_likelihood
    return _reduced(loss if weight is None else loss * weight, input, reduction)
