"""Rates that fall and rise along a cosine or a line: annealing, warm restarts, cycles, one cycle."""

import math

from torch.optim.lr_scheduler._base import LRScheduler


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


class CosineAnnealingWarmRestarts(LRScheduler):
    """Half a cosine from initial_lr down to eta_min, again and again, each T_mult times as long as the last."""

    def __init__(self, optimizer, T_0, T_mult=1, eta_min=0.0, last_epoch=-1):
        if T_0 <= 0 or not isinstance(T_0, int):
            raise ValueError(f'Expected positive integer T_0, but got {T_0}')
        if T_mult < 1 or not isinstance(T_mult, int):
            raise ValueError(f'Expected integer T_mult >= 1, but got {T_mult}')
        if not isinstance(eta_min, (float, int)):
            raise ValueError(f'Expected float or int eta_min, but got {eta_min} of type {type(eta_min)}')
        self.T_0, self.T_i, self.T_mult, self.eta_min, self.T_cur = T_0, T_0, T_mult, eta_min, last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        part = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (base - self.eta_min) * part for base in self.base_lrs]

    def step(self, epoch=None):
        """Goes on by one, or to `epoch`, which may be a fraction."""
        if epoch is None and self.last_epoch < 0:
            epoch = 0
        if epoch is None:
            epoch, self.T_cur = self.last_epoch + 1, self.T_cur + 1
            if self.T_cur >= self.T_i:
                self.T_cur %= self.T_i
                self.T_i *= self.T_mult
        else:
            if epoch < 0:
                raise ValueError(f'Expected non-negative epoch, but got {epoch}')
            self._restart_before(epoch)
        self.last_epoch = math.floor(epoch)
        self._set(self.get_lr())

    def _restart_before(self, epoch):
        self.T_cur, self.T_i = epoch, self.T_0
        if epoch >= self.T_0 and self.T_mult == 1:
            self.T_cur = epoch % self.T_0
        elif epoch >= self.T_0:
            n = int(math.log(epoch / self.T_0 * (self.T_mult - 1) + 1, self.T_mult))
            self.T_cur = epoch - self.T_0 * (self.T_mult**n - 1) / (self.T_mult - 1)
            self.T_i = self.T_0 * self.T_mult**n


