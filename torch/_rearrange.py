"""Copies in another order: repeated, flipped, rolled, triangular, masked, gathered and scattered."""

import torch._native as native
from torch._dtype import bool_, int64, promoted_with_scalar, scalar
from torch._pointwise import operand, write_result
from torch._shape import cat, flat, shape_of, wrapped_dim
from torch._tensor import Tensor, function, method, operation, wrap


@method
def repeat(self, *sizes):
    """Copies side by side, so many along each dimension."""
    if not sizes:
        raise TypeError('repeat() missing 1 required positional arguments: "repeats"')
    return wrap(native.repeat(self._h, *flat(sizes)))


@function
def tile(input, dims):
    """repeat, with as many leading ones as needed."""
    return repeat(input, (1,) * (native.dim(input._h) - len(dims)) + tuple(dims))


Tensor.tile = lambda self, *dims: tile(self, dims if len(dims) != 1 or isinstance(dims[0], int) else dims[0])


@operation
def repeat_interleave(input, repeats, dim=None, *, output_size=None):
    """Each element so many times in a row; `output_size` must be what they are together."""
    source = input.flatten() if dim is None else input
    axis = wrapped_dim(0 if dim is None else dim, native.dim(source._h))
    size = native.size(source._h, axis)
    if isinstance(repeats, Tensor) and repeats.numel() > 1:
        counts = repeats.tolist()
        if len(counts) != size:
            raise RuntimeError(
                'repeats must have the same size as input along dim, but got '
                f'repeats.size(0) = {len(counts)} and input.size({axis}) = {size}'
            )
    else:
        counts = [int(repeats)] * size
    places = [i for i, count in enumerate(counts) for _ in range(count)]
    if output_size is not None and output_size != len(places):
        raise RuntimeError(f'repeat_interleave: {len(places)} elements where output_size is {output_size}')
    return picked(source, axis, _long(places))


def _long(values):
    from torch._data import tensor  # which needs this module

    return tensor(values, dtype=int64)


@function
def flip(input, dims):
    """Dimensions reversed."""
    return wrap(native.flip(input._h, *flat((dims if not isinstance(dims, int) else (dims,),))))


Tensor.flip = lambda self, *dims: wrap(native.flip(self._h, *flat(dims)))


@operation
def roll(input, shifts, dims=None):
    """Elements moved on by `shifts`, those that fall off the end back at the start."""
    if dims is None:
        return roll(input.flatten(), shifts, 0).view(shape_of(input))
    if not isinstance(dims, int):
        out = input
        for shift, dim in zip(shifts, dims, strict=True):
            out = roll(out, shift, dim)
        return out
    size = native.size(input._h, dims)
    if size == 0:
        return input.clone()
    start = -shifts % size
    return cat([input.narrow(dims, start, size - start), input.narrow(dims, 0, start)], dims)


@operation
def tril(input, diagonal=0):
    """The lower triangle, 0 elsewhere."""
    return wrap(native.tril(input._h, diagonal))


@operation
def triu(input, diagonal=0):
    """The upper triangle, 0 elsewhere."""
    return wrap(native.triu(input._h, diagonal))


@operation
def diag(input, diagonal=0):
    """The diagonal of a matrix; or, of a vector, the matrix that has it there."""
    if native.dim(input._h) not in (1, 2):
        raise RuntimeError(f'diag(): Supports 1D or 2D tensors. Got {native.dim(input._h)}D')
    if native.dim(input._h) == 2:
        return input.diagonal(diagonal).clone()
    size = native.numel(input._h) + abs(diagonal)
    out = input.new_zeros(size, size)
    out.diagonal(diagonal).copy_(input)
    return out


# --- by mask
def _number(value, kind):
    """A Python number as a tensor of the type that it and another number of `kind` have together."""
    code = promoted_with_scalar(promoted_with_scalar(bool_.code, kind), scalar(value)[0])
    return wrap(native.full(0, *scalar(value), code))


@function
def where(condition, input=None, other=None):
    """input where condition holds, other elsewhere; with the condition alone, the places where it holds."""
    if input is None and other is None:
        return nonzero(condition, as_tuple=True)
    if not isinstance(input, Tensor):
        if not isinstance(other, Tensor):
            other = _number(other, scalar(input)[0])
        input = operand(other, input)
    other = operand(input, other)
    return wrap(native.where(condition._h, input._h, other._h))


Tensor.where = lambda self, condition, other: where(condition, self, other)


@operation
def masked_fill(input, mask, value):
    """value where mask holds."""
    return wrap(native.masked_fill(input._h, mask._h, *scalar(value)))


@method
def masked_fill_(input, mask, value):
    """masked_fill, in place."""
    native.masked_fill_(input._h, mask._h, *scalar(value))
    return input


@operation
def masked_select(input, mask):
    """The elements where mask holds, in one dimension."""
    return wrap(native.masked_select(input._h, mask._h))


