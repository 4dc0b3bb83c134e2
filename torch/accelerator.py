"""torch.accelerator: there is none."""

from torch._refusal import module_getattr
from torch._types import check_device

__getattr__ = module_getattr('torch.accelerator')


def is_available():
    """False"""
    return False


def current_accelerator(check_available=False):
    """None"""


def device_count():
    """0"""
    return 0


def synchronize(device=None):
    """Refused: there is no accelerator."""
    check_device('cuda')
