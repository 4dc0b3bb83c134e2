"""Python functions that the backward pass calls, under the numbers the engine knows them by."""

import traceback
import warnings
from itertools import count

import torch._native as native
from torch._tensor import known, register

_HOOK, _BACKWARD, _ACCUMULATED, _WHERE, _COMPLAIN = range(5)  # what the engine may ask for

_functions = {}  # number -> function
_numbers = count(1)


def keep(function):
    """The number under which the engine may call `function` until it says that it no longer does."""
    while number := native.take_dropped():
        _functions.pop(number, None)
    number = next(_numbers)
    _functions[number] = function
    return number


def forget(number):
    """Lets go of a function: the engine's calls of that number do nothing from here on."""
    _functions.pop(number, None)


def answer_all(tensors):
    """Hands tensors (or None) to the engine as what a function returned."""
    native.give_results(len(tensors), *(0 if t is None else register(t)._h for t in tensors))
    return len(tensors)


def _answer(ask, number, *handles):
    if ask == _WHERE:
        native.tell(''.join(traceback.format_list(_script_frames())))
        return 0
    if ask == _COMPLAIN:
        name, _, lines = native.told_by_engine().partition('\n')
        warnings.warn(
            f'Error detected in {name}. Traceback of forward call that caused the error:\n{lines}',
            stacklevel=2,
        )
        return 0
    function = _functions.get(number)
    tensors = [known(handle) for handle in handles]
    if function is None:
        return 0
    return function(*tensors)


def _script_frames():
    """The frames of the script itself."""
    frames = traceback.extract_stack()
    return [frame for frame in frames if not frame.filename.startswith((_OWN, '<unroll>'))]


_OWN = __file__.rpartition('/')[0] + '/'
native.answer_with(_answer)


class RemovableHandle:
    """What registering a hook returns: remove() takes the hook away."""

    def __init__(self, number):
        self.id = number

    def remove(self):
        """The hook is not called again."""
        forget(self.id)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()
