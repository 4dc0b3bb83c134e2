"""Elements chosen, written, added and combined by index."""

import torch._native as native
from torch._dtype import dtypes
from torch._indexing import index_put
from torch._pointwise import write_result
from torch._rearrange import check_same_device, where
from torch._reduce import sum as sum_
from torch._shape import shape_of, wrapped_dim
from torch._tensor import Tensor, method, operation, wrap


def _dtype(tensor):
    return dtypes[native.dtype(tensor._h)]


def _check_slices(name, input, dim, index, source):
    """What index_add_ and index_copy_ ask of their arguments, in PyTorch's words."""
    adds = name == 'index_add_'
    if native.dim(index._h) > 1:
        raise IndexError(f'{name}(): Index should have dimension 1 or 0 (got {native.dim(index._h)})')
    ours, theirs = _dtype(input).type_name, _dtype(source).type_name
    if ours != theirs:
        raise RuntimeError(
            f'{name}(): self ({ours}) and source ({theirs}) must have the same scalar type'
            if adds
            else f'{name}(): self and source expected to have the same dtype, '
            f'but got (self) {ours} and (source) {theirs}'
        )
    if not native.dim(source._h) or not native.dim(input._h):
        return
    at = wrapped_dim(dim, native.dim(input._h))
    slices = [s[:at] + s[at + 1 :] for s in (shape_of(input), shape_of(source))]
    if slices[0] != slices[1]:
        raise RuntimeError(
            'source tensor shape must match self tensor shape, excluding the specified dimension. '
            f'Got self.shape = {list(shape_of(input))} source.shape = {list(shape_of(source))}'
            if adds
            else f'{name}(): Source/destination tensor must have same slice shapes. Destination slice shape: '
            f'{" ".join(map(str, slices[0]))} at dimension {at} and source slice shape: '
            f'{" ".join(map(str, slices[1]))} at dimension {at}.'
        )
    count, size = native.numel(index._h), native.size(source._h, dim)
    if count != size:
        if adds:
            raise RuntimeError(
                f'{name}(): Number of indices ({count}) should be equal to '
                f'source.size(dim): ({size}), for dim: {at}'
            )
        raise IndexError(
            f'{name}(): Number of indices ({count}) should be equal to source.size(dim) ({size})'
        )


def _put_slices(input, dim, index, source, accumulate):
    """source written (or added) where index_select would read, in place."""
    check_same_device(input, index)
    if native.dim(input._h) == 0:
        return input.copy_(source.view(()) + (input if accumulate else 0))
    whole = (0,) * wrapped_dim(dim, native.dim(input._h))
    places = index.reshape(-1)
    native.index_put_(input._h, len(whole) + 1, *whole, places._h, source._h, accumulate)
    return input


@method
def index_add_(self, dim, index, source, *, alpha=1):
    """self with alpha times the slices of source added at the indices of dim, in place."""
    _check_slices('index_add_', self, dim, index, source)
    return _put_slices(self, dim, index, source if alpha == 1 else source * alpha, True)


@operation
def index_add(input, dim, index, source, *, alpha=1):
    """A copy with alpha times the slices of source added at the indices of dim."""
    return index_add_(input.clone(), dim, index, source, alpha=alpha)


@method
def index_copy_(self, dim, index, source):
    """self with the slices of source written at the indices of dim, in place."""
    _check_slices('index_copy_', self, dim, index, source)
    return _put_slices(self, dim, index, source, False)


@operation
def index_copy(input, dim, index, source):
    """A copy with the slices of source written at the indices of dim."""
    return index_copy_(input.clone(), dim, index, source)


@method
def index_fill_(self, dim, index, value):
    """self with a number written at the indices of dim, in place."""
    if isinstance(value, Tensor):
        if native.dim(value._h):
            raise RuntimeError(
                'index_fill_ only supports a 0-dimensional value tensor, '
                f'but got tensor with {native.dim(value._h)} dimension(s).'
            )
        filling = value.to(_dtype(self))
    else:
        filling = self.detach().new_full((), value)
    return _put_slices(self, dim, index, filling, False)


