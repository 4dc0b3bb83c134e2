"""torch.nn: modules, their functions, initial weights and utilities."""

from torch._names import LAYERS
from torch._refusal import module_getattr
from torch.nn import functional, init, modules, parallel, parameter, utils
from torch.nn.modules import *  # noqa: F403
from torch.nn.modules.module import Module
from torch.nn.parallel import DataParallel
from torch.nn.parameter import Buffer, Parameter

__all__ = [
    'Buffer',
    'DataParallel',
    'Parameter',
    'functional',
    'init',
    'modules',
    'parallel',
    'parameter',
    'utils',
]
__all__ += modules.__all__
__getattr__ = module_getattr('torch.nn', classes=LAYERS, base=Module)
