"""The PyTorch API over the engine: tensors and operations, layers in torch.nn, optimizers in torch.optim."""
# ruff: noqa: E402, F401, I001 - the package's face, whose parts build on one another in this order

import math

from torch import _dtype
from torch._dtype import can_cast, dtype, finfo, get_default_dtype, iinfo, promote_types, set_default_dtype
from torch._types import (
    Size,
    contiguous_format,
    device,
    get_default_device,
    layout,
    memory_format,
    preserve_format,
    set_default_device,
    strided,
)
from torch._tensor import Tensor, functions as _functions
from torch import _pointwise, _reduce, _shape, _rearrange, _linalg, _data, _creation, _random
from torch import _attributes, _conversion, _history, _indexing, _operators, _printing, _layers
from torch import _arrange, _differences, _einsum, _scatter, _special, _statistics, _windows
from torch import _inplace, linalg
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
from torch.autograd.grad_mode import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled

e, inf, nan, pi = math.e, math.inf, math.nan, math.pi
globals().update(_dtype.names)
globals().update(_functions)

from torch import accelerator, amp, autograd, backends, cuda, distributed, jit, nn, onnx, optim
from torch import random, special, utils
from torch import serialization, storage, version
from torch.serialization import load, save
from torch._compiled import compile
from torch.amp import autocast
from torch.version import __version__
from torch._names import (
    ATTRIBUTES as _ATTRIBUTES,
    FUNCTIONS as _FUNCTIONS,
    METHODS as _METHODS,
    SHARED as _SHARED,
)
from torch._refusal import module_getattr as _module_getattr, refuse_members as _refuse_members

globals().update(storage.storage_names)
globals().update({name: getattr(nn.functional, name) for name in _SHARED})
_refuse_members(Tensor, 'torch.Tensor', _METHODS, _ATTRIBUTES)
__getattr__ = _module_getattr('torch', functions=_FUNCTIONS)
