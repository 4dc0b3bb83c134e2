"""RAdam (Liu et al. 2020). https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html"""

import math

from torch._creation import zeros_like
from torch.optim.by_parameter import ByParameter, check_betas, decay_apart


class RAdam(ByParameter):
    """Adam whose second average counts only once it rests on more than five gradients."""

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        decoupled_weight_decay=False,
        *,
        foreach=None,
        maximize=False,
        capturable=False,
        differentiable=False,
    ):
        check_betas(betas)
        defaults = self._checked_defaults(
            {
                **{'lr': lr, 'betas': betas, 'eps': eps, 'weight_decay': weight_decay},
                **{'decoupled_weight_decay': decoupled_weight_decay},
            },
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
            **{'lr': lr, 'epsilon': eps, 'weight_decay': weight_decay},
        )
        super().__init__(params, defaults)

    def _start(self, state, parameter, group):
        state['exp_avg'] = zeros_like(parameter)
        state['exp_avg_sq'] = zeros_like(parameter)

    def _update(self, parameter, gradient, state, group, step):
        beta1, beta2 = group['betas']
        gradient, lr = decay_apart(parameter, gradient, group), float(group['lr'])
        mean = state['exp_avg'].lerp_(gradient, 1 - beta1)
        square = state['exp_avg_sq'].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        corrected, correction = mean / (1 - beta1**step), 1 - beta2**step
        most = 2 / (1 - beta2) - 1
        length = most - 2 * step * beta2**step / correction  # gradients that the average rests on
        if length > 5:
            rectified = math.sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length))
            scale = math.sqrt(correction) / square.sqrt().add_(group['eps'])
            parameter.sub_(corrected * lr * scale * rectified)
        else:
            parameter.sub_(corrected * lr)
