"""Normalisation of the last dimensions, of groups of channels, and across channels."""

import torch.nn.functional as F
from torch._creation import empty
from torch.nn import init
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class LayerNorm(Module):
    """The last dimensions brought to mean 0 and variance 1, then scaled and shifted."""

    def __init__(
        self, normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None
    ):
        super().__init__()
        shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.normalized_shape, self.eps, self.elementwise_affine = shape, eps, elementwise_affine
        for name, is_there in (('weight', elementwise_affine), ('bias', elementwise_affine and bias)):
            value = Parameter(empty(shape, device=device, dtype=dtype)) if is_there else None
            self.register_parameter(name, value)
        self.reset_parameters()

    def reset_parameters(self):
        """Scale 1, shift 0."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def forward(self, input):
        """layer_norm(input)"""
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self):
        """The shape."""
        affine = f'elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}'
        return f'{self.normalized_shape}, eps={self.eps}, {affine}'


class RMSNorm(Module):
    """The last dimensions over the root of their mean square, then scaled."""

    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None):
        super().__init__()
        shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.normalized_shape, self.eps, self.elementwise_affine = shape, eps, elementwise_affine
        value = Parameter(empty(shape, device=device, dtype=dtype)) if elementwise_affine else None
        self.register_parameter('weight', value)
        self.reset_parameters()

    def reset_parameters(self):
        """Scale 1."""
        if self.weight is not None:
            init.ones_(self.weight)

    def forward(self, x):
        """rms_norm(x)"""
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self):
        """The shape."""
        return f'{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}'


class GroupNorm(Module):
    """(N, C, ...): each of num_groups groups of channels to mean 0 and variance 1; scaled by channel."""

    def __init__(self, num_groups, num_channels, eps=1e-5, affine=True, device=None, dtype=None):
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(f'num_channels ({num_channels}) must be divisible by num_groups ({num_groups})')
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        for name in ('weight', 'bias'):
            value = Parameter(empty(num_channels, device=device, dtype=dtype)) if affine else None
            self.register_parameter(name, value)
        self.reset_parameters()

    def reset_parameters(self):
        """Scale 1, shift 0."""
        if self.affine:
            init.ones_(self.weight)
            init.zeros_(self.bias)

    def forward(self, input):
        """group_norm(input)"""
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self):
        """The groups."""
        return f'{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}'


class LocalResponseNorm(Module):
    """Each channel over a power of the mean square of the channels around it."""

    def __init__(self, size, alpha=1e-4, beta=0.75, k=1.0):
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, input):
        """local_response_norm(input)"""
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self):
        """The options."""
        return f'{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}'


class CrossMapLRN2d(LocalResponseNorm):
    """LocalResponseNorm of images."""

    def __init__(self, size, alpha=1e-4, beta=0.75, k=1):
        super().__init__(size, alpha, beta, k)
