"""Averaged SGD (Polyak and Juditsky 1992). https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html"""

from torch._creation import tensor, zeros_like
from torch._dtype import float32
from torch.optim.by_parameter import ByParameter, decayed


class ASGD(ByParameter):
    """SGD with a falling rate; from step t0 on, state['ax'] is the mean of the parameter's values."""

    def __init__(
        self,
        params,
        lr=1e-2,
        lambd=1e-4,
        alpha=0.75,
        t0=1e6,
        weight_decay=0,
        foreach=None,
        maximize=False,
        differentiable=False,
        capturable=False,
    ):
        defaults = self._checked_defaults(
            {'lr': lr, 'lambd': lambd, 'alpha': alpha, 't0': t0, 'weight_decay': weight_decay},
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
            lr=lr,
            weight_decay=weight_decay,
        )
        super().__init__(params, defaults)

    def _start(self, state, parameter, group):
        state['eta'] = tensor(float(group['lr']), dtype=float32)
        state['mu'] = tensor(1.0, dtype=float32)
        state['ax'] = zeros_like(parameter)

    def _update(self, parameter, gradient, state, group, step):
        gradient, lr, lambd = decayed(parameter, gradient, group), float(group['lr']), group['lambd']
        rate, weight, mean = state['eta'].item(), state['mu'].item(), state['ax']
        parameter.mul_(1 - lambd * rate).add_(gradient, alpha=-rate)
        if weight == 1:
            mean.copy_(parameter)
        else:
            mean.add_(parameter.sub(mean).mul_(weight))
        state['eta'] = tensor(lr / (1 + lambd * lr * step) ** group['alpha'], dtype=float32)
        state['mu'] = tensor(1 / max(1, step - group['t0']), dtype=float32)
