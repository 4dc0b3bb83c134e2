"""Writes type stubs of the package `torch` as it is, for editors: `unroll run make_stubs.py FOLDER`.

Names, signatures and docstrings are read from the live package. Where it does not say what a function returns, that
is known of those which are also methods of a tensor: a tensor, but for the ones named here.
"""

import importlib
import inspect
import pathlib
import pkgutil
import sys
import types

import torch

OTHER_RETURNS = {
    'equal': 'bool',
    'allclose': 'bool',
    'is_tensor': 'bool',
    'numel': 'int',
    'item': 'Any',
    'tolist': 'Any',
    'size': 'Any',
    'stride': 'Any',
    'dim': 'int',
    'ndimension': 'int',
    'split': 'tuple[Tensor, ...]',
    'chunk': 'tuple[Tensor, ...]',
    'unbind': 'tuple[Tensor, ...]',
    'tensor_split': 'tuple[Tensor, ...]',
    'backward': 'None',
    'max': 'Any',
    'min': 'Any',
    'sort': 'Any',
    'topk': 'Any',
    'median': 'Any',
    'mode': 'Any',
    'unique': 'Any',
    'var_mean': 'tuple[Tensor, Tensor]',
    'std_mean': 'tuple[Tensor, Tensor]',
}
CREATION = set('arange empty eye full linspace logspace ones rand randint randn randperm tensor zeros'.split())
# What every stub takes from torch itself.
IMPORTED = ('Tensor', 'dtype')
# What Python itself puts into a class.
PYTHONS_OWN = set('__module__ __doc__ __dict__ __weakref__ __slots__ __qualname__ __hash__ __del__'.split())
PYTHONS_OWN |= set('__firstlineno__ __static_attributes__ __annotations__ __annotate_func__ __parameters__'.split())


def public_modules():
    for info in pkgutil.walk_packages(torch.__path__, 'torch.'):
        if not any(part.startswith('_') for part in info.name.split('.')):
            importlib.import_module(info.name)
    return {name: module for name, module in sys.modules.items() if is_public(name) and module is not None}


def is_public(name):
    parts = name.split('.')
    return parts[0] == 'torch' and not any(part.startswith('_') for part in parts)


def module_stub(module):
    lines = [docstring(module.__doc__)] if module.__doc__ else []
    lines.append('from typing import Any')
    if module is not torch:
        lines.append(f'from torch import {", ".join(IMPORTED)}')
    for name, value in sorted(vars(module).items(), key=order):
        if name.isidentifier() and (not name.startswith('_') or name == '__version__'):
            lines.extend(member(module, name, value))
    return '\n'.join(lines) + '\n'


def order(item):
    """Classes first, each after those it derives from."""
    name, value = item
    return (0, len(value.__mro__), name) if isinstance(value, type) else (1, 0, name)


def member(module, name, value):
    if isinstance(value, types.ModuleType):
        parent, _, leaf = value.__name__.rpartition('.')
        if parent and is_public(value.__name__):
            yield f'from {parent} import {leaf} as {name}'
        return
    home = getattr(value, '__module__', None) or ''
    is_here = home == module.__name__ or getattr(MODULES.get(home), name, None) is not value
    if isinstance(value, type) and name in IMPORTED and module is not torch:
        return
    if (isinstance(value, type) or inspect.isroutine(value)) and not is_here and home != 'torch':
        yield f'from {home} import {name} as {name}'
    elif isinstance(value, type):
        if home.split('.')[0] == 'torch':
            yield class_stub(name, value)
    elif inspect.isroutine(value):
        yield function_stub(name, value)
    elif type(value).__module__.split('.')[0] in ('torch', 'builtins'):
        yield f'{name}: {type_name(value)}'


def type_name(value):
    kind = type(value)
    if kind is torch.dtype:
        return 'dtype'
    return kind.__name__ if kind.__module__ == 'builtins' and kind is not type(None) else 'Any'


def class_stub(name, cls):
    bases = ', '.join(base.__name__ for base in cls.__bases__ if is_known(base))
    lines = [docstring(cls.__doc__)] if cls.__doc__ else []
    for key, value in sorted(vars(cls).items()):
        is_special = key.startswith('__') and key.endswith('__')
        if key not in PYTHONS_OWN and (is_special or not key.startswith('_')):
            lines.extend(class_member(cls, key, value))
    if issubclass(cls, torch.nn.Module):
        lines.append('def __getattr__(self, name: str) -> Any: ...')
    return f'class {name}({bases}):\n' + indented('\n'.join(lines or ['...']))


def is_known(base):
    """Whether a stub has the class."""
    return any(vars(module).get(base.__name__) is base for module in MODULES.values())


def class_member(cls, name, value):
    if isinstance(value, (staticmethod, classmethod)):
        yield f'@{type(value).__name__}'
        yield function_stub(name, value.__func__)
    elif isinstance(value, property):
        result = 'Tensor' if cls is torch.Tensor and name in ('T', 'mT', 'H', 'mH', 'data', 'real') else 'Any'
        yield f'@property\ndef {name}(self) -> {result}: ...'
        if value.fset:
            yield f'@{name}.setter\ndef {name}(self, value: Any) -> None: ...'
    elif name == 'forward' and '_' in inspect.signature(value).parameters:
        yield 'forward: Any'  # a subclass gives it what arguments it likes
    elif inspect.isroutine(value):
        yield function_stub(name, value)
    elif not name.startswith('__'):
        yield f'{name}: {type_name(value)}'


def function_stub(name, function):
    signature = inspect.signature(function)
    plain = [
        parameter.replace(default=parameter.empty if parameter.default is parameter.empty else ..., annotation=parameter.empty)
        for parameter in signature.parameters.values()
    ]
    text = str(signature.replace(parameters=plain, return_annotation=signature.empty)).replace('=Ellipsis', '=...')
    head = f'def {name}{text} -> {result_of(name, function)}:'
    return f'{head}\n{indented(docstring(function.__doc__))}' if function.__doc__ else f'{head} ...'


def result_of(name, function):
    if name in OTHER_RETURNS:
        return OTHER_RETURNS[name]
    if name in ('__init__', '__setattr__', '__setitem__', '__delitem__', '__delattr__'):
        return 'None'
    if name in ('__len__', '__int__', '__index__'):
        return 'int'
    if name in ('__bool__', '__contains__'):
        return 'bool'
    if name in ('__repr__', '__str__', '__format__'):
        return 'str'
    if name == '__float__':
        return 'float'
    plain = name.rstrip('_')
    home = getattr(function, '__module__', '') or ''
    makes = plain in CREATION or plain.removesuffix('_like') in CREATION
    is_method = callable(getattr(torch.Tensor, name, None)) and not name.startswith('is_')
    in_place = name.startswith('__i') and home.startswith('torch._')
    tensorial = home.startswith('torch._') and (is_method or makes or in_place)
    return 'Tensor' if tensorial or home == 'torch.nn.functional' else 'Any'


def docstring(text):
    clean = inspect.cleandoc(text).replace('\\', '\\\\').replace('"""', '\\"\\"\\"')
    return f'"""{clean}"""'


def indented(text):
    return '\n'.join(f'    {line}' if line else '' for line in text.split('\n'))


def main(folder):
    for name, module in MODULES.items():
        path = pathlib.Path(folder, *name.split('.'))
        file = path / '__init__.pyi' if hasattr(module, '__path__') else path.with_suffix('.pyi')
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(module_stub(module), encoding='utf-8')


if __name__ == '__main__':
    MODULES = public_modules()
    main(sys.argv[1])
