"""The base of all optimizers: parameter groups, state, and the end of a step."""

import functools
import itertools
from collections import OrderedDict, defaultdict
from copy import deepcopy

import torch._inspection as inspection
import torch._native as native
import torch._telemetry as telemetry
from torch._tensor import Tensor
from torch.autograd.grad_mode import enable_grad, no_grad

_next_number = itertools.count(1)
_HOOKS = (
    *('_step_pre_hooks', '_step_post_hooks', '_state_dict_pre_hooks', '_state_dict_post_hooks'),
    *('_load_state_dict_pre_hooks', '_load_state_dict_post_hooks'),
)


class _Required:
    def __repr__(self):
        return '<required parameter>'


required = _Required()


def _counted_step(step):
    """step(), without recording, between its hooks; its end is a step of the run."""

    @functools.wraps(step)
    def call(self, *arguments, **named):
        if self._is_stepping:  # a subclass's step that goes on to its parent's: one step of the run
            return step(self, *arguments, **named)
        self._is_stepping = True
        try:
            return whole(self, *arguments, **named)
        finally:
            self._is_stepping = False

    def whole(self, *arguments, **named):
        for hook in list(self._step_pre_hooks.values()):
            changed = hook(self, arguments, named)
            if changed is not None:
                arguments, named = changed
        with no_grad():
            before = inspection.before_update(self.param_groups)
            with _scaled_rates(self.param_groups), inspection.updating:
                result = step(self, *arguments, **named)
        for hook in list(self._step_post_hooks.values()):
            hook(self, arguments, named)
        self._end_step(before)
        return result

    return call


class _scaled_rates:
    """The groups' learning rates with the factor that a person has set; schedulers never see it."""

    def __init__(self, groups):
        scale = telemetry.learning_rate_scale()
        scaled = [] if scale == 1 else [group for group in groups if 'lr' in group]
        self._rates = [(group, group['lr'], group['lr'] * scale) for group in scaled]

    def __enter__(self):
        for group, _, scaled in self._rates:
            group['lr'] = scaled

    def __exit__(self, *_):
        for group, rate, scaled in self._rates:
            if group['lr'] is scaled:  # else the step itself has chosen another
                group['lr'] = rate


def with_gradients(group):
    """The group's parameters that have a gradient."""
    return [parameter for parameter in group['params'] if native.has_grad(parameter._h)]


class _Handle:
    def __init__(self, hooks, number):
        self._hooks, self._number = hooks, number

    def remove(self):
        """Takes the hook off."""
        self._hooks.pop(self._number, None)