@operation
def nonzero(input, *, as_tuple=False):
    """The int64 places of elements that are not zero: one a row (n, dims), or one vector a dimension."""
    source = input.unsqueeze(0) if as_tuple and native.dim(input._h) == 0 else input
    places = wrap(native.nonzero(source._h))
    return places.unbind(1) if as_tuple else places


@operation
def argwhere(input):
    """The places of elements that are not zero, one a row."""
    return nonzero(input)


# --- by index
def check_same_device(input, index):
    """@raises RuntimeError, in PyTorch's words"""
    if index.device != input.device:
        raise RuntimeError(
            'Expected all tensors to be on the same device, but found at least two devices, '
            f'{input.device} and {index.device}!'
        )


def picked(input, dim, places):
    """index_select by places that may lie on the processor."""
    return wrap(native.index_select(input._h, dim, places._h))


@operation
def index_select(input, dim, index):
    """The indices named, in their order, of one dimension."""
    check_same_device(input, index)
    return picked(input, dim, index)


@operation
def gather(input, dim, index):
    """out[i][j] = input[index[i][j]][j] for dim 0, and so on; index has the result's sizes."""
    return wrap(native.gather(input._h, dim, index._h))


@operation
def take_along_dim(input, indices, dim=None):
    """gather, the other dimensions broadcast."""
    if dim is None:
        return gather(input.flatten(), 0, indices.flatten())
    sizes = [max(a, b) for a, b in zip(shape_of(input), shape_of(indices), strict=True)]
    ours, theirs = list(sizes), list(sizes)
    ours[dim], theirs[dim] = native.size(input._h, dim), native.size(indices._h, dim)
    return gather(input.expand(ours), dim, indices.expand(theirs))


@operation
def scatter(input, dim, index, src=None, *, value=None, reduce=None):
    """input with src's elements (or a number) written at out[index[i][j]][j] for dim 0, and so on."""
    source = value if src is None else src
    if not isinstance(source, Tensor):
        wide = [
            d
            for d, (n, m) in enumerate(zip(shape_of(index), shape_of(input), strict=False))
            if n > m and d != wrapped_dim(dim, native.dim(input._h))
        ]
        if wide:
            raise RuntimeError(
                f'Expected index {list(shape_of(index))} to be no larger than self {list(shape_of(input))} '
                f'apart from dimension {dim}'
            )
        source = input.detach().new_full(shape_of(index), source)
    if reduce is None:
        return wrap(native.scatter(input._h, dim, index._h, source._h))
    if reduce not in ('add', 'multiply'):
        raise RuntimeError(f'reduce argument must be either add or multiply, got {reduce}')
    how = 'sum' if reduce == 'add' else 'prod'
    return wrap(native.scatter_reduce(input._h, dim, index._h, source._h, how, True))


@operation
def scatter_add(input, dim, index, src):
    """input with src's elements added where scatter would write them."""
    return wrap(native.scatter_add(input._h, dim, index._h, src._h))


@method
def scatter_(self, dim, index, src=None, *, value=None, reduce=None):
    """scatter, in place."""
    return write_result(self, scatter(self, dim, index, src, value=value, reduce=reduce))


@method
def scatter_add_(self, dim, index, src):
    """scatter_add, in place."""
    return write_result(self, scatter_add(self, dim, index, src))


@function
def meshgrid(*tensors, indexing='ij'):
    """Coordinate matrices of coordinate vectors."""
    vectors = tensors[0] if len(tensors) == 1 and not isinstance(tensors[0], Tensor) else tensors
    if indexing not in ('ij', 'xy'):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    for vector in vectors:
        if native.dim(vector._h) > 1:
            raise RuntimeError('torch.meshgrid: Expected 0D or 1D tensor in the tensor list')
    if indexing == 'xy' and len(vectors) > 1:
        second, first, *rest = meshgrid(vectors[1], vectors[0], *vectors[2:])
        return first, second, *rest
    sizes = [native.numel(v._h) for v in vectors]
    views = (v.view([-1 if at == i else 1 for at in range(len(sizes))]) for i, v in enumerate(vectors))
    return tuple(view.expand(sizes) for view in views)


def _at_least(dims, expand):
    def at_least(*tensors):
        given = tensors[0] if len(tensors) == 1 and not isinstance(tensors[0], Tensor) else tensors
        found = tuple(t if native.dim(t._h) >= dims else expand(t) for t in given)
        return found[0] if len(tensors) == 1 and isinstance(tensors[0], Tensor) else found

    at_least.__name__ = f'atleast_{dims}d'
    at_least.__doc__ = f'The tensors, those of fewer than {dims} dimensions with more of size 1.'
    return function(at_least)


_at_least(1, lambda t: t.reshape(1))
_at_least(2, lambda t: t.reshape(1, -1))
atleast_3d = _at_least(3, lambda t: t.unsqueeze(-1) if t.dim() == 2 else t.reshape(1, -1, 1))
