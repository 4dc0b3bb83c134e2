"""Activations as modules."""

import torch.nn.functional as F
from torch._creation import full
from torch.nn import init
from torch.nn.modules.attention import MultiheadAttention  # noqa: F401 - PyTorch has it in this file
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class _Elementwise(Module):
    """An activation `_function` whose options are the attributes `_options`, in its arguments' order."""

    _function = None
    _options = ()
    inplace = False

    def forward(self, input):
        """The activation of input."""
        options = {name: getattr(self, name) for name in self._options}
        if self.inplace:
            options['inplace'] = True
        return type(self)._function(input, **options)

    def extra_repr(self):
        """The options."""
        shown = [f'{name}={getattr(self, name)}' for name in self._options]
        return ', '.join(shown + ['inplace=True'] * self.inplace)


class _InPlaceable(_Elementwise):
    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace


class ReLU(_InPlaceable):
    """max(0, x)"""

    _function = F.relu


class SiLU(_InPlaceable):
    """x * sigmoid(x)"""

    _function = F.silu


class Mish(_InPlaceable):
    """x * tanh(softplus(x))"""

    _function = F.mish


class SELU(_InPlaceable):
    """elu, scaled so that mean 0 and variance 1 are kept."""

    _function = F.selu


class Hardsigmoid(_InPlaceable):
    """x / 6 + 1/2 kept within [0, 1]"""

    _function = F.hardsigmoid

    def extra_repr(self):
        """Nothing, as in PyTorch."""
        return ''


class Hardswish(Hardsigmoid):
    """x * hardsigmoid(x)"""

    _function = F.hardswish


class Sigmoid(_Elementwise):
    """1 / (1 + exp(-x))"""

    _function = F.sigmoid


class Tanh(_Elementwise):
    """The hyperbolic tangent."""

    _function = F.tanh


class LogSigmoid(_Elementwise):
    """log(sigmoid(x))"""

    _function = F.logsigmoid


class Softsign(_Elementwise):
    """x / (1 + |x|)"""

    _function = F.softsign


class Tanhshrink(_Elementwise):
    """x - tanh(x)"""

    _function = F.tanhshrink


class LeakyReLU(_Elementwise):
    """x, or negative_slope * x below 0."""

    _function, _options = F.leaky_relu, ('negative_slope',)

    def __init__(self, negative_slope=0.01, inplace=False):
        super().__init__()
        self.negative_slope, self.inplace = negative_slope, inplace


class ELU(_Elementwise):
    """x, or alpha * (exp(x) - 1) below 0."""

    _function, _options = F.elu, ('alpha',)

    def __init__(self, alpha=1.0, inplace=False):
        super().__init__()
        self.alpha, self.inplace = alpha, inplace


class CELU(ELU):
    """x, or alpha * (exp(x / alpha) - 1) below 0."""

    _function = F.celu


class GELU(_Elementwise):
    """x times the normal distribution's function of x; approximate 'none' or 'tanh'."""

    _function, _options = F.gelu, ('approximate',)

    def __init__(self, approximate='none'):
        super().__init__()
        self.approximate = approximate

    def extra_repr(self):
        """The approximation."""
        return f'approximate={self.approximate!r}'


class Softplus(_Elementwise):
    """log(1 + exp(beta * x)) / beta, and x itself where beta * x is above threshold."""

    _function, _options = F.softplus, ('beta', 'threshold')

    def __init__(self, beta=1.0, threshold=20.0):
        super().__init__()
        self.beta, self.threshold = beta, threshold


class Threshold(_Elementwise):
    """x where it is above the threshold, else value."""

    _function, _options = F.threshold, ('threshold', 'value')

    def __init__(self, threshold, value, inplace=False):
        super().__init__()
        self.threshold, self.value, self.inplace = threshold, value, inplace


class Hardtanh(_Elementwise):
    """x kept within [min_val, max_val]"""

    _function, _options = F.hardtanh, ('min_val', 'max_val')

    def __init__(self, min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None):
        super().__init__()
        self.min_val = min_val if min_value is None else min_value
        self.max_val = max_val if max_value is None else max_value
        self.inplace = inplace
        if not self.max_val > self.min_val:
            raise AssertionError('max_val must be greater than min_val')


class ReLU6(Hardtanh):
    """x kept within [0, 6]"""

    def __init__(self, inplace=False):
        super().__init__(0.0, 6.0, inplace)

    def extra_repr(self):
        """Whether in place."""
        return 'inplace=True' if self.inplace else ''


class Hardshrink(_Elementwise):
    """x where |x| > lambd, else 0."""

    _function, _options = F.hardshrink, ('lambd',)

    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = lambd

    def extra_repr(self):
        """lambd"""
        return f'{self.lambd}'


class Softshrink(Hardshrink):
    """x moved towards 0 by lambd."""

    _function = F.softshrink


class RReLU(_Elementwise):
    """x, or below 0 a random slope in [lower, upper) times x."""

    def __init__(self, lower=1.0 / 8, upper=1.0 / 3, inplace=False):
        super().__init__()
        self.lower, self.upper, self.inplace = lower, upper, inplace

    def forward(self, input):
        """rrelu(input)"""
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self):
        """The range of slopes."""
        return f'lower={self.lower}, upper={self.upper}' + ', inplace=True' * self.inplace


class PReLU(Module):
    """x, or below 0 a learned slope times x."""

    def __init__(self, num_parameters=1, init=0.25, device=None, dtype=None):
        super().__init__()
        self.num_parameters, self.init = num_parameters, init
        self.weight = Parameter(full((num_parameters,), float(init), device=device, dtype=dtype))

    def reset_parameters(self):
        """Every slope as at the start."""
        init.constant_(self.weight, self.init)

    def forward(self, input):
        """prelu(input)"""
        return F.prelu(input, self.weight)

    def extra_repr(self):
        """How many slopes."""
        return f'num_parameters={self.num_parameters}'


# --- along a dimension
class _AlongDim(Module):
    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def extra_repr(self):
        """The dimension."""
        return f'dim={self.dim}'


class Softmax(_AlongDim):
    """softmax along dim."""

    def forward(self, input):
        """softmax(input)"""
        return F.softmax(input, self.dim)


class Softmin(_AlongDim):
    """softmax of -input along dim."""

    def forward(self, input):
        """softmin(input)"""
        return F.softmin(input, self.dim)


class LogSoftmax(_AlongDim):
    """log_softmax along dim."""

    def forward(self, input):
        """log_softmax(input)"""
        return F.log_softmax(input, self.dim)


class Softmax2d(Module):
    """softmax over the channels of (N, C, H, W) or (C, H, W)."""

    def forward(self, input):
        """softmax(input, -3)"""
        if input.dim() not in (3, 4):
            raise ValueError(f'Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead')
        return F.softmax(input, -3)


class GLU(Module):
    """The first half along dim times the sigmoid of the second."""

    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, input):
        """glu(input)"""
        return F.glu(input, self.dim)

    def extra_repr(self):
        """The dimension."""
        return f'dim={self.dim}'
