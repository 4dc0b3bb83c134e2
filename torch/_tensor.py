"""The Tensor: a Python object that owns one of the engine's handles. Its operations are in its neighbours."""

import functools
import inspect
import weakref

import torch._native as native


class Tensor:
    """A strided array of one dtype with its place in the autograd graph.

    The handle is freed with the object: take `_h` of a tensor that a variable holds, never of a temporary.
    """

    __slots__ = ('__dict__', '__weakref__', '_h')
    __module__ = 'torch'

    def __new__(cls, *data, device=None):
        from torch._creation import legacy_tensor  # which needs this class

        return legacy_tensor(*data, device=device)

    def __del__(self, free=native.free):
        free(self._h)


native.when_connected(lambda: setattr(Tensor.__del__, '__defaults__', (native.free,)))

_new = object.__new__
_live = weakref.WeakValueDictionary()  # handle -> tensor, of the tensors that the engine may hand out again


def wrap(handle):
    """The tensor of a handle that is new."""
    tensor = _new(Tensor)
    tensor._h = handle
    return tensor


def register(tensor):
    """Makes `tensor` the answer wherever the engine hands out its handle again."""
    _live[tensor._h] = tensor
    return tensor


def known(handle):
    """The tensor of a handle that may have been seen before; None for 0."""
    if handle == 0:
        return None
    tensor = _live.get(handle)
    return register(wrap(handle)) if tensor is None else tensor


def replace_handle(tensor, handle):
    """Lets a tensor own another handle than before."""
    _live.pop(tensor._h, None)
    native.free(tensor._h)
    tensor._h = handle
    register(tensor)


def same_or_new(tensor, handle):
    """`tensor` itself where an operation handed its argument back."""
    return tensor if handle == tensor._h else wrap(handle)


def handle_of(tensor):
    """The handle of an optional tensor: 0 for None."""
    return 0 if tensor is None else tensor._h


def handles(tensors):
    """A sequence of tensors as the engine takes one: count, then handles."""
    found = [tensor._h for tensor in tensors]
    return len(found), *found


def without_derivative(out, name, *inputs):
    """`out`, made from the inputs; a backward pass that reaches it fails as PyTorch's does."""
    return same_or_new(out, native.without_derivative(out._h, *handles(inputs), f'aten::{name}'))


# --- operations are functions whose first argument is the tensor: one definition is torch.f(x) and x.f()
functions = {}  # what torch itself offers


def _not_a_tensor(function, arguments, value):
    """The TypeError for `value`, found where a tensor was needed."""
    names = list(inspect.signature(function).parameters)
    place = next((i for i, argument in enumerate(arguments) if argument is value), None)
    where = (
        'argument'
        if place is None
        else f"argument '{names[min(place, len(names) - 1)]}' (position {place + 1})"
    )
    return TypeError(f'{function.__name__}(): {where} must be Tensor, not {type(value).__name__}')


_NUMPY_NAMES = {'axis': 'dim', 'keepdims': 'keepdim'}  # of arguments, which PyTorch takes as well


def checked(function):
    """`function`, with PyTorch's TypeError where it is given something that is no tensor."""

    @functools.wraps(function)
    def call(*arguments, **named):
        try:
            return function(*arguments, **named)
        except AttributeError as error:
            if error.name != '_h':
                raise
            failure = _not_a_tensor(function, arguments, error.obj)
        except TypeError:
            if 'out' in named and 'out' not in inspect.signature(function).parameters:
                from torch._out import write_out  # which needs this module

                out = named.pop('out')
                result = call(*arguments, **named)
                return result if out is None else write_out(function.__name__, out, result)
            if not _NUMPY_NAMES.keys() & named.keys():
                raise
            renamed = {_NUMPY_NAMES.get(name, name): value for name, value in named.items()}
            return function(*arguments, **renamed)
        raise failure from None

    return call


def function(definition):
    """Declares torch.f."""
    call = checked(definition)
    functions[definition.__name__] = call
    return call


def method(definition):
    """Declares Tensor.f."""
    call = checked(definition)
    setattr(Tensor, definition.__name__, call)
    return call


def operation(definition):
    """Declares torch.f and Tensor.f."""
    call = function(definition)
    setattr(Tensor, definition.__name__, call)
    return call


def alias(definition, *names):
    """Further names for an operation."""
    for name in names:
        functions[name] = definition
        setattr(Tensor, name, definition)


def is_tensor(obj):
    """Whether obj is a Tensor."""
    return isinstance(obj, Tensor)


functions['is_tensor'] = is_tensor
