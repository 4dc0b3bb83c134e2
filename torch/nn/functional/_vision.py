"""Padding, rearranged channels and sampling of what has places: sequences, images, volumes."""

from torch._creation import arange, linspace, ones
from torch._dtype import int64
from torch._rearrange import picked, where
from torch._shape import shape_of, stack
from torch._tensor import checked
from torch.nn.functional._window import padded


# --- padding
def _border_index(mode, size, before, after):
    """Which elements of a dimension stand where, once it is padded."""
    at = arange(-before, size + after)
    if mode == 'replicate':
        return at.clamp(0, size - 1)
    if mode == 'circular':
        if before > size or after > size:
            raise RuntimeError('Padding value causes wrapping around more than once.')
        return at % size
    if before >= size or after >= size:
        raise RuntimeError(
            'Argument #4: Padding size should be less than the corresponding input dimension, '
            f'but got: padding ({before}, {after}) at a dimension of size {size}'
        )
    last = size - 1
    return last - (last - at.abs()).abs()


@checked
def pad(input, pad, mode='constant', value=None):
    """More (or fewer) elements at the ends: pad is (last start, last end, last but one start, ...)."""
    if len(pad) % 2:
        raise RuntimeError('Padding length must be divisible by 2')
    dims = len(pad) // 2
    if dims > input.dim():
        raise RuntimeError(
            'Padding length should be less than or equal to two times the input dimension but got padding '
            f'length {len(pad)} and input of dimension {input.dim()}'
        )
    before, after = list(pad[0::2])[::-1], list(pad[1::2])[::-1]
    if mode == 'constant':
        out = padded(input, before, after, 0 if value is None else value)
        return out.clone() if out is input else out
    if value is not None and value != 0:
        raise ValueError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if mode not in ('reflect', 'replicate', 'circular'):
        raise NotImplementedError(f'Unrecognised padding mode {mode}')
    if input.dim() not in (dims + 1, dims + 2):
        raise NotImplementedError(
            'Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now'
        )
    out = input
    for place, low, high in zip(range(-dims, 0), before, after):
        if low < 0 or high < 0:
            out = out.narrow(place, max(-low, 0), out.size(place) + min(low, 0) + min(high, 0))
        if low > 0 or high > 0:
            index = _border_index(mode, out.size(place), max(low, 0), max(high, 0))
            out = picked(out, place, index)
    return out


