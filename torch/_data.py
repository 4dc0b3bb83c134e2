"""Tensors from Python's data and back: numbers, nested sequences, arrays, bytes."""

from array import array
from itertools import chain

import torch._native as native
from torch._dtype import bool_, code_of, dtypes, float32, get_default_dtype, int64, promote_types
from torch._tensor import Tensor, function, wrap
from torch._types import placed

_ARRAY_TYPES = {kind.typecode: kind for kind in dtypes[1:] if kind.typecode}


def from_array(values, sizes, dtype):
    """A tensor of the elements (or the bytes of the elements) of an `array.array`."""
    tensor = wrap(native.empty(len(sizes), *sizes, dtype.code))
    address, count = values.buffer_info()
    if count:
        native.copy_in(tensor._h, address, count * values.itemsize)
    return tensor


def to_array(tensor):
    """The elements of a tensor, row by row, as an `array.array`."""
    kind = dtypes[native.dtype(tensor._h)]
    if kind.typecode is None:
        return to_array(tensor.detach().to(float32))
    dense = tensor.detach().contiguous()
    values = array(kind.typecode, bytes(native.numel(tensor._h) * kind.itemsize))
    address, count = values.buffer_info()
    if count:
        native.copy_out(dense._h, address, count * values.itemsize)
    return values


def _plain(data):
    """Nested sequences and tensors as nested lists of numbers, with the dtype the tensors in them ask for."""
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
                f'expected sequence of length {wanted} at dim {len(sizes)} '
                f'(got {got if got >= 0 else "a number"})'
            )
        sizes.append(len(level[0]))
        level = list(chain.from_iterable(level))
    return level, sizes


def _length(item):
    return len(item) if isinstance(item, (list, tuple, range)) else -1


def inferred_dtype(values):
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
                if isinstance(values[0], str):
                    raise ValueError("too many dimensions 'str'")
                raise TypeError("new(): invalid data type 'str'")
            if issubclass(kind, (bytes, dict, set)):
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
    """A new leaf with a copy of `data`: a number, nested sequences of numbers, a tensor, an array.array."""
    number = placed(device)
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
        inferred = inferred_dtype(values)  # which refuses what is no number
        kind = wanted or found or inferred
        if kind.typecode is None:
            out = from_array(_element_array(values, float32), sizes, float32).to(kind)
        else:
            out = from_array(_element_array(values, kind), sizes, kind)
    is_told = device is not None or not isinstance(data, Tensor)
    if is_told and native.device(out._h) != number:
        out = wrap(native.to_device(out._h, number))
    return out.requires_grad_() if requires_grad else out


@function
def as_tensor(data, dtype=None, device=None):
    """data itself where it is a tensor of the dtype already, else a new tensor."""
    if isinstance(data, Tensor):
        data = data if device is None else data.to(device)
        return data if dtype is None else data.to(dtype)
    return tensor(data, dtype=dtype, device=device)


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
    out = from_array(array('B', bytes(view)), (len(view) // kind.itemsize,), kind)
    return out.requires_grad_() if requires_grad else out
