"""LayerNorm."""

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
