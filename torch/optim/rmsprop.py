"""RMSprop (Hinton 2012). https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html"""

from torch._creation import zeros_like
from torch.optim.by_parameter import ByParameter, decayed


class RMSprop(ByParameter):
    """p -= lr * g / (sqrt(v) + eps), v the running mean of g²; centered, v is g's variance."""

    def __init__(
        self,
        params,
        lr=1e-2,
        alpha=0.99,
        eps=1e-8,
        weight_decay=0,
        momentum=0,
        centered=False,
        capturable=False,
        foreach=None,
        maximize=False,
        differentiable=False,
    ):
        defaults = self._checked_defaults(
            {
                **{'lr': lr, 'momentum': momentum, 'alpha': alpha, 'eps': eps, 'centered': centered},
                **{'weight_decay': weight_decay},
            },
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
            **{'lr': lr, 'epsilon': eps, 'momentum': momentum, 'weight_decay': weight_decay, 'alpha': alpha},
        )
        super().__init__(params, defaults)

    def _start(self, state, parameter, group):
        state['square_avg'] = zeros_like(parameter)
        if group['momentum'] > 0:
            state['momentum_buffer'] = zeros_like(parameter)
        if group['centered']:
            state['grad_avg'] = zeros_like(parameter)

    def _update(self, parameter, gradient, state, group, step):
        gradient, alpha, lr = decayed(parameter, gradient, group), group['alpha'], float(group['lr'])
        square = state['square_avg'].mul_(alpha).addcmul_(gradient, gradient, value=1 - alpha)
        if group['centered']:
            mean = state['grad_avg'].lerp_(gradient, 1 - alpha)
            square = square.addcmul(mean, mean, value=-1)
        root = square.sqrt().add_(group['eps'])
        if group['momentum'] > 0:
            buffer = state['momentum_buffer'].mul_(group['momentum']).addcdiv_(gradient, root)
            parameter.add_(buffer, alpha=-lr)
        else:
            parameter.addcdiv_(gradient, root, value=-lr)
