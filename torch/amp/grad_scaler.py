"""GradScaler: where nothing is cast to fewer bits, losses need no scaling."""

import warnings


class GradScaler:
    """scale() gives the loss back, step() steps; disabled, as PyTorch's is where its device is not there."""

    def __init__(
        self,
        device='cuda',
        init_scale=2.0**16,
        growth_factor=2.0,
        backoff_factor=0.5,
        growth_interval=2000,
        enabled=True,
    ):
        self._device, self._init_scale = device, init_scale
        self._growth_factor, self._backoff_factor = growth_factor, backoff_factor
        self._growth_interval = growth_interval
        if enabled:
            warnings.warn('GradScaler changes nothing: gradients are not of fewer bits', stacklevel=2)

    def scale(self, outputs):
        """The outputs."""
        return outputs

    def unscale_(self, optimizer):
        """Nothing: gradients are not scaled."""

    def step(self, optimizer, *args, **kwargs):
        """optimizer.step()"""
        return optimizer.step(*args, **kwargs)

    def update(self, new_scale=None):
        """Nothing."""

    def is_enabled(self):
        """False"""
        return False

    def get_scale(self):
        """1.0"""
        return 1.0

    def get_growth_factor(self):
        """What the scaler was made with."""
        return self._growth_factor

    def set_growth_factor(self, new_factor):
        """Keeps it for get_growth_factor()."""
        self._growth_factor = new_factor

    def get_backoff_factor(self):
        """What the scaler was made with."""
        return self._backoff_factor

    def set_backoff_factor(self, new_factor):
        """Keeps it for get_backoff_factor()."""
        self._backoff_factor = new_factor

    def get_growth_interval(self):
        """What the scaler was made with."""
        return self._growth_interval

    def set_growth_interval(self, new_interval):
        """Keeps it for get_growth_interval()."""
        self._growth_interval = new_interval

    def state_dict(self):
        """Empty, as that of a disabled scaler."""
        return {}

    def load_state_dict(self, state_dict):
        """Nothing: a disabled scaler has no state."""
