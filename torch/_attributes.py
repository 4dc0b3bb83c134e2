"""What a tensor says of itself, its conversions, and its part in autograd."""

from copy import deepcopy

import torch._native as native
from torch._creation import to_array
from torch._dtype import (
    bool_,
    code_of,
    dtypes,
    float32,
    float64,
    int16,
    int32,
    int64,
    scalar,
    uint8,
    unsupported,
)
from torch._shape import shape_of
from torch._tensor import Tensor, known, method, operation, register, same_or_new, wrap
from torch._types import check_device, check_memory_format, device, strided

_CPU = device('cpu')


def _set_data(self, other):
    if not isinstance(other, Tensor):
        raise TypeError(f'Variable data has to be a tensor, but got {type(other).__name__}')
    if not native.is_leaf(self._h):
        raise NotImplementedError('assigning .data of a tensor that is not a leaf is not supported')
    grad = self.grad
    if grad is not None and (grad.dtype is not other.dtype or grad.shape != other.shape):
        raise NotImplementedError(
            'assigning .data of other sizes or another dtype to a tensor that has a gradient is not supported: '
            'set .grad to None first'
        )
    handle = native.data_of(other._h)
    if native.requires_grad(self._h):
        native.set_requires_grad(handle, True)
    old, self._h = self._h, handle
    if grad is not None:
        native.set_grad(handle, grad._h)
    native.free(old)
    register(self)


def _set_grad(self, grad):
    if grad is None:
        native.set_grad(self._h, 0)
        return
    if not isinstance(grad, Tensor):
        raise TypeError(
            f'assigned grad expected to be a Tensor or None but got grad of type {type(grad).__name__}'
        )
    native.set_grad(self._h, register(grad)._h)


class GradFunction:
    """The function in the graph that made a tensor; it can be named and printed."""

    def __init__(self, name):
        self._name = name

    def name(self):
        """PyTorch's name of it, e.g. 'MulBackward0'."""
        return self._name

    def __repr__(self):
        return f'<{self._name} object at {id(self):#x}>'


def _grad_fn(self):
    name = native.grad_fn_name(self._h)
    return GradFunction(name) if name else None


def _transposed_last(self):
    if native.dim(self._h) < 2:
        raise RuntimeError(
            f'tensor.mT is only supported on matrices or batches of matrices. Got {native.dim(self._h)}-D tensor.'
        )
    return wrap(native.transpose(self._h, -2, -1))


def _reversed_dims(self):
    dims = native.dim(self._h)
    return wrap(native.permute(self._h, dims, *range(dims - 1, -1, -1)))


Tensor.shape = property(shape_of, doc='The sizes, a torch.Size.')
Tensor.dtype = property(lambda self: dtypes[native.dtype(self._h)], doc='The element type.')
Tensor.device = property(lambda self: _CPU, doc='Where the elements lie.')
Tensor.layout = property(lambda self: strided, doc='torch.strided')
Tensor.ndim = property(lambda self: native.dim(self._h), doc='The number of dimensions.')
Tensor.itemsize = property(lambda self: self.dtype.itemsize, doc='Bytes an element.')
Tensor.nbytes = property(
    lambda self: native.numel(self._h) * self.dtype.itemsize, doc='Bytes of all elements.'
)
Tensor.T = property(_reversed_dims, doc='The dimensions in reverse order.')
Tensor.mT = property(_transposed_last, doc='The last two dimensions exchanged.')
Tensor.data = property(
    lambda self: wrap(native.data_of(self._h)), _set_data, doc='The same memory, outside autograd.'
)
Tensor.grad = property(
    lambda self: known(native.grad(self._h)), _set_grad, doc='The gradient accumulated in a leaf.'
)
Tensor.grad_fn = property(_grad_fn, doc='What made the tensor; None for a leaf.')
Tensor.is_leaf = property(lambda self: native.is_leaf(self._h), doc='Whether no recorded operation made it.')
Tensor.requires_grad = property(
    lambda self: native.requires_grad(self._h),
    lambda self, value: native.set_requires_grad(self._h, bool(value)),
    doc='Whether gradients flow to it.',
)
Tensor._version = property(lambda self: native.version(self._h), doc='How often it was written in place.')
Tensor.names = property(lambda self: (None,) * native.dim(self._h))
for _name in (
    'is_cuda',
    'is_mps',
    'is_xpu',
    'is_sparse',
    'is_quantized',
    'is_meta',
    'is_mkldnn',
    'is_nested',
):
    setattr(Tensor, _name, False)
Tensor.is_cpu = True


@method
def size(self, dim=None):
    """The sizes, or that of one dimension."""
    return shape_of(self) if dim is None else native.size(self._h, dim)


