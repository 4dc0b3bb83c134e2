"""state_dict and load_state_dict: a module's parameters and persistent buffers by path."""

import functools
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

    def _save_to_state_dict(self, destination, prefix, keep_vars):
        """Puts this module's own tensors and extra state into destination."""
        for name, tensor in self._own_state():
            destination[prefix + name] = tensor if keep_vars else tensor.detach()
        if self._has_extra_state():
            destination[f'{prefix}_extra_state'] = self.get_extra_state()

    def state_dict(self, *args, destination=None, prefix='', keep_vars=False):
        """The tensors (detached unless keep_vars; not copied) by path."""
        for name, value in zip(('destination', 'prefix', 'keep_vars'), args, strict=False):
            if name == 'destination':
                destination = value
            elif name == 'prefix':
                prefix = value
            else:
                keep_vars = value
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        metadata = {'version': self._version}
        if hasattr(destination, '_metadata'):
            destination._metadata[prefix[:-1]] = metadata
        for hook in self._state_dict_pre_hooks.values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=destination, prefix=f'{prefix}{name}.', keep_vars=keep_vars)
        for hook in self._state_dict_hooks.values():
            changed = hook(self, destination, prefix, metadata)
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
        return self._register_load_state_dict_pre_hook(hook, with_module=True)

    def register_load_state_dict_post_hook(self, hook):
        """hook(module, incompatible_keys) after loading."""
        return self._registered(self._load_state_dict_post_hooks, hook)

    def _register_load_state_dict_pre_hook(self, hook, with_module=False):
        return self._registered(
            self._load_state_dict_pre_hooks, functools.partial(hook, self) if with_module else hook
        )

    def _register_state_dict_hook(self, hook):
        return self._registered(self._state_dict_hooks, hook)

    def _load_from_state_dict(
        self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
    ):
        """Takes this module's own tensors and extra state out of state_dict."""
        for hook in self._load_state_dict_pre_hooks.values():
            hook(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        assign = local_metadata.get('assign_to_params_buffers', False)
        known = set()
        for name, target in list(self._own_state()):
            key = prefix + name
            known.add(name)
            if key in state_dict:
                self._load_one(name, target, key, state_dict[key], assign, error_msgs)
            elif strict:
                missing_keys.append(key)
        extra = f'{prefix}_extra_state'
        if self._has_extra_state('set_extra_state'):
            if extra in state_dict:
                self.set_extra_state(state_dict[extra])
            elif strict:
                missing_keys.append(extra)
        elif strict and extra in state_dict:
            unexpected_keys.append(extra)
        if strict:
            for key in state_dict:
                if key.startswith(prefix) and key != extra:
                    first, *rest = key[len(prefix) :].split('.', 1)
                    if first not in self._modules if rest else first not in known:
                        unexpected_keys.append(key)

    def _load_one(self, name, target, key, source, assign, errors):
        if not isinstance(source, Tensor):
            errors.append(
                f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like object '
                f'from checkpoint but received {type(source)}'
            )
            return
        if source.dim() == 1 and source.numel() == 1 and target.dim() == 0:
            source = source[0]
        if source.shape != target.shape:
            errors.append(
                f'size mismatch for {key}: copying a param with shape {source.shape} from checkpoint, '
                f'the shape in current model is {target.shape}.'
            )
        elif assign:
            self._assign(name, target, source)
        else:
            with no_grad():
                target.copy_(source)

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
        errors, missing, unexpected = [], [], []

        def load(module, prefix):
            local = dict(metadata.get(prefix[:-1], {}))
            if assign:
                local['assign_to_params_buffers'] = True
            module._load_from_state_dict(state, prefix, local, True, missing, unexpected, errors)
            for name, child in module._modules.items():
                if child is not None:
                    load(child, f'{prefix}{name}.')
            result = _IncompatibleKeys(missing, unexpected)
            for hook in module._load_state_dict_post_hooks.values():
                hook(module, result)

        load(self, '')
        result = _IncompatibleKeys(missing, unexpected)
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
