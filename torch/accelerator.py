"""torch.accelerator: there is none."""

from torch._refusal import module_getattr
from torch._types import check_device

_FUNCTIONS = (
    *('current_stream', 'empty_cache', 'get_memory_info', 'max_memory_allocated', 'max_memory_reserved'),
    *('memory_allocated', 'memory_reserved', 'memory_stats', 'reset_accumulated_memory_stats'),
    *('reset_peak_memory_stats', 'set_stream'),
)
__getattr__ = module_getattr('torch.accelerator', functions=_FUNCTIONS, classes=('device_index',))


def is_available():
    """False"""
    return False


def current_accelerator(check_available=False):
    """None"""


def device_count():
    """0"""
    return 0


def current_device_index():
    """Refused: there is no accelerator."""
    check_device('cuda')


current_device_idx = current_device_index


def set_device_index(device):
    """Refused: there is no accelerator."""
    check_device('cuda')


set_device_idx = set_device_index


def synchronize(device=None):
    """Refused: there is no accelerator."""
    check_device('cuda')
