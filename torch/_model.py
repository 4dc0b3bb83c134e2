"""The script's modules: where they were made, what their parameters are called, and how readers are told of them."""

import itertools
import json
import os
import sys
import weakref

import torch._native as native
from torch._tensor import Tensor

_made = weakref.WeakKeyDictionary()  # every module alive, the oldest first -> the line that made it, or None
_set = weakref.WeakKeyDictionary()  # module -> name of a parameter of its own -> the line that set it
_taken = weakref.WeakValueDictionary()  # name -> parameter
_stems = weakref.WeakKeyDictionary()  # a module that is no other's child -> what its paths are prefixed with
_paths = weakref.WeakValueDictionary()  # path -> module, as described last
_not_the_scripts = (os.path.dirname(__file__) + '/', '/lib/python', '<')


# --- source lines
def _is_the_scripts(frame):
    return not frame.f_code.co_filename.startswith(_not_the_scripts)


def _line_of(frame):
    """The file and line of the script that is running, in `frame` or under it; None where there is none."""
    while frame is not None and not _is_the_scripts(frame):
        frame = frame.f_back
    return None if frame is None else (frame.f_code.co_filename, frame.f_lineno)


def module_made(module):
    """Takes note of a module and of the line that makes it."""
    _made[module] = _line_of(sys._getframe(2))


def parameter_set(module, name, file):
    """Takes note of a line of the script that gives a module a parameter; `file` is the caller's."""
    frame = sys._getframe(2)
    while frame.f_code.co_filename == file:
        frame = frame.f_back
    if _is_the_scripts(frame):
        _set.setdefault(module, {})[name] = (frame.f_code.co_filename, frame.f_lineno)


# --- names
def _owners(parameters):
    """The modules to take names from, no other's children: one with all parameters, else those with some."""
    complete = [module for module in list(_made) if '_modules' in module.__dict__]
    children = {id(child) for module in complete for child in module._modules.values()}
    roots = [module for module in complete if id(module) not in children]
    wanted = {id(parameter) for parameter in parameters}
    owned = [(root, wanted & {id(p) for p in root.parameters()}) for root in roots]
    whole = [root for root, found in owned if found == wanted]
    return whole[:1] or [root for root, found in owned if found]


def _names_from(owners):
    """Each parameter's name, by id: its path, after the owner's class where the path alone is not enough."""
    names = {}
    for owner in owners:
        paths = dict(owner.named_parameters())
        is_alone = len(owners) == 1 and all(_taken.get(path, p) is p for path, p in paths.items())
        stem = '' if is_alone else f'{_free_stem(type(owner).__name__.lower(), paths)}.'
        _stems[owner] = stem
        for path, parameter in paths.items():
            _taken[stem + path] = parameter
            names.setdefault(id(parameter), stem + path)
    return names


def _free_stem(stem, paths):
    for candidate in itertools.chain([stem], (f'{stem}{n}' for n in itertools.count(2))):
        if all(_taken.get(f'{candidate}.{path}', p) is p for path, p in paths.items()):
            return candidate


def _variables():
    """The script's own global tensors under their names."""
    variables = list(sys.modules['__main__'].__dict__.items())
    return {name: value for name, value in variables if isinstance(value, Tensor)}


def names_of(parameters):
    """A name for each of the parameters; None is one that the script has no more."""
    there = [parameter for parameter in parameters if parameter is not None]
    names = {id(value): name for name, value in reversed(_variables().items())}  # of several, the first
    names |= _names_from(_owners(there))
    chosen = [names.get(id(parameter), f'parameter_{i}') for i, parameter in enumerate(parameters)]
    _taken.update((name, p) for name, p in zip(chosen, parameters, strict=True) if p is not None)
    return chosen


def parameter_named(name):
    """The parameter of that name, or None."""
    return _taken.get(name)


def parameters_by_handle():
    """The parameters that the script can reach."""
    owned = [p for module in list(_made) for p in (module.__dict__.get('_parameters') or {}).values()]
    return {tensor._h: tensor for tensor in [*_variables().values(), *owned] if tensor is not None}


def path_of(module):
    """A module's path as its parameters' names have it."""
    within, weight = next(module.named_parameters())
    if not any(parameter is weight for parameter in list(_taken.values())):
        _names_from(_owners([weight]))
    path = next(name for name, parameter in _taken.items() if parameter is weight)
    return path.removesuffix(within)[:-1] or type(module).__name__.lower()


# --- the description for readers (protocol/inspect.ts has its form)
def describe():
    """Tells the engine of the modules and tensors whose names it knows, where the script still has them."""
    if not _stems:
        return
    modules, tensors, first_names = [], [], {}
    _paths.clear()
    native.forget_buffers()
    for root, stem in list(_stems.items()):
        for within, module in root.named_modules():
            path = (stem + within).rstrip('.')
            _paths[path] = module
            modules.append(_module_entry(path, module))
            tensors.extend(_tensor_entries(path, module, first_names))
    native.describe('model', json.dumps({'modules': modules, 'tensors': tensors}))


def _module_entry(path, module):
    kind = type(module)
    file = getattr(sys.modules.get(kind.__module__), '__file__', None)
    is_the_scripts = file is not None and not file.startswith(_not_the_scripts)
    return {
        'path': path,
        'className': kind.__qualname__,
        'file': file if is_the_scripts else None,
        'line': _source(_made.get(module)),
    }


def _tensor_entries(path, module, first_names):
    own = module.__dict__
    plain = {name: value for name, value in own.items() if isinstance(value, Tensor)}
    lines = _set.get(module, {})
    for kind, members in (('parameter', own['_parameters']), ('buffer', own['_buffers'] | plain)):
        for name, tensor in members.items():
            if tensor is None:
                continue
            full = f'{path}.{name}' if path else name
            first = first_names.setdefault(id(tensor), full)
            if kind == 'buffer':
                native.show_buffer(full, tensor._h)
            yield {
                'name': full,
                'kind': kind,
                **_looks(tensor),
                'requiresGrad': tensor.requires_grad,
                'sameAs': None if first == full else first,
                'line': _source(lines.get(name) or _made.get(module)),
            }


def _looks(tensor):
    return {'shape': list(tensor.shape), 'dtype': str(tensor.dtype).removeprefix('torch.')}


def _source(line):
    return None if line is None else {'file': line[0], 'line': line[1]}


def module_at(path):
    """The module at a path of the description, or None."""
    return _paths.get(path)


def buffer_at(name):
    """The buffer, or the tensor that is a plain attribute, at a name of the description; or None."""
    path, _, last = name.rpartition('.')
    module = _paths.get(path)
    has_it = module is not None and last not in module._parameters
    value = getattr(module, last, None) if has_it else None
    return value if isinstance(value, Tensor) else None


# --- variables of the frames of the script that are alive now
def variables():
    """(name, tensor, entry) of each tensor: of the functions that are running, the innermost first, and globals."""
    found = []
    frame = sys._getframe(1)
    while frame is not None:
        if _is_the_scripts(frame):
            code = frame.f_code
            function = None if code.co_name == '<module>' else code.co_qualname
            for variable, value in list(frame.f_locals.items()):
                if isinstance(value, Tensor):
                    name = variable if function is None else f'{function}:{variable}'
                    entry = {'name': name, 'function': function, 'variable': variable}
                    entry |= _looks(value) | {'line': _source((code.co_filename, frame.f_lineno))}
                    found.append((name, value, entry))
        frame = frame.f_back
    return found
