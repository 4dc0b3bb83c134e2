"""Views and rearrangements: other sizes and strides over the same elements, and their joining and cutting."""

import torch._native as native
from torch._tensor import Tensor, alias, function, handles, method, operation, same_or_new, wrap
from torch._types import Size


def flat(sizes):
    """Sizes given one by one or as one sequence, as the engine takes them: count, then sizes."""
    if len(sizes) == 1 and not isinstance(sizes[0], int):
        sizes = tuple(sizes[0]) if isinstance(sizes[0], (tuple, list)) else sizes
    return len(sizes), *map(int, sizes)


def shape_of(tensor):
    """The sizes of a tensor."""
    text = native.sizes(tensor._h)
    return Size(map(int, text.split(','))) if text else Size()


def wrapped_dim(dim, dims):
    """dim from 0 up. @raises IndexError outside of [-dims, dims)"""
    limit = dims or 1
    if not -limit <= dim < limit:
        raise IndexError(
            f'Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], but got {dim})'
        )
    return dim % limit


@method
def view(self, *shape):
    """The same elements in other sizes, one of which may be -1; no copy."""
    if len(shape) == 1 and not isinstance(shape[0], (int, tuple, list, Tensor)):
        raise NotImplementedError('view(dtype) is not supported')
    return wrap(native.view(self._h, *flat(shape)))


@function
def reshape(input, shape):
    """view where the strides allow it, else a copy."""
    return same_or_new(input, native.reshape(input._h, *flat((shape,))))


@method
def _reshape(self, *shape):
    """view where the strides allow it, else a copy."""
    return same_or_new(self, native.reshape(self._h, *flat(shape)))


Tensor.reshape = _reshape
del Tensor._reshape


@method
def view_as(self, other):
    """view with other's sizes."""
    return view(self, shape_of(other))


@method
def reshape_as(self, other):
    """reshape to other's sizes."""
    return reshape(self, shape_of(other))


@operation
def flatten(input, start_dim=0, end_dim=-1):
    """Dimensions start_dim to end_dim as one."""
    return same_or_new(input, native.flatten(input._h, start_dim, end_dim))


@operation
def unflatten(input, dim, sizes):
    """Dimension dim as several."""
    shape = shape_of(input)
    at = wrapped_dim(dim, len(shape))
    if -1 not in sizes and Size(sizes).numel() != shape[at]:
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {at} ({shape[at]}) "
            'in the input tensor'
        )
    return view(input, (*shape[:at], *sizes, *shape[at + 1 :]))


@operation
def ravel(input):
    """All elements in one dimension."""
    return reshape(input, (-1,))


@operation
def transpose(input, dim0, dim1):
    """Two dimensions exchanged."""
    return wrap(native.transpose(input._h, dim0, dim1))


@operation
def t(input):
    """A matrix transposed; a vector as it is."""
    dims = native.dim(input._h)
    if dims > 2:
        raise RuntimeError(f't() expects a tensor with <= 2 dimensions, but self is {dims}D')
    return wrap(
        native.transpose(input._h, 0, 1) if dims == 2 else native.view(input._h, *flat((shape_of(input),)))
    )


@function
def permute(input, dims):
    """The dimensions in another order."""
    return wrap(native.permute(input._h, *flat((dims,))))


@method
def _permute(self, *dims):
    """The dimensions in another order."""
    return wrap(native.permute(self._h, *flat(dims)))


Tensor.permute = _permute
del Tensor._permute


@operation
def movedim(input, source, destination):
    """Dimensions moved to other places, the rest in their order."""
    dims = native.dim(input._h)
    sources = [wrapped_dim(d, dims) for d in ((source,) if isinstance(source, int) else source)]
    targets = [
        wrapped_dim(d, dims) for d in ((destination,) if isinstance(destination, int) else destination)
    ]
    rest = iter(d for d in range(dims) if d not in sources)
    moved = dict(zip(targets, sources, strict=True))
    return permute(input, [moved[d] if d in moved else next(rest) for d in range(dims)])


@operation
def squeeze(input, dim=None):
    """Without its dimensions of size 1, all or those named."""
    if dim is None:
        return wrap(native.squeeze(input._h))
    if isinstance(dim, int):
        return wrap(native.squeeze_dim(input._h, dim))
    dims = native.dim(input._h)
    out = input
    for at in sorted((wrapped_dim(d, dims) for d in dim), reverse=True):
        out = wrap(native.squeeze_dim(out._h, at))
    return out


@operation
def unsqueeze(input, dim):
    """With a dimension of size 1 more."""
    return wrap(native.unsqueeze(input._h, dim))


@method
def expand(self, *sizes):
    """Dimensions of size 1 repeated without copying; -1 keeps a size."""
    return wrap(native.expand(self._h, *flat(sizes)))


@method
def expand_as(self, other):
    """expand to other's sizes."""
    return expand(self, shape_of(other))


@function
def broadcast_to(input, size):
    """expand to size."""
    return expand(input, size)


Tensor.broadcast_to = expand


