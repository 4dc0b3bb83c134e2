"""Module: parameters, buffers and other modules under names, and what is done with all of them."""

from collections import OrderedDict

import torch._native as native
from torch._compiled import note_identity
from torch._model import module_made, parameter_set
from torch._telemetry import begin_evaluation, end_evaluation, end_hand_step, evaluation
from torch._tensor import Tensor
from torch.nn.modules.conversion import Conversion
from torch.nn.modules.hooks import (  # noqa: F401 - PyTorch has the last two in this file
    HOOKS,
    Calling,
    register_module_forward_hook,
    register_module_forward_pre_hook,
)
from torch.nn.modules.state import StateDict
from torch.nn.parameter import Buffer, Parameter


class Module(Calling, Conversion, StateDict):
    """The base of all layers and models."""

    __module__ = 'torch.nn.modules.module'
    dump_patches = False
    call_super_init = False

    def __new__(cls, *_, **__):
        module = object.__new__(cls)
        module_made(module)
        return module

    def __init__(self, *args, **kwargs):
        if args or kwargs:
            given = (
                f'{len(args) + 1} were given'
                if args
                else f"got an unexpected keyword argument '{next(iter(kwargs))}'"
            )
            raise TypeError(f'{type(self).__name__}.__init__() takes 1 positional argument but {given}')
        set_attribute = super().__setattr__
        set_attribute('training', True)
        for name in ('_parameters', '_buffers', '_modules'):
            set_attribute(name, {})
        set_attribute('_non_persistent_buffers_set', set())
        set_attribute('_is_full_backward_hook', None)
        for name in HOOKS:
            set_attribute(name, OrderedDict())

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.__dict__.setdefault('_non_persistent_buffers_set', set())
        self.__dict__.setdefault('_is_full_backward_hook', None)
        for name in HOOKS:
            self.__dict__.setdefault(name, OrderedDict())

    # --- members
    def __getattr__(self, name):
        own = self.__dict__
        for kind in ('_parameters', '_modules', '_buffers'):
            members = own.get(kind)
            if members is not None and name in members:
                return members[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'", name=name, obj=self)

    def __setattr__(self, name, value):
        own = self.__dict__
        parameters, modules = own.get('_parameters'), own.get('_modules')
        if isinstance(value, Buffer):
            self._forget(name, '_parameters', '_modules')
            self.register_buffer(name, value, value.persistent)
        elif isinstance(value, Parameter):
            if parameters is None:
                raise AttributeError('cannot assign parameters before Module.__init__() call')
            self._forget(name, '_buffers', '_modules')
            self.register_parameter(name, value)
        elif isinstance(value, Module):
            if modules is None:
                raise AttributeError('cannot assign module before Module.__init__() call')
            self._forget(name, '_parameters', '_buffers')
            modules[name] = value
        elif parameters is not None and name in parameters:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as parameter '{name}' "
                    '(torch.nn.Parameter or None expected)'
                )
            parameters[name] = None
        elif modules is not None and name in modules:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as child module '{name}' "
                    '(torch.nn.Module or None expected)'
                )
            modules[name] = None
        elif name in own.get('_buffers', ()):
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as buffer '{name}' "
                    '(torch.nn.Buffer, torch.Tensor or None expected)'
                )
            own['_buffers'][name] = value
        else:
            super().__setattr__(name, value)

    def __delattr__(self, name):
        for kind in ('_parameters', '_buffers', '_modules'):
            if name in self.__dict__.get(kind, ()):
                del self.__dict__[kind][name]
                self._non_persistent_buffers_set.discard(name)
                return
        super().__delattr__(name)

    def _forget(self, name, *kinds):
        self.__dict__.pop(name, None)
        for kind in kinds:
            self.__dict__[kind].pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    def __dir__(self):
        return sorted({*super().__dir__(), *self._parameters, *self._buffers, *self._modules})

    def _check_name(self, name, kind, members):
        if not isinstance(name, str):
            raise TypeError(f'{kind} name should be a string. Got {_type_name(name)}')
        if '.' in name:
            raise KeyError(f'{kind} name can\'t contain "."')
        if name == '':
            raise KeyError(f'{kind} name can\'t be empty string ""')
        if hasattr(self, name) and name not in members:
            raise KeyError(f"attribute '{name}' already exists")

    def register_parameter(self, name, param):
        """Adds a parameter (or None) under a name."""
        if '_parameters' not in self.__dict__:
            raise AttributeError('cannot assign parameter before Module.__init__() call')
        self._check_name(name, 'parameter', self._parameters)
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{_type_name(param)}' object to parameter '{name}' "
                '(torch.nn.Parameter or None required)'
            )
        if param is not None and not param.is_leaf:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. "
                'Model parameters must be created explicitly.'
            )
        self._parameters[name] = param
        if param is not None:
            parameter_set(self, name, __file__)

    def register_buffer(self, name, tensor, persistent=True):
        """Adds a tensor that is state and no parameter; in the state_dict unless not persistent."""
        if '_buffers' not in self.__dict__:
            raise AttributeError('cannot assign buffer before Module.__init__() call')
        self._check_name(name, 'buffer', self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{_type_name(tensor)}' object to buffer '{name}' "
                '(torch Tensor or None required)'
            )
        self._buffers[name] = tensor
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name, module):
        """Adds a child under a name."""
        if module is not None and not isinstance(module, Module):
            raise TypeError(f'{_type_name(module)} is not a Module subclass')
        self._check_name(name, 'module', self._modules)
        self._modules[name] = module

    register_module = add_module

    def get_submodule(self, target):
        """The module at a path such as 'encoder.layer'."""
        module = self
        for name in filter(None, target.split('.')):
            if not hasattr(module, name):
                raise AttributeError(f'{type(module).__name__} has no attribute `{name}`')
            module = getattr(module, name)
            if not isinstance(module, Module):
                raise AttributeError(f'`{name}` is not an nn.Module')
        return module

    def set_submodule(self, target, module, strict=False):
        """Puts a module at a path; with strict, in another's place only."""
        if not target:
            raise ValueError('Cannot set the submodule without a target name!')
        if not isinstance(module, Module):
            raise ValueError(f'`module` is not an nn.Module, found {type(module)}')
        path, _, name = target.rpartition('.')
        parent = self.get_submodule(path)
        if strict and not isinstance(getattr(parent, name, None), Module):
            raise AttributeError(f'{parent._get_name()} has no attribute `{name}`')
        setattr(parent, name, module)

    def _member(self, target, kind, what):
        path, _, name = target.rpartition('.')
        owner = self.get_submodule(path)
        if not hasattr(owner, name):
            raise AttributeError(f'{owner._get_name()} has no attribute `{name}`')
        if name not in owner.__dict__[kind]:
            raise AttributeError(f'`{name}` is not {what}')
        return owner.__dict__[kind][name]

    def get_parameter(self, target):
        """The parameter at a path."""
        return self._member(target, '_parameters', 'an nn.Parameter')

    def get_buffer(self, target):
        """The buffer at a path."""
        return self._member(target, '_buffers', 'a buffer')

    # --- walking
    def named_modules(self, memo=None, prefix='', remove_duplicate=True):
        """(path, module) of this module and all below, each once."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(
                    memo, f'{prefix}.{name}' if prefix else name, remove_duplicate
                )

    def modules(self):
        """This module and all below, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self):
        """(name, module) of the modules one level down, each once."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self):
        """The modules one level down, each once."""
        return (module for _, module in self.named_children())

    def _named(self, kind, prefix, recurse, remove_duplicate):
        seen = set()
        levels = self.named_modules(None, prefix, remove_duplicate) if recurse else ((prefix, self),)
        for path, module in levels:
            for name, member in module.__dict__[kind].items():
                if member is None or id(member) in seen:
                    continue
                if remove_duplicate:
                    seen.add(id(member))
                yield f'{path}.{name}' if path else name, member

    def named_parameters(self, prefix='', recurse=True, remove_duplicate=True):
        """(path, parameter), each once."""
        return self._named('_parameters', prefix, recurse, remove_duplicate)

    def parameters(self, recurse=True):
        """The parameters of this module and, with recurse, of all below."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix='', recurse=True, remove_duplicate=True):
        """(path, buffer), each once."""
        return self._named('_buffers', prefix, recurse, remove_duplicate)

    def buffers(self, recurse=True):
        """The buffers of this module and, with recurse, of all below."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    # --- doing
    def apply(self, fn):
        """fn(module) for all below and then this module."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        """Train mode, or eval mode for False, here and below."""
        if not isinstance(mode, bool):
            raise ValueError('training mode is expected to be boolean')
        if mode and evaluation.is_running:
            end_evaluation()
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self):
        """Eval mode here and below."""
        begin_evaluation()
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        """Sets requires_grad of all parameters."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none=True):
        """Clears the gradients of all parameters."""
        for parameter in self.parameters():
            if set_to_none:
                native.set_grad(parameter._h, 0)
            elif parameter.grad is not None:
                parameter.grad = parameter.grad.detach().zero_()
        end_hand_step()

    def share_memory(self):
        """The module: there are no other processes to share with."""
        return self

    def compile(self, *args, **kwargs):
        """Nothing: the engine runs a module as it is."""
        note_identity('Module.compile')

    # --- printing
    def extra_repr(self):
        """What a subclass prints of itself between the brackets."""
        return ''

    def _get_name(self):
        return type(self).__name__

    def __repr__(self):
        extra = self.extra_repr()
        lines = extra.split('\n') if extra else []
        children = [f'({name}): {indented(repr(module))}' for name, module in self._modules.items()]
        if not children and len(lines) <= 1:
            return f'{self._get_name()}({extra})'
        return f'{self._get_name()}(\n  ' + '\n  '.join(lines + children) + '\n)'


def indented(text):
    """`text` with its further lines moved in."""
    return text.replace('\n', '\n  ')


def _type_name(value):
    kind = type(value)
    return kind.__name__ if kind.__module__ == 'builtins' else f'{kind.__module__}.{kind.__name__}'