@operation
def index_fill(input, dim, index, value):
    """A copy with a number written at the indices of dim."""
    return index_fill_(input.clone(), dim, index, value)


# --- combined where they meet
@operation
def scatter_reduce(input, dim, index, src, reduce, *, include_self=True):
    """What goes to one place combined by 'sum', 'prod', 'mean', 'amax' or 'amin', with what is there."""
    return wrap(native.scatter_reduce(input._h, dim, index._h, src._h, reduce, include_self))


@method
def scatter_reduce_(self, dim, index, src, reduce, *, include_self=True):
    """scatter_reduce, in place."""
    return write_result(self, scatter_reduce(self, dim, index, src, reduce, include_self=include_self))


@operation
def index_reduce(input, dim, index, source, reduce, *, include_self=True):
    """scatter_reduce of whole slices: reduce is 'prod', 'mean', 'amax' or 'amin'."""
    if reduce not in ('prod', 'mean', 'amax', 'amin'):
        raise RuntimeError(
            f'index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {reduce}.'
        )
    shape = [-1 if d == wrapped_dim(dim, input.dim()) else 1 for d in range(input.dim())]
    places = index.view(shape).expand(shape_of(source))
    return scatter_reduce(input, dim, places, source, reduce, include_self=include_self)


@method
def index_reduce_(self, dim, index, source, reduce, *, include_self=True):
    """index_reduce, in place."""
    return write_result(self, index_reduce(self, dim, index, source, reduce, include_self=include_self))


# --- places in the flattened tensor
@operation
def take(input, index):
    """The elements at places of the flattened tensor, in index's sizes."""
    flat = input.reshape(-1)
    return index_select_flat(flat, index).view(shape_of(index))


def index_select_flat(flat, index):
    """Elements of a vector by a tensor of places, which may be negative; a vector."""
    size = native.numel(flat._h)
    places = index.reshape(-1)
    if places.numel():
        if not size:
            raise IndexError('take(): tried to take from an empty tensor')
        outside = places[(places < -size) | (places >= size)]
        if outside.numel():
            raise IndexError(
                f'out of range: tried to access index {outside[0].item()} on a tensor of {size} elements.'
            )
    return flat.index_select(0, where(places < 0, places + size, places))


@method
def put_(self, index, source, accumulate=False):
    """source's elements written (or added) at places of the flattened tensor, in place."""
    return write_result(self, put(self, index, source, accumulate))


@operation
def put(input, index, source, accumulate=False):
    """A copy with source's elements written (or added) at places of the flattened tensor."""
    if native.numel(index._h) != native.numel(source._h):
        raise IndexError(
            f'put_(): Expected source and index to have the same number of elements, '
            f'but got source.numel() = {native.numel(source._h)}, index.numel() = {native.numel(index._h)}'
        )
    flat = input.clone().reshape(-1)
    out = index_put(flat, (index.reshape(-1),), source.reshape(-1), accumulate)
    return out.view(shape_of(input))


# --- by mask
@operation
def masked_scatter(input, mask, source):
    """source's elements, one after the other, where mask holds."""
    if _dtype(input) is not _dtype(source):
        raise RuntimeError(
            'masked_scatter_: expected self and source to have same dtypes but got '
            f'{_dtype(input).type_name} and {_dtype(source).type_name}'
        )
    both = where(mask, input, input)  # a copy of the sizes both have
    holds = mask.expand(both.shape)
    count = int(sum_(holds))
    if count > source.numel():
        raise RuntimeError('Number of elements of source < number of ones in mask')
    return index_put(both, (holds,), source.reshape(-1)[:count])


@method
def masked_scatter_(self, mask, source):
    """masked_scatter, in place."""
    return write_result(self, masked_scatter(self, mask, source))
