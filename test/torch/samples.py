"""Inputs and fingerprints that are the same here and under PyTorch: test/golden/make_operations.py uses them too.

Nothing in this file may hang on which of the two packages `torch` is.
"""

import math

import torch


class Numbers:
    """A stream of pseudo-random integers (Knuth's MMIX generator), the same everywhere."""

    def __init__(self, seed):
        self.state = (seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**64

    def below(self, n):
        """An integer from 0 up to, but not including, n."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def choose(self, items):
        """One of the items."""
        return items[self.below(len(items))]


def distinct(count, low, high, seed):
    """`count` different multiples of 1/64 between low and high, exact in either precision, in mixed order."""
    numbers, pool = Numbers(seed), list(range(int(low * 64) + 1, int(high * 64)))
    assert count <= len(pool)
    return [pool.pop(numbers.below(len(pool))) / 64 for _ in range(count)]


def made(shape, low, high, seed, dtype):
    """A tensor of distinct values."""
    return torch.tensor(distinct(math.prod(shape), low, high, seed), dtype=dtype).reshape(shape)


def laid_out(tensor, layout):
    """The same elements laid out in memory in another way: 'plain', 'strided' (with gaps) or 'permuted'."""
    if layout == 'plain' or tensor.dim() == 0:
        return tensor
    if layout == 'strided':
        wide = torch.zeros(*tensor.shape[:-1], 2 * tensor.shape[-1] + 1, dtype=tensor.dtype)
        place = wide[..., 1::2]
    else:
        place = torch.zeros(tensor.shape[::-1], dtype=tensor.dtype).permute(*range(tensor.dim() - 1, -1, -1))
    place.copy_(tensor)
    return place


def weights(count):
    """Fixed numbers in [-1, 1), no two alike side by side."""
    return [((i * 37 + 11) % 64 - 32) / 32 for i in range(count)]


def fingerprint(value):
    """A result in few numbers: dtype, sizes, the largest magnitude, two weighted sums, and what is not finite."""
    if isinstance(value, torch.Tensor):
        elements = value.detach().cpu().to(torch.float64).reshape(-1).tolist()
        finite = [v if math.isfinite(v) else 0.0 for v in elements]
        odd = sum((i % 97 + 1) * _oddness(v) for i, v in enumerate(elements))
        pairs = list(zip(finite, weights(len(finite)), strict=True))
        kind = str(value.dtype).removeprefix('torch.')
        return [
            kind,
            list(value.shape),
            max(map(abs, finite), default=0.0),
            math.fsum(v * w for v, w in pairs),
            math.fsum(v * w * ((i * 29 + 5) % 31 + 1) / 31 for i, (v, w) in enumerate(pairs)),
            odd,
        ]
    if isinstance(value, (tuple, list)):
        return [fingerprint(item) for item in value]
    return repr(value)


def _oddness(v):
    if math.isfinite(v):
        return 0
    return 1 if math.isnan(v) else 2 if v > 0 else 3


def weighted_sum(tensors):
    """A scalar in which every element of the floating point tensors counts differently."""
    total = 0
    for tensor in tensors:
        if tensor.requires_grad:
            factors = torch.tensor(weights(tensor.numel()), dtype=tensor.dtype, device=tensor.device)
            total = total + (tensor * factors.reshape(tensor.shape)).sum()
    return total


def tensors_of(value):
    """The tensors of a result, however it nests them."""
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for item in value for t in tensors_of(item)] if isinstance(value, (tuple, list)) else []
