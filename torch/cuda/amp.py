"""torch.cuda.amp: torch.amp by its old names."""

from torch._refusal import module_getattr
from torch.amp import GradScaler as _GradScaler
from torch.amp import autocast as _autocast
from torch.amp import custom_bwd, custom_fwd

__all__ = ['GradScaler', 'autocast', 'custom_bwd', 'custom_fwd']
__getattr__ = module_getattr('torch.cuda.amp')


class autocast(_autocast):
    """torch.amp.autocast('cuda')"""

    def __init__(self, enabled=True, dtype=None, cache_enabled=True):
        super().__init__('cuda', dtype, enabled, cache_enabled)


class GradScaler(_GradScaler):
    """torch.amp.GradScaler('cuda')"""

    def __init__(
        self,
        init_scale=2.0**16,
        growth_factor=2.0,
        backoff_factor=0.5,
        growth_interval=2000,
        enabled=True,
    ):
        super().__init__('cuda', init_scale, growth_factor, backoff_factor, growth_interval, enabled)
