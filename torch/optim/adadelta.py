"""Adadelta (Zeiler 2012). https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html"""

from torch._creation import zeros_like
from torch.optim.by_parameter import ByParameter, decayed


class Adadelta(ByParameter):
    """p -= lr * g * sqrt(d + eps) / sqrt(v + eps), d and v the running means of updates² and g²."""

    def __init__(
        self,
        params,
        lr=1.0,
        rho=0.9,
        eps=1e-6,
        weight_decay=0,
        foreach=None,
        *,
        capturable=False,
        maximize=False,
        differentiable=False,
    ):
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f'Invalid rho value: {rho}')
        defaults = self._checked_defaults(
            {'lr': lr, 'rho': rho, 'eps': eps, 'weight_decay': weight_decay},
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
            **{'lr': lr, 'epsilon': eps, 'weight_decay': weight_decay},
        )
        super().__init__(params, defaults)

    def _start(self, state, parameter, group):
        state['square_avg'] = zeros_like(parameter)
        state['acc_delta'] = zeros_like(parameter)

    def _update(self, parameter, gradient, state, group, step):
        gradient, rho, eps = decayed(parameter, gradient, group), group['rho'], group['eps']
        square = state['square_avg'].mul_(rho).addcmul_(gradient, gradient, value=1 - rho)
        delta = state['acc_delta'].add(eps).sqrt_().div_(square.add(eps).sqrt_()).mul_(gradient)
        state['acc_delta'].mul_(rho).addcmul_(delta, delta, value=1 - rho)
        parameter.add_(delta, alpha=-float(group['lr']))
