"""The gradients that pass a module in the backward pass, shown to its hooks."""

from torch._tensor import Tensor
from torch.autograd.function import Function
from torch.autograd.grad_mode import is_grad_enabled


class _Passage(Function):
    """The tensors as they are; backward, what `told` makes of their gradients."""

    @staticmethod
    def forward(ctx, told, *tensors):
        """The tensors."""
        ctx.told = told
        ctx.set_materialize_grads(False)
        return tuple(tensor.view_as(tensor) for tensor in tensors)

    @staticmethod
    def backward(ctx, *gradients):
        """The gradients, or those that take their place."""
        return None, *ctx.told(gradients)


def _replaced(changed, gradients, what):
    if changed is None:
        return gradients
    found = changed if isinstance(changed, tuple) else (changed,)
    if len(found) != len(gradients):
        raise RuntimeError(
            f'Backward {what} returned an invalid number of grad_{"output" if what == "pre hook" else "input"}, '
            f'got {len(found)}, but expected {len(gradients)}'
        )
    return found


class BackwardWatch:
    """One call of a module: its inputs and outputs pass through nodes that call its hooks."""

    def __init__(self, module):
        self._module = module
        self._grad_output = None
        self._has_inputs = False
        self._count = 0

    def _through(self, values, told):
        """`values` with their tensors passed through, and whether any wants a gradient."""
        places = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
        tensors = [values[i] for i in places]
        if not (is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)):
            return values, False
        whole = list(values)
        passed = _Passage.apply(lambda gradients: told(places, len(values), gradients), *tensors)
        for i, tensor in zip(places, passed, strict=True):
            whole[i] = tensor
        return tuple(whole), True

    def enter(self, args):
        """The arguments of forward."""
        self._count = len(args)
        args, self._has_inputs = self._through(args, self._inputs_known)
        return args

    def leave(self, result):
        """What forward gave: a tensor, or a tuple of tensors among others."""
        if isinstance(result, Tensor):
            return self._through((result,), self._outputs_known)[0][0]
        return self._through(result, self._outputs_known)[0] if isinstance(result, tuple) else result

    def _outputs_known(self, places, count, gradients):
        whole = [None] * count
        for i, gradient in zip(places, gradients, strict=True):
            whole[i] = gradient
        whole = tuple(whole)
        for hook in list(self._module._backward_pre_hooks.values()):
            whole = _replaced(hook(self._module, whole), whole, 'pre hook')
        self._grad_output = whole
        if not self._has_inputs:
            for hook in list(self._module._backward_hooks.values()):
                hook(self._module, (None,) * self._count, whole)
        return [whole[i] for i in places]

    def _inputs_known(self, places, count, gradients):
        whole = [None] * count
        for i, gradient in zip(places, gradients, strict=True):
            whole[i] = gradient
        whole = tuple(whole)
        for hook in list(self._module._backward_hooks.values()):
            whole = _replaced(hook(self._module, whole, self._grad_output), whole, 'hook')
        return [whole[i] for i in places]
