"""Activations as modules."""

import torch.nn.functional as F
from torch.nn.modules.module import Module


class Sigmoid(Module):
    """1 / (1 + exp(-x))"""

    def forward(self, input):
        """sigmoid(input)"""
        return input.sigmoid()


class Tanh(Module):
    """The hyperbolic tangent."""

    def forward(self, input):
        """tanh(input)"""
        return input.tanh()


class _InPlaceable(Module):
    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace

    def extra_repr(self):
        """Whether in place."""
        return 'inplace=True' if self.inplace else ''


class ReLU(_InPlaceable):
    """max(0, x)"""

    def forward(self, input):
        """relu(input)"""
        return F.relu(input, self.inplace)


class SiLU(_InPlaceable):
    """x * sigmoid(x)"""

    def forward(self, input):
        """silu(input)"""
        return F.silu(input, self.inplace)


class LeakyReLU(Module):
    """x, or negative_slope * x below 0."""

    def __init__(self, negative_slope=0.01, inplace=False):
        super().__init__()
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, input):
        """leaky_relu(input)"""
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self):
        """The slope."""
        return f'negative_slope={self.negative_slope}' + (', inplace=True' if self.inplace else '')


class ELU(Module):
    """x, or alpha * (exp(x) - 1) below 0."""

    def __init__(self, alpha=1.0, inplace=False):
        super().__init__()
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input):
        """elu(input)"""
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self):
        """alpha"""
        return f'alpha={self.alpha}' + (', inplace=True' if self.inplace else '')


class GELU(Module):
    """x times the normal distribution's function of x; approximate 'none' or 'tanh'."""

    def __init__(self, approximate='none'):
        super().__init__()
        self.approximate = approximate

    def forward(self, input):
        """gelu(input)"""
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self):
        """The approximation."""
        return f'approximate={self.approximate!r}'


class Softplus(Module):
    """log(1 + exp(beta * x)) / beta, and x itself where beta * x is above threshold."""

    def __init__(self, beta=1.0, threshold=20.0):
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input):
        """softplus(input)"""
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self):
        """beta and threshold"""
        return f'beta={self.beta}, threshold={self.threshold}'


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


class LogSoftmax(_AlongDim):
    """log_softmax along dim."""

    def forward(self, input):
        """log_softmax(input)"""
        return F.log_softmax(input, self.dim)
