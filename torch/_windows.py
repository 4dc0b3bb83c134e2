"""Windows of signal processing: vectors that rise from and fall to (nearly) 0."""

import math

from torch._creation import arange
from torch._dtype import get_default_dtype
from torch._tensor import function


@function
def bartlett_window(window_length, periodic=True, *, dtype=None, requires_grad=False):
    """A triangle from 0 to 1 and back."""
    n = _window_points(window_length, periodic, dtype)
    return _cut(1 - (2 * n[0] / n[1] - 1).abs(), window_length, requires_grad)


def _window_points(length, periodic, dtype):
    count = length + 1 if periodic else length
    return arange(max(count, 1), dtype=dtype or get_default_dtype()), max(count - 1, 1)


def _cut(values, length, requires_grad):
    return values[:length].clone().requires_grad_(requires_grad)


def _define_cosine_window(name, *weights):
    def window(window_length, periodic=True, *args, dtype=None, requires_grad=False):
        chosen = (args[0], 1 - args[0] if len(args) < 2 else args[1]) if args else weights
        n, last = _window_points(window_length, periodic, dtype)
        if window_length == 1:
            return _cut(n * 0 + 1, 1, requires_grad)
        out = sum(
            (-1) ** k * weight * (n * (2 * math.pi * k / last)).cos() for k, weight in enumerate(chosen)
        )
        return _cut(out, window_length, requires_grad)

    window.__name__, window.__doc__ = (
        f'{name}_window',
        'A sum of cosines that falls to (nearly) 0 at its ends.',
    )
    function(window)


_define_cosine_window('hann', 0.5, 0.5)
_define_cosine_window('hamming', 0.54, 0.46)
_define_cosine_window('blackman', 0.42, 0.5, 0.08)
