"""Flatten and Unflatten."""

from torch.nn.modules.module import Module


class Flatten(Module):
    """Dimensions start_dim to end_dim as one."""

    def __init__(self, start_dim=1, end_dim=-1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input):
        """input.flatten(start_dim, end_dim)"""
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self):
        """The dimensions."""
        return f'start_dim={self.start_dim}, end_dim={self.end_dim}'


class Unflatten(Module):
    """Dimension dim as several."""

    def __init__(self, dim, unflattened_size):
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input):
        """input.unflatten(dim, unflattened_size)"""
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self):
        """The sizes."""
        return f'dim={self.dim}, unflattened_size={self.unflattened_size}'
