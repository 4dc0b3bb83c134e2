"""The base of all schedulers."""

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
        self._start()

    def _start(self):
        """The step that sets the first rates."""
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
