"""torch.cuda: there is no CUDA device, and what asks is told so."""

from torch._refusal import module_getattr, unsupported_function
from torch._types import check_device
from torch.cuda import amp

__all__ = ['amp']
_ABSENT = 'there is no CUDA device'
_FUNCTIONS = (
    *('current_device', 'get_device_name', 'get_device_properties', 'get_device_capability', 'set_device'),
    *(
        'memory_allocated',
        'max_memory_allocated',
        'memory_reserved',
        'mem_get_info',
        'get_rng_state',
        'set_rng_state',
    ),
)
globals().update({name: unsupported_function(f'torch.cuda.{name}', _ABSENT) for name in _FUNCTIONS})
__getattr__ = module_getattr('torch.cuda')


def is_available():
    """False"""
    return False


def is_initialized():
    """False"""
    return False


def is_bf16_supported():
    """False"""
    return False


def device_count():
    """0"""
    return 0


def manual_seed(seed):
    """Nothing to seed."""


def manual_seed_all(seed):
    """Nothing to seed."""


def seed_all():
    """Nothing to seed."""


def empty_cache():
    """Nothing to empty."""


def synchronize(device=None):
    """Refused: there is no CUDA device."""
    check_device('cuda')


class device:
    """Refused: there is no CUDA device."""

    def __init__(self, device):
        check_device('cuda')
