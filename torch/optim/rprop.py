"""Rprop (Riedmiller and Braun 1993). https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html"""

from torch._creation import full_like, zeros_like
from torch._rearrange import where
from torch.optim.by_parameter import ByParameter


class Rprop(ByParameter):
    """Steps by the gradient's sign alone, each element's longer while the sign stays and shorter when it turns."""

    def __init__(
        self,
        params,
        lr=1e-2,
        etas=(0.5, 1.2),
        step_sizes=(1e-6, 50),
        *,
        capturable=False,
        foreach=None,
        maximize=False,
        differentiable=False,
    ):
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f'Invalid eta values: {etas[0]}, {etas[1]}')
        defaults = self._checked_defaults(
            {'lr': lr, 'etas': etas, 'step_sizes': step_sizes},
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
            lr=lr,
        )
        super().__init__(params, defaults)

    def _start(self, state, parameter, group):
        state['prev'] = zeros_like(parameter)
        state['step_size'] = full_like(parameter.detach(), float(group['lr']))

    def _update(self, parameter, gradient, state, group, step):
        (shorter, longer), bounds = group['etas'], group['step_sizes']
        same = gradient * state['prev']
        sizes = state['step_size']
        factor = where(same > 0, longer, where(same < 0, shorter, sizes.new_ones(sizes.shape)))
        sizes.mul_(factor).clamp_(*bounds)
        gradient = where(same < 0, 0.0, gradient)
        parameter.addcmul_(gradient.sign(), sizes, value=-1)
        state['prev'].copy_(gradient)
