"""Stochastic gradient descent. https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html"""

import torch._native as native
from torch._tensor import handle_of, known
from torch.optim.optimizer import Optimizer, check_at_least_zero, refuse_options


class SGD(Optimizer):
    """p -= lr * (momentum * buffer + ...); one native sweep a parameter."""

    def __init__(
        self,
        params,
        lr=1e-3,
        momentum=0,
        dampening=0,
        weight_decay=0,
        nesterov=False,
        *,
        maximize=False,
        foreach=None,
        differentiable=False,
        fused=None,
    ):
        check_at_least_zero(lr=lr, momentum=momentum, weight_decay=weight_decay)
        refuse_options('SGD', differentiable=differentiable)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError('Nesterov momentum requires a momentum and zero dampening')
        defaults = {
            'lr': lr,
            'momentum': momentum,
            'dampening': dampening,
            'weight_decay': weight_decay,
            'nesterov': nesterov,
            'maximize': maximize,
            'foreach': foreach,
            'differentiable': differentiable,
            'fused': fused,
        }
        super().__init__(params, defaults)

    def step(self, closure=None):
        """Updates every parameter that has a gradient."""
        loss = self._closure_loss(closure)
        for group in self.param_groups:
            lr = float(group['lr'])
            options = (group['momentum'], group['dampening'], group['weight_decay'])
            flags = (group['nesterov'], group['maximize'])
            for parameter in group['params']:
                gradient = parameter.grad
                if gradient is None:
                    continue
                buffer = self.state[parameter].get('momentum_buffer') if group['momentum'] else None
                made = native.sgd_step(
                    parameter._h, gradient._h, handle_of(buffer), lr, *map(float, options), *flags
                )
                if group['momentum'] and buffer is None:
                    self.state[parameter]['momentum_buffer'] = known(made)
        return loss
