"""More ways to cut, join, turn and fill: what is made of the views and copies of _shape.py and _rearrange.py."""

import torch._native as native
from torch._creation import arange
from torch._dtype import int64
from torch._rearrange import atleast_3d, flip, meshgrid
from torch._shape import cat, reshape, shape_of, split, stack, wrapped_dim
from torch._tensor import Tensor, alias, function, method, operation, wrap
from torch._types import Size


def _several(tensors):
    """Tensors given one by one or as one sequence."""
    return tensors[0] if len(tensors) == 1 and not isinstance(tensors[0], Tensor) else tensors


# --- cutting and joining
@operation
def tensor_split(input, indices_or_sections, dim=0):
    """So many pieces of nearly equal size along dim, or pieces that end at the indices given."""
    size, sections = native.size(input._h, dim), indices_or_sections
    if isinstance(sections, Tensor):
        sections = sections.tolist()
    if isinstance(sections, int):
        if sections <= 0:
            raise RuntimeError(f'number of sections must be larger than 0, got {sections}')
        short, longer = divmod(size, sections)
        ends = [short * (i + 1) + min(i + 1, longer) for i in range(sections - 1)]
    else:
        ends = list(sections)
    bounds = zip([0, *ends], [*ends, size], strict=True)
    spans = [slice(start, stop).indices(size)[:2] for start, stop in bounds]
    return tuple(wrap(native.slice(input._h, dim, start, max(start, stop), 1)) for start, stop in spans)


def _define_split(name, axis, least):
    def pieces(input, indices_or_sections):
        dims = native.dim(input._h)
        if dims < least:
            raise RuntimeError(
                f'torch.{name} requires a tensor with at least {least} '
                f'dimension, but got a tensor with {dims} dimensions!'
            )
        at = 0 if name == 'hsplit' and dims == 1 else axis
        if isinstance(indices_or_sections, int) and native.size(input._h, at) % indices_or_sections:
            raise RuntimeError(
                f'torch.{name} attempted to split along dimension {at}, but the size of the dimension '
                f'{native.size(input._h, at)} is not divisible by the split_size {indices_or_sections}!'
            )
        return tensor_split(input, indices_or_sections, at)

    pieces.__name__, pieces.__doc__ = name, f'tensor_split along dimension {axis}.'
    operation(pieces)


_define_split('hsplit', 1, 1)
_define_split('vsplit', 0, 2)
_define_split('dsplit', 2, 3)


@operation
def split_with_sizes(input, split_sizes, dim=0):
    """Pieces of the sizes given along dim."""
    return split(input, list(split_sizes), dim)


alias(split, 'unsafe_split')
alias(split_with_sizes, 'unsafe_split_with_sizes')
alias(Tensor.chunk, 'unsafe_chunk')


@function
def dstack(tensors):
    """Tensors behind each other, along the third dimension."""
    return cat([atleast_3d(t) for t in tensors], 2)


@function
def column_stack(tensors):
    """Vectors as the columns of a matrix, matrices side by side."""
    return cat([reshape(t, (native.numel(t._h), 1)) if native.dim(t._h) <= 1 else t for t in tensors], 1)


@function
def block_diag(*tensors):
    """A matrix with the matrices on its diagonal and zeros elsewhere."""
    blocks = [t.reshape(1, -1) if t.dim() < 2 else t for t in tensors]
    if any(b.dim() > 2 for b in blocks):
        raise RuntimeError('torch.block_diag: Input tensors must have 2 or fewer dimensions.')
    widths = [b.shape[1] for b in blocks]
    rows = []
    for i, block in enumerate(blocks):
        left, right = sum(widths[:i]), sum(widths[i + 1 :])
        pads = [block.new_zeros(block.shape[0], n) for n in (left, right)]
        rows.append(cat([pads[0], block, pads[1]], 1))
    return cat(rows, 0)


@function
def cartesian_prod(*tensors):
    """All combinations of the vectors' elements, one a row."""
    vectors = _several(tensors)
    if len(vectors) == 1:
        return vectors[0]
    return stack([grid.flatten() for grid in meshgrid(*vectors, indexing='ij')], 1)


@function
def combinations(input, r=2, with_replacement=False):
    """All combinations of r elements of a vector, one a row."""
    from itertools import combinations, combinations_with_replacement

    from torch._data import tensor

    choose = combinations_with_replacement if with_replacement else combinations
    places = list(choose(range(input.numel()), r))
    return input[tensor(places, dtype=int64).view(-1, r)]


# --- turning
@operation
def fliplr(input):
    """The second dimension reversed."""
    if native.dim(input._h) < 2:
        raise RuntimeError('Input must be >= 2-d.')
    return flip(input, (1,))


@operation
def flipud(input):
    """The first dimension reversed."""
    if native.dim(input._h) < 1:
        raise RuntimeError('Input must be >= 1-d.')
    return flip(input, (0,))


@operation
def rot90(input, k=1, dims=(0, 1)):
    """The plane of two dimensions turned by k times 90 degrees."""
    if len(dims) != 2:
        raise RuntimeError(f'expected total rotation dims == 2, but got dims = {len(dims)}')
    if input.dim() < 2:
        raise RuntimeError(f'expected total dims >= 2, but got total dims = {input.dim()}')
    first, second = (wrapped_dim(d, input.dim()) for d in dims)
    if first == second:
        raise RuntimeError(
            f'expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}'
        )
    k %= 4
    if k == 0:
        return input.clone()
    if k == 2:
        return flip(input, (first, second))
    return (
        flip(input, (second,)).transpose(first, second)
        if k == 1
        else flip(input.transpose(first, second), (second,))
    )