def _each_group(optimizer, value, name):
    groups = len(optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        return [value] * groups
    if len(value) != groups:
        raise ValueError(f'expected {groups} values for {name}, got {len(value)}')
    return list(value)


def _momentum_of(group):
    return group['betas'][0] if 'betas' in group else group['momentum']


def _set_momentum(group, value):
    if 'betas' in group:
        group['betas'] = (value, *group['betas'][1:])
    else:
        group['momentum'] = value


def _check_cycles_momentum(optimizer):
    if 'momentum' not in optimizer.defaults and 'betas' not in optimizer.defaults:
        raise ValueError('optimizer must support momentum or beta1 with `cycle_momentum` option enabled')


_SCALES = {
    'triangular': ('cycle', lambda x, gamma: 1.0),
    'triangular2': ('cycle', lambda x, gamma: 1 / (2.0 ** (x - 1))),
    'exp_range': ('iterations', lambda x, gamma: gamma**x),
}


class CyclicLR(LRScheduler):
    """Up from base_lr to max_lr and down again (Smith 2017); momentum the other way round."""

    def __init__(
        self,
        optimizer,
        base_lr,
        max_lr,
        step_size_up=2000,
        step_size_down=None,
        mode='triangular',
        gamma=1.0,
        scale_fn=None,
        scale_mode='cycle',
        cycle_momentum=True,
        base_momentum=0.8,
        max_momentum=0.9,
        last_epoch=-1,
    ):
        self.optimizer = optimizer
        lowest = _each_group(optimizer, base_lr, 'base_lr')
        self.max_lrs = _each_group(optimizer, max_lr, 'max_lr')
        if last_epoch == -1:
            for group, rate in zip(optimizer.param_groups, lowest, strict=True):
                group['lr'] = rate
        down = step_size_up if step_size_down is None else step_size_down
        self.total_size = float(step_size_up + down)
        self.step_ratio = float(step_size_up) / self.total_size
        if mode not in _SCALES and scale_fn is None:
            raise ValueError('mode is invalid and scale_fn is None')
        self.mode, self.gamma, self._scale_fn_custom = mode, gamma, scale_fn
        self.scale_mode = scale_mode if scale_fn is not None else _SCALES[mode][0]
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            _check_cycles_momentum(optimizer)
            self.base_momentums = _each_group(optimizer, base_momentum, 'base_momentum')
            self.max_momentums = _each_group(optimizer, max_momentum, 'max_momentum')
            if last_epoch == -1:
                for group, high, low in zip(
                    optimizer.param_groups, self.max_momentums, self.base_momentums, strict=True
                ):
                    _set_momentum(group, high)
                    group['max_momentum'], group['base_momentum'] = high, low
        super().__init__(optimizer, last_epoch)
        self.base_lrs = lowest

    def scale_fn(self, x):
        """How high the x-th cycle (or, with scale_mode 'iterations', step) reaches."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        return _SCALES[self.mode][1](x, self.gamma)

    def get_lr(self):
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1.0 + self.last_epoch / self.total_size - cycle
        height = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        reach = self.scale_fn(cycle if self.scale_mode == 'cycle' else self.last_epoch)
        if self.cycle_momentum:
            bounds = zip(self.optimizer.param_groups, self.base_momentums, self.max_momentums, strict=True)
            for group, low, high in bounds:
                _set_momentum(group, high - (high - low) * height * reach)
        return [
            low + (high - low) * height * reach for low, high in zip(self.base_lrs, self.max_lrs, strict=True)
        ]

    def state_dict(self):
        """Everything but the optimizer and a function of one's own."""
        state = super().state_dict()
        custom = state.pop('_scale_fn_custom')
        is_object = custom is not None and not callable(getattr(custom, '__code__', None))
        state['_scale_fn_custom'] = (
            dict(custom.__dict__) if is_object and hasattr(custom, '__dict__') else None
        )
        return state

    def load_state_dict(self, state_dict):
        state = dict(state_dict)
        custom = state.pop('_scale_fn_custom', None)
        if custom is not None and self._scale_fn_custom is not None:
            self._scale_fn_custom.__dict__.update(custom)
        super().load_state_dict(state)


class OneCycleLR(LRScheduler):
    """Up to max_lr and down to almost nothing, once (Smith and Topin 2018); momentum the other way round."""

    def __init__(
        self,
        optimizer,
        max_lr,
        total_steps=None,
        epochs=None,
        steps_per_epoch=None,
        pct_start=0.3,
        anneal_strategy='cos',
        cycle_momentum=True,
        base_momentum=0.85,
        max_momentum=0.95,
        div_factor=25.0,
        final_div_factor=1e4,
        three_phase=False,
        last_epoch=-1,
    ):
        self.optimizer = optimizer
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError('You must define either total_steps OR (epochs AND steps_per_epoch)')
            for name, value in (('epochs', epochs), ('steps_per_epoch', steps_per_epoch)):
                if not isinstance(value, int) or value <= 0:
                    raise ValueError(f'Expected positive integer {name}, but got {value}')
            total_steps = epochs * steps_per_epoch
        elif not isinstance(total_steps, int) or total_steps <= 0:
            raise ValueError(f'Expected positive integer total_steps, but got {total_steps}')
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise ValueError(f'Expected float between 0 and 1 pct_start, but got {pct_start}')
        if anneal_strategy not in ('cos', 'linear'):
            raise ValueError(
                f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        self.total_steps, self._anneal_func_type = total_steps, anneal_strategy
        self._schedule_phases = self._phases(pct_start, three_phase)
        highest = _each_group(optimizer, max_lr, 'max_lr')
        if last_epoch == -1:
            for group, rate in zip(optimizer.param_groups, highest, strict=True):
                group['initial_lr'] = rate / div_factor
                group['max_lr'] = rate
                group['min_lr'] = group['initial_lr'] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            _check_cycles_momentum(optimizer)
            lows = _each_group(optimizer, base_momentum, 'base_momentum')
            highs = _each_group(optimizer, max_momentum, 'max_momentum')
            if last_epoch == -1:
                for group, low, high in zip(optimizer.param_groups, lows, highs, strict=True):
                    _set_momentum(group, high)
                    group['max_momentum'], group['base_momentum'] = high, low
        super().__init__(optimizer, last_epoch)

    def _phases(self, part, is_three):
        """(last step, rate's start, rate's end, momentum's start, momentum's end) of each."""
        top = float(part * self.total_steps) - 1
        if not is_three:
            return [
                (top, 'initial_lr', 'max_lr', 'max_momentum', 'base_momentum'),
                (self.total_steps - 1, 'max_lr', 'min_lr', 'base_momentum', 'max_momentum'),
            ]
        return [
            (top, 'initial_lr', 'max_lr', 'max_momentum', 'base_momentum'),
            (float(2 * part * self.total_steps) - 2, 'max_lr', 'initial_lr', 'base_momentum', 'max_momentum'),
            (self.total_steps - 1, 'initial_lr', 'min_lr', 'max_momentum', 'max_momentum'),
        ]

    def _between(self, start, end, part):
        if self._anneal_func_type == 'linear':
            return (end - start) * part + start
        return end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1)

    def get_lr(self):
        step, rates = self.last_epoch, []
        if step > self.total_steps:
            raise ValueError(
                f'Tried to step {step} times. The specified number of total steps is {self.total_steps}'
            )
        for group in self.optimizer.param_groups:
            start = 0.0
            for i, (end, low, high, first, last) in enumerate(self._schedule_phases):
                if step <= end or i == len(self._schedule_phases) - 1:
                    part = (step - start) / (end - start)
                    rates.append(self._between(group[low], group[high], part))
                    if self.cycle_momentum:
                        _set_momentum(group, self._between(group[first], group[last], part))
                    break
                start = end
        return rates
