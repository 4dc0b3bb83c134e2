"""How tensors are taken apart for a file and put together from one, under the names PyTorch's files use."""

from collections import OrderedDict
from pickle import UnpicklingError

import torch._native as native
from torch._refusal import module_getattr
from torch._tensor import Tensor
from torch.nn.parameter import Parameter
from torch.storage import UntypedStorage

__getattr__ = module_getattr('torch._utils')


def _rebuild_tensor(storage, storage_offset, size, stride):
    return storage.tensor(storage_offset, size, stride)


def _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks, metadata=None):
    tensor = storage.tensor(storage_offset, size, stride)
    if requires_grad:
        native.set_requires_grad(tensor._h, True)
    return tensor


def _rebuild_parameter(data, requires_grad, backward_hooks):
    return Parameter(data, requires_grad)


def _rebuild_parameter_with_state(data, requires_grad, backward_hooks, state):
    parameter = Parameter(data, requires_grad)
    parameter.__dict__.update(state)
    return parameter


def _reduce_tensor(self, protocol):
    requires_grad = native.requires_grad(self._h)
    parts = (UntypedStorage.of(self), native.offset(self._h), tuple(self.shape), self.stride())
    return _rebuild_tensor_v2, (*parts, requires_grad, OrderedDict())


def _reduce_parameter(self, protocol):
    if self.__dict__:
        return _rebuild_parameter_with_state, (self.data, self.requires_grad, OrderedDict(), self.__dict__)
    return _rebuild_parameter, (self.data, self.requires_grad, OrderedDict())


def _set_state(self, state):
    raise UnpicklingError('the file gives a tensor attributes of its own, which is not supported')


Tensor.__reduce_ex__, Tensor.__setstate__ = _reduce_tensor, _set_state
Parameter.__reduce_ex__ = _reduce_parameter
