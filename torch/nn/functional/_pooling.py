"""Pooling: the greatest or the mean of each window."""

import math

import torch._native as native
from torch._creation import arange
from torch._shape import cat, shape_of, stack
from torch._tensor import checked, wrap
from torch.nn.functional._window import numbers, windows


def _batched(name, dims, input):
    if input.dim() not in (dims + 1, dims + 2):
        raise RuntimeError(f'{name}: Expected {dims + 1}D or {dims + 2}D input, got {input.dim()}D')
    return input if input.dim() == dims + 2 else input.unsqueeze(0)


def _like(input, dims, *results):
    """Results without the batch's dimension where the input had none."""
    found = results if input.dim() == dims + 2 else tuple(result.squeeze(0) for result in results)
    return found[0] if len(found) == 1 else found


def _sizes(name, dims, kernel_size, stride, padding):
    kernel = numbers(kernel_size, dims, 'kernel_size')
    stride = kernel if stride is None or stride == () or stride == [] else numbers(stride, dims, 'stride')
    padding = numbers(padding, dims, 'padding')
    if any(p > k // 2 for k, p in zip(kernel, padding)):
        raise RuntimeError(
            f'pad should be at most half of effective kernel size, but got pad={max(padding)}, '
            f'kernel_size={min(kernel)} and dilation=1'
        )
    return kernel, stride, padding


def _max_pool(dims, input, kernel_size, stride, padding, dilation, ceil_mode):
    """Values and int64 places, counted through the last dimensions, of each window's maximum."""
    name = f'max_pool{dims}d'
    batch = _batched(name, dims, input)
    kernel, stride, padding = _sizes(name, dims, kernel_size, stride, padding)
    dilation = numbers(dilation, dims, 'dilation')
    if dims <= 2:
        return _like(input, dims, *_greatest(batch, kernel, stride, padding, dilation, ceil_mode))
    lowest = -math.inf if input.is_floating_point() else -(2**31)
    columns, out = windows(batch, kernel, stride, dilation, padding, lowest, ceil_mode)
    spatial = shape_of(batch)[2:]
    numbered = arange(math.prod(spatial), device=input.device).view(1, 1, *spatial)
    places, _ = windows(numbered, kernel, stride, dilation, padding, -1, ceil_mode)
    values, chosen = columns.max(3)
    indices = places.expand(columns.shape).gather(3, chosen.unsqueeze(3))
    lead = shape_of(batch)[:2]
    return _like(input, dims, values.view(*lead, *out), indices.view(*lead, *out))


def _greatest(batch, kernel, stride, padding, dilation, ceil_mode):
    """Values and places in one and two dimensions."""
    flat = (1,) if len(kernel) == 1 else ()
    image = batch.unsqueeze(2) if flat else batch
    geometry = (*flat, *kernel), (*flat, *stride), (0,) * len(flat) + tuple(padding), (*flat, *dilation)
    pairs = [number for pair in geometry for number in (2, *pair)]
    found = wrap(native.max_pool2d(image._h, *pairs, bool(ceil_mode))), wrap(native.more())
    return tuple(t.squeeze(2) for t in found) if flat else found


def _define_max(dims):
    @checked
    def with_indices(
        input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
    ):
        return _max_pool(dims, input, kernel_size, stride, padding, dilation, ceil_mode)

    @checked
    def pool(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
        both = _max_pool(dims, input, kernel_size, stride, padding, dilation, ceil_mode)
        return both if return_indices else both[0]

    pool.__name__ = pool.__qualname__ = f'max_pool{dims}d'
    pool.__doc__ = f'The greatest of each window over the last {dims} dimensions.'
    with_indices.__name__ = with_indices.__qualname__ = f'max_pool{dims}d_with_indices'
    with_indices.__doc__ = f'max_pool{dims}d, and where each was found.'
    return pool, with_indices


max_pool1d, max_pool1d_with_indices = _define_max(1)
max_pool2d, max_pool2d_with_indices = _define_max(2)
max_pool3d, max_pool3d_with_indices = _define_max(3)


def _avg_pool(dims, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override):
    name = f'avg_pool{dims}d'
    batch = _batched(name, dims, input)
    kernel, stride, padding = _sizes(name, dims, kernel_size, stride, padding)
    if divisor_override == 0:
        raise RuntimeError('divisor must be not zero')
    ones = (1,) * dims
    columns, out = windows(batch, kernel, stride, ones, padding, 0.0, ceil_mode)
    total = columns.sum(3)
    if divisor_override is not None:
        total = total / divisor_override
    else:
        spatial = shape_of(batch)[2:]
        if count_include_pad:
            counted, around = [n + 2 * p for n, p in zip(spatial, padding)], (0,) * dims
        else:
            counted, around = spatial, padding
        is_there = batch.detach().new_ones(1, 1, *counted)
        counts = windows(is_there, kernel, stride, ones, around, 0.0, ceil_mode)[0].sum(3)
        total = total / counts[:, :, : total.size(2)]
    return _like(input, dims, total.view(*shape_of(batch)[:2], *out))


@checked
def avg_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """The mean of each window over the last dimension."""
    return _avg_pool(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def _define_avg(dims):
    @checked
    def pool(
        input,
        kernel_size,
        stride=None,
        padding=0,
        ceil_mode=False,
        count_include_pad=True,
        divisor_override=None,
    ):
        return _avg_pool(
            dims, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
        )

    pool.__name__ = pool.__qualname__ = f'avg_pool{dims}d'
    pool.__doc__ = f'The mean of each window over the last {dims} dimensions.'
    return pool


avg_pool2d, avg_pool3d = _define_avg(2), _define_avg(3)


# --- to a given size
def _bounds(size, parts):
    """(start, end) of each of `parts` stretches that cover a dimension, overlapping where they must."""
    return [(i * size // parts, -(-(i + 1) * size // parts)) for i in range(parts)]


def _wanted(input, output_size, dims):
    wanted = numbers(output_size, dims, 'output_size') if output_size is not None else (None,) * dims
    return [n if n is not None else size for n, size in zip(wanted, shape_of(input)[-dims:])]


def _adaptive_avg(dims, input, output_size):
    _batched(f'adaptive_avg_pool{dims}d', dims, input)
    out = input
    for place, parts in zip(range(-dims, 0), _wanted(input, output_size, dims)):
        pieces = [out.narrow(place, a, b - a).mean(place) for a, b in _bounds(out.size(place), parts)]
        out = stack(pieces, place)
    return out


def _adaptive_max(dims, input, output_size):
    batch = _batched(f'adaptive_max_pool{dims}d', dims, input)
    spatial, wanted = shape_of(batch)[2:], _wanted(batch, output_size, dims)
    numbered = arange(math.prod(spatial), device=input.device).view(1, 1, *spatial)
    values, indices = [], []

    def visit(part, places, bounds):
        if bounds:
            at = 2 + dims - len(bounds)
            for a, b in bounds[0]:
                visit(part.narrow(at, a, b - a), places.narrow(at, a, b - a), bounds[1:])
            return
        best, chosen = part.flatten(2).max(2, keepdim=True)
        values.append(best)
        indices.append(places.reshape(-1)[chosen])

    visit(batch, numbered, [_bounds(size, parts) for size, parts in zip(spatial, wanted)])
    lead = shape_of(batch)[:2]
    return _like(input, dims, *(cat(found, 2).view(*lead, *wanted) for found in (values, indices)))


def _define_adaptive(dims):
    @checked
    def average(input, output_size):
        return _adaptive_avg(dims, input, output_size)

    @checked
    def greatest(input, output_size, return_indices=False):
        both = _adaptive_max(dims, input, output_size)
        return both if return_indices else both[0]

    @checked
    def with_indices(input, output_size, return_indices=False):
        return _adaptive_max(dims, input, output_size)

    for function, name, what in (
        (average, f'adaptive_avg_pool{dims}d', 'means'),
        (greatest, f'adaptive_max_pool{dims}d', 'maxima'),
        (with_indices, f'adaptive_max_pool{dims}d_with_indices', 'maxima, and their places,'),
    ):
        function.__name__ = function.__qualname__ = name
        function.__doc__ = f'As many {what} over the last {dims} dimensions as asked for.'
    return average, greatest, with_indices


adaptive_avg_pool1d, adaptive_max_pool1d, adaptive_max_pool1d_with_indices = _define_adaptive(1)
adaptive_avg_pool2d, adaptive_max_pool2d, adaptive_max_pool2d_with_indices = _define_adaptive(2)
adaptive_avg_pool3d, adaptive_max_pool3d, adaptive_max_pool3d_with_indices = _define_adaptive(3)


# --- others
def _lp_pool(dims, input, norm_type, kernel_size, stride, ceil_mode):
    batch = _batched(f'lp_pool{dims}d', dims, input)
    kernel, stride, none = _sizes('lp_pool', dims, kernel_size, stride, 0)
    columns, out = windows(batch, kernel, stride, (1,) * dims, none, 0.0, ceil_mode)
    powers = (columns**norm_type).sum(3)
    if ceil_mode:  # PyTorch takes the mean of the elements there are, times the kernel's size
        ones = batch.detach().new_ones(1, 1, *shape_of(batch)[2:])
        counts = windows(ones, kernel, stride, (1,) * dims, none, 0.0, True)[0].sum(3)
        powers = powers / counts * math.prod(kernel)
    result = (powers.sign() * powers.abs()) ** (1.0 / norm_type)
    return _like(input, dims, result.view(*shape_of(batch)[:2], *out))


def _define_lp(dims):
    @checked
    def pool(input, norm_type, kernel_size, stride=None, ceil_mode=False):
        return _lp_pool(dims, input, norm_type, kernel_size, stride, ceil_mode)

    pool.__name__ = pool.__qualname__ = f'lp_pool{dims}d'
    pool.__doc__ = f'The root of the sum of powers of each window over the last {dims} dimensions.'
    return pool


lp_pool1d, lp_pool2d, lp_pool3d = map(_define_lp, (1, 2, 3))


def _define_unpool(dims):
    @checked
    def unpool(input, indices, kernel_size, stride=None, padding=0, output_size=None):
        batch = _batched(f'max_unpool{dims}d', dims, input)
        kernel, stride, padding = _sizes('max_unpool', dims, kernel_size, stride, padding)
        sizes = zip(shape_of(batch)[2:], kernel, stride, padding)
        spatial = [(n - 1) * s - 2 * p + k for n, k, s, p in sizes]
        if output_size is not None:
            spatial = list(output_size)[-dims:]
        flat = batch.new_zeros(*shape_of(batch)[:2], math.prod(spatial))
        out = flat.scatter(2, indices.reshape(*shape_of(batch)[:2], -1), batch.flatten(2))
        return _like(input, dims, out.view(*shape_of(batch)[:2], *spatial))

    unpool.__name__ = unpool.__qualname__ = f'max_unpool{dims}d'
    unpool.__doc__ = f'The values of max_pool{dims}d back where its indices found them, zeros elsewhere.'
    return unpool


max_unpool1d, max_unpool2d, max_unpool3d = map(_define_unpool, (1, 2, 3))
