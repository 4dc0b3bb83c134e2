"""torch.cuda: the GPU that the run was started with, whoever made it; without one, what asks is told so."""

from types import SimpleNamespace

import torch._native as native
from torch._refusal import module_getattr, unsupported_function
from torch._types import placed
from torch.cuda import amp

__all__ = ['amp']
_FUNCTIONS = ('get_device_capability', 'get_rng_state', 'set_rng_state')
globals().update(
    {
        name: unsupported_function(f'torch.cuda.{name}', 'GPUs are driven through OpenCL')
        for name in _FUNCTIONS
    }
)
__getattr__ = module_getattr('torch.cuda')


def is_available():
    """Whether the run was started with a GPU."""
    return native.accelerator() != 0


def is_initialized():
    """As is_available."""
    return is_available()


def is_bf16_supported():
    """False"""
    return False


def device_count():
    """1 where the run was started with a GPU, else 0."""
    return int(is_available())


def _number(device):
    return placed('cuda' if device is None else device)


def current_device():
    """0, the only one."""
    _number(None)
    return 0


def set_device(device):
    """Refuses another device than the one there is."""
    _number(device)


def get_device_name(device=None):
    """The GPU's own name."""
    return native.device_description(_number(device))


def get_device_properties(device=None):
    """Its name and its memory in bytes."""
    number = _number(device)
    return SimpleNamespace(
        name=native.device_description(number), total_memory=native.device_total_memory(number)
    )


def memory_allocated(device=None):
    """Bytes that tensors take on the GPU now."""
    return native.device_allocated(_number(device))


def max_memory_allocated(device=None):
    """The most bytes that tensors have taken on the GPU so far."""
    return native.device_peak(_number(device))


def memory_reserved(device=None):
    """Bytes held on the GPU, those kept for the next tensors with them."""
    return native.device_reserved(_number(device))


def mem_get_info(device=None):
    """Bytes that are free, and all bytes."""
    number = _number(device)
    total = native.device_total_memory(number)
    return total - native.device_allocated(number), total


def manual_seed(seed):
    """Nothing to seed: random numbers are the processor's generator's."""


def manual_seed_all(seed):
    """Nothing to seed: random numbers are the processor's generator's."""


def seed_all():
    """Nothing to seed: random numbers are the processor's generator's."""


def empty_cache():
    """Gives memory that is kept for the next tensors back to the GPU's driver."""
    if is_available():
        native.device_empty_cache(native.accelerator())


def synchronize(device=None):
    """Waits for the GPU."""
    native.device_synchronise(_number(device))


class device:
    """A context in which a GPU is the current one: there is only one."""

    def __init__(self, device):
        _number(device)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False
