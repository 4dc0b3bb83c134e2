"""torch.autograd.Function: an operation whose forward and backward are written in Python."""

from functools import wraps

import torch._native as native
from torch._callbacks import answer_all, keep
from torch._tensor import Tensor, handles, known, register, wrap
from torch.autograd.grad_mode import enable_grad, no_grad


class FunctionCtx:
    """What forward leaves for backward: saved tensors, and attributes of the script's own."""

    _number = 0
    _saved = ()
    _not_differentiable = ()
    _dirty = ()
    _materialize = True

    def save_for_backward(self, *tensors):
        """Keeps inputs or outputs (or None) for backward, which finds them in saved_tensors."""
        for tensor in tensors:
            if tensor is not None and not isinstance(tensor, Tensor):
                raise TypeError(
                    f'save_for_backward can only save variables, but argument is of type {type(tensor).__name__}'
                )
        self._saved = tensors

    def save_for_forward(self, *tensors):
        """Changes nothing: forward-mode differentiation is not supported."""

    def mark_dirty(self, *args):
        """Says which inputs forward wrote in place; they must be among its results."""
        self._dirty = args

    def mark_non_differentiable(self, *args):
        """Says which results have no gradient."""
        self._not_differentiable = args

    def set_materialize_grads(self, value):
        """Whether backward is given zeros (the default) or None for results nobody used."""
        self._materialize = bool(value)

    @property
    def saved_tensors(self):
        """What save_for_backward was given. @raises RuntimeError after the graph has been freed"""
        if not self._number:
            return tuple(self._saved)
        if not self._saved:
            return ()
        first = native.saved_tensors(self._number)
        return (known(first), *(known(native.more()) for _ in self._saved[1:]))

    saved_variables = saved_tensors


class Function(FunctionCtx):
    """An operation with a backward of its own: subclass, with static methods forward and backward."""

    def __init__(self, *_, **__):
        raise RuntimeError(
            f'{type(self).__name__} should not be instantiated. Methods on autograd functions are all static, '
            'so you should invoke them on the class itself. Instantiating an autograd function will raise an '
            'error in a future version of PyTorch.'
        )

    @staticmethod
    def forward(*args, **kwargs):
        """The operation: forward(ctx, *inputs), or forward(*inputs) beside setup_context."""
        raise NotImplementedError('You must implement the forward function for custom autograd.Function.')

    @staticmethod
    def setup_context(ctx, inputs, output):
        """What is kept for backward, where forward takes no ctx."""
        raise NotImplementedError('setup_context is not implemented.')

    @staticmethod
    def backward(ctx, *grad_outputs):
        """The gradients of forward's inputs (None for what has none) from those of its results."""
        raise NotImplementedError(
            'You must implement either the backward or vjp method for your custom autograd.Function '
            'to use it with backward mode AD.'
        )

    vjp = backward

    @classmethod
    def apply(cls, *args):
        """Runs forward and records backward."""
        ctx = object.__new__(cls)
        tensors = [arg for arg in args if isinstance(arg, Tensor)]
        ctx.needs_input_grad = tuple(isinstance(arg, Tensor) and native.requires_grad(arg._h) for arg in args)
        is_recorded = native.grad_enabled() and any(ctx.needs_input_grad)
        with no_grad():
            if cls.setup_context is Function.setup_context:
                result = cls.forward(ctx, *args)
            else:
                result = cls.forward(*args)
                cls.setup_context(ctx, args, result)
        is_single = isinstance(result, Tensor) or not isinstance(result, tuple)
        outputs = (result,) if is_single else result
        if is_recorded:
            outputs = _recorded(cls, ctx, args, tensors, outputs)
        return outputs[0] if is_single else outputs


def _among(tensor, tensors):
    return any(tensor is other for other in tensors)


