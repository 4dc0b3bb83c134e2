"""Learning rates that follow a rule. https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"""

import math
import types
from bisect import bisect_right
from collections import Counter

from torch._refusal import module_getattr
from torch.optim.optimizer import Optimizer


class LRScheduler:
    """Sets every group's 'lr' at each step(), from the rate the optimizer was made with ('initial_lr')."""

    def __init__(self, optimizer, last_epoch=-1):
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f'{type(optimizer).__name__} is not an Optimizer')
        self.optimizer = optimizer
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault('initial_lr', group['lr'])
            elif 'initial_lr' not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{i}] when resuming an optimizer"
                )
        self.base_lrs = [group['initial_lr'] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._step_count = 0
        self.step()

    def get_lr(self):
        """The rates of step `last_epoch`, one a group."""
        raise NotImplementedError

    def get_last_lr(self):
        """The rates set by the last step()."""
        return self._last_lr

    def step(self, epoch=None):
        """Goes on to the next rate, or to that of `epoch`."""
        self._step_count += 1
        if epoch is None:
            self.last_epoch += 1
            rates = self.get_lr()
        else:
            self.last_epoch = epoch
            rates = self._get_closed_form_lr() if hasattr(self, '_get_closed_form_lr') else self.get_lr()
        self._set(rates)

    def _set(self, rates):
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group['lr'] = rate
        self._last_lr = [group['lr'] for group in self.optimizer.param_groups]

    def _current(self):
        return [group['lr'] for group in self.optimizer.param_groups]

    def state_dict(self):
        """Everything but the optimizer."""
        return {name: value for name, value in self.__dict__.items() if name != 'optimizer'}

    def load_state_dict(self, state_dict):
        """Continues from a state_dict()."""
        self.__dict__.update(state_dict)


_LRScheduler = LRScheduler


class LambdaLR(LRScheduler):
    """initial_lr * lr_lambda(epoch), a function for all groups or one for each."""

    def __init__(self, optimizer, lr_lambda, last_epoch=-1):
        groups = len(optimizer.param_groups)
        many = isinstance(lr_lambda, (list, tuple))
        if many and len(lr_lambda) != groups:
            raise ValueError(f'Expected {groups} lr_lambdas, but got {len(lr_lambda)}')
        self.lr_lambdas = list(lr_lambda) if many else [lr_lambda] * groups
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [
            base * rule(self.last_epoch) for base, rule in zip(self.base_lrs, self.lr_lambdas, strict=True)
        ]

    def state_dict(self):
        """Functions cannot be saved; objects that can be called leave their attributes."""
        state = {k: v for k, v in self.__dict__.items() if k not in ('optimizer', 'lr_lambdas')}
        state['lr_lambdas'] = [
            None if isinstance(rule, types.FunctionType) else rule.__dict__.copy() for rule in self.lr_lambdas
        ]
        return state

    def load_state_dict(self, state_dict):
        state = dict(state_dict)
        for rule, saved in zip(self.lr_lambdas, state.pop('lr_lambdas'), strict=True):
            if saved is not None:
                rule.__dict__.update(saved)
        self.__dict__.update(state)


class StepLR(LRScheduler):
    """gamma times less every step_size epochs."""

    def __init__(self, optimizer, step_size, gamma=0.1, last_epoch=-1):
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        if self.last_epoch == 0 or self.last_epoch % self.step_size != 0:
            return self._current()
        return [rate * self.gamma for rate in self._current()]

    def _get_closed_form_lr(self):
        return [base * self.gamma ** (self.last_epoch // self.step_size) for base in self.base_lrs]


class MultiStepLR(LRScheduler):
    """gamma times less at each of the milestones."""

    def __init__(self, optimizer, milestones, gamma=0.1, last_epoch=-1):
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        times = self.milestones.get(self.last_epoch, 0)
        return [rate * self.gamma**times for rate in self._current()]

    def _get_closed_form_lr(self):
        times = bisect_right(sorted(self.milestones.elements()), self.last_epoch)
        return [base * self.gamma**times for base in self.base_lrs]


class ExponentialLR(LRScheduler):
    """gamma times less every epoch."""

    def __init__(self, optimizer, gamma, last_epoch=-1):
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        if self.last_epoch == 0:
            return self._current()
        return [rate * self.gamma for rate in self._current()]

    def _get_closed_form_lr(self):
        return [base * self.gamma**self.last_epoch for base in self.base_lrs]


class CosineAnnealingLR(LRScheduler):
    """Half a cosine from initial_lr down to eta_min in T_max epochs (Loshchilov and Hutter 2017, without restarts)."""

    def __init__(self, optimizer, T_max, eta_min=0.0, last_epoch=-1):
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        t, whole, low = self.last_epoch, self.T_max, self.eta_min
        rates = self._current()
        if t == 0:
            return rates
        if self._step_count == 1 and t > 0:
            return self._get_closed_form_lr()
        if (t - 1 - whole) % (2 * whole) == 0:
            rise = (1 - math.cos(math.pi / whole)) / 2
            return [rate + (base - low) * rise for rate, base in zip(rates, self.base_lrs, strict=True)]
        ratio = (1 + math.cos(math.pi * t / whole)) / (1 + math.cos(math.pi * (t - 1) / whole))
        return [ratio * (rate - low) + low for rate in rates]

    def _get_closed_form_lr(self):
        part = (1 + math.cos(math.pi * self.last_epoch / self.T_max)) / 2
        return [self.eta_min + (base - self.eta_min) * part for base in self.base_lrs]


class ReduceLROnPlateau(LRScheduler):
    """factor times less when the metric has not improved for more than `patience` epochs."""

    def __init__(
        self,
        optimizer,
        mode='min',
        factor=0.1,
        patience=10,
        threshold=1e-4,
        threshold_mode='rel',
        cooldown=0,
        min_lr=0,
        eps=1e-8,
    ):
        if factor >= 1.0:
            raise ValueError('Factor should be < 1.0.')
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f'{type(optimizer).__name__} is not an Optimizer')
        if mode not in ('min', 'max'):
            raise ValueError(f'mode {mode} is unknown!')
        if threshold_mode not in ('rel', 'abs'):
            raise ValueError(f'threshold mode {threshold_mode} is unknown!')
        self.optimizer = optimizer
        groups = len(optimizer.param_groups)
        if isinstance(min_lr, (list, tuple)):
            if len(min_lr) != groups:
                raise ValueError(f'expected {groups} min_lrs, got {len(min_lr)}')
            self.min_lrs = list(min_lr)
        else:
            self.min_lrs = [min_lr] * groups
        self.mode, self.factor, self.patience, self.eps = mode, factor, patience, eps
        self.threshold, self.threshold_mode = threshold, threshold_mode
        self.cooldown = cooldown
        self.last_epoch = 0
        self._last_lr = self._current()
        self._reset()

    def _reset(self):
        self.best = math.inf if self.mode == 'min' else -math.inf
        self.num_bad_epochs = self.cooldown_counter = 0

    def step(self, metrics, epoch=None):
        """Takes an epoch's metric into account."""
        current = float(metrics)
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        if self.is_better(current, self.best):
            self.best, self.num_bad_epochs = current, 0
        else:
            self.num_bad_epochs += 1
        if self.in_cooldown:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._last_lr = self._current()

    def _reduce(self):
        for group, lowest in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
            rate = max(float(group['lr']) * self.factor, lowest)
            if group['lr'] - rate > self.eps:
                group['lr'] = rate

    @property
    def in_cooldown(self):
        """Whether epochs do not count yet after a reduction."""
        return self.cooldown_counter > 0

    def is_better(self, a, best):
        """Whether `a` improves on `best` by the threshold."""
        sign = 1 if self.mode == 'max' else -1
        if self.threshold_mode == 'rel':
            bar = best * (1 + sign * self.threshold)
        else:
            bar = best + sign * self.threshold
        return a > bar if self.mode == 'max' else a < bar


_REFUSED = (
    'ChainedScheduler',
    'ConstantLR',
    'CosineAnnealingWarmRestarts',
    'CyclicLR',
    'LinearLR',
    'MultiplicativeLR',
    'OneCycleLR',
    'PolynomialLR',
    'SequentialLR',
)
__getattr__ = module_getattr('torch.optim.lr_scheduler', classes=_REFUSED)
