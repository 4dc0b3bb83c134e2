"""Storages: the memory behind tensors, as files and aliasing tensors name it."""

import io
from array import array

import torch._native as native
from torch._dtype import dtypes, unsupported
from torch._tensor import Tensor, method, wrap

_SLICE = 1 << 22  # elements that pass through the interpreter's memory at a time


class UntypedStorage:
    """The memory of a tensor and of all that look into it. `whole` is all of it as one vector."""

    __module__ = 'torch.storage'

    def __init__(self, whole):
        self._whole = whole
        self.dtype = whole.dtype

    @classmethod
    def of(cls, tensor):
        """The storage of a tensor."""
        count = native.storage_bytes(tensor._h) // tensor.dtype.itemsize
        outside = tensor.detach()
        return cls(wrap(native.as_strided(outside._h, 1, count, 1, 1, 0)))

    @classmethod
    def read(cls, file, dtype, count):
        """A new storage of `count` elements of a file. @raises RuntimeError where the file ends early"""
        storage = cls(wrap(native.empty(1, count, dtype.code)))
        for start in range(0, count, _SLICE):
            part = storage._whole[start : start + _SLICE]
            values = array('B')
            wanted = part.numel() * dtype.itemsize
            values.frombytes(file.read(wanted))
            if len(values) != wanted:
                ended = start + len(values) // dtype.itemsize
                raise RuntimeError(f'storage data ends after {ended} of {count} elements')
            native.copy_in(part._h, values.buffer_info()[0], wanted)
        return storage

    def write(self, file):
        """Writes all elements' bytes."""
        for start in range(0, self._whole.numel(), _SLICE):
            part = self._whole[start : start + _SLICE]
            values = array('B', bytes(part.numel() * self.dtype.itemsize))
            native.copy_out(part._h, values.buffer_info()[0], len(values))
            file.write(values)

    @property
    def device(self):
        """Where it lies."""
        return self._whole.device

    def to(self, device):
        """On another device; itself where it lies there."""
        whole = self._whole.to(device)
        return self if whole is self._whole else UntypedStorage(whole)

    def cpu(self):
        """On the processor."""
        return self.to('cpu')

    def cuda(self):
        """On the GPU that the run was started with."""
        return self.to('cuda')

    def nbytes(self):
        """Bytes in all."""
        return self._whole.numel() * self.dtype.itemsize

    def size(self):
        """Elements in all."""
        return self._whole.numel()

    __len__ = size

    def data_ptr(self):
        """A number that tells this storage from any other."""
        return self._whole.data_ptr()

    def tolist(self):
        """The elements."""
        return self._whole.tolist()

    def tensor(self, offset, size, stride):
        """A tensor over these elements."""
        count = self._whole.numel()
        if not _lies_within(count, offset, size, stride):
            raise RuntimeError(
                f'a tensor of sizes {tuple(size)}, strides {tuple(stride)} and offset {offset} does not lie '
                f'within a storage of {count} elements'
            )
        view = wrap(native.as_strided(self._whole._h, len(size), *size, len(stride), *stride, offset))
        return view.detach()

    def __reduce__(self):
        from torch.serialization import save  # which needs this module

        file = io.BytesIO()
        save(self, file)
        return _load_from_bytes, (file.getvalue(),)

    def __repr__(self):
        return f'<torch storage of {self._whole.numel()} elements of {self.dtype}>'


def _lies_within(count, offset, size, stride):
    if offset < 0 or len(size) != len(stride) or any(number < 0 for number in (*size, *stride)):
        return False
    if 0 in size:
        return offset <= count
    return offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True)) < count


def _load_from_bytes(data):
    from torch.serialization import load

    return load(io.BytesIO(data))


TypedStorage = UntypedStorage


class _StorageName(type):
    """The class of the names under which files say a storage's dtype: torch.FloatStorage and its like."""

    def __call__(cls, *_):
        raise NotImplementedError(f'torch.{cls.__name__}() is not supported: make a tensor')


def _storage_names():
    names = {f'{kind.type_name}Storage': kind for kind in dtypes}
    names |= {'ComplexFloatStorage': unsupported['complex64']}
    return {
        name: _StorageName(name, (), {'__module__': 'torch', 'dtype': kind}) for name, kind in names.items()
    }


storage_names = _storage_names()
name_of_dtype = {name.dtype: name for name in storage_names.values()}


@method
def untyped_storage(self):
    """The memory behind the tensor."""
    return UntypedStorage.of(self)


Tensor.storage = untyped_storage
