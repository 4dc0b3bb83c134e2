"""Linear and Identity."""

import math

import torch.nn.functional as F
from torch._creation import empty
from torch.nn import init
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class Identity(Module):
    """Its input."""

    def __init__(self, *args, **kwargs):
        super().__init__()

    def forward(self, input):
        """input"""
        return input


class Linear(Module):
    """input (..., in_features) -> (..., out_features)"""

    __constants__ = ('in_features', 'out_features')

    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(empty(out_features, in_features, device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter('bias', None)
        self.reset_parameters()

    def reset_parameters(self):
        """Draws new weights."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input):
        """input @ weight.T + bias"""
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self):
        """The sizes."""
        return (
            f'in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}'
        )