# --- channels
@checked
def pixel_shuffle(input, upscale_factor):
    """(..., C r r, H, W) -> (..., C, H r, W r)"""
    r, (*lead, channels, height, width) = upscale_factor, shape_of(input)
    if channels % (r * r):
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of "
            f'upscale_factor, but input.size(-3)={channels} is not divisible by {r * r}'
        )
    parts = input.reshape(-1, channels // (r * r), r, r, height, width).permute(0, 1, 4, 2, 5, 3)
    return parts.reshape(*lead, channels // (r * r), height * r, width * r)


@checked
def pixel_unshuffle(input, downscale_factor):
    """(..., C, H r, W r) -> (..., C r r, H, W)"""
    r, (*lead, channels, height, width) = downscale_factor, shape_of(input)
    for size, what in ((height, 'height'), (width, 'width')):
        if size % r:
            raise RuntimeError(
                f'pixel_unshuffle expects {what} to be divisible by downscale_factor, but input.size('
                f'{-2 if what == "height" else -1})={size} is not divisible by {r}'
            )
    parts = input.reshape(-1, channels, height // r, r, width // r, r).permute(0, 1, 3, 5, 2, 4)
    return parts.reshape(*lead, channels * r * r, height // r, width // r)


@checked
def channel_shuffle(input, groups):
    """(N, C, ...): the channels of `groups` groups in turn."""
    if input.size(1) % groups:
        raise RuntimeError(
            'Number of channels must be divisible by groups. '
            f'Got {input.size(1)} channels and {groups} groups.'
        )
    sizes = shape_of(input)
    parts = input.reshape(sizes[0], groups, sizes[1] // groups, *sizes[2:])
    return parts.transpose(1, 2).reshape(sizes)


native_channel_shuffle = channel_shuffle


# --- sampling
@checked
def affine_grid(theta, size, align_corners=None):
    """theta (N, 2, 3) or (N, 3, 4) -> where an image of `size` (N, C, [D,] H, W) is looked up, in [-1, 1]."""
    spatial = list(size)[2:]
    options = {'dtype': theta.dtype, 'device': theta.device}
    axes = []
    for n in spatial[::-1]:
        reach = 1.0 if align_corners else (n - 1) / n
        axes.append(linspace(-reach, reach, n, **options) if n > 1 else theta.new_zeros(1))
    count = len(spatial)
    shapes = [[-1 if at == count - 1 - axis else 1 for at in range(count)] for axis in range(count)]
    coordinates = [a.view(shape).expand(spatial) for a, shape in zip(axes, shapes)]
    base = stack([*coordinates, ones(spatial, **options)], -1)
    flat = base.reshape(1, -1, count + 1) @ theta.transpose(1, 2)
    return flat.view(theta.size(0), *spatial, count)


def _unnormalized(x, size, align_corners):
    return (x + 1) / 2 * (size - 1) if align_corners else ((x + 1) * size - 1) / 2


def _reflected(x, low, high):
    """x folded back into [low, high]."""
    span = high - low
    if span == 0:
        return x * 0.0
    distance = (x - low).abs()
    turns = (distance / span).floor().detach()
    rest = distance - turns * span
    return where(turns % 2 == 0, rest + low, span - rest + low)


def _inside(x, size, padding_mode, align_corners):
    if padding_mode == 'reflection':
        x = _reflected(x, 0.0, size - 1.0) if align_corners else _reflected(x, -0.5, size - 0.5)
    return x if padding_mode == 'zeros' else x.clamp(0, size - 1)


@checked
def grid_sample(input, grid, mode='bilinear', padding_mode='zeros', align_corners=None):
    """input (N, C, H, W) at grid (N, h, w, 2) of (x, y) in [-1, 1]; or volumes at (x, y, z)."""
    if mode == 'bicubic':
        raise NotImplementedError("grid_sample(mode='bicubic') is not supported: use 'bilinear'")
    if mode not in ('bilinear', 'nearest'):
        raise ValueError(
            "nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', "
            f"but got: '{mode}'"
        )
    if padding_mode not in ('zeros', 'border', 'reflection'):
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', "
            f"but got: '{padding_mode}'"
        )
    spatial = shape_of(input)[2:]
    places = [
        _inside(_unnormalized(grid[..., i], size, align_corners), size, padding_mode, align_corners)
        for i, size in enumerate(spatial[::-1])
    ]
    if mode == 'nearest':
        nothing = grid.masked_fill(grid.isfinite() | grid.isnan() | grid.isinf(), 0.0)  # the grid's gradient
        found = _looked_up(input, [x.round().to(int64) for x in places][::-1], None)
        return found + nothing.sum(-1).unsqueeze(1)
    lows = [x.detach().floor() for x in places]
    total = 0
    for corner in range(2 ** len(places)):
        shifts = [corner >> i & 1 for i in range(len(places))]
        weight = 1
        for x, low, shift in zip(places, lows, shifts):
            weight = weight * ((x - low) if shift else (1 - (x - low)))
        index = [(low + shift).to(int64) for low, shift in zip(lows, shifts)]
        total = total + _looked_up(input, index[::-1], weight)
    return total


def _looked_up(input, index, weight):
    """Elements of input (N, C, ...) at int64 places (N, ...), zero outside, times a weight a place."""
    sizes = shape_of(input)
    flat, is_there = 0, None
    for at, size in zip(index, sizes[2:]):
        flat = flat * size + at.clamp(0, size - 1)
        inside = (at >= 0) & (at < size)
        is_there = inside if is_there is None else is_there & inside
    factor = is_there.to(input.dtype) if weight is None else where(is_there, weight, 0.0)
    chosen = input.flatten(2).gather(2, flat.flatten(1).unsqueeze(1).expand(-1, sizes[1], -1))
    return chosen.view(*sizes[:2], *shape_of(flat)[1:]) * factor.unsqueeze(1)
