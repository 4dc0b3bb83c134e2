"""Order and counts: medians, quantiles, modes, histograms, distinct values, covariances."""

from collections import namedtuple

import torch._native as native
from torch._creation import arange, zeros
from torch._dtype import bool_, dtypes, get_default_dtype, int32, int64
from torch._pointwise import operand
from torch._rearrange import where
from torch._reduce import bincount, printed_by_line, return_types, sort
from torch._reduce import sum as sum_
from torch._shape import shape_of, wrapped_dim
from torch._tensor import Tensor, function, operation, wrap


def _kept(keepdim, dim, *tensors):
    return tuple(t.unsqueeze(dim) if keepdim else t for t in tensors)


def _is_floating(tensor):
    return dtypes[native.dtype(tensor._h)].is_floating_point


@operation
def nanmean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean of what is not NaN."""
    is_number = input.isnan().logical_not()
    total = input.nansum(dim, keepdim, dtype=dtype)
    return total / sum_(is_number, dim, keepdim)


def _middle(input, dim, keepdim, ignores_nan, name):
    """The lower median along dim and its place; NaN where there is one, unless NaN counts for nothing."""
    if input.dim() == 0:
        return return_types[name](input.clone(), zeros((), dtype=int64, device=input.device))
    size = native.size(input._h, dim)
    if size == 0:
        raise IndexError(f'median(): Expected reduction dim {dim} to have non-zero size.')
    values, indices = sort(input, dim, stable=True)
    if not _is_floating(input):
        chosen = values.select(dim, (size - 1) // 2), indices.select(dim, (size - 1) // 2)
        return return_types[name](*_kept(keepdim, dim, *chosen))
    numbers = input.detach().isnan().logical_not().sum(dim, keepdim=True)
    if ignores_nan:
        place = ((numbers - 1) // 2).clamp(min=0)
    else:  # the first NaN stands where the numbers end
        place = where(numbers < size, numbers, (size - 1) // 2)
    chosen = values.gather(dim, place), indices.gather(dim, place)
    return return_types[name](*(t if keepdim else t.squeeze(dim) for t in chosen))


def _of_all(input, ignores_nan, name):
    if input.numel() == 0:
        return input.sum() * float('nan') if _is_floating(input) else input.sum()
    return _middle(input.flatten(), 0, False, ignores_nan, name)[0]


@operation
def median(input, dim=None, keepdim=False):
    """The median (the lower one of two), of all or along dim with its place."""
    if dim is None:
        return _of_all(input, False, 'median')
    return _middle(input, dim, keepdim, False, 'median')


@operation
def nanmedian(input, dim=None, keepdim=False):
    """The median of what is not NaN."""
    if dim is None:
        return _of_all(input, True, 'nanmedian')
    return _middle(input, dim, keepdim, True, 'nanmedian')


@operation
def kthvalue(input, k, dim=-1, keepdim=False):
    """The k-th smallest along dim (from 1) and its place."""
    size = native.size(input._h, dim) if input.dim() else 1
    at = wrapped_dim(dim, input.dim())
    if size == 0:
        raise IndexError(f'kthvalue(): Expected reduction dim {at} to have non-zero size.')
    if not 1 <= k <= size:
        raise RuntimeError(f'kthvalue(): selected number k out of range for dimension {at}')
    if input.dim() == 0:
        return return_types['kthvalue'](input.clone(), zeros((), dtype=int64, device=input.device))
    values, indices = sort(input, dim, stable=True)
    chosen = values.select(dim, k - 1), indices.select(dim, k - 1)
    return return_types['kthvalue'](*_kept(keepdim, dim, *chosen))


@operation
def mode(input, dim=-1, keepdim=False):
    """The value that occurs most often along dim (the least of several), and the place of its last occurrence."""
    if input.dim() == 0:
        return return_types['mode'](input.clone(), zeros((), dtype=int64, device=input.device))
    if native.size(input._h, dim) == 0:
        raise IndexError(
            f'mode(): Expected reduction dim {wrapped_dim(dim, input.dim())} to have non-zero size.'
        )
    values, indices = sort(input.movedim(dim, -1), -1, stable=True)
    same = values.detach().unsqueeze(-1) == values.detach().unsqueeze(-2)
    place = same.sum(-1).argmax(-1, keepdim=True)
    last = place + same.gather(-2, place.unsqueeze(-1).expand(*place.shape, same.size(-1))).sum(-1) - 1
    chosen = values.gather(-1, place).squeeze(-1), indices.gather(-1, last).squeeze(-1)
    return return_types['mode'](*_kept(keepdim, dim, *chosen))


@operation
def msort(input):
    """Sorted along the first dimension."""
    return sort(input, 0).values


# --- quantiles
def _interpolated(low, high, weight, how):
    if how == 'lower':
        return low
    if how == 'higher':
        return high
    if how == 'nearest':
        return where(weight.round() > 0, high, low)
    if how == 'midpoint':
        return (low + high) / 2
    return low.lerp(high, weight)


def _quantile(input, q, dim, keepdim, interpolation, ignores_nan, name):
    if interpolation not in ('linear', 'lower', 'higher', 'midpoint', 'nearest'):
        raise RuntimeError(
            f'{name}() interpolation must be one of linear, lower, higher, midpoint or nearest, '
            f'but got {interpolation}'
        )
    if not _is_floating(input):
        raise RuntimeError(f'{name}() input tensor must be either float or double dtype')
    if input.numel() == 0:
        raise RuntimeError('quantile() input tensor must be non-empty')
    is_number = not isinstance(q, Tensor)
    fractions = input.detach().new_tensor(q) if is_number else q
    if fractions.dtype is not input.dtype:
        raise RuntimeError(f'{name}() q tensor must be same dtype as the input tensor')
    if bool(((fractions < 0) | (fractions > 1)).any()):
        raise RuntimeError(
            f'{name}() q must be in the range [0, 1] but got {fractions.item():g}'
            if is_number
            else f'{name}() q values must be in the range [0, 1]'
        )
    source = input.flatten() if dim is None else input.movedim(dim, -1)
    values = source.sort(-1).values
    numbers = source.detach().isnan().logical_not().sum(-1, keepdim=True)
    size = source.size(-1)
    last = (numbers if ignores_nan else numbers * 0 + size) - 1
    at = fractions.flatten() * last.clamp(min=0)  # (..., q)
    if interpolation == 'nearest':
        at = at.round()
    if not ignores_nan:  # a row with a NaN has it at its end
        at = where(numbers < size, size - 1, at)
    below = at.floor()
    low = values.gather(-1, below.long())
    high = values.gather(-1, at.ceil().long())
    out = _interpolated(low, high, at - below, interpolation).movedim(-1, 0)
    if keepdim:
        shape = [1] * input.dim() if dim is None else None
        out = out.view(-1, *shape) if dim is None else out.unsqueeze(wrapped_dim(dim, input.dim()) + 1)
    return out.view(*fractions.shape, *out.shape[1:])


@operation
def quantile(input, q, dim=None, keepdim=False, *, interpolation='linear'):
    """The q-quantiles along dim (or of all), q a number or a vector, which becomes the first dimension."""
    return _quantile(input, q, dim, keepdim, interpolation, False, 'quantile')


@operation
def nanquantile(input, q, dim=None, keepdim=False, *, interpolation='linear'):
    """The quantiles of what is not NaN."""
    return _quantile(input, q, dim, keepdim, interpolation, True, 'nanquantile')


# --- places in sorted rows, histograms
@function
def searchsorted(sorted_sequence, input, *, out_int32=False, right=False, side=None, sorter=None):
    """Where each value goes into the sorted rows: before equal ones, or with right=True behind them."""
    if side not in (None, 'left', 'right'):
        raise RuntimeError(f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}")
    if side == 'left' and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True"
        )
    rows = sorted_sequence if sorter is None else sorted_sequence.gather(-1, sorter)
    values = input if isinstance(input, Tensor) else operand(rows, input).to(rows.device, rows.dtype)
    if rows.device != values.device:
        raise RuntimeError(
            'torch.searchsorted(): boundaries and input value tensors should have same device type, but got '
            f'boundaries tensor device type {rows.device} and input value tensor device type {values.device}'
        )
    places = wrap(native.searchsorted(rows._h, values._h, bool(right or side == 'right')))
    return places.to(int32) if out_int32 else places


@function
def bucketize(input, boundaries, *, out_int32=False, right=False):
    """The number of the bucket that each value falls into: boundaries[i-1] < value <= boundaries[i]."""
    if native.dim(boundaries._h) != 1:
        raise RuntimeError(f'boundaries tensor must be 1 dimension, but got dim({native.dim(boundaries._h)})')
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def _range_of(input, low, high):
    if low == high and input.numel():
        low, high = input.min().item(), input.max().item()
    if low == high:
        low, high = low - 1, high + 1
    return float(low), float(high)


@operation
def histc(input, bins=100, min=0, max=0):
    """How many elements lie in each of `bins` equal intervals from min to max (of the input, where both are equal)."""
    if bins <= 0:
        raise RuntimeError('bins must be > 0')
    values = input.detach().flatten()
    low, high = _range_of(values, min, max)
    if low > high:
        raise RuntimeError('max must be larger than min')
    inside = values[(values >= low) & (values <= high)]
    places = ((inside - low) * (bins / (high - low))).floor().clamp(max=bins - 1)
    return bincount(places.long(), minlength=bins).to(input.dtype)


_Histogram = printed_by_line(namedtuple('histogram', ('hist', 'bin_edges'), module='torch.return_types'))


@operation
def histogram(input, bins, *, range=None, weight=None, density=False):
    """Counts (or sums of weights) between edges, which are given or evenly spaced over the range."""
    from torch._creation import linspace

    values = input.detach().flatten()
    if isinstance(bins, Tensor):
        edges = bins
    else:
        low, high = _range_of(values, *(range or (0, 0)))
        edges = linspace(low, high, bins + 1, dtype=input.dtype, device=input.device)
    count = edges.numel() - 1
    inside = (values >= edges[0]) & (values <= edges[-1])
    places = (searchsorted(edges, values[inside], right=True) - 1).clamp(max=count - 1)
    weights = values.new_ones(values.shape) if weight is None else weight.flatten()
    hist = bincount(places, weights[inside], minlength=count).to(input.dtype)
    if density:
        hist = hist / hist.sum() / edges.diff()
    return _Histogram(hist, edges)


# --- distinct values
def _runs(values):
    """Whether each row of values differs from the one before."""
    is_first = zeros(values.size(0), dtype=bool_, device=values.device).logical_not()
    if values.size(0) > 1:
        differs = values[1:] != values[:-1]
        is_first[1:] = differs.reshape(values.size(0) - 1, -1).any(1)
    return is_first


def _distinct(values, order, shape, return_inverse, return_counts):
    """Of sorted (or, order None, unsorted) rows: the first of each run, places among them, lengths."""
    is_first = _runs(values)
    place = is_first.long().cumsum(0) - 1
    results = [values[is_first]]
    if return_inverse:
        inverse = place if order is None else place.new_zeros(place.shape).scatter(0, order, place)
        results.append(inverse.view(shape))
    if return_counts:
        results.append(bincount(place, minlength=results[0].size(0)))
    return results[0] if len(results) == 1 else tuple(results)


def _order_of_rows(rows):
    """The places that sort rows by their first element, then the second, and so on."""
    order = arange(rows.size(0), device=rows.device)
    for column in reversed(range(rows.size(1))):
        order = order[sort(rows[order, column], stable=True).indices]
    return order


@operation
def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None):
    """The distinct values (or slices along dim) in order; each one's place among them and their counts."""
    source = input.detach()
    if dim is None:
        flat = source.flatten()
        values, order = sort(flat, stable=True)
        return _distinct(values, order, shape_of(input), return_inverse, return_counts)
    moved = source.movedim(dim, 0)
    rows = moved.reshape(moved.size(0), -1)
    order = _order_of_rows(rows)
    found = _distinct(moved[order], order, (moved.size(0),), return_inverse, return_counts)
    if isinstance(found, Tensor):
        return found.movedim(0, dim)
    return found[0].movedim(0, dim), *found[1:]


