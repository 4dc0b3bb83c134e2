"""A rate that follows a metric."""

import math

from torch.optim.lr_scheduler._base import LRScheduler
from torch.optim.optimizer import Optimizer


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
