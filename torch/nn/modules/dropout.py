"""Dropout."""

import torch.nn.functional as F
from torch.nn.modules.module import Module


class Dropout(Module):
    """In train mode, elements zeroed with probability p and the others scaled by 1 / (1 - p)."""

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        if not 0.0 <= p <= 1.0:
            raise ValueError(f'dropout probability has to be between 0 and 1, but got {p}')
        self.p, self.inplace = p, inplace

    def forward(self, input):
        """dropout(input)"""
        return F.dropout(input, self.p, self.training, self.inplace)

    def extra_repr(self):
        """The probability."""
        return f'p={self.p}, inplace={self.inplace}'
