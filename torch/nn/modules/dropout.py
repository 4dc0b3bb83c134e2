"""Dropout of elements and of channels."""

import torch.nn.functional as F
from torch.nn.functional._dropout import check_probability
from torch.nn.modules.module import Module


class _DropoutNd(Module):
    """In train mode, what `_function` drops with probability p."""

    _function = None

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        check_probability(p)
        self.p, self.inplace = p, inplace

    def forward(self, input):
        """The input with dropout, in train mode."""
        return type(self)._function(input, self.p, self.training, self.inplace)

    def extra_repr(self):
        """The probability."""
        return f'p={self.p}, inplace={self.inplace}'


class Dropout(_DropoutNd):
    """Elements zeroed with probability p and the others scaled by 1 / (1 - p)."""

    _function = F.dropout


class Dropout1d(_DropoutNd):
    """Channels of (N, C, L) or (C, L) zeroed with probability p."""

    _function = F.dropout1d


class Dropout2d(_DropoutNd):
    """Channels of (N, C, H, W) zeroed with probability p."""

    _function = F.dropout2d


class Dropout3d(_DropoutNd):
    """Channels of (N, C, D, H, W) or (C, D, H, W) zeroed with probability p."""

    _function = F.dropout3d


class AlphaDropout(_DropoutNd):
    """Elements set to selu's lower limit with probability p, then mean and variance restored."""

    _function = F.alpha_dropout


class FeatureAlphaDropout(_DropoutNd):
    """AlphaDropout of whole channels."""

    _function = F.feature_alpha_dropout