class Optimizer:
    """`params`: tensors, (name, tensor) pairs, or dicts of one group each; `defaults`: options for every group.

    https://docs.pytorch.org/docs/stable/optim.html
    """

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if 'step' in cls.__dict__:
            cls.step = _counted_step(cls.__dict__['step'])

    def __init__(self, params, defaults):
        self.defaults = defaults
        self.state = defaultdict(dict)
        self.param_groups = []
        self._prepare()
        if isinstance(params, Tensor):
            raise TypeError(
                'params argument given to the optimizer should be an iterable of Tensors or dicts, '
                f'but got {params.__class__.__module__}.{params.__class__.__name__}'
            )
        groups = list(params)
        if not groups:
            raise ValueError('optimizer got an empty parameter list')
        if not isinstance(groups[0], dict):
            groups = [{'params': groups}]
        for group in groups:
            self.add_param_group(group)

    def _prepare(self):
        self._number = next(_next_number)  # in the run's record
        self._named = 0  # how many parameters the record knows by name
        self._is_stepping = False
        for name in _HOOKS:
            setattr(self, name, OrderedDict())

    def __getstate__(self):
        return {'defaults': self.defaults, 'state': self.state, 'param_groups': self.param_groups}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._prepare()

    def add_param_group(self, param_group):
        """Adds a group of parameters with options of its own."""
        if not isinstance(param_group, dict):
            raise TypeError(f'param_group must be a dict, but got {type(param_group)}')
        params = param_group['params']
        if isinstance(params, set):
            raise TypeError(
                'optimizer parameters need to be organized in ordered collections, but '
                'the ordering of tensors in sets will change between runs. Please use a list instead.'
            )
        params = [params] if isinstance(params, Tensor) else list(params)
        if params and isinstance(params[0], tuple):
            param_group['param_names'] = [name for name, _ in params]
            params = [parameter for _, parameter in params]
        for parameter in params:
            if not isinstance(parameter, Tensor):
                raise TypeError(
                    f'optimizer can only optimize Tensors, but one of the params is {type(parameter).__name__}'
                )
            if not parameter.is_leaf:
                raise ValueError("can't optimize a non-leaf Tensor")
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(
                    f"parameter group didn't specify a value of required optimization parameter {name}"
                )
            param_group.setdefault(name, default)
        param_group['params'] = params
        taken = {id(parameter) for group in self.param_groups for parameter in group['params']}
        if len({id(parameter) for parameter in params}) != len(params):
            raise ValueError('optimizer contains a parameter group with duplicate parameters')
        if any(id(parameter) in taken for parameter in params):
            raise ValueError('some parameters appear in more than one parameter group')
        self.param_groups.append(param_group)

    def zero_grad(self, set_to_none=True):
        """Forgets the gradients, or fills them with zeros."""
        for group in self.param_groups:
            for parameter in group['params']:
                if set_to_none:
                    native.set_grad(parameter._h, 0)
                elif parameter.grad is not None:
                    parameter.grad.detach().zero_()

    def step(self, closure=None):
        """One update; `closure` computes the loss anew."""
        raise NotImplementedError

    def _closure_loss(self, closure):
        if closure is None:
            return None
        with enable_grad():
            return closure()

    def _end_step(self, before):
        parameters = [parameter for group in self.param_groups for parameter in group['params']]
        if self._named != len(parameters):
            telemetry.name_parameters(self._number, parameters)
            self._named = len(parameters)
        rates = [group['lr'] for group in self.param_groups if 'lr' in group]
        telemetry.end_step(self._number, rates, before)

    def _register(self, hooks, hook, prepend=False):
        number = next(_next_number)
        hooks[number] = hook
        if prepend:
            hooks.move_to_end(number, last=False)
        return _Handle(hooks, number)

    def register_step_pre_hook(self, hook):
        """hook(optimizer, args, kwargs) before every step; may return other args and kwargs."""
        return self._register(self._step_pre_hooks, hook)

    def register_step_post_hook(self, hook):
        """hook(optimizer, args, kwargs) after every step."""
        return self._register(self._step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook, prepend=False):
        """hook(optimizer) before state_dict()."""
        return self._register(self._state_dict_pre_hooks, hook, prepend)

    def register_state_dict_post_hook(self, hook, prepend=False):
        """hook(optimizer, state_dict) after state_dict(); may return another."""
        return self._register(self._state_dict_post_hooks, hook, prepend)

    def register_load_state_dict_pre_hook(self, hook, prepend=False):
        """hook(optimizer, state_dict) before load_state_dict(); may return another."""
        return self._register(self._load_state_dict_pre_hooks, hook, prepend)

    def register_load_state_dict_post_hook(self, hook, prepend=False):
        """hook(optimizer) after load_state_dict()."""
        return self._register(self._load_state_dict_post_hooks, hook, prepend)

    # --- saving and loading, in PyTorch's layout: parameters are numbered through the groups
    def state_dict(self):
        """{'state': a parameter's number -> its state, 'param_groups': the groups with numbers for parameters}."""
        for hook in list(self._state_dict_pre_hooks.values()):
            hook(self)
        numbers = {}
        groups = []
        for group in self.param_groups:
            packed = {name: value for name, value in group.items() if name != 'params'}
            for parameter in group['params']:
                numbers.setdefault(id(parameter), len(numbers))
            packed['params'] = [numbers[id(parameter)] for parameter in group['params']]
            groups.append(packed)
        state = {
            numbers[id(key)] if isinstance(key, Tensor) else key: value for key, value in self.state.items()
        }
        whole = {'state': state, 'param_groups': groups}
        for hook in list(self._state_dict_post_hooks.values()):
            changed = hook(self, whole)
            whole = whole if changed is None else changed
        return whole

    def load_state_dict(self, state_dict):
        """Continues from a state_dict() of an optimizer over parameters of the same number and order."""
        for hook in list(self._load_state_dict_pre_hooks.values()):
            changed = hook(self, state_dict)
            state_dict = state_dict if changed is None else changed
        saved = state_dict['param_groups']
        if len(saved) != len(self.param_groups):
            raise ValueError('loaded state dict has a different number of parameter groups')
        if any(len(a['params']) != len(b['params']) for a, b in zip(saved, self.param_groups, strict=True)):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
            )
        numbered = {}
        for theirs, ours in zip(saved, self.param_groups, strict=True):
            numbered.update(zip(theirs['params'], ours['params'], strict=True))
            ours.update(deepcopy({name: value for name, value in theirs.items() if name != 'params'}))
        self.state = defaultdict(dict)
        for key, value in state_dict['state'].items():
            self.state[numbered.get(key, key)] = _copied(value, numbered.get(key))
        for hook in list(self._load_state_dict_post_hooks.values()):
            hook(self)

    def __repr__(self):
        text = type(self).__name__ + ' ('
        for i, group in enumerate(self.param_groups):
            text += f'\nParameter Group {i}\n'
            text += ''.join(f'    {name}: {group[name]}\n' for name in sorted(group) if name != 'params')
        return text + ')'


def _copied(value, parameter, name=None):
    """A parameter's loaded state as our own: tensors take the parameter's dtype, but for the count of steps."""
    if isinstance(value, Tensor):
        if parameter is not None and name != 'step' and parameter.is_floating_point():
            return value.detach().to(parameter.dtype).clone()
        return value.detach().clone()
    if isinstance(value, dict):
        return {key: _copied(item, parameter, key) for key, item in value.items()}
    return deepcopy(value)


def refuse_options(optimizer, **options):
    """Refuses the options that would change what is computed or how it can be differentiated."""
    for name, value in options.items():
        if value:
            raise NotImplementedError(f'{optimizer}({name}={value!r}) is not supported')


def check_at_least_zero(**options):
    """ValueError, as PyTorch words it, for a negative option."""
    for name, value in options.items():
        if not value >= 0.0:
            raise ValueError(
                f'Invalid {name} value: {value}' if name != 'lr' else f'Invalid learning rate: {value}'
            )
