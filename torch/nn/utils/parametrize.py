"""Parameters that are computed from others whenever they are looked at.

https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.register_parametrization.html
"""

import contextlib

from torch._refusal import module_getattr
from torch._tensor import Tensor
from torch.autograd.grad_mode import no_grad
from torch.nn.modules.container import ModuleDict, ModuleList
from torch.nn.parameter import Parameter

__getattr__ = module_getattr('torch.nn.utils.parametrize')

_blocks = []  # of cached() that are open
_kept = {}  # what was computed within them


@contextlib.contextmanager
def cached():
    """A block within which every parametrized tensor is computed once."""
    _blocks.append(None)
    try:
        yield
    finally:
        _blocks.pop()
        if not _blocks:
            _kept.clear()


class ParametrizationList(ModuleList):
    """The parametrizations of one tensor, and the tensor (`original`) or tensors they start from."""

    def __init__(self, modules, original, unsafe=False):
        if not modules:
            raise ValueError('ParametrizationList requires one or more modules.')
        super().__init__(modules)
        self.unsafe = unsafe
        value = original
        with no_grad():
            for module in reversed(list(self)):
                if hasattr(module, 'right_inverse'):
                    value = module.right_inverse(value)
        self.is_tensor = isinstance(value, Tensor)
        self.ntensors = 1 if self.is_tensor else len(value)
        if self.is_tensor:
            self._keep('original', value, original)
        else:
            for place, part in enumerate(value):
                self._keep(f'original{place}', part, original)

    def _keep(self, name, value, original):
        if isinstance(original, Parameter):
            is_same = value is original
            setattr(self, name, original if is_same else Parameter(value.detach(), original.requires_grad))
        else:
            self.register_buffer(name, value)

    def _originals(self):
        if self.is_tensor:
            return (self.original,)
        return tuple(getattr(self, f'original{place}') for place in range(self.ntensors))

    def right_inverse(self, value):
        """Sets the originals so that the tensor becomes `value`, as near as the parametrizations can."""
        with no_grad():
            for module in reversed(list(self)):
                if not hasattr(module, 'right_inverse'):
                    raise RuntimeError(
                        f'parametrization {type(module).__name__} does not implement right_inverse.'
                    )
                value = module.right_inverse(value)
            parts = (value,) if self.is_tensor else value
            for original, part in zip(self._originals(), parts, strict=True):
                original.copy_(part)

    def forward(self):
        """The tensor, computed."""
        first, *others = self
        value = first(*self._originals())
        for module in others:
            value = module(value)
        return value


def _property(name):
    def get(self):
        found = self.parametrizations[name]
        if not _blocks:
            return found()
        key = (id(self), name)
        if key not in _kept:
            _kept[key] = found()
        return _kept[key]

    def set_(self, value):
        self.parametrizations[name].right_inverse(value)

    return property(get, set_)


def _parametrized_class(module):
    base = type(module)

    def refuse_pickle(self):
        raise RuntimeError(
            'Serialization of parametrized modules is only supported through state_dict(). See:\n'
            'https://pytorch.org/tutorials/beginner/saving_loading_models.html'
            '#saving-loading-a-general-checkpoint-for-inference-and-or-resuming-training'
        )

    members = {'__getstate__': refuse_pickle, '__module__': base.__module__}
    module.__class__ = type(f'Parametrized{base.__name__}', (base,), members)
    module.parametrizations = ModuleDict()


def register_parametrization(module, tensor_name, parametrization, *, unsafe=False):
    """Makes module.<tensor_name> what `parametrization`, a module, makes of it."""
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        module.parametrizations[tensor_name].append(parametrization)
        return module
    if tensor_name not in module._parameters and tensor_name not in module._buffers:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized element with name "
            f"'{tensor_name}'"
        )
    original = getattr(module, tensor_name)
    made = ParametrizationList([parametrization], original, unsafe=unsafe)
    if not unsafe and made().shape != original.shape:
        raise ValueError(
            f'Registering a parametrization may not change the shape of the tensor, unless `unsafe` flag is '
            f'enabled.\nUnparametrized shape: {original.shape}\nParametrized shape: {made().shape}'
        )
    delattr(module, tensor_name)
    if not is_parametrized(module):
        _parametrized_class(module)
    setattr(type(module), tensor_name, _property(tensor_name))
    module.parametrizations[tensor_name] = made
    return module


def is_parametrized(module, tensor_name=None):
    """Whether the module (or this tensor of it) is parametrized."""
    found = module.__dict__.get('_modules', {}).get('parametrizations')
    if not isinstance(found, ModuleDict):
        return False
    return len(found) > 0 if tensor_name is None else tensor_name in found


def remove_parametrizations(module, tensor_name, leave_parametrized=True):
    """Makes a tensor an ordinary one again: as it is now, or the original."""
    if not is_parametrized(module, tensor_name):
        raise ValueError(f'Module {module} does not have a parametrization on {tensor_name}')
    made = module.parametrizations[tensor_name]
    if leave_parametrized:
        with no_grad():
            value = made().detach()
        is_parameter = any(isinstance(t, Parameter) for t in made._originals())
        value = Parameter(value, made._originals()[0].requires_grad) if is_parameter else value
    elif made.is_tensor:
        value = made.original
    else:
        raise ValueError(
            'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms '
            'of a sequence of tensors.'
        )
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]
    if isinstance(value, Parameter):
        module.register_parameter(tensor_name, value)
    else:
        module.register_buffer(tensor_name, value)
    if not len(module.parametrizations):
        delattr(module, 'parametrizations')
        module.__class__ = type(module).__bases__[0]
    return module


def type_before_parametrizations(module):
    """The module's class before it was parametrized."""
    return type(module).__bases__[0] if is_parametrized(module) else type(module)


def transfer_parametrizations_and_params(from_module, to_module, tensor_name=None):
    """Refused."""
    raise NotImplementedError(
        'torch.nn.utils.parametrize.transfer_parametrizations_and_params() is not supported'
    )
