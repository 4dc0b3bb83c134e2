"""Calling a module, and the hooks around it."""

# The dictionaries of a module, under PyTorch's names: a pickled module is these and its own attributes.
HOOKS = (
    *('_backward_pre_hooks', '_backward_hooks', '_forward_hooks', '_forward_hooks_with_kwargs'),
    *(
        '_forward_hooks_always_called',
        '_forward_pre_hooks',
        '_forward_pre_hooks_with_kwargs',
        '_state_dict_hooks',
    ),
    *('_state_dict_pre_hooks', '_load_state_dict_pre_hooks', '_load_state_dict_post_hooks'),
)


class RemovableHandle:
    """What registering a hook returns: remove() takes the hook away."""

    _next = 0

    def __init__(self, hooks, *others):
        self.id = RemovableHandle._next
        RemovableHandle._next += 1
        self._dictionaries = (hooks, *others)

    def remove(self):
        """Takes the hook away; a second time nothing."""
        for hooks in self._dictionaries:
            hooks.pop(self.id, None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


class Calling:
    """The part of Module that runs forward between its hooks."""

    def forward(self, *_):
        """What a subclass computes."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *args, **kwargs):
        if not (self._forward_hooks or self._forward_pre_hooks):
            return self.forward(*args, **kwargs)
        for number, hook in list(self._forward_pre_hooks.items()):
            if number in self._forward_pre_hooks_with_kwargs:
                changed = hook(self, args, kwargs)
                if changed is not None:
                    args, kwargs = changed
            else:
                changed = hook(self, args)
                if changed is not None:
                    args = changed if isinstance(changed, tuple) else (changed,)
        result = self.forward(*args, **kwargs)
        for number, hook in list(self._forward_hooks.items()):
            has_kwargs = number in self._forward_hooks_with_kwargs
            changed = hook(self, args, kwargs, result) if has_kwargs else hook(self, args, result)
            result = result if changed is None else changed
        return result

    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
        """hook(module, args[, kwargs], output) after forward; a result of it replaces the output."""
        if always_call:
            raise NotImplementedError('register_forward_hook(always_call=True) is not supported')
        handle = RemovableHandle(self._forward_hooks, self._forward_hooks_with_kwargs)
        self._forward_hooks[handle.id] = hook
        if with_kwargs:
            self._forward_hooks_with_kwargs[handle.id] = True
        if prepend:
            self._forward_hooks.move_to_end(handle.id, last=False)
        return handle

    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
        """hook(module, args[, kwargs]) before forward; a result of it replaces the arguments."""
        handle = RemovableHandle(self._forward_pre_hooks, self._forward_pre_hooks_with_kwargs)
        self._forward_pre_hooks[handle.id] = hook
        if with_kwargs:
            self._forward_pre_hooks_with_kwargs[handle.id] = True
        if prepend:
            self._forward_pre_hooks.move_to_end(handle.id, last=False)
        return handle

    def register_full_backward_hook(self, hook, prepend=False):
        """Refused: Python functions are not called from the backward pass."""
        raise NotImplementedError('Module.register_full_backward_hook() is not supported')

    register_backward_hook = register_full_backward_pre_hook = register_full_backward_hook