def _recorded(cls, ctx, args, tensors, outputs):
    """The results with their place in the graph."""
    for dirty in ctx._dirty:
        if native.base(dirty._h):
            raise NotImplementedError('mark_dirty() of a view is not supported')
        if native.requires_grad(dirty._h) and native.is_leaf(dirty._h):
            raise RuntimeError('a leaf Variable that requires grad is being used in an in-place operation.')
    made = []
    for out in outputs:
        # A view, or an input handed back, keeps its own history: what is recorded is another tensor over it.
        is_given = isinstance(out, Tensor) and (_among(out, tensors) or native.base(out._h))
        made.append(wrap(native.detach(out._h)) if is_given and not _among(out, ctx._dirty) else out)
    slots = [
        out if isinstance(out, Tensor) and not _among(given, ctx._not_differentiable) else None
        for out, given in zip(made, outputs, strict=True)
    ]
    tracked = [out for out in slots if out is not None]
    kinds = [(tuple(out.shape), out.dtype, out.device) for out in tracked]
    places = [next((i for i, t in enumerate(tracked) if t is saved), -1) for saved in ctx._saved]
    for saved in ctx._saved:
        if saved is not None:
            register(saved)
    number = keep(_backward_of(cls, ctx, args, slots, kinds))
    saved = [0 if t is None else t._h for t in ctx._saved]
    native.record_function(
        number, f'{cls.__name__}Backward', *handles(tensors), *handles(tracked),
        len(saved), *saved, len(places), *places,
    )  # fmt: skip
    ctx._number, ctx._saved = number, (None,) * len(saved)
    return tuple(made)


def _backward_of(cls, ctx, args, slots, kinds):
    """What the engine calls with the gradients of the tracked results."""
    is_tracked = [slot is not None for slot in slots]
    is_tensor = [isinstance(arg, Tensor) for arg in args]
    backward = cls.backward if cls.backward is not Function.backward else cls.vjp

    def run(*grads):
        from torch._creation import zeros  # which needs this package

        arrived = iter(zip(grads, kinds, strict=True))
        given = []
        for tracked in is_tracked:
            grad, kind = next(arrived) if tracked else (None, None)
            if grad is None and tracked and ctx._materialize:
                shape, dtype, device = kind
                grad = zeros(shape, dtype=dtype, device=device)
            given.append(grad)
        found = backward(ctx, *given)
        found = found if isinstance(found, tuple) else (found,)
        if len(found) > len(is_tensor) and any(grad is not None for grad in found[len(is_tensor) :]):
            raise RuntimeError(
                f'function {cls.__name__}Backward returned an incorrect number of gradients '
                f'(expected {len(is_tensor)}, got {len(found)})'
            )
        if len(found) < len(is_tensor):
            raise RuntimeError(
                f'function {cls.__name__}Backward returned an incorrect number of gradients '
                f'(expected {len(is_tensor)}, got {len(found)})'
            )
        return answer_all([grad for grad, tensor in zip(found, is_tensor, strict=False) if tensor])

    return run


def once_differentiable(function):
    """A backward that cannot itself be differentiated."""

    @wraps(function)
    def once(ctx, *grads):
        is_recording = native.grad_enabled()
        with no_grad():
            found = function(ctx, *grads)
        if not is_recording or not any(g is not None and g.requires_grad for g in grads):
            return found
        single = not isinstance(found, tuple)
        with enable_grad():
            barred = [
                _NotTwice.apply(function.__qualname__, g, *_tensors(grads)) if isinstance(g, Tensor) else g
                for g in ((found,) if single else found)
            ]
        return barred[0] if single else tuple(barred)

    return once


def _tensors(values):
    return [value for value in values if isinstance(value, Tensor)]


class _NotTwice(Function):
    @staticmethod
    def forward(ctx, name, result, *grads):
        return result.clone()

    @staticmethod
    def backward(ctx, *grads):
        raise RuntimeError(
            'trying to differentiate twice a function that was marked with @once_differentiable'
        )
