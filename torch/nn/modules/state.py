"""state_dict and load_state_dict: a module's parameters and persistent buffers by path."""

from collections import OrderedDict, namedtuple

from torch._tensor import Tensor
from torch.autograd.grad_mode import no_grad
from torch.nn.modules.hooks import RemovableHandle


class _IncompatibleKeys(namedtuple('IncompatibleKeys', ('missing_keys', 'unexpected_keys'))):
    __slots__ = ()

    def __repr__(self):
        return (
            super().__repr__()
            if self.missing_keys or self.unexpected_keys
            else '<All keys matched successfully>'
        )

    __str__ = __repr__


class StateDict:
    """The part of Module that reads and writes its state."""

    _version = 1

    def get_extra_state(self):
        """What a subclass keeps beside its tensors."""
        raise RuntimeError('get_extra_state is to be defined by the subclass')

    def set_extra_state(self, state):
        """Takes what get_extra_state gave."""
        raise RuntimeError('set_extra_state is to be defined by the subclass')

    def _has_extra_state(self, name='get_extra_state'):
        return getattr(type(self), name) is not getattr(StateDict, name)

    def _own_state(self):
        """(name, tensor) of this module's own parameters and persistent buffers."""
        yield from ((name, p) for name, p in self._parameters.items() if p is not None)
        skipped = self._non_persistent_buffers_set
        yield from ((name, b) for name, b in self._buffers.items() if b is not None and name not in skipped)

    def state_dict(self, *, destination=None, prefix='', keep_vars=False):
        """The tensors (detached unless keep_vars; not copied) by path."""
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        if hasattr(destination, '_metadata'):
            destination._metadata[prefix[:-1]] = {'version': self._version}
        for hook in self._state_dict_pre_hooks.values():
            hook(self, prefix, keep_vars)
        for name, tensor in self._own_state():
            destination[prefix + name] = tensor if keep_vars else tensor.detach()
        if self._has_extra_state():
            destination[f'{prefix}_extra_state'] = self.get_extra_state()
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=destination, prefix=f'{prefix}{name}.', keep_vars=keep_vars)
        for hook in self._state_dict_hooks.values():
            changed = hook(self, destination, prefix, {})
            destination = destination if changed is None else changed
        return destination

    def _registered(self, hooks, hook):
        handle = RemovableHandle(hooks)
        hooks[handle.id] = hook
        return handle

    def register_state_dict_post_hook(self, hook):
        """hook(module, state_dict, prefix, local_metadata) after state_dict()."""
        return self._registered(self._state_dict_hooks, hook)

    def register_state_dict_pre_hook(self, hook):
        """hook(module, prefix, keep_vars) before state_dict()."""
        return self._registered(self._state_dict_pre_hooks, hook)

    def register_load_state_dict_pre_hook(self, hook):
        """hook(module, state_dict, prefix, metadata, strict, missing, unexpected, errors) before loading."""
        return self._registered(self._load_state_dict_pre_hooks, hook)

    def register_load_state_dict_post_hook(self, hook):
        """hook(module, incompatible_keys) after loading."""
        return self._registered(self._load_state_dict_post_hooks, hook)

    def _load_own(self, state, prefix, assign, errors):
        """Takes this module's own tensors out of `state`; returns the keys it looked for."""
        keys = []
        for name, target in list(self._own_state()):
            key = prefix + name
            keys.append(key)
            if key not in state:
                continue
            source = state[key]
            if not isinstance(source, Tensor):
                errors.append(
                    f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like object '
                    f'from checkpoint but received {type(source)}'
                )
            elif source.shape != target.shape:
                errors.append(
                    f'size mismatch for {key}: copying a param with shape {source.shape} from checkpoint, '
                    f'the shape in current model is {target.shape}.'
                )
            elif assign:
                self._assign(name, target, source)
            else:
                target.copy_(source)
        return keys

    def _assign(self, name, target, source):
        from torch.nn.parameter import Parameter

        if name in self._buffers:
            self._buffers[name] = source
        else:
            is_parameter = isinstance(source, Parameter)
            self._parameters[name] = source if is_parameter else Parameter(source, target.requires_grad)

    def load_state_dict(self, state_dict, strict=True, assign=False):
        """Copies the tensors of a state_dict in (or, with assign, takes them over).

        Returns the keys that were missing or not expected. @raises RuntimeError with all of them where
        strict, and with every mismatch of sizes
        """
        if not hasattr(state_dict, 'keys'):
            raise TypeError(f'Expected state_dict to be dict-like, got {type(state_dict)}.')
        state, metadata = OrderedDict(state_dict), getattr(state_dict, '_metadata', None) or {}
        expected, errors, missing, unexpected = [], [], [], []
        with no_grad():
            for path, module in self.named_modules(remove_duplicate=False):
                prefix = f'{path}.' if path else ''
                for hook in module._load_state_dict_pre_hooks.values():
                    hook(module, state, prefix, metadata.get(path, {}), strict, missing, unexpected, errors)
                expected += module._load_own(state, prefix, assign, errors)
                if module._has_extra_state('set_extra_state'):
                    expected.append(f'{prefix}_extra_state')
                    if expected[-1] in state:
                        module.set_extra_state(state[expected[-1]])
        missing += [key for key in expected if key not in state]
        known = set(expected)
        unexpected += [key for key in state if key not in known]
        result = _IncompatibleKeys(missing, unexpected)
        for module in self.modules():
            for hook in module._load_state_dict_post_hooks.values():
                hook(module, result)
        if strict and unexpected:
            errors.insert(0, f'Unexpected key(s) in state_dict: {_quoted(unexpected)}. ')
        if strict and missing:
            errors.insert(0, f'Missing key(s) in state_dict: {_quoted(missing)}. ')
        if errors:
            lines = '\n\t'.join(errors)
            raise RuntimeError(f'Error(s) in loading state_dict for {type(self).__name__}:\n\t{lines}')
        return result


def _quoted(keys):
    return ', '.join(f'"{key}"' for key in keys)
