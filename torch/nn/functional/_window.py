"""What slides over the last dimensions of (N, C, ...): windows, as columns of one matrix a sample.

A window's elements are gathered by index, which works for any number of dimensions, stride, dilation.
"""

import math

import torch._native as native
from torch._creation import arange
from torch._rearrange import picked
from torch._shape import shape_of
from torch._tensor import wrap


def numbers(value, dims, name='argument'):
    """A number for all dimensions, or one for each."""
    if isinstance(value, int):
        return (value,) * dims
    given = tuple(value)
    if len(given) == 1:
        return given * dims
    if len(given) != dims:
        raise RuntimeError(f'{name} must be a single int or a tuple of {dims} ints, but got {given}')
    return given


def out_length(size, kernel, stride, dilation=1, padding=0, ceil_mode=False):
    """How many windows fit into one dimension; with ceil_mode one more that starts inside but does not end."""
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    length = (-(-room // stride) if ceil_mode else room // stride) + 1
    if ceil_mode and (length - 1) * stride >= size + padding:
        length -= 1
    return length


def window_indices(sizes, kernel, stride, dilation, out):
    """int64 places (windows, elements of a window) in the flattened last dimensions of `sizes`."""
    index = arange(1).view(1, 1)
    for size, width, step, spread, length in zip(sizes, kernel, stride, dilation, out):
        starts = arange(length) * step
        places = starts.unsqueeze(1) + arange(width) * spread  # (out, kernel)
        index = index.unsqueeze(1).unsqueeze(3) * size + places.unsqueeze(0).unsqueeze(2)
        index = index.reshape(index.size(0) * index.size(1), index.size(2) * index.size(3))
    return index


def padded(input, before, after, value=0.0):
    """The last dimensions with so many elements of one value more at their starts and ends (or fewer)."""
    dims = len(before)
    if not any(before) and not any(after):
        return input
    sizes = shape_of(input)
    lead, last = sizes[: len(sizes) - dims], sizes[len(sizes) - dims :]
    whole = [low + size + high for low, size, high in zip(before, last, after)]
    if any(size < 0 for size in whole):
        raise RuntimeError(f'padding of {list(before)} and {list(after)} leaves nothing of {list(last)}')
    out = input.new_full((*lead, *whole), value)
    target, source = out, input
    for place, (low, size, total) in enumerate(zip(before, last, whole), len(lead)):
        start, skipped = max(low, 0), max(-low, 0)
        length = max(min(size - skipped, total - start), 0)
        target, source = target.narrow(place, start, length), source.narrow(place, skipped, length)
    target.copy_(source)
    return out


def patches(input, kernel, stride, dilation, padding):
    """(N, C, 1 or 2 sizes) -> (C * elements of a window, N, windows), and the windows in each dimension."""
    dims = len(kernel)
    out = [out_length(*each) for each in zip(shape_of(input)[-dims:], kernel, stride, dilation, padding)]
    image = input if dims == 2 else input.unsqueeze(2)
    lead = 2 - dims  # a height of 1 where there is none
    options = [
        (first,) * lead + tuple(given)
        for first, given in ((1, kernel), (1, dilation), (0, padding), (1, stride))
    ]
    columns = wrap(native.im2col(image._h, *(n for pair in options for n in (2, *pair))))
    return columns.view(columns.size(0), input.size(0), math.prod(out)), out


def windows(input, kernel, stride, dilation, padding, value=0.0, ceil_mode=False):
    """(N, C, *sizes) -> (N, C, windows, elements), and the number of windows in each dimension."""
    dims = len(kernel)
    sizes = shape_of(input)[-dims:]
    out = [out_length(*each, ceil_mode) for each in zip(sizes, kernel, stride, dilation, padding)]
    reach = [(n - 1) * s + d * (k - 1) + 1 for n, s, d, k in zip(out, stride, dilation, kernel)]
    after = [r - size - p for r, size, p in zip(reach, sizes, padding)]
    whole = padded(input, padding, [max(a, 0) for a in after], value)
    index = window_indices(shape_of(whole)[-dims:], kernel, stride, dilation, out)
    columns = picked(whole.flatten(2), 2, index.reshape(-1))
    return columns.view(*shape_of(input)[:2], math.prod(out), math.prod(kernel)), out