@operation
def unique_consecutive(input, return_inverse=False, return_counts=False, dim=None):
    """Without the repetitions of values (or slices along dim) that follow each other."""
    source = input.detach()
    moved = source.flatten() if dim is None else source.movedim(dim, 0)
    shape = shape_of(input) if dim is None else (moved.size(0),)
    found = _distinct(moved, None, shape, return_inverse, return_counts)
    if dim is None:
        return found
    if isinstance(found, Tensor):
        return found.movedim(0, dim)
    return found[0].movedim(0, dim), *found[1:]


# --- covariances
@operation
def cov(input, *, correction=1, fweights=None, aweights=None):
    """The covariances of variables (rows) over observations (columns), which may be weighted."""
    if input.dim() > 2:
        raise RuntimeError(
            'cov(): expected input to have two or fewer dimensions '
            f'but got an input with {input.dim()} dimensions'
        )
    rows = input.reshape(1, -1) if input.dim() < 2 else input
    rows = rows if _is_floating(rows) else rows.to(get_default_dtype())
    given = [w for w in (fweights, aweights) if w is not None]
    if not given:
        centred = rows - rows.mean(1, keepdim=True)
        return (centred @ centred.t() / max(rows.size(1) - correction, 0)).squeeze()
    weights = (given[0] * given[-1] if len(given) == 2 else given[0]).to(rows.dtype)
    total = weights.sum()
    centred = rows - (rows * weights).sum(1, keepdim=True) / total
    lost = correction if aweights is None else correction * (weights * aweights).sum() / total
    return (centred @ (centred * weights).t() / (total - lost).clamp(min=0)).squeeze()


@operation
def corrcoef(input):
    """The coefficients of correlation of variables (rows)."""
    covariance = cov(input)
    if covariance.dim() == 0:
        return covariance / covariance
    deviation = covariance.diagonal().sqrt()
    out = covariance / deviation.unsqueeze(1) / deviation.unsqueeze(0)
    return out.clamp(-1, 1)
