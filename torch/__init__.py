"""The PyTorch API over the engine: tensors and operations here, layers in torch.nn, optimizers in torch.optim."""

# isort: off
import torch._dtype as _dtypes
from torch._dtype import dtype, finfo, get_default_dtype, iinfo, can_cast, promote_types, set_default_dtype
from torch._types import Size, contiguous_format, device, layout, memory_format, preserve_format, strided
from torch._tensor import Tensor, functions as _functions
import torch._pointwise
import torch._reduce
import torch._shape
import torch._rearrange
import torch._linalg
import torch._creation
import torch._random
import torch._attributes
import torch._indexing
import torch._operators
import torch._printing
import torch._layers
from torch._random import Generator, default_generator
from torch._system import (
    are_deterministic_algorithms_enabled,
    get_num_interop_threads,
    get_num_threads,
    set_deterministic_debug_mode,
    set_float32_matmul_precision,
    set_num_interop_threads,
    set_num_threads,
    use_deterministic_algorithms,
)
from torch.version import __version__
from torch.autograd.grad_mode import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
# isort: on

bool = _dtypes.bool_
globals().update({name: kind for name, kind in _dtypes.names.items() if name != 'bool'})
globals().update(_functions)

from torch import accelerator, autograd, backends, cuda, nn, optim, random, utils, version  # noqa: E402
from torch import serialization, storage  # noqa: E402
from torch.serialization import load, save  # noqa: E402
from torch._names import FUNCTIONS as _FUNCTIONS  # noqa: E402
from torch._refusal import module_getattr as _module_getattr  # noqa: E402

globals().update(storage.storage_names)
__getattr__ = _module_getattr('torch', functions=_FUNCTIONS)
