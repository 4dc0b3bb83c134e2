"""Parameter: a tensor that a module lists among its parameters."""

from torch._creation import empty
from torch._printing import tensor_text
from torch._refusal import unsupported_class
from torch._tensor import Tensor


class Parameter(Tensor):
    """A leaf over the memory of `data` that requires grad."""

    __slots__ = ()
    __module__ = 'torch.nn.parameter'

    def __new__(cls, data=None, requires_grad=True):
        if data is None:
            data = empty(0)
        if not isinstance(data, Tensor):
            raise TypeError(f'Parameter data must be a Tensor, not {type(data).__name__}')
        return cls._from(data, requires_grad)

    def __init__(self, data=None, requires_grad=True):
        pass

    def __repr__(self):
        return f'Parameter containing:\n{tensor_text(self)}'

    __str__ = __repr__


class Buffer(Tensor):
    """A tensor that a module lists among its buffers, in its state_dict where `persistent`."""

    __slots__ = ()
    __module__ = 'torch.nn.parameter'

    def __new__(cls, data=None, *, persistent=True):
        data = empty(0) if data is None else data
        buffer = cls._from(data, data.requires_grad)
        buffer.persistent, buffer._is_buffer = persistent, True
        return buffer

    def __init__(self, data=None, *, persistent=True):
        pass


def is_lazy(parameter):
    """False: there are no lazy parameters."""
    return False


UninitializedParameter = unsupported_class('torch.nn.parameter.UninitializedParameter')
UninitializedBuffer = unsupported_class('torch.nn.parameter.UninitializedBuffer')
