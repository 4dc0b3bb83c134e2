"""torch.distributed: can be asked whether it is there; it is not."""

from torch._refusal import module_getattr

__getattr__ = module_getattr('torch.distributed')


def is_available():
    """False"""
    return False


def is_initialized():
    """False"""
    return False
