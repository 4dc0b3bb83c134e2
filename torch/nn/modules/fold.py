"""Windows of images as columns, and back."""

import torch.nn.functional as F
from torch.nn.modules.module import Module


class Fold(Module):
    """(N, C * elements of a window, windows) -> (N, C, H, W)"""

    def __init__(self, output_size, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.output_size, self.kernel_size = output_size, kernel_size
        self.dilation, self.padding, self.stride = dilation, padding, stride

    def forward(self, input):
        """fold(input)"""
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self):
        """The sizes."""
        return (
            f'output_size={self.output_size}, kernel_size={self.kernel_size}, dilation={self.dilation}, '
            f'padding={self.padding}, stride={self.stride}'
        )


class Unfold(Module):
    """(N, C, H, W) -> (N, C * elements of a window, windows)"""

    def __init__(self, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.kernel_size, self.dilation, self.padding, self.stride = kernel_size, dilation, padding, stride

    def forward(self, input):
        """unfold(input)"""
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self):
        """The sizes."""
        return (
            f'kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, '
            f'stride={self.stride}'
        )
