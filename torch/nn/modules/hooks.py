"""Calling a module, and the hooks around it."""

import warnings
from collections import OrderedDict

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


class _OfAll:
    """The hooks of every module there is."""

    def __init__(self):
        self.pre, self.post = OrderedDict(), OrderedDict()


of_all = _OfAll()


def register_module_forward_pre_hook(hook):
    """hook(module, args) before the forward of every module."""
    handle = RemovableHandle(of_all.pre)
    of_all.pre[handle.id] = hook
    return handle


def register_module_forward_hook(hook, *, with_kwargs=False, always_call=False):
    """hook(module, args, output) after the forward of every module."""
    if with_kwargs or always_call:
        raise NotImplementedError('register_module_forward_hook(with_kwargs or always_call) is not supported')
    handle = RemovableHandle(of_all.post)
    of_all.post[handle.id] = hook
    return handle


def _as_arguments(changed, before):
    if changed is None:
        return before
    return changed if isinstance(changed, tuple) else (changed,)


def _watch(module):
    from torch.nn.modules.backward_hooks import BackwardWatch  # which needs torch.autograd

    return BackwardWatch(module)


class Calling:
    """The part of Module that runs forward between its hooks."""

    def forward(self, *_):
        """What a subclass computes."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *args, **kwargs):
        watches_backward = self._backward_hooks or self._backward_pre_hooks
        if not (
            self._forward_hooks or self._forward_pre_hooks or watches_backward or of_all.pre or of_all.post
        ):
            return self.forward(*args, **kwargs)
        finished = False
        try:
            args, kwargs = self._before(args, kwargs)
            watch = _watch(self) if watches_backward else None
            args = watch.enter(args) if watch else args
            result = self._after(args, kwargs, self.forward(*args, **kwargs))
            result = watch.leave(result) if watch else result
            finished = True
        finally:
            if not finished:
                self._after_failure(args, kwargs)
        return result

    def _before(self, args, kwargs):
        for hook in list(of_all.pre.values()):
            args = _as_arguments(hook(self, args), args)
        for number, hook in list(self._forward_pre_hooks.items()):
            if number in self._forward_pre_hooks_with_kwargs:
                changed = hook(self, args, kwargs)
                if changed is not None:
                    if not (isinstance(changed, tuple) and len(changed) == 2):
                        raise RuntimeError(
                            f'forward pre-hook must return None or a tuple of (new_args, new_kwargs), '
                            f'but got {changed}.'
                        )
                    args, kwargs = changed
            else:
                args = _as_arguments(hook(self, args), args)
        return args, kwargs

    def _after(self, args, kwargs, result):
        for hook in list(of_all.post.values()):
            changed = hook(self, args, result)
            result = result if changed is None else changed
        for number, hook in list(self._forward_hooks.items()):
            has_kwargs = number in self._forward_hooks_with_kwargs
            changed = hook(self, args, kwargs, result) if has_kwargs else hook(self, args, result)
            result = result if changed is None else changed
        return result

    def _after_failure(self, args, kwargs):
        """Runs the hooks that are called in any case, with no result."""
        for number, hook in list(self._forward_hooks.items()):
            if number not in self._forward_hooks_always_called:
                continue
            has_kwargs = number in self._forward_hooks_with_kwargs
            try:
                hook(self, args, kwargs, None) if has_kwargs else hook(self, args, None)
            except Exception as error:
                warnings.warn(
                    f'forward hook with ``always_call=True`` raised an exception that was silenced as another '
                    f'error was raised in forward: {error}',
                    stacklevel=3,
                )

    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
        """hook(module, args[, kwargs], output) after forward; a result of it replaces the output."""
        always_called = self._forward_hooks_always_called
        handle = RemovableHandle(self._forward_hooks, self._forward_hooks_with_kwargs, always_called)
        self._forward_hooks[handle.id] = hook
        if always_call:
            always_called[handle.id] = True
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

    def _register_backward(self, hooks, hook, prepend):
        handle = RemovableHandle(hooks)
        hooks[handle.id] = hook
        if prepend:
            hooks.move_to_end(handle.id, last=False)
        return handle

    def register_full_backward_hook(self, hook, prepend=False):
        """hook(module, grad_input, grad_output) once the inputs' gradients are known; may replace them."""
        return self._register_backward(self._backward_hooks, hook, prepend)

    def register_full_backward_pre_hook(self, hook, prepend=False):
        """hook(module, grad_output) once the outputs' gradients are known; may replace them."""
        return self._register_backward(self._backward_pre_hooks, hook, prepend)

    def register_backward_hook(self, hook):
        """Refused: PyTorch's old hook sees the gradients of the last operation only."""
        raise NotImplementedError(
            'Module.register_backward_hook() is not supported: use register_full_backward_hook()'
        )
