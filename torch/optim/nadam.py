"""NAdam (Dozat 2016). https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html"""

from torch._creation import tensor, zeros_like
from torch._dtype import float32
from torch.optim.by_parameter import ByParameter, check_betas, decay_apart


class NAdam(ByParameter):
    """Adam with Nesterov's momentum, which grows towards beta1."""

    def __init__(
        self,
        params,
        lr=2e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        momentum_decay=4e-3,
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
                **{'momentum_decay': momentum_decay, 'decoupled_weight_decay': decoupled_weight_decay},
            },
            foreach=foreach,
            maximize=maximize,
            differentiable=differentiable,
            capturable=capturable,
            **{'lr': lr, 'epsilon': eps, 'weight_decay': weight_decay, 'momentum_decay': momentum_decay},
        )
        super().__init__(params, defaults)

    def _start(self, state, parameter, group):
        state['mu_product'] = tensor(1.0, dtype=float32)
        state['exp_avg'] = zeros_like(parameter)
        state['exp_avg_sq'] = zeros_like(parameter)

    def _update(self, parameter, gradient, state, group, step):
        beta1, beta2 = group['betas']
        gradient, lr = decay_apart(parameter, gradient, group), float(group['lr'])
        now, coming = (beta1 * (1 - 0.5 * 0.96 ** (t * group['momentum_decay'])) for t in (step, step + 1))
        state['mu_product'] *= now
        product = state['mu_product'].item()
        mean = state['exp_avg'].lerp_(gradient, 1 - beta1)
        square = state['exp_avg_sq'].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        root = square.div(1 - beta2**step).sqrt_().add_(group['eps'])
        parameter.addcdiv_(gradient, root, value=-lr * (1 - now) / (1 - product))
        parameter.addcdiv_(mean, root, value=-lr * coming / (1 - product * coming))
