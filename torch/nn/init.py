"""Initial weights: the formulas of PyTorch, drawn in the same order."""

import math

from torch._refusal import module_getattr, unsupported_function
from torch._tensor import Tensor
from torch.autograd.grad_mode import no_grad

trunc_normal_ = unsupported_function('torch.nn.init.trunc_normal_')
orthogonal_ = unsupported_function('torch.nn.init.orthogonal_')
sparse_ = unsupported_function('torch.nn.init.sparse_')
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