@method
def dim(self):
    """The number of dimensions."""
    return native.dim(self._h)


@operation
def numel(input):
    """The number of elements."""
    return native.numel(input._h)


Tensor.ndimension, Tensor.nelement = dim, numel


@method
def stride(self, dim=None):
    """The strides in elements, or that of one dimension."""
    text = native.strides(self._h)
    strides = tuple(map(int, text.split(','))) if text else ()
    return strides if dim is None else strides[dim]


@method
def storage_offset(self):
    """Where the first element lies in the storage, in elements."""
    return native.offset(self._h)


@method
def is_contiguous(self, memory_format=None):
    """Whether the elements lie row by row without gaps."""
    check_memory_format(memory_format)
    return native.is_contiguous(self._h)


@method
def element_size(self):
    """Bytes an element."""
    return self.dtype.itemsize


@method
def data_ptr(self):
    """A number that tells the first element's place from any other's; the memory is not Python's to read."""
    return (native.storage_id(self._h) << 40) + native.offset(self._h) * self.dtype.itemsize


def _dtype_of(tensor):
    return dtypes[native.dtype(tensor._h)]


@operation
def is_floating_point(input):
    """Whether the elements are of a floating point type."""
    return _dtype_of(input).is_floating_point


@operation
def is_complex(input):
    """False: there are no complex tensors."""
    return _dtype_of(input).is_complex


@operation
def is_nonzero(input):
    """Whether the one element is not zero."""
    return bool(input)


@method
def get_device(self):
    """-1: no GPU."""
    return -1


# --- to Python
@method
def item(self):
    """The one element as a Python number."""
    value, kind = native.item(self._h), _dtype_of(self)
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
            dtype = given.dtype
        elif hasattr(given, 'code') or given in (float, int, bool):
            dtype = given
        elif not isinstance(given, bool):
            device = given
    check_device(device)
    out = self if dtype is None else same_or_new(self, native.to_dtype(self._h, code_of(dtype)))
    return out.clone() if copy and out is self else out


def _define_conversion(name, kind):
    def convert(self, memory_format=None):
        check_memory_format(memory_format)
        return same_or_new(self, native.to_dtype(self._h, kind.code))

    convert.__name__, convert.__doc__ = name, f'to({kind})'
    method(convert)


for _name, _kind in {
    **{'float': float32, 'double': float64, 'long': int64, 'int': int32, 'short': int16, 'byte': uint8},
    **{'bool': bool_, 'half': unsupported['float16'], 'bfloat16': unsupported['bfloat16']},
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
    """self, which is there already."""
    check_memory_format(memory_format)
    return self


@method
def cuda(self, device=None, non_blocking=False):
    """Refused: there is no CUDA device."""
    check_device('cuda')


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


# --- writing
@method
def copy_(self, src, non_blocking=False):
    """src's elements, broadcast and converted."""
    native.copy_(self._h, src._h)
    return self


@method
def fill_(self, value):
    """One number everywhere."""
    native.fill_(self._h, *scalar(value))
    return self


@method
def zero_(self):
    """Zeros everywhere."""
    native.zero_(self._h)
    return self


# --- autograd
@operation
def detach(input):
    """The same memory outside the graph."""
    return wrap(native.detach(input._h))


@method
def detach_(self):
    """Refused: a tensor's history cannot be taken from it."""
    raise NotImplementedError('Tensor.detach_() is not supported: use x = x.detach()')


@method
def requires_grad_(self, requires_grad=True):
    """Sets requires_grad; returns self."""
    native.set_requires_grad(self._h, bool(requires_grad))
    return self


@method
def retain_grad(self):
    """Keeps the gradient of a tensor that is not a leaf, in .grad."""
    native.retain_grad(self._h)


@method
def register_hook(self, hook):
    """Refused: Python functions are not called from the backward pass."""
    raise NotImplementedError(
        'Tensor.register_hook() is not supported: use retain_grad() and read .grad after backward()'
    )


def _deepcopy(self, memo):
    if not native.is_leaf(self._h):
        raise RuntimeError(
            'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.'
        )
    if id(self) in memo:
        return memo[id(self)]
    copied = self.data.clone()
    out = type(self)._from(copied, native.requires_grad(self._h))
    out.__dict__.update(deepcopy(self.__dict__, memo))
    if (grad := self.grad) is not None:
        out.grad = deepcopy(grad, memo)
    memo[id(self)] = out
    return out


def _from(cls, data, requires_grad):
    out = _new(cls)
    out._h = native.detach(data._h)
    if requires_grad:
        native.set_requires_grad(out._h, True)
    return out


Tensor.__deepcopy__ = _deepcopy
Tensor._from = classmethod(_from)
_new = object.__new__
