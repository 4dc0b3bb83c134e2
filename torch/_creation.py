"""New tensors: from Python's data, from bytes, and filled by rule."""

import math
from array import array
from itertools import chain

import torch._native as native
from torch._dtype import bool_, code_of, dtypes, float32, get_default_dtype, int64, promote_types, scalar
from torch._shape import flat, shape_of
from torch._tensor import Tensor, function, method, wrap
from torch._types import check_device, check_layout, check_memory_format


_ARRAY_TYPES = {kind.typecode: kind for kind in dtypes[1:]}


def from_array(values, sizes, dtype):
    """A tensor of the elements of an `array.array` whose type is the dtype's."""
    tensor = wrap(native.empty(len(sizes), *sizes, dtype.code))
    address, count = values.buffer_info()
    if count:
        native.copy_in(tensor._h, address, count * values.itemsize)
    return tensor


def to_array(tensor):
    """The elements of a tensor, row by row, as an `array.array`."""
    dense = tensor.detach().contiguous()
    kind = dtypes[native.dtype(tensor._h)]
    values = array(kind.typecode, bytes(native.numel(tensor._h) * kind.itemsize))
    address, count = values.buffer_info()
    if count:
        native.copy_out(dense._h, address, count * values.itemsize)
    return values


# --- from Python's data
def _plain(data):
    """Nested sequences and tensors as nested lists of numbers, with the dtype that the tensors among them ask for."""
    if isinstance(data, Tensor):
        return data.tolist(), data.dtype
    if isinstance(data, (list, tuple)) and any(isinstance(item, (Tensor, list, tuple)) for item in data):
        parts = [_plain(item) for item in data]
        found = [kind for _, kind in parts if kind is not None]
        wanted = found[0] if found else None
        for kind in found[1:]:
            wanted = promote_types(wanted, kind)
        return [part for part, _ in parts], wanted
    return data, None


def _flattened(data):
    """The elements of nested sequences and their sizes. @raises ValueError where they are ragged"""
    sizes = []
    level = [data]
    while level and isinstance(level[0], (list, tuple, range)):
        lengths = {len(item) if isinstance(item, (list, tuple, range)) else -1 for item in level}
        if len(lengths) > 1:
            wanted, got = (
                len(level[0]),
                next(length for length in map(_length, level) if length != len(level[0])),
            )
            raise ValueError(
                f'expected sequence of length {wanted} at dim {len(sizes)} (got {got if got >= 0 else "a number"})'
            )
        sizes.append(len(level[0]))
        level = list(chain.from_iterable(level))
    return level, sizes


def _length(item):
    return len(item) if isinstance(item, (list, tuple, range)) else -1


def _inferred(values):
    """The dtype PyTorch gives to Python numbers together."""
    kinds = set(map(type, values))
    if kinds <= {bool} and values:
        return bool_
    if kinds <= {bool, int} and values:
        return int64
    if kinds <= {bool, int, float}:
        return get_default_dtype()
    for kind in kinds:
        if not issubclass(kind, (bool, int, float)):
            if issubclass(kind, complex):
                raise NotImplementedError('complex tensors are not supported')
            if issubclass(kind, str):
                raise ValueError("too many dimensions 'str'")
            if issubclass(kind, (bytes, dict, set)) or kind is type(None):
                raise TypeError(f"new(): invalid data type '{kind.__name__}'")
            raise RuntimeError(f'Could not infer dtype of {kind.__name__}')
    return int64 if all(issubclass(kind, int) for kind in kinds) else get_default_dtype()


def _element_array(values, kind):
    """Python numbers as an `array.array` of a dtype's elements."""
    if kind is bool_:
        return array('B', map(bool, values))
    if kind.is_floating_point:
        return array(kind.typecode, values)
    if any(isinstance(value, float) for value in values):
        values = map(int, values)
    try:
        return array(kind.typecode, values)
    except OverflowError:
        raise RuntimeError(f'value cannot be converted to type {kind.name} without overflow') from None


