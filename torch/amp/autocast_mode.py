"""autocast: a block in which nothing is cast."""

import functools
import warnings

from torch._dtype import dtype as _dtype


class autocast:
    """A block, or a decorator, in which operations keep their precision: there is no faster one here."""

    def __init__(self, device_type='cuda', dtype=None, enabled=True, cache_enabled=None):
        if not isinstance(device_type, str):
            raise ValueError(f'Expected `device_type` of type `str`, got: `{type(device_type)}`')
        if dtype is not None and not isinstance(dtype, _dtype):
            raise ValueError(f'Expected `dtype` of type `torch.dtype`, got: `{type(dtype)}`')
        self.device, self.fast_dtype, self._enabled = device_type, dtype, False
        if enabled:
            note_autocast()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def __call__(self, function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            with self:
                return function(*args, **kwargs)

        return call


@functools.cache  # said once
def note_autocast():
    """Says that nothing is cast."""
    warnings.warn('autocast changes nothing: operations keep the precision of their operands', stacklevel=3)


def is_autocast_available(device_type):
    """False: no device casts."""
    return False


def custom_fwd(fwd=None, *, device_type, cast_inputs=None):
    """The forward itself."""
    return (lambda function: function) if fwd is None else fwd


def custom_bwd(bwd=None, *, device_type):
    """The backward itself."""
    return (lambda function: function) if bwd is None else bwd
