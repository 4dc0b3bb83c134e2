"""Averages of a model's weights over its training (Polyak and Juditsky 1992; Izmailov et al. 2018)."""

from copy import deepcopy

from torch._creation import tensor
from torch._dtype import int64
from torch._refusal import module_getattr
from torch.autograd.grad_mode import no_grad
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.module import Module

__getattr__ = module_getattr('torch.optim.swa_utils', classes=('SWALR',))


def get_ema_avg_fn(decay=0.999):
    """The rule of an exponential moving average: averaged <- decay * averaged + (1 - decay) * now"""
    if decay < 0.0 or decay > 1.0:
        raise ValueError(f'Invalid decay value {decay} provided. Please provide a value in [0,1] range.')

    @no_grad()
    def follow(averaged, now, count):
        return decay * averaged + (1 - decay) * now

    return follow


def get_swa_avg_fn():
    """The rule of the mean of all values so far."""

    @no_grad()
    def follow(averaged, now, count):
        return averaged + (now - averaged) / (count + 1)

    return follow


def _many(rule):
    def follow(averaged, now, count):
        for mean, value in zip(averaged, now, strict=True):
            mean.copy_(rule(mean, value, count) if mean.is_floating_point() else value)

    return follow


def get_ema_multi_avg_fn(decay=0.999):
    """get_ema_avg_fn over lists of tensors."""
    return _many(get_ema_avg_fn(decay))


def get_swa_multi_avg_fn():
    """get_swa_avg_fn over lists of tensors."""
    return _many(get_swa_avg_fn())


class AveragedModel(Module):
    """A copy of a model (`.module`) whose parameters follow the model's at every update_parameters()."""

    def __init__(self, model, device=None, avg_fn=None, multi_avg_fn=None, use_buffers=False):
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError('Only one of avg_fn and multi_avg_fn should be provided')
        self.module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer('n_averaged', tensor(0, dtype=int64))
        self.avg_fn, self.multi_avg_fn, self.use_buffers = avg_fn, multi_avg_fn, use_buffers

    def forward(self, *args, **kwargs):
        """The averaged model's output."""
        return self.module(*args, **kwargs)

    def _followed(self, model):
        yield from model.parameters()
        if self.use_buffers:
            yield from model.buffers()

    @no_grad()
    def update_parameters(self, model):
        """Takes the model's parameters into the average, and copies its buffers unless they are averaged too."""
        pairs = [
            (ours, theirs.detach())
            for ours, theirs in zip(self._followed(self.module), self._followed(model), strict=True)
        ]
        count = int(self.n_averaged)
        if count == 0:
            for ours, theirs in pairs:
                ours.copy_(theirs)
        elif self.multi_avg_fn is not None:
            self.multi_avg_fn([o.detach() for o, _ in pairs], [t for _, t in pairs], self.n_averaged)
        else:
            rule = self.avg_fn or get_swa_avg_fn()
            for ours, theirs in pairs:
                ours.copy_(rule(ours.detach(), theirs, self.n_averaged))
        if not self.use_buffers:
            for ours, theirs in zip(self.module.buffers(), model.buffers(), strict=True):
                ours.copy_(theirs)
        self.n_averaged += 1


@no_grad()
def update_bn(loader, model, device=None):
    """Recomputes the running statistics of a model's batch normalisations over a loader's batches."""
    norms = [module for module in model.modules() if isinstance(module, _BatchNorm)]
    if not norms:
        return
    momenta = {norm: norm.momentum for norm in norms}
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    was_training = model.training
    model.train()
    for batch in loader:
        model(batch[0] if isinstance(batch, (list, tuple)) else batch)
    for norm, momentum in momenta.items():
        norm.momentum = momentum
    model.train(was_training)
