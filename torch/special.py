"""Special functions, under the names of torch.special."""

import math

import torch._native as native
from torch._layers import log_softmax, softmax
from torch._pointwise import operand
from torch._refusal import module_getattr
from torch._special import polygamma
from torch._tensor import Tensor, checked, wrap

for _name, _own in {
    **{name: name for name in ('digamma', 'erf', 'erfc', 'erfinv', 'exp2', 'expm1', 'i0', 'log1p', 'logit')},
    **{name: name for name in ('logsumexp', 'round', 'sinc', 'xlogy')},
    **{'expit': 'sigmoid', 'gammaln': 'lgamma', 'psi': 'digamma', 'multigammaln': 'mvlgamma'},
}.items():
    globals()[_name] = getattr(Tensor, _own)


@checked
def i1(input):
    """The modified Bessel function of the first kind of order 1."""
    return wrap(native.i1(input._h))


@checked
def i0e(input):
    """i0 scaled by exp(-|x|)."""
    return input.i0() * (-input.abs()).exp()


@checked
def i1e(input):
    """i1 scaled by exp(-|x|)."""
    return i1(input) * (-input.abs()).exp()


@checked
def entr(input):
    """-x log(x): the entropy of a probability; minus infinity below 0."""
    return (-input.xlogy(input)).masked_fill(input < 0, -math.inf)


@checked
def ndtr(input):
    """The normal distribution's function."""
    return (-input * math.sqrt(0.5)).erfc() / 2


@checked
def ndtri(input):
    """The inverse of ndtr."""
    return (2 * input - 1).erfinv() * math.sqrt(2)


@checked
def log_ndtr(input):
    """The logarithm of ndtr."""
    # Where ndtr soon is 0 and the expansion below exact (Abramowitz and Stegun 26.2.12).
    is_far = input < -10
    near, x = input.masked_fill(is_far, -10), input.masked_fill(~is_far, -10)
    series = term = 1
    for n in range(1, 12):
        term = term * (1 - 2 * n) / x.square()
        series = series + term
    far = series.log() - (-x).log() - x.square() / 2 - math.log(2 * math.pi) / 2
    return far.where(is_far, ndtr(near).log())


@checked
def xlog1py(input, other):
    """input * log1p(other), 0 where input is 0; one of them may be a number."""
    if not isinstance(input, Tensor):
        input = operand(other, input)
    other = operand(input, other)
    return (input * other.log1p()).masked_fill((input == 0) & ~other.isnan(), 0)


__getattr__ = module_getattr('torch.special')
__all__ = [
    'entr',
    'i0e',
    'i1',
    'i1e',
    'log_ndtr',
    'log_softmax',
    'ndtr',
    'ndtri',
    'polygamma',
    'softmax',
    'xlog1py',
]
