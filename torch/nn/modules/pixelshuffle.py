"""Channels as finer images, and back."""

import torch.nn.functional as F
from torch.nn.modules.module import Module


class PixelShuffle(Module):
    """(..., C r r, H, W) -> (..., C, H r, W r)"""

    def __init__(self, upscale_factor):
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input):
        """pixel_shuffle(input)"""
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self):
        """The factor."""
        return f'upscale_factor={self.upscale_factor}'


class PixelUnshuffle(Module):
    """(..., C, H r, W r) -> (..., C r r, H, W)"""

    def __init__(self, downscale_factor):
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input):
        """pixel_unshuffle(input)"""
        return F.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self):
        """The factor."""
        return f'downscale_factor={self.downscale_factor}'
