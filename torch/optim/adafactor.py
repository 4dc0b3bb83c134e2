"""Adafactor (Shazeer and Stern 2018).

https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html
"""

import math

from torch._dtype import finfo
from torch.optim.by_parameter import ByParameter


class Adafactor(ByParameter):
    """Adam without momentum, a matrix's second average kept as its rows' and its columns' means."""

    def __init__(
        self,
        params,
        lr=1e-2,
        beta2_decay=-0.8,
        eps=(None, 1e-3),
        d=1.0,
        weight_decay=0.0,
        *,
        foreach=None,
        maximize=False,
    ):
        if not beta2_decay <= 0.0:
            raise ValueError(f'beta2_decay should be <= 0 but is: {beta2_decay}')
        if eps[0] is not None and not eps[0] >= 0.0:
            raise ValueError(f'epsilon1 should be >= 0 but is: {eps[0]}')
        if not eps[1] >= 0.0:
            raise ValueError(f'epsilon2 should be >= 0 but is: {eps[1]}')
        if not d >= 1.0:
            raise ValueError(f'Clipping threshold d should be >= 1 but is: {d}')
        if not lr >= 0.0:
            raise ValueError(f'Learning rate should be >= 0 but is: {lr}')
        if not weight_decay >= 0.0:
            raise ValueError(f'weight_decay should be >= 0 but is: {weight_decay}')
        defaults = {'lr': lr, 'beta2_decay': beta2_decay, 'eps': eps, 'd': d, 'weight_decay': weight_decay}
        super().__init__(params, defaults | {'foreach': foreach, 'maximize': maximize})

    def _start(self, state, parameter, group):
        sizes = list(parameter.shape)
        if len(sizes) > 1:
            state['row_var'] = parameter.detach().new_zeros(*sizes[:-1], 1)
            state['col_var'] = parameter.detach().new_zeros(*sizes[:-2], 1, sizes[-1])
        else:
            state['variance'] = parameter.detach().new_zeros(sizes)

    def _update(self, parameter, gradient, state, group, step):
        small, smallest_scale = group['eps']
        small = finfo(parameter.dtype).eps if small is None else small
        share = step ** group['beta2_decay']
        rate = min(float(group['lr']), 1 / math.sqrt(step))
        size = math.sqrt(parameter.numel())
        rate *= max(smallest_scale, parameter.norm(2).item() / size)
        if group['weight_decay']:
            parameter.mul_(1 - float(group['lr']) * group['weight_decay'])
        if gradient.dim() > 1:
            rows, columns = state['row_var'], state['col_var']
            rows.lerp_(gradient.norm(2, -1, keepdim=True).square_().div_(gradient.size(-1)), share)
            columns.lerp_(gradient.norm(2, -2, keepdim=True).square_().div_(gradient.size(-2)), share)
            square = (rows @ columns).div_(rows.mean(-2, keepdim=True).clamp_(min=small))
        else:
            square = state['variance'].lerp_(gradient.square(), share)
        update = square.clamp(min=small * small).rsqrt_().mul_(gradient)
        limit = max(1.0, update.norm(2).item() / (size * group['d']))
        parameter.add_(update, alpha=-rate / limit)
