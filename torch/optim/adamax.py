"""Adamax (Kingma and Ba 2015). https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html"""

from torch._creation import zeros_like
from torch._pointwise import maximum
from torch.optim.by_parameter import ByParameter, check_betas, decayed


class Adamax(ByParameter):
    """p -= lr / (1 - beta1^t) * m / u, u the decaying maximum of |g|."""

    def __init__(
        self,
        params,
        lr=2e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        foreach=None,
        *,
        maximize=False,
        differentiable=False,
        capturable=False,
    ):
        check_betas(betas)
        defaults = self._checked_defaults(
            {'lr': lr, 'betas': betas, 'eps': eps, 'weight_decay': weight_decay},
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
            **{'lr': lr, 'epsilon': eps, 'weight_decay': weight_decay},
        )
        super().__init__(params, defaults)

    def _start(self, state, parameter, group):
        state['exp_avg'] = zeros_like(parameter)
        state['exp_inf'] = zeros_like(parameter)

    def _update(self, parameter, gradient, state, group, step):
        gradient, (beta1, beta2) = decayed(parameter, gradient, group), group['betas']
        mean = state['exp_avg'].lerp_(gradient, 1 - beta1)
        largest = state['exp_inf']
        largest.copy_(maximum(largest * beta2, gradient.abs() + group['eps']))
        parameter.addcdiv_(mean, largest, value=-float(group['lr']) / (1 - beta1**step))
