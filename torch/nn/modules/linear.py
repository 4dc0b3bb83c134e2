"""Linear, Bilinear and Identity."""

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
        # To look for the attributes, in vain at first, takes a fifth of a small call.
        own = self._parameters
        if 'weight' in own and 'bias' in own:
            return F.linear(input, own['weight'], own['bias'])
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self):
        """The sizes."""
        return (
            f'in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}'
        )


class NonDynamicallyQuantizableLinear(Linear):
    """Linear, under the name that attention gives its last projection."""


class Bilinear(Module):
    """x1 (..., in1_features), x2 (..., in2_features) -> (..., out_features): x1 @ weight[k] @ x2 + bias"""

    def __init__(self, in1_features, in2_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        if in1_features <= 0:
            raise ValueError(f'in1_features must be > 0, but got {in1_features}')
        self.in1_features, self.in2_features, self.out_features = in1_features, in2_features, out_features
        options = {'device': device, 'dtype': dtype}
        self.weight = Parameter(empty(out_features, in1_features, in2_features, **options))
        self.register_parameter('bias', Parameter(empty(out_features, **options)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self):
        """Draws new weights."""
        bound = 1 / math.sqrt(self.weight.size(1))
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1, input2):
        """bilinear(input1, input2)"""
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self):
        """The sizes."""
        return (
            f'in1_features={self.in1_features}, in2_features={self.in2_features}, '
            f'out_features={self.out_features}, bias={self.bias is not None}'
        )
