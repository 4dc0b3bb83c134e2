"""Schedulers made of others."""

from bisect import bisect_right

from torch.optim.lr_scheduler._base import LRScheduler
from torch.optim.lr_scheduler._plateau import ReduceLROnPlateau


class _Composed(LRScheduler):
    def _check(self, schedulers, optimizer):
        name = type(self).__name__
        if len(schedulers) < 1:
            raise ValueError(f'{name} expects at least one scheduler to be chained, but got no scheduler.')
        for i, scheduler in enumerate(schedulers):
            if isinstance(scheduler, ReduceLROnPlateau):
                raise ValueError(
                    f'{name} does not support `ReduceLROnPlateau` scheduler as it requires '
                    f'additional kwargs to be specified when calling `step`, but got one at index {i} in the '
                    'given schedulers sequence.'
                )
            if scheduler.optimizer is not optimizer:
                raise ValueError(
                    f'{name} expects all schedulers to belong to the same optimizer, but got '
                    f'scheduler {type(scheduler).__name__} at index {i} has {scheduler.optimizer}, which is '
                    f'different from {type(optimizer).__name__}.'
                )

    def state_dict(self):
        """Everything but the optimizer; the schedulers as their own."""
        state = {k: v for k, v in self.__dict__.items() if k not in ('optimizer', '_schedulers')}
        state['_schedulers'] = [scheduler.state_dict() for scheduler in self._schedulers]
        return state

    def load_state_dict(self, state_dict):
        state = dict(state_dict)
        for scheduler, saved in zip(self._schedulers, state.pop('_schedulers'), strict=True):
            scheduler.load_state_dict(saved)
        self.__dict__.update(state)


class SequentialLR(_Composed):
    """Each scheduler up to its milestone, then the next from its start."""

    def __init__(self, optimizer, schedulers, milestones, last_epoch=-1):
        self._check(schedulers, optimizer)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                'Sequential Schedulers expects number of schedulers provided to be one more than the number of '
                f'milestone points, but got number of schedulers {len(schedulers)} and the number of milestones '
                f'to be equal to {len(milestones)}'
            )
        self._schedulers, self._milestones = schedulers, milestones
        self.last_epoch, self.optimizer = last_epoch + 1, optimizer
        for group in optimizer.param_groups:
            group['lr'] = group['initial_lr']
        _undo(self)
        schedulers[0]._start()
        self._last_lr = schedulers[0].get_last_lr()

    def step(self):
        """Steps the scheduler whose turn it is."""
        self.last_epoch += 1
        turn = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[turn]
        if turn > 0 and self._milestones[turn - 1] == self.last_epoch:
            scheduler.step(0)
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()


def _undo(scheduler):
    """Takes back the step that schedulers make when they are made."""
    if hasattr(scheduler, '_schedulers'):
        for inner in scheduler._schedulers:
            _undo(inner)
    else:
        scheduler.last_epoch -= 1


class ChainedScheduler(_Composed):
    """Several schedulers, each stepped in turn at every step."""

    def __init__(self, schedulers, optimizer=None):
        owner = optimizer or (schedulers[0].optimizer if schedulers else None)
        self._check(schedulers, owner)
        self._schedulers, self.optimizer = schedulers, owner
        self._last_lr = self._current()

    def step(self):
        """Steps them all."""
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = self._current()
