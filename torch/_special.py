"""Special functions and the bits of numbers, element by element."""

import math

import torch._native as native
from torch._dtype import bool_, dtypes, float64
from torch._pointwise import define_in_place, define_unary, operand
from torch._rearrange import where
from torch._tensor import Tensor, alias, function, method, operation, without_derivative, wrap

for _name in (
    *('sinh', 'cosh', 'asin', 'acos', 'atan', 'asinh', 'acosh', 'atanh', 'exp2', 'sinc', 'erfc', 'erfinv'),
    *('lgamma', 'digamma', 'i0'),
):
    define_unary(_name)


def _kind(tensor):
    return dtypes[native.dtype(tensor._h)]


@operation
def frac(input):
    """What is left of the decimal point dropped: input - trunc(input)."""
    return input - input.trunc()


@operation
def deg2rad(input):
    """Degrees as radians."""
    return input * (math.pi / 180)


@operation
def rad2deg(input):
    """Radians as degrees."""
    return input * (180 / math.pi)


@operation
def logit(input, eps=None):
    """log(x / (1 - x)), x kept within [eps, 1 - eps] where eps is given."""
    x = input if eps is None else input.clamp(eps, 1 - eps)
    return (x / (1 - x)).log()


@operation
def positive(input):
    """input itself."""
    if _kind(input) is bool_:
        raise RuntimeError('The `+` operator, on a bool tensor is not supported.')
    return input


@operation
def sgn(input):
    """The sign: -1, 0 or 1."""
    return input.sign()


@operation
def signbit(input):
    """Whether the sign is minus (of -0.0 too)."""
    if not _kind(input).is_floating_point:
        return input < 0
    return input.detach().new_ones(()).copysign(input) < 0


@operation
def isposinf(input):
    """Whether the element is infinity."""
    return input == math.inf


@operation
def isneginf(input):
    """Whether the element is minus infinity."""
    return input == -math.inf


@operation
def isreal(input):
    """True: there are no complex numbers."""
    return input.detach().isnan() >= 0


@operation
def conj(input):
    """input itself: there are no complex tensors."""
    return input


alias(conj, 'conj_physical', 'resolve_conj', 'resolve_neg', 'real')


@operation
def angle(input):
    """0 for positive numbers, pi for negative ones, NaN for NaN."""
    zero = (input * 0).detach()
    return zero.masked_fill(input < 0, math.pi)


@operation
def mvlgamma(input, p):
    """The logarithm of the multivariate gamma function of dimension p."""
    terms = [(input - i / 2).lgamma() for i in range(p)]
    return sum(terms[1:], terms[0]) + p * (p - 1) / 4 * math.log(math.pi)


@function
def polygamma(n, input):
    """The n-th derivative of the digamma function."""
    return wrap(native.polygamma(n, input._h))


@method
def _polygamma(self, n):
    """The n-th derivative of the digamma function."""
    return wrap(native.polygamma(n, self._h))


Tensor.polygamma = _polygamma
del Tensor._polygamma


# --- two tensors
def _define_binary(name, takes_numbers=True):
    engine = getattr(native, name)

    def forward(input, other):
        if takes_numbers and not isinstance(other, Tensor):
            other = operand(input, other)
        return wrap(engine(input._h, other._h))

    forward.__name__ = name
    forward.__doc__ = f'{name} of each two elements.'
    operation(forward)
    define_in_place(forward)


for _name in ('atan2', 'hypot', 'nextafter', 'logaddexp', 'gcd', 'lcm'):
    _define_binary(_name, takes_numbers=False)
for _name in ('copysign', 'bitwise_left_shift', 'bitwise_right_shift'):
    _define_binary(_name)


@operation
def xlogy(input, other):
    """input * log(other), 0 where input is 0; one of them may be a number."""
    if not isinstance(input, Tensor):
        input = operand(other, input)
    other = operand(input, other)
    return wrap(native.xlogy(input._h, other._h))


@operation
def logaddexp2(input, other):
    """log2(2 ** input + 2 ** other)"""
    two = math.log(2)
    return (input * two).logaddexp(other * two) / two


@operation
def fmax(input, other):
    """The greater of each two elements; where one is NaN, the other."""
    return where((input >= other).logical_or(other.isnan()), input, other)


@operation
def fmin(input, other):
    """The lesser of each two elements; where one is NaN, the other."""
    return where((input <= other).logical_or(other.isnan()), input, other)


@operation
def heaviside(input, values):
    """0 below zero, 1 above, and `values` where input is 0."""
    if _kind(input) is not _kind(values):
        raise RuntimeError('heaviside is not yet implemented for tensors with different dtypes.')
    step = where(input.detach() == 0, values.detach(), (input > 0).to(_kind(input)))
    return without_derivative(step, 'heaviside', input, values)


@operation
def float_power(input, exponent):
    """input ** exponent in float64."""
    base = input.to(float64) if isinstance(input, Tensor) else float(input)
    power = exponent.to(float64) if isinstance(exponent, Tensor) else float(exponent)
    return base**power


@operation
def ldexp(input, other):
    """input * 2 ** other"""
    return input * 2.0**other


@operation
def isin(elements, test_elements, *, assume_unique=False, invert=False):
    """Whether each element is among test_elements; either may be a number."""
    if not isinstance(elements, Tensor):
        elements = operand(test_elements, elements)
    if not isinstance(test_elements, Tensor):
        found = elements == test_elements
    else:
        found = (elements.unsqueeze(-1) == test_elements.flatten()).any(-1)
    return found.logical_not() if invert else found


delattr(Tensor, 'isin')

for _operation in (frac, deg2rad, rad2deg, logit, sgn, mvlgamma, xlogy, heaviside, float_power, ldexp):
    define_in_place(_operation)

alias(Tensor.asin, 'arcsin')
alias(Tensor.acos, 'arccos')
alias(Tensor.atan, 'arctan')
alias(Tensor.asinh, 'arcsinh')
alias(Tensor.acosh, 'arccosh')
alias(Tensor.atanh, 'arctanh')
alias(Tensor.atan2, 'arctan2')
for _old, _new in (
    *(('asin', 'arcsin'), ('acos', 'arccos'), ('atan', 'arctan'), ('asinh', 'arcsinh')),
    *(('acosh', 'arccosh'), ('atanh', 'arctanh')),
):
    alias(getattr(Tensor, f'{_old}_'), f'{_new}_')
Tensor.arctan2_ = Tensor.atan2_
Tensor.__lshift__ = Tensor.bitwise_left_shift
Tensor.__rshift__ = Tensor.bitwise_right_shift
Tensor.__ilshift__ = Tensor.bitwise_left_shift_
Tensor.__irshift__ = Tensor.bitwise_right_shift_
