"""Adam and AdamW (Kingma and Ba 2015; Loshchilov and Hutter 2019).

https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
"""

import torch._native as native
from torch._creation import tensor, zeros_like
from torch._dtype import float32
from torch._tensor import handles
from torch.optim.optimizer import Optimizer, check_at_least_zero, refuse_options, with_gradients


class Adam(Optimizer):
    """p -= lr * m / (sqrt(v) + eps), both averages corrected for their start at zero; one native sweep
    over a group."""

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        amsgrad=False,
        *,
        foreach=None,
        maximize=False,
        capturable=False,
        differentiable=False,
        fused=None,
        decoupled_weight_decay=False,
    ):
        check_at_least_zero(lr=lr, epsilon=eps, weight_decay=weight_decay)
        for i, beta in enumerate(betas):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f'Invalid beta parameter at index {i}: {beta}')
        refuse_options(type(self).__name__, differentiable=differentiable, capturable=capturable)
        defaults = {
            'lr': lr,
            'betas': betas,
            'eps': eps,
            'weight_decay': weight_decay,
            'amsgrad': amsgrad,
            'maximize': maximize,
            'foreach': foreach,
            'capturable': capturable,
            'differentiable': differentiable,
            'fused': fused,
            'decoupled_weight_decay': decoupled_weight_decay,
        }
        super().__init__(params, defaults)

    def _state_of(self, parameter, amsgrad):
        state = self.state[parameter]
        if not state:
            state['step'] = tensor(0.0, dtype=float32)
            state['exp_avg'] = zeros_like(parameter)
            state['exp_avg_sq'] = zeros_like(parameter)
            if amsgrad:
                state['max_exp_avg_sq'] = zeros_like(parameter)
        return state

    def step(self, closure=None):
        """Updates every parameter that has a gradient."""
        loss = self._closure_loss(closure)
        for group in self.param_groups:
            beta1, beta2 = group['betas']
            rates = (float(group['lr']), float(beta1), float(beta2), float(group['eps']))
            decay = (float(group['weight_decay']), group['decoupled_weight_decay'], group['maximize'])
            parameters = with_gradients(group)
            states = [self._state_of(parameter, group['amsgrad']) for parameter in parameters]
            native.adam_step(
                *handles(parameters),
                0,  # their own gradients
                *handles(state['exp_avg'] for state in states),
                *handles(state['exp_avg_sq'] for state in states),
                *handles(state['max_exp_avg_sq'] for state in states if group['amsgrad']),
                *handles(state['step'] for state in states),
                *rates,
                *decay,
            )
        return loss


class AdamW(Adam):
    """Adam whose weight decay does not pass through the averages."""

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=1e-2,
        amsgrad=False,
        *,
        maximize=False,
        foreach=None,
        capturable=False,
        differentiable=False,
        fused=None,
    ):
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )
