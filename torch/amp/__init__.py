"""Automatic mixed precision: everything stays in the precision it has, which is said once.

https://docs.pytorch.org/docs/stable/amp.html
"""

from torch._refusal import module_getattr
from torch.amp.autocast_mode import autocast, custom_bwd, custom_fwd, is_autocast_available
from torch.amp.grad_scaler import GradScaler

__all__ = ['GradScaler', 'autocast', 'custom_bwd', 'custom_fwd', 'is_autocast_available']
__getattr__ = module_getattr('torch.amp')
