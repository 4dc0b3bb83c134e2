"""What torch.load may make of a file it does not trust: an allowlist, which the script can extend."""

import collections
import contextlib
import pickle

from torch import _utils
from torch._dtype import names as dtype_names
from torch._types import Size, device
from torch.nn.parameter import Parameter
from torch.storage import storage_names

_ALLOWED = {
    ('collections', 'OrderedDict'): collections.OrderedDict,
    ('collections', 'Counter'): collections.Counter,
    ('collections', 'defaultdict'): collections.defaultdict,
    ('builtins', 'set'): set,
    ('builtins', 'complex'): complex,
    ('builtins', 'bytearray'): bytearray,
    ('builtins', 'dict'): dict,
    ('torch', 'Size'): Size,
    ('torch', 'device'): device,
    ('torch.nn.parameter', 'Parameter'): Parameter,
    **{('torch', name): cls for name, cls in storage_names.items()},
    **{('torch', name): kind for name, kind in dtype_names.items()},
    **{
        ('torch._utils', name): getattr(_utils, name)
        for name in (
            '_rebuild_tensor',
            '_rebuild_tensor_v2',
            '_rebuild_parameter',
            '_rebuild_parameter_with_state',
        )
    },
}
_extra = {}


def _path(item):
    cls, path = item if isinstance(item, tuple) else (item, f'{item.__module__}.{item.__qualname__}')
    return path, cls


def add_safe_globals(safe_globals):
    """Lets torch.load use these classes and functions: each itself, or (it, its path in files)."""
    _extra.update(map(_path, safe_globals))


def get_safe_globals():
    """What add_safe_globals has added."""
    return list(_extra.values())


def clear_safe_globals():
    """Takes back what add_safe_globals has added."""
    _extra.clear()


class safe_globals(contextlib.ContextDecorator):
    """A block within which these are safe."""

    def __init__(self, safe_globals):
        self._items = safe_globals

    def __enter__(self):
        self._before = dict(_extra)
        add_safe_globals(self._items)

    def __exit__(self, *_):
        _extra.clear()
        _extra.update(self._before)


class SafeUnpickler(pickle.Unpickler):
    """Makes only what is allowed."""

    def find_class(self, module, name):
        """The class or function of a name. @raises pickle.UnpicklingError where it is not allowed"""
        module = 'builtins' if module == '__builtin__' else module
        allowed = _ALLOWED.get((module, name)) or _extra.get(f'{module}.{name}')
        if allowed is None:
            raise pickle.UnpicklingError(
                f'Weights only load failed: the file asks for {module}.{name}, '
                'which was not an allowed global. '
                f'If you trust the file, allow it with torch.serialization.add_safe_globals([{name}]), '
                'or load with weights_only=False, which can run any code in the file.'
            )
        return allowed
