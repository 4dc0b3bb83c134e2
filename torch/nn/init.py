"""Initial weights: the formulas of PyTorch, drawn in the same order."""

import math
import warnings

from torch._creation import empty_like
from torch._random import randperm
from torch._rearrange import where
from torch._refusal import module_getattr
from torch._shape import cat
from torch._tensor import Tensor
from torch.autograd.grad_mode import no_grad

__getattr__ = module_getattr('torch.nn.init')

_GAINS = {'linear': 1, 'sigmoid': 1, 'tanh': 5.0 / 3, 'relu': math.sqrt(2.0), 'selu': 3.0 / 4}
_GAINS |= {f'conv{n}d': 1 for n in (1, 2, 3)} | {f'conv_transpose{n}d': 1 for n in (1, 2, 3)}


def calculate_gain(nonlinearity, param=None):
    """The factor that keeps a signal's variance through a nonlinearity."""
    if nonlinearity == 'leaky_relu':
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f'negative_slope {param} not a valid number')
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity not in _GAINS:
        raise ValueError(f'Unsupported nonlinearity {nonlinearity}')
    return _GAINS[nonlinearity]


@no_grad()
def uniform_(tensor: Tensor, a=0.0, b=1.0, generator=None) -> Tensor:
    """Uniform in [a, b)."""
    return tensor.uniform_(a, b, generator=generator)


@no_grad()
def normal_(tensor: Tensor, mean=0.0, std=1.0, generator=None) -> Tensor:
    """Normal of this mean and standard deviation."""
    return tensor.normal_(mean, std, generator=generator)