@operation
def adjoint(input):
    """The last two dimensions exchanged."""
    return input.mT


Tensor.H = Tensor.mH = property(lambda self: self.mT, doc='The last two dimensions exchanged.')


# --- diagonals and triangles
@operation
def diag_embed(input, offset=0, dim1=-2, dim2=-1):
    """The last dimension as the diagonal over two new ones, zeros elsewhere."""
    dims = native.dim(input._h) + 1
    row, column = wrapped_dim(dim1, dims), wrapped_dim(dim2, dims)
    if row == column:
        raise RuntimeError(f'diagonal dimensions cannot be identical {dim1}, {dim2}')
    sizes = list(shape_of(input))
    side = sizes.pop() + abs(offset)
    for at in sorted((row, column)):
        sizes.insert(at, side)
    out = input.detach().new_zeros(sizes)
    out.diagonal(offset, row, column).copy_(input)
    return out


@operation
def diagflat(input, offset=0):
    """A matrix with all the elements on its diagonal."""
    return diag_embed(input.flatten(), offset)


@method
def fill_diagonal_(self, fill_value, wrap=False):
    """A number on the main diagonal, in place; `wrap` goes on below in tall matrices."""
    if self.dim() < 2:
        raise RuntimeError('dimensions must larger than 1')
    if self.dim() > 2 and len(set(self.shape)) > 1:
        raise RuntimeError('all dimensions of input must be of equal length')
    step, side = sum(self.stride()), min(self.shape)
    if wrap and self.dim() == 2:
        step_flat = self.shape[1] + 1
        places = arange(0, self.numel(), step_flat)
        self[places // self.shape[1], places % self.shape[1]] = fill_value
        return self
    self.as_strided((side,), (step,), self.storage_offset()).fill_(fill_value)
    return self


def _define_scatter(name, part):
    def scattered(input, src, *place, **named):
        out = input.clone()
        part(out, *place, **named).copy_(src)
        return out

    scattered.__name__ = name
    scattered.__doc__ = 'A copy of input with src written where the view of that name looks.'
    operation(scattered)


def _sliced(input, dim=0, start=None, end=None, step=1):
    first, last, step = slice(start, end, step).indices(native.size(input._h, dim))
    return wrap(native.slice(input._h, dim, first, max(first, last), step))


_define_scatter('diagonal_scatter', lambda out, offset=0, dim1=0, dim2=1: out.diagonal(offset, dim1, dim2))
_define_scatter('select_scatter', lambda out, dim, index: out.select(dim, index))
_define_scatter('slice_scatter', _sliced)
_define_scatter(
    'as_strided_scatter',
    lambda out, size, stride, storage_offset=None: out.as_strided(size, stride, storage_offset),
)


@function
def vander(x, N=None, increasing=False):
    """The powers of a vector's elements, one row each."""
    count = native.numel(x._h) if N is None else N
    powers = arange(count, dtype=x.dtype, device=x.device)
    return x.unsqueeze(-1) ** (powers if increasing else powers.flip(0))


# --- copies of views
def _define_copy(name, view):
    def copied(input, *arguments, **named):
        result = view(input, *arguments, **named)
        return result.clone() if isinstance(result, Tensor) else tuple(part.clone() for part in result)

    copied.__name__, copied.__doc__ = f'{name}_copy', f'A copy of what {name} looks at.'
    function(copied)


for _name in (
    *('diagonal', 'expand', 'narrow', 'permute', 'select', 'split', 'squeeze', 't', 'transpose', 'unbind'),
    *('unsqueeze', 'view', 'as_strided', 'split_with_sizes'),
):
    _define_copy(_name, getattr(Tensor, _name))
_define_copy('slice', _sliced)
_define_copy('alias', lambda input: input)
_define_copy('detach', lambda input: wrap(native.detach(input._h)))
Tensor.narrow_copy = lambda self, dim, start, length: self.narrow(dim, start, length).clone()


@method
def unfold(self, dimension, size, step):
    """Windows of `size` elements along a dimension, `step` apart, as the last dimension of the result; a view."""
    return wrap(native.unfold(self._h, dimension, size, step))


@function
def unravel_index(indices, shape):
    """Places in the flattened tensor of sizes `shape` as one index a dimension."""
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    out, rest = [], indices
    for size in reversed(sizes):
        out.append(rest % size)
        rest = rest // size
    return tuple(reversed(out))


@operation
def is_same_size(input, other):
    """Whether both have the same sizes."""
    return shape_of(input) == shape_of(other)


@method
def resize_(self, *sizes, memory_format=None):
    """Other sizes in place, where they have as many elements."""
    wanted = Size(sizes[0] if len(sizes) == 1 and not isinstance(sizes[0], int) else sizes)
    if wanted.numel() != self.numel():
        raise NotImplementedError('resize_() to another number of elements is not supported')
    if wanted != shape_of(self):
        self.data = self.data.contiguous().view(wanted)
    return self