@function
def broadcast_shapes(*shapes):
    """The sizes that arrays of these sizes have together."""
    given = [(shape,) if isinstance(shape, int) else tuple(shape) for shape in shapes]
    dims = max(map(len, given), default=0)
    out = [1] * dims
    for at, shape in enumerate(given):
        for place in range(-1, -1 - len(shape), -1):
            if shape[place] in (1, out[place]):
                continue
            if out[place] != 1:
                raise RuntimeError(
                    f'Attempting to broadcast a dimension of length {shape[place]} at {place}! '
                    f'Mismatching argument at index {at} had {shapes[at]}; '
                    f'but expected shape should be broadcastable to {out}'
                )
            out[place] = shape[place]
    return Size(out)


def _two_broadcast(a, b):
    dims = max(len(a), len(b))
    left, right = ((1,) * (dims - len(s)) + tuple(s) for s in (a, b))
    for place, (m, n) in enumerate(zip(left, right, strict=True)):
        if m != n and 1 not in (m, n):
            raise RuntimeError(
                f'The size of tensor a ({m}) must match the size of tensor b ({n}) '
                f'at non-singleton dimension {place}'
            )
    return Size(n if m == 1 else m for m, n in zip(left, right, strict=True))


@function
def broadcast_tensors(*tensors):
    """The tensors, each expanded to the sizes they have together."""
    sizes = Size()
    for shape in map(shape_of, tensors):
        sizes = _two_broadcast(sizes, shape)
    return tuple(expand(tensor, sizes) for tensor in tensors)


@operation
def select(input, dim, index):
    """One index of one dimension, which goes."""
    return wrap(native.select(input._h, dim, index))


@operation
def narrow(input, dim, start, length):
    """`length` indices of one dimension from `start`."""
    start, size = int(start), native.size(input._h, dim)
    begin = start + size if start < 0 else start
    if not 0 <= begin <= begin + length <= size:
        raise RuntimeError(f'start ({start}) + length ({length}) exceeds dimension size ({size}).')
    return wrap(native.slice(input._h, dim, begin, begin + length, 1))


@operation
def split(tensor, split_size_or_sections, dim=0):
    """Pieces of a given size along dim (the last may be smaller), or of given sizes."""
    size = native.size(tensor._h, dim)
    sections = split_size_or_sections
    if isinstance(sections, int):
        if sections < 0:
            raise RuntimeError(f'split expects split_size be non-negative, but got split_size={sections}')
        if sections == 0 and size:
            raise RuntimeError(
                f'split_size can only be 0 if dimension size is 0, but got dimension size of {size}'
            )
        sections = sections or 1
        sections = [sections] * (size // sections) + [size % sections] * (size % sections > 0) or [0]
    if sum(sections) != size:
        raise RuntimeError(
            f'split_with_sizes expects split_sizes to sum exactly to {size} '
            f"(input tensor's size at dimension {dim}), but got split_sizes={list(sections)}"
        )
    pieces, start = [], 0
    for length in sections:
        pieces.append(wrap(native.slice(tensor._h, dim, start, start + length, 1)))
        start += length
    return tuple(pieces)


@operation
def chunk(input, chunks, dim=0):
    """At most so many pieces of equal size along dim."""
    if chunks <= 0:
        raise RuntimeError(f'chunk expects `chunks` to be greater than 0, got: {chunks}')
    size = native.size(input._h, dim)
    return split(input, max(1, -(-size // chunks)), dim)


@operation
def unbind(input, dim=0):
    """Every index of one dimension as a tensor of its own."""
    return tuple(wrap(native.select(input._h, dim, i)) for i in range(native.size(input._h, dim)))


@operation
def diagonal(input, offset=0, dim1=0, dim2=1):
    """The diagonal over two dimensions, as the last dimension of the result; a view."""
    return wrap(native.diagonal(input._h, offset, dim1, dim2))


@operation
def as_strided(input, size, stride, storage_offset=None):
    """Any geometry over the same storage."""
    offset = native.offset(input._h) if storage_offset is None else storage_offset
    return wrap(native.as_strided(input._h, len(size), *size, len(stride), *stride, offset))


# --- joining
@function
def cat(tensors, dim=0):
    """Tensors one after the other along dim."""
    return wrap(native.cat(*handles(tensors), dim))


@function
def stack(tensors, dim=0):
    """Tensors of the same sizes along a new dimension."""
    return wrap(native.stack(*handles(tensors), dim))


def _at_least(tensor, dims):
    return tensor if native.dim(tensor._h) >= dims else reshape(tensor, (1,) * dims if dims == 1 else (1, -1))


@function
def hstack(tensors):
    """Tensors side by side: along dimension 1, vectors along 0."""
    rows = [_at_least(tensor, 1) for tensor in tensors]
    return cat(rows, 0 if native.dim(rows[0]._h) == 1 else 1)


@function
def vstack(tensors):
    """Tensors one below the other, vectors as rows."""
    return cat([_at_least(tensor, 2) for tensor in tensors], 0)


alias(cat, 'concat', 'concatenate')
alias(transpose, 'swapaxes', 'swapdims')
alias(movedim, 'moveaxis')
alias(vstack, 'row_stack')
for _name in ('concat', 'concatenate', 'row_stack'):  # functions only
    delattr(Tensor, _name)
