"""Resizing as modules."""

import torch.nn.functional as F
from torch.nn.modules.module import Module


class Upsample(Module):
    """(N, C, 1 to 3 sizes) resized to a size or by a factor."""

    def __init__(
        self, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None
    ):
        super().__init__()
        self.name = type(self).__name__
        self.size = size
        if isinstance(scale_factor, (tuple, list)):
            self.scale_factor = tuple(float(factor) for factor in scale_factor)
        else:
            self.scale_factor = float(scale_factor) if scale_factor else None
        self.mode, self.align_corners = mode, align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input):
        """interpolate(input)"""
        return F.interpolate(
            input,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            self.recompute_scale_factor,
        )

    def extra_repr(self):
        """Size or factor, and the mode."""
        what = f'size={self.size}' if self.scale_factor is None else f'scale_factor={self.scale_factor!r}'
        return f'{what}, mode={self.mode!r}'


class UpsamplingNearest2d(Upsample):
    """Upsample of images by the nearest element."""

    def __init__(self, size=None, scale_factor=None):
        super().__init__(size, scale_factor, mode='nearest')


class UpsamplingBilinear2d(Upsample):
    """Upsample of images, linear in both dimensions, corners kept."""

    def __init__(self, size=None, scale_factor=None):
        super().__init__(size, scale_factor, mode='bilinear', align_corners=True)
