"""Sequential, ModuleList, ModuleDict, ParameterList, ParameterDict."""

from itertools import chain

from torch._tensor import Tensor
from torch.nn.modules.module import Module, indented
from torch.nn.parameter import Parameter


def _position(index, size):
    place = index.__index__()
    if not -size <= place < size:
        raise IndexError(f'index {place} is out of range')
    return place % size


class _Listed(Module):
    """Children under the names '0', '1', ..."""

    def _renumber(self, modules):
        self._modules.clear()
        for place, module in enumerate(modules):
            self.add_module(str(place), module)

    def _listed(self):
        return list(self._modules.values())

    def __getitem__(self, index):
        if isinstance(index, slice):
            part = self._listed()[index]
            return type(self)(part) if isinstance(self, ModuleList) else type(self)(*part)
        return self._listed()[_position(index, len(self))]

    def __setitem__(self, index, module):
        name = list(self._modules)[_position(index, len(self))]
        setattr(self, name, module)

    def __delitem__(self, index):
        modules = self._listed()
        del modules[index]
        self._renumber(modules)

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._listed())

    def append(self, module):
        """Adds one at the end."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules):
        """Adds several at the end."""
        for module in list(modules):
            self.append(module)
        return self

    def insert(self, index, module):
        """Puts one before another."""
        modules = self._listed()
        modules.insert(index, module)
        self._renumber(modules)
        return self

    def pop(self, key):
        """Takes one out."""
        module = self[key]
        del self[key]
        return module

    def __dir__(self):
        return [name for name in super().__dir__() if not name.isdigit()]


class Sequential(_Listed):
    """Modules one after the other: given in order, or as a dict by name."""

    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], dict):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            for place, module in enumerate(args):
                self.add_module(str(place), module)

    def forward(self, input):
        """Each of what the one before gave."""
        for module in self._modules.values():
            input = module(input)
        return input

    def __add__(self, other):
        return Sequential(*self, *other)


class ModuleList(_Listed):
    """A list of modules."""

    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def __iadd__(self, modules):
        return self.extend(modules)

    def __add__(self, other):
        return ModuleList(chain(self, other))

    def __repr__(self):
        """Neighbours that print alike as one line, "(0-3): 4 x Linear(...)"."""
        texts = [repr(module) for module in self]
        if not texts:
            return f'{self._get_name()}()'
        lines, start = [], 0
        for place in range(1, len(texts) + 1):
            if place == len(texts) or texts[place] != texts[start]:
                count = place - start
                label = f'({start}): ' if count == 1 else f'({start}-{place - 1}): {count} x '
                lines.append(label + indented(texts[start]))
                start = place
        return f'{self._get_name()}(\n  ' + '\n  '.join(lines) + '\n)'

    def forward(self, *_):
        """Refused: a list computes nothing."""
        raise NotImplementedError('Module [ModuleList] is missing the required "forward" function')


class ModuleDict(Module):
    """Modules by name."""

    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key):
        return self._modules[key]

    def __setitem__(self, key, module):
        self.add_module(key, module)

    def __delitem__(self, key):
        del self._modules[key]

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules)

    def __contains__(self, key):
        return key in self._modules

    def clear(self):
        """Takes all out."""
        self._modules.clear()

    def pop(self, key):
        """Takes one out."""
        return self._modules.pop(key)

    def keys(self):
        """The names."""
        return self._modules.keys()

    def items(self):
        """(name, module)"""
        return self._modules.items()

    def values(self):
        """The modules."""
        return self._modules.values()

    def update(self, modules):
        """Adds those of a dict, or of (name, module) pairs."""
        for name, module in modules.items() if hasattr(modules, 'items') else modules:
            self[name] = module


def _as_parameter(value):
    return Parameter(value) if isinstance(value, Tensor) and not isinstance(value, Parameter) else value


class ParameterList(Module):
    """A list of parameters."""

    def __init__(self, values=None):
        super().__init__()
        self._size = 0
        if values is not None:
            self.extend(values)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)([self[i] for i in range(*index.indices(len(self)))])
        return getattr(self, str(_position(index, len(self))))

    def __setitem__(self, index, value):
        setattr(self, str(_position(index, len(self))), _as_parameter(value))

    def __len__(self):
        return self._size

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __iadd__(self, values):
        return self.extend(values)

    def append(self, value):
        """Adds one at the end."""
        self._size += 1
        self[self._size - 1] = value
        return self

    def extend(self, values):
        """Adds several at the end."""
        for value in list(values):
            self.append(value)
        return self

    def extra_repr(self):
        """Each one's type and sizes."""
        lines = []
        for place, value in enumerate(self):
            what = f'containing: [{value.dtype} of size {"x".join(map(str, value.shape))}]'
            kind = 'Parameter' if isinstance(value, Parameter) else type(value).__name__
            lines.append(f'  ({place}): {kind} {what}')
        return '\n'.join(lines)


class ParameterDict(Module):
    """Parameters by name."""

    def __init__(self, parameters=None):
        super().__init__()
        if parameters is not None:
            self.update(parameters)

    def __getitem__(self, key):
        return self._parameters[key]

    def __setitem__(self, key, value):
        setattr(self, key, _as_parameter(value))

    def __delitem__(self, key):
        del self._parameters[key]

    def __len__(self):
        return len(self._parameters)

    def __iter__(self):
        return iter(self._parameters)

    def __contains__(self, key):
        return key in self._parameters

    def keys(self):
        """The names."""
        return self._parameters.keys()

    def items(self):
        """(name, parameter)"""
        return self._parameters.items()

    def values(self):
        """The parameters."""
        return self._parameters.values()

    def update(self, parameters):
        """Adds those of a dict, or of (name, tensor) pairs."""
        for name, value in parameters.items() if hasattr(parameters, 'items') else parameters:
            self[name] = value
