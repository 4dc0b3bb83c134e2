"""Sequences, images and volumes resized, one dimension after the other."""

import math

from torch._creation import arange
from torch._dtype import float64, int64
from torch._rearrange import picked
from torch._shape import shape_of
from torch._tensor import checked
from torch.nn.functional._pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d


def _source(size, out, scale, align_corners, half_pixel=True):
    """float64 places in a dimension of `size` that the `out` new ones look at."""
    at = arange(out).to(float64)
    if align_corners:
        return at * ((size - 1) / (out - 1) if out > 1 else 0.0)
    step = size / out if scale is None else 1 / scale
    return (at + 0.5) * step - 0.5 if half_pixel else at * step


def _linear(input, place, out, scale, align_corners):
    size = input.size(place)
    at = _source(size, out, scale, align_corners).clamp(min=0.0)
    low = at.floor().to(int64).clamp(max=size - 1)
    high = (low + 1).clamp(max=size - 1)
    part = (at - low).clamp(0.0, 1.0).to(input.device, input.dtype).view(-1, *(1,) * (-place - 1))
    return picked(input, place, low) * (1 - part) + picked(input, place, high) * part


def _cubic(input, place, out, scale, align_corners):
    size, a = input.size(place), -0.75
    at = _source(size, out, scale, align_corners)
    low = at.floor()
    part = (at - low).view(-1, *(1,) * (-place - 1))
    total = 0
    for shift in (-1, 0, 1, 2):
        x = (part - shift).abs()
        near = ((a + 2) * x - (a + 3)) * x * x + 1
        far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
        weight = (near if shift in (0, 1) else far).to(input.device, input.dtype)
        index = (low.to(int64) + shift).clamp(0, size - 1)
        total = total + picked(input, place, index) * weight
    return total


def _nearest(input, place, out, scale, is_exact):
    size = input.size(place)
    at = _source(size, out, scale, False, half_pixel=False)
    if is_exact:
        step = size / out if scale is None else 1 / scale
        at = at + 0.5 * step
    return picked(input, place, at.floor().to(int64).clamp(max=size - 1))


def _target_sizes(input, size, scale_factor, dims):
    """The sizes wanted, and the scales where these were given."""
    if (size is None) == (scale_factor is None):
        raise ValueError(
            'either size or scale_factor should be defined'
            if size is None
            else 'only one of size or scale_factor should be defined'
        )
    if size is not None:
        given = list(size) if isinstance(size, (tuple, list)) else [size] * dims
        if len(given) != dims:
            raise ValueError(
                'Input and output must have the same number of spatial dimensions, but got input with '
                f'spatial dimensions of {list(shape_of(input)[2:])} and output size of {size}.'
            )
        return given, [None] * dims
    scales = list(scale_factor) if isinstance(scale_factor, (tuple, list)) else [scale_factor] * dims
    if len(scales) != dims:
        raise ValueError(
            'Input and scale_factor must have the same number of spatial dimensions, but got input with '
            f'spatial dimensions of {list(shape_of(input)[2:])} and scale_factor of shape {scale_factor}.'
        )
    sizes = [math.floor(float(n) * s) for n, s in zip(shape_of(input)[2:], scales)]
    return sizes, scales


@checked
def interpolate(
    input,
    size=None,
    scale_factor=None,
    mode='nearest',
    align_corners=None,
    recompute_scale_factor=None,
    antialias=False,
):
    """(N, C, 1 to 3 sizes) resized: mode nearest, nearest-exact, linear, bilinear, bicubic, trilinear, area."""
    dims = input.dim() - 2
    if mode in ('nearest', 'area', 'nearest-exact'):
        if align_corners is not None:
            raise ValueError(
                'align_corners option can only be set with the interpolating modes: '
                'linear | bilinear | bicubic | trilinear'
            )
    elif {'linear': 1, 'bilinear': 2, 'bicubic': 2, 'trilinear': 3}.get(mode) != dims:
        raise NotImplementedError(
            'Input Error: Only 3D, 4D and 5D input Tensors supported (got '
            f'{input.dim()}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | area | '
            f'nearest-exact (got {mode})'
        )
    if antialias:
        raise NotImplementedError('interpolate(antialias=True) is not supported')
    sizes, scales = _target_sizes(input, size, scale_factor, dims)
    if recompute_scale_factor:
        scales = [None] * dims
    if mode == 'area':
        return (adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d)[dims - 1](input, sizes)
    out = input
    for place, wanted, scale in zip(range(-dims, 0), sizes, scales):
        if mode.startswith('nearest'):
            out = _nearest(out, place, wanted, scale, mode == 'nearest-exact')
        elif mode == 'bicubic':
            out = _cubic(out, place, wanted, scale, bool(align_corners))
        else:
            out = _linear(out, place, wanted, scale, bool(align_corners))
    return out


def upsample(input, size=None, scale_factor=None, mode='nearest', align_corners=None):
    """interpolate"""
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input, size=None, scale_factor=None):
    """interpolate by the nearest element."""
    return interpolate(input, size, scale_factor, 'nearest')


def upsample_bilinear(input, size=None, scale_factor=None):
    """interpolate linearly over two dimensions, corners kept."""
    return interpolate(input, size, scale_factor, 'bilinear', align_corners=True)
