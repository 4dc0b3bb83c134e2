"""Stochastic gradient descent. https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html"""

import torch._native as native
from torch._tensor import handle_of, handles, known
from torch.optim.optimizer import Optimizer, check_at_least_zero, refuse_options, with_gradients


class SGD(Optimizer):
    """p -= lr * (momentum * buffer + ...); one native sweep over a group."""

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
            parameters = with_gradients(group)
            states = [self.state[parameter] for parameter in parameters] if group['momentum'] else []
            buffers = [handle_of(state.get('momentum_buffer')) for state in states]
            made = native.sgd_step(
                *handles(parameters),
                0,  # their own gradients
                len(buffers),
                *buffers,
                lr,
                *map(float, options),
                *flags,
            )
            first_time = [state for state in states if state.get('momentum_buffer') is None]
            for i, state in enumerate(first_time):
                state['momentum_buffer'] = known(native.more() if i else made)
        return loss
