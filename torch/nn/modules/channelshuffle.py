"""Channels of several groups in turn."""

import torch.nn.functional as F
from torch.nn.modules.module import Module


class ChannelShuffle(Module):
    """(N, C, ...): the channels of `groups` groups in turn."""

    def __init__(self, groups):
        super().__init__()
        self.groups = groups

    def forward(self, input):
        """channel_shuffle(input)"""
        return F.channel_shuffle(input, self.groups)

    def extra_repr(self):
        """The groups."""
        return f'groups={self.groups}'
