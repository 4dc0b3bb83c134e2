"""Differences and integrals along a dimension, between evenly spaced points or at coordinates."""

import functools
import operator

import torch._native as native
from torch._creation import full
from torch._shape import cat, wrapped_dim
from torch._tensor import Tensor, function, functions, operation


@operation
def diff(input, n=1, dim=-1, prepend=None, append=None):
    """Each element less the one before along dim, n times."""
    parts = [t for t in (prepend, input, append) if t is not None]
    out = cat(parts, dim) if len(parts) > 1 else input
    if out.dim() == 0:
        raise RuntimeError('diff expects input to be at least one-dimensional')
    for _ in range(n):
        size = native.size(out._h, dim)
        if size == 0:
            break
        later, earlier = out.narrow(dim, 1, size - 1), out.narrow(dim, 0, size - 1)
        out = later.logical_xor(earlier) if out.dtype.name == 'bool' else later - earlier
    return out


def _differentiated(input, steps, dim, edge_order):
    """Differences of second order along dim, where neighbours lie `steps` apart; at the ends of edge_order."""
    size = native.size(input._h, dim)
    shape = [-1 if d == dim else 1 for d in range(input.dim())]

    def combined(first, weights):
        """Of neighbours from `first` on, each with its weights."""
        count = native.numel(weights[0]._h)
        parts = (
            input.narrow(dim, first + i, count) * weight.reshape(shape) for i, weight in enumerate(weights)
        )
        return functools.reduce(operator.add, parts)

    before, after = steps[:-1], steps[1:]
    both = before + after
    inner = combined(
        0, (-after / (before * both), (after - before) / (before * after), before / (after * both))
    )
    if edge_order == 1:
        ends = [combined(at, (-1 / step, 1 / step)) for at, step in ((0, steps[:1]), (size - 2, steps[-1:]))]
    else:
        ends = []
        for at, (near, far), sign in (
            (0, (steps[:1], steps[1:2]), 1),
            (size - 3, (steps[-1:], steps[-2:-1]), -1),
        ):
            sum_ = near + far
            weights = (-(near + sum_) / (near * sum_), sum_ / (near * far), -near / (far * sum_))
            ends.append(combined(at, tuple(sign * weight for weight in weights[::sign])))
    return cat([ends[0], inner, ends[1]], dim)


@operation
def gradient(input, *, spacing=1, dim=None, edge_order=1):
    """The gradient of a function sampled at even distances, or at coordinates, by differences: one tensor a dim."""
    dims = range(input.dim()) if dim is None else [dim] if isinstance(dim, int) else dim
    dims = [wrapped_dim(d, input.dim()) for d in dims]
    spacings = [spacing] * len(dims) if isinstance(spacing, (int, float)) else list(spacing)
    if len(spacings) != len(dims):
        raise RuntimeError(
            f'torch.gradient expected spacing to be unspecified, a scalar, or a list of length {len(dims)} '
            f'matching the dimensions, but got a list of length {len(spacings)}'
        )
    if edge_order not in (1, 2):
        raise RuntimeError('torch.gradient only supports edge_order=1 and edge_order=2.')
    out = []
    for d, given in zip(dims, spacings, strict=True):
        size = native.size(input._h, d)
        if size < edge_order + 1:
            raise RuntimeError('torch.gradient expected each dimension size to be at least edge_order+1')
        if isinstance(given, Tensor):
            steps = diff(given) * 1.0
        else:
            steps = full((size - 1,), float(given), device=input.device)
        out.append(_differentiated(input, steps, d, edge_order))
    return tuple(out)


def _areas(y, x, dx, dim, name):
    size = native.size(y._h, dim)
    if x is not None and native.size(x._h, -1 if x.dim() == 1 else dim) != size:
        raise RuntimeError(f'{name}: There must be one `x` value for each sample point')
    if size == 0:
        return y.detach()
    pairs = y.narrow(dim, 1, size - 1) + y.narrow(dim, 0, size - 1)
    if x is None:
        return pairs * (dx / 2)
    widths = diff(x, dim=-1 if x.dim() == 1 else dim)
    if x.dim() == 1:
        widths = widths.view([-1 if d == wrapped_dim(dim, y.dim()) else 1 for d in range(y.dim())])
    return pairs * widths / 2


@function
def trapezoid(y, x=None, *, dx=1.0, dim=-1):
    """The integral by the trapezoidal rule, at the points x or dx apart."""
    return _areas(y, x, dx, dim, 'trapezoid').sum(dim)


@function
def cumulative_trapezoid(y, x=None, *, dx=1.0, dim=-1):
    """The running integral by the trapezoidal rule."""
    return _areas(y, x, dx, dim, 'cumulative_trapezoid').cumsum(dim)


functions['trapz'] = trapezoid
