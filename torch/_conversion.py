"""Tensors as Python's numbers and lists, and as tensors of other types."""

import torch._native as native
from torch._data import to_array
from torch._dtype import (
    bfloat16,
    bool_,
    code_of,
    dtypes,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
)
from torch._shape import shape_of
from torch._tensor import Tensor, method, operation, same_or_new, wrap
from torch._types import check_memory_format, placed


@method
def item(self):
    """The one element as a Python number."""
    value, kind = native.item(self._h), self.dtype
    if kind.is_floating_point:
        return float(value)
    return bool(value) if kind is bool_ else int(value)


@method
def tolist(self):
    """The elements as nested lists of Python numbers."""
    if native.dim(self._h) == 0:
        return self.item()
    values = to_array(self)
    level = list(map(bool, values)) if self.dtype is bool_ else values.tolist()
    for length in reversed(shape_of(self)[1:]):
        level = [level[i : i + length] for i in range(0, len(level), length)] if length else []
    if not level and 0 in shape_of(self)[1:]:
        return _empty_lists(shape_of(self))
    return level


def _empty_lists(sizes):
    return [_empty_lists(sizes[1:]) for _ in range(sizes[0])] if sizes else []


@method
def numpy(self, *, force=False):
    """Refused: there is no NumPy in this interpreter."""
    raise NotImplementedError('Tensor.numpy() is not supported, as there is no NumPy here: use tolist()')


def _bool(self):
    count = native.numel(self._h)
    if count != 1:
        what = 'more than one value' if count else 'no values'
        raise RuntimeError(f'Boolean value of Tensor with {what} is ambiguous')
    return bool(native.item(self._h))


def _index(self):
    value = self.item() if native.numel(self._h) == 1 else None
    if not isinstance(value, int):
        raise TypeError('only integer tensors of a single element can be converted to an index')
    return int(value)


def _format(self, spec):
    if native.dim(self._h) == 0:
        return self.item().__format__(spec)
    return object.__format__(self, spec) if spec else str(self)


Tensor.__bool__, Tensor.__index__, Tensor.__format__ = _bool, _index, _format
Tensor.__float__ = lambda self: float(self.item())
Tensor.__int__ = lambda self: int(self.item())


# --- conversions
@method
def to(self, *args, dtype=None, device=None, non_blocking=False, copy=False, memory_format=None):
    """With another dtype (or that of another tensor); self where nothing changes, unless copy."""
    check_memory_format(memory_format)
    if len(args) > 2:
        raise TypeError(f'to() takes at most a device and a dtype, got {len(args)} positional arguments')
    for given in args:
        if isinstance(given, Tensor):
            dtype, device = given.dtype, given.device
        elif hasattr(given, 'code') or given in (float, int, bool):
            dtype = given
        elif not isinstance(given, bool):
            device = given
    out = self if dtype is None else same_or_new(self, native.to_dtype(self._h, code_of(dtype)))
    if device is not None:
        out = same_or_new(out, native.to_device(out._h, placed(device)))
    return out.clone() if copy and out is self else out


def _define_conversion(name, kind):
    def convert(self, memory_format=None):
        check_memory_format(memory_format)
        return same_or_new(self, native.to_dtype(self._h, kind.code))

    convert.__name__, convert.__doc__ = name, f'to({kind})'
    method(convert)


for _name, _kind in {
    **{'float': float32, 'double': float64, 'long': int64, 'int': int32, 'short': int16, 'byte': uint8},
    **{'bool': bool_, 'half': float16, 'bfloat16': bfloat16, 'char': int8},
}.items():
    _define_conversion(_name, _kind)


def _type(self, dtype=None, non_blocking=False):
    """The type's name, e.g. 'torch.FloatTensor', or the tensor with another dtype."""
    if dtype is None:
        return f'torch.{self.dtype.type_name}Tensor'
    if isinstance(dtype, str):
        dtype = next((d for d in dtypes if dtype == f'torch.{d.type_name}Tensor'), dtype)
    return to(self, dtype=dtype)


Tensor.type = _type


@method
def type_as(self, other):
    """With other's dtype."""
    return to(self, dtype=other.dtype)


@method
def cpu(self, memory_format=None):
    """The tensor on the processor; self where it is there already."""
    check_memory_format(memory_format)
    return to(self, 'cpu')


@method
def cuda(self, device=None, non_blocking=False):
    """The tensor on the GPU that the run was started with; self where it is there already."""
    return to(self, 'cuda' if device is None else device)


@operation
def clone(input, *, memory_format=None):
    """A copy, through which gradients flow."""
    check_memory_format(memory_format)
    return wrap(native.clone(input._h))


@method
def contiguous(self, memory_format=None):
    """self where it is contiguous, else a contiguous copy."""
    check_memory_format(memory_format)
    return same_or_new(self, native.contiguous(self._h))
