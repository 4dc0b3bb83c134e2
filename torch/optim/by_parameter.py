"""Optimizers that update each parameter by itself, with tensor operations."""

import torch._native as native
from torch._creation import tensor
from torch._dtype import float32
from torch.optim.optimizer import Optimizer, check_at_least_zero, refuse_options


class ByParameter(Optimizer):
    """step() gives each gradient, turned round where maximizing, to `_update`; the record gets the norms."""

    def _checked_defaults(self, options, *, foreach, maximize, differentiable, capturable=False, **checked):
        """The options of every group, those named again in `checked` at least zero."""
        check_at_least_zero(**checked)
        refuse_options(type(self).__name__, differentiable=differentiable, capturable=capturable)
        common = {'foreach': foreach, 'maximize': maximize, 'capturable': capturable}
        return options | common | {'differentiable': differentiable}

    def _start(self, state, parameter, group):
        """Fills a parameter's state before its first update."""

    def _update(self, parameter, gradient, state, group, step):
        """Changes a parameter in place; `step` counts from 1."""
        raise NotImplementedError

    def step(self, closure=None):
        """Updates every parameter that has a gradient."""
        loss = self._closure_loss(closure)
        for group in self.param_groups:
            for parameter in group['params']:
                gradient = parameter.grad
                if gradient is None:
                    continue
                state = self.state[parameter]
                if not state:
                    state['step'] = tensor(0.0, dtype=float32)
                    self._start(state, parameter, group)
                state['step'] += 1
                before = parameter.detach().clone() if native.recording() else None
                turned = -gradient if group['maximize'] else gradient
                self._update(parameter, turned, state, group, state['step'].item())
                if before is not None:
                    native.note_update(parameter._h, gradient._h, before._h)
        return loss


def decayed(parameter, gradient, group):
    """The gradient with that of weight_decay * |parameter|² / 2."""
    decay = group['weight_decay']
    return gradient.add(parameter, alpha=decay) if decay else gradient


def decay_apart(parameter, gradient, group):
    """decayed(), or with decoupled_weight_decay the parameter itself shrunk, in place."""
    if group['weight_decay'] and group['decoupled_weight_decay']:
        parameter.mul_(1 - float(group['lr']) * group['weight_decay'])
        return gradient
    return decayed(parameter, gradient, group)


def check_betas(betas):
    """@raises ValueError for a beta outside of [0, 1)"""
    for i, beta in enumerate(betas):
        if not 0.0 <= beta < 1.0:
            raise ValueError(f'Invalid beta parameter at index {i}: {beta}')
