"""Adagrad (Duchi et al. 2011). https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html"""

from torch._creation import full_like, tensor
from torch._dtype import float32
from torch.optim.by_parameter import ByParameter, decayed


class Adagrad(ByParameter):
    """p -= lr / (1 + (t - 1) lr_decay) * g / (sqrt(sum of g²) + eps)"""

    def __init__(
        self,
        params,
        lr=1e-2,
        lr_decay=0,
        weight_decay=0,
        initial_accumulator_value=0,
        eps=1e-10,
        foreach=None,
        *,
        maximize=False,
        differentiable=False,
        fused=None,
    ):
        defaults = self._checked_defaults(
            {
                **{'lr': lr, 'lr_decay': lr_decay, 'eps': eps, 'weight_decay': weight_decay, 'fused': fused},
                **{'initial_accumulator_value': initial_accumulator_value},
            },
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            **{'lr': lr, 'lr_decay': lr_decay, 'weight_decay': weight_decay, 'epsilon': eps},
            initial_accumulator_value=initial_accumulator_value,
        )
        defaults.pop('capturable')
        super().__init__(params, defaults)
        for group in self.param_groups:
            for parameter in group['params']:
                self.state[parameter]['step'] = tensor(0.0, dtype=float32)
                self._start(self.state[parameter], parameter, group)

    def _start(self, state, parameter, group):
        state['sum'] = full_like(parameter.detach(), group['initial_accumulator_value'])

    def share_memory(self):
        """Nothing: there are no other processes."""

    def _update(self, parameter, gradient, state, group, step):
        gradient = decayed(parameter, gradient, group)
        rate = float(group['lr']) / (1 + (step - 1) * group['lr_decay'])
        root = state['sum'].addcmul_(gradient, gradient).sqrt().add_(group['eps'])
        parameter.addcdiv_(gradient, root, value=-rate)
