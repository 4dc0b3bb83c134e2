"""Recording on and off: context managers that are decorators as well."""

import functools

import torch._native as native


def is_grad_enabled():
    """Whether operations are being recorded."""
    return native.grad_enabled()


class _Mode:
    """Recording as `_enabled` says, within a block or within every call of a function."""

    _enabled = False
    __module__ = 'torch'

    def __new__(cls, function=None, **_):
        made = object.__new__(cls)
        return made(function) if callable(function) else made

    def __enter__(self):
        self._before = native.grad_enabled()
        native.set_grad_enabled(self._enabled)

    def __exit__(self, *_):
        native.set_grad_enabled(self._before)

    def clone(self):
        """Another like it, for a block of its own."""
        return type(self)()

    def __call__(self, function):
        @functools.wraps(function)
        def call(*arguments, **named):
            with self.clone():
                return function(*arguments, **named)

        return call


class no_grad(_Mode):
    """Nothing is recorded."""


class enable_grad(_Mode):
    """Operations are recorded."""

    _enabled = True


class inference_mode(_Mode):
    """no_grad; the tensors made within are ordinary ones."""

    def __init__(self, mode=True):
        self._enabled = not mode if isinstance(mode, bool) else False

    def __enter__(self):
        self._before = native.grad_enabled()
        native.set_grad_enabled(self._enabled and self._before)

    def clone(self):
        """Another like it, for a block of its own."""
        return inference_mode(not self._enabled)


class set_grad_enabled(_Mode):
    """Recording as `mode` says, from here on, or within the block it opens."""

    def __init__(self, mode):
        self._enabled = bool(mode)
        self._before = native.grad_enabled()
        native.set_grad_enabled(self._enabled)

    def __new__(cls, mode):
        return object.__new__(cls)

    def __enter__(self):
        native.set_grad_enabled(self._enabled)

    def clone(self):
        """Another like it, for a block of its own."""
        return set_grad_enabled(self._enabled)

    def __call__(self, function):
        native.set_grad_enabled(self._before)  # a decorator changes nothing where it stands
        return super().__call__(function)