@no_grad()
def constant_(tensor: Tensor, val) -> Tensor:
    """One number everywhere."""
    return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """Ones."""
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros."""
    return constant_(tensor, 0.0)


@no_grad()
def eye_(tensor: Tensor) -> Tensor:
    """The identity matrix."""
    if tensor.dim() != 2:
        raise ValueError('Only tensors with 2 dimensions are supported')
    tensor.zero_().diagonal().fill_(1)
    return tensor


@no_grad()
def dirac_(tensor: Tensor, groups=1) -> Tensor:
    """The convolution weight (3 to 5 dimensions) that hands its input on, as far as there are channels."""
    dims, sizes = tensor.dim(), tensor.shape
    if dims not in (3, 4, 5):
        raise ValueError('Only tensors with 3, 4, or 5 dimensions are supported')
    if sizes[0] % groups:
        raise ValueError('dim 0 must be divisible by groups')
    outs = sizes[0] // groups
    tensor.zero_()
    for group in range(groups):
        for d in range(min(outs, sizes[1])):
            tensor[(group * outs + d, d, *(n // 2 for n in sizes[2:]))] = 1
    return tensor


@no_grad()
def trunc_normal_(tensor: Tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None) -> Tensor:
    """Normal of this mean and standard deviation, cut to [a, b]."""

    def below(x):
        return (1.0 + math.erf((x - mean) / std / math.sqrt(2.0))) / 2.0

    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            'mean is more than 2 std from [a, b] in nn.init.trunc_normal_. '
            'The distribution of values may be incorrect.',
            stacklevel=2,
        )
    if below(b) - below(a) > 0.3:
        return _redrawn_outside(tensor, mean, std, a, b, generator)
    return _accepted(tensor, mean, std, a, b, generator)


def _redrawn_outside(tensor, mean, std, a, b, generator):
    """Normal numbers, those outside of [a, b] drawn again: for a wide interval."""
    low, high = (tensor.new_tensor(bound).item() for bound in (a, b))  # as the type can hold them
    tensor.normal_(mean, std, generator=generator)
    while (outside := (tensor < low) | (tensor > high)).any():
        tensor.copy_(where(outside, empty_like(tensor).normal_(mean, std, generator=generator), tensor))
    return tensor


def _accepted(tensor, mean, std, a, b, generator):
    """Uniform numbers of [a, b], each kept with its density as the probability: for a narrow interval."""
    highest = -0.5 * ((max(a, min(mean, b)) - mean) / std) ** 2  # the logarithm of the density at its peak
    chance = empty_like(tensor)

    def is_refused(drawn):
        log_density = ((drawn - mean) / std) ** 2 * -0.5 - highest
        return chance.uniform_(generator=generator).log_() > log_density

    refused = is_refused(tensor.uniform_(a, b, generator=generator))
    while refused.any():
        drawn = empty_like(tensor).uniform_(a, b, generator=generator)
        tensor.copy_(where(refused, drawn, tensor))
        refused = refused & is_refused(drawn)
    return tensor


def _orthonormal(matrix):
    """The factor Q (rows, columns) of matrix = Q R, rows >= columns, the diagonal of R positive."""
    columns = matrix.double()
    done = columns.new_empty(columns.shape[0], 0)
    for place in range(columns.shape[1]):
        column = columns[:, place : place + 1]
        for _ in range(2):  # once more, against rounding
            column = column - done @ (done.t() @ column)
        done = cat((done, column / column.norm()), 1)
    return done.to(matrix.dtype)


@no_grad()
def orthogonal_(tensor: Tensor, gain=1, generator=None) -> Tensor:
    """A random matrix (rows, the rest) whose rows or columns are orthonormal (Saxe et al. 2013)."""
    if tensor.dim() < 2:
        raise ValueError('Only tensors with 2 or more dimensions are supported')
    if not tensor.numel():
        return tensor
    rows = tensor.size(0)
    columns = tensor.numel() // rows
    drawn = tensor.new_empty(rows, columns).normal_(0, 1, generator=generator)
    q = _orthonormal(drawn.t()).t() if rows < columns else _orthonormal(drawn)
    return tensor.copy_(q.reshape(tensor.shape)).mul_(gain)


@no_grad()
def sparse_(tensor: Tensor, sparsity, std=0.01, generator=None) -> Tensor:
    """Normal, a part `sparsity` of every column zero (Martens 2010)."""
    if tensor.dim() != 2:
        raise ValueError('Only tensors with 2 dimensions are supported')
    rows, columns = tensor.shape
    tensor.normal_(0, std, generator=generator)
    for column in range(columns):
        tensor[randperm(rows)[: math.ceil(sparsity * rows)], column] = 0
    return tensor


def _fans(tensor):
    """How many inputs and outputs a weight (out, in, ...) connects."""
    if tensor.dim() < 2:
        raise ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions')
    field = math.prod(tensor.shape[2:])
    return tensor.size(1) * field, tensor.size(0) * field


def _fan(tensor, mode):
    mode = mode.lower()
    if mode not in ('fan_in', 'fan_out'):
        raise ValueError(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    return _fans(tensor)[mode == 'fan_out']


def xavier_uniform_(tensor: Tensor, gain=1.0, generator=None) -> Tensor:
    """Uniform with the variance of Glorot's rule."""
    bound = math.sqrt(3.0) * gain * math.sqrt(2.0 / float(sum(_fans(tensor))))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain=1.0, generator=None) -> Tensor:
    """Normal with the variance of Glorot's rule."""
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / float(sum(_fans(tensor)))), generator)


def kaiming_uniform_(tensor: Tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None) -> Tensor:
    """Uniform with the variance of He's rule."""
    std = calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode))
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(tensor: Tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None) -> Tensor:
    """Normal with the variance of He's rule."""
    return normal_(tensor, 0.0, calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode)), generator)


def _deprecated(function):
    """The function's old name, without the underscore."""
    name = function.__name__[:-1]

    def call(*args, **kwargs):
        warnings.warn(
            f'`nn.init.{name}` is now deprecated in favor of `nn.init.{function.__name__}`.',
            FutureWarning,
            stacklevel=2,
        )
        return function(*args, **kwargs)

    call.__name__ = call.__qualname__ = name
    return call


uniform, normal, constant, eye, dirac = map(_deprecated, (uniform_, normal_, constant_, eye_, dirac_))
xavier_uniform, xavier_normal = _deprecated(xavier_uniform_), _deprecated(xavier_normal_)
kaiming_uniform, kaiming_normal = _deprecated(kaiming_uniform_), _deprecated(kaiming_normal_)
orthogonal, sparse = _deprecated(orthogonal_), _deprecated(sparse_)
