"""torch.random: the default generator's seed and state."""

from contextlib import contextmanager

from torch._random import get_rng_state, initial_seed, manual_seed, seed, set_rng_state
from torch._refusal import module_getattr

__all__ = ['fork_rng', 'get_rng_state', 'initial_seed', 'manual_seed', 'seed', 'set_rng_state']
__getattr__ = module_getattr('torch.random')


@contextmanager
def fork_rng(devices=None, enabled=True):
    """A block after which the default generator goes on as if it had not run."""
    if not enabled:
        yield
        return
    state = get_rng_state()
    try:
        yield
    finally:
        set_rng_state(state)