@function
def tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False):
    """A new leaf with a copy of `data`: a number, nested sequences of numbers, a tensor, or an array.array."""
    check_device(device)
    wanted = None if dtype is None else dtypes[code_of(dtype)]
    if isinstance(data, Tensor):
        out = data.detach().clone()
        out = out if wanted is None else out.to(wanted)
    elif isinstance(data, array) and data.typecode in _ARRAY_TYPES:
        made = from_array(data, (len(data),), _ARRAY_TYPES[data.typecode])
        out = made if wanted is None else made.to(wanted)
    else:
        if not isinstance(data, (bool, int, float, list, tuple, str, bytes, complex)) and data is not None:
            if hasattr(data, '__array__') or hasattr(data, '__array_interface__'):
                raise NotImplementedError('tensor() of a NumPy array is not supported: pass array.tolist()')
            data = list(data) if hasattr(data, '__len__') and hasattr(data, '__getitem__') else data
        plain, found = _plain(data)
        values, sizes = _flattened(plain)
        inferred = _inferred(values)  # which refuses what is no number
        kind = wanted or found or inferred
        out = from_array(_element_array(values, kind), sizes, kind)
    return out.requires_grad_() if requires_grad else out


@function
def as_tensor(data, dtype=None, device=None):
    """data itself where it is a tensor of the dtype already, else a new tensor."""
    check_device(device)
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return tensor(data, dtype=dtype)


@function
def scalar_tensor(s, *, dtype=None, layout=None, device=None, requires_grad=False):
    """A tensor of no dimensions."""
    return full(
        (), s, dtype=get_default_dtype() if dtype is None else dtype, layout=layout, device=device
    ).requires_grad_(requires_grad)


@function
def frombuffer(buffer, *, dtype, count=-1, offset=0, requires_grad=False):
    """The bytes of a buffer as elements; a copy, as the engine's memory is not Python's."""
    kind = dtypes[code_of(dtype)]
    view = memoryview(buffer).cast('B')[offset:]
    if not len(view):
        raise ValueError(
            f'both buffer length ({len(memoryview(buffer).cast("B"))}) and count ({count}) must not be 0'
        )
    if count > 0:
        if len(view) < count * kind.itemsize:
            raise ValueError(
                f'requested buffer length ({count} * {kind.itemsize} bytes) after offset ({offset} bytes) '
                f'must not be greater than actual buffer length ({len(view) + offset} bytes)'
            )
        view = view[: count * kind.itemsize]
    if len(view) % kind.itemsize:
        raise ValueError(
            f'buffer length ({len(view)} bytes) after offset ({offset} bytes) '
            f'must be a multiple of element size ({kind.itemsize})'
        )
    values = array(kind.typecode)
    values.frombytes(view)
    out = from_array(values, (len(values),), kind)
    return out.requires_grad_() if requires_grad else out


def legacy_tensor(*data, device=None):
    """torch.Tensor(...): sizes, or data as float32."""
    check_device(device)
    if len(data) == 1 and isinstance(data[0], Tensor):
        return data[0].detach()
    if len(data) == 1 and isinstance(data[0], (list, tuple)) and not hasattr(data[0], 'numel'):
        return tensor(data[0], dtype=float32)
    if not data:
        return empty(0, dtype=float32)
    return empty(*data, dtype=float32)


def _legacy_class(kind):
    def make(*data):
        if len(data) == 1 and isinstance(data[0], (list, tuple)):
            return tensor(data[0], dtype=kind)
        return empty(*(data or (0,)), dtype=kind)

    make.__name__ = make.__qualname__ = f'{kind.type_name}Tensor'
    make.__doc__ = f'A tensor of {kind} from data or, uninitialised, of sizes.'
    return function(make)


for _kind in dtypes:
    _legacy_class(_kind)


# --- by rule. Options that change nothing here (pin_memory, non_blocking) are taken; those that would are refused.
def options(dtype, layout, device, memory_format=None):
    check_device(device)
    check_layout(layout)
    check_memory_format(memory_format)
    return None if dtype is None else dtypes[code_of(dtype)]


def finished(out, requires_grad):
    """`out`, a leaf that requires grad where asked."""
    if requires_grad:
        native.set_requires_grad(out._h, True)
    return out


@function
def empty(
    *size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False, memory_format=None
):
    """Uninitialised memory of these sizes."""
    kind = options(dtype, layout, device, memory_format) or get_default_dtype()
    return finished(wrap(native.empty(*flat(size), kind.code)), requires_grad)


