"""What a tensor says of itself: geometry, type, place in autograd."""

import torch._native as native
from torch._dtype import dtypes
from torch._shape import shape_of
from torch._tensor import Tensor, known, method, operation, register, replace_handle, wrap
from torch._types import CPU, GPU, check_memory_format, strided


def _set_data(self, other):
    if not isinstance(other, Tensor):
        raise TypeError(f'Variable data has to be a tensor, but got {type(other).__name__}')
    if not native.is_leaf(self._h):
        raise NotImplementedError('assigning .data of a tensor that is not a leaf is not supported')
    grad = self.grad
    if grad is not None and (grad.dtype is not other.dtype or grad.shape != other.shape):
        raise NotImplementedError(
            'assigning .data of other sizes or another dtype to a tensor that has a gradient is not '
            'supported: set .grad to None first'
        )
    handle = native.data_of(other._h)
    if native.requires_grad(self._h):
        native.set_requires_grad(handle, True)
    if grad is not None:
        native.set_grad(handle, grad._h)
    replace_handle(self, handle)


def _set_grad(self, grad):
    if grad is None:
        native.set_grad(self._h, 0)
        return
    if not isinstance(grad, Tensor):
        raise TypeError(
            f'assigned grad expected to be a Tensor or None but got grad of type {type(grad).__name__}'
        )
    native.set_grad(self._h, register(grad)._h)


class Node:
    """The function in the graph that made a tensor: its name, and the functions before it."""

    __slots__ = ('_number',)

    def __init__(self, number):
        self._number = number

    def __del__(self, free=native.free_node):
        free(self._number)

    def name(self):
        """PyTorch's name of it, e.g. 'MulBackward0'."""
        return native.node_name(self._number)

    @property
    def next_functions(self):
        """For each input of the operation the function before (None: no gradient) and which of its results."""
        return tuple(
            (_node(native.hold_next(self._number, i)), native.next_index(self._number, i))
            for i in range(native.node_edges(self._number))
        )

    def __eq__(self, other):
        return isinstance(other, Node) and native.node_id(self._number) == native.node_id(other._number)

    def __hash__(self):
        return native.node_id(self._number)

    def __repr__(self):
        return f'<{self.name()} object at {id(self):#x}>'


def _node(number):
    return Node(number) if number else None


def _grad_fn(self):
    return _node(native.hold_grad_fn(self._h))


def _transposed_last(self):
    if native.dim(self._h) < 2:
        raise RuntimeError(
            'tensor.mT is only supported on matrices or batches of matrices. '
            f'Got {native.dim(self._h)}-D tensor.'
        )
    return wrap(native.transpose(self._h, -2, -1))


def _reversed_dims(self):
    dims = native.dim(self._h)
    return wrap(native.permute(self._h, dims, *range(dims - 1, -1, -1)))


Tensor.shape = property(shape_of, doc='The sizes, a torch.Size.')
Tensor.dtype = property(lambda self: dtypes[native.dtype(self._h)], doc='The element type.')
Tensor.device = property(lambda self: GPU if native.device(self._h) else CPU, doc='Where the elements lie.')
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
    'is_mps',
    'is_xpu',
    'is_sparse',
    'is_quantized',
    'is_meta',
    'is_mkldnn',
    'is_nested',
):
    setattr(Tensor, _name, False)
Tensor.is_cpu = property(lambda self: not native.device(self._h), doc='Whether it lies on the processor.')
Tensor.is_cuda = property(lambda self: bool(native.device(self._h)), doc='Whether it lies on the GPU.')


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
    """0 on the GPU, -1 on the processor."""
    return 0 if native.device(self._h) else -1
