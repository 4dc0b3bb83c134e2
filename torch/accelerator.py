"""torch.accelerator: the GPU that the run was started with."""

import torch.cuda as cuda
from torch._refusal import module_getattr
from torch._types import device as _device

_FUNCTIONS = (
    *('current_stream', 'get_memory_info', 'max_memory_reserved', 'memory_stats'),
    *('reset_accumulated_memory_stats', 'reset_peak_memory_stats', 'set_stream'),
)
__getattr__ = module_getattr('torch.accelerator', functions=_FUNCTIONS, classes=('device_index',))

is_available = cuda.is_available
device_count = cuda.device_count
current_device_index = current_device_idx = cuda.current_device
set_device_index = set_device_idx = cuda.set_device
synchronize = cuda.synchronize
empty_cache = cuda.empty_cache
memory_allocated = cuda.memory_allocated
max_memory_allocated = cuda.max_memory_allocated
memory_reserved = cuda.memory_reserved


def current_accelerator(check_available=False):
    """The GPU's torch.device; None where the run was started with none."""
    return _device('cuda') if cuda.is_available() else None