@function
def full(size, fill_value, *, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """One number everywhere; its dtype that of the number where none is given."""
    kind = options(dtype, layout, device)
    if kind is None:
        value = fill_value.item() if isinstance(fill_value, Tensor) else fill_value
        kind = _inferred([value])
    return finished(wrap(native.full(*flat((size,)), *scalar(fill_value), kind.code)), requires_grad)


@function
def zeros(*size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """Zeros of these sizes."""
    kind = options(dtype, layout, device) or get_default_dtype()
    return finished(wrap(native.zeros(*flat(size), kind.code)), requires_grad)


@function
def ones(*size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """Ones of these sizes."""
    kind = options(dtype, layout, device) or get_default_dtype()
    return finished(wrap(native.full(*flat(size), 1, 1, kind.code)), requires_grad)


def like(input, dtype, layout, device, memory_format):
    """The sizes of `input` and the dtype given, or its own."""
    return shape_of(input), options(dtype, layout, device, memory_format) or dtypes[native.dtype(input._h)]


@function
def empty_like(input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None):
    """Uninitialised memory of input's sizes and dtype."""
    sizes, kind = like(input, dtype, layout, device, memory_format)
    return empty(sizes, dtype=kind, requires_grad=requires_grad)


@function
def full_like(
    input, fill_value, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None
):
    """One number everywhere, in input's sizes and dtype."""
    sizes, kind = like(input, dtype, layout, device, memory_format)
    return full(sizes, fill_value, dtype=kind, requires_grad=requires_grad)


@function
def zeros_like(input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None):
    """Zeros of input's sizes and dtype."""
    sizes, kind = like(input, dtype, layout, device, memory_format)
    return zeros(sizes, dtype=kind, requires_grad=requires_grad)


@function
def ones_like(input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None):
    """Ones of input's sizes and dtype."""
    sizes, kind = like(input, dtype, layout, device, memory_format)
    return ones(sizes, dtype=kind, requires_grad=requires_grad)


@method
def new_tensor(self, data, *, dtype=None, device=None, requires_grad=False):
    """tensor(data) of self's dtype."""
    return tensor(data, dtype=dtype or self.dtype, device=device, requires_grad=requires_grad)


@method
def new_empty(self, *size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """empty(size) of self's dtype."""
    return empty(*size, dtype=dtype or self.dtype, layout=layout, device=device, requires_grad=requires_grad)


@method
def new_zeros(self, *size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """zeros(size) of self's dtype."""
    return zeros(*size, dtype=dtype or self.dtype, layout=layout, device=device, requires_grad=requires_grad)


@method
def new_ones(self, *size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """ones(size) of self's dtype."""
    return ones(*size, dtype=dtype or self.dtype, layout=layout, device=device, requires_grad=requires_grad)


@method
def new_full(
    self, size, fill_value, *, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False
):
    """full(size, fill_value) of self's dtype."""
    kind = dtype or self.dtype
    return full(size, fill_value, dtype=kind, layout=layout, device=device, requires_grad=requires_grad)


@function
def arange(
    start, end=None, step=1, *, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False
):
    """start, start + step, ... up to but not including end; int64 where all three are integers."""
    if end is None:
        start, end = 0, start
    bounds = [value.item() if isinstance(value, Tensor) else value for value in (start, end, step)]
    kind = options(dtype, layout, device)
    if kind is None:
        kind = int64 if all(isinstance(value, int) for value in bounds) else get_default_dtype()
    scalars = chain.from_iterable(map(scalar, bounds))
    return finished(wrap(native.arange(*scalars, kind.code)), requires_grad)


@function
def linspace(start, end, steps, *, dtype=None, layout=None, device=None, requires_grad=False):
    """`steps` numbers from start to end, both included."""
    kind = options(dtype, layout, device) or get_default_dtype()
    return finished(wrap(native.linspace(float(start), float(end), int(steps), kind.code)), requires_grad)


@function
def logspace(start, end, steps, base=10.0, *, dtype=None, layout=None, device=None, requires_grad=False):
    """base to the power of linspace."""
    powers = linspace(start, end, steps, dtype=dtype, layout=layout, device=device)
    return finished((powers * math.log(base)).exp() if base != 10.0 else 10.0**powers, requires_grad)


@function
def eye(n, m=None, *, dtype=None, layout=None, device=None, requires_grad=False):
    """Ones on the diagonal of an n by m (or n by n) matrix of zeros."""
    kind = options(dtype, layout, device) or get_default_dtype()
    return finished(wrap(native.eye(n, n if m is None else m, kind.code)), requires_grad)


@function
def tril_indices(row, col, offset=0, *, dtype=int64, device=None, layout=None):
    """The row and column numbers (2, n) of a matrix's lower triangle."""
    return ones(row, col, device=device, layout=layout).tril(offset).nonzero().t().to(dtype)


@function
def triu_indices(row, col, offset=0, *, dtype=int64, device=None, layout=None):
    """The row and column numbers (2, n) of a matrix's upper triangle."""
    return ones(row, col, device=device, layout=layout).triu(offset).nonzero().t().to(dtype)
