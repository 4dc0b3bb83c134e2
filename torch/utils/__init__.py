"""torch.utils: data sets and their loaders."""

from torch._refusal import module_getattr
from torch.utils import data

__all__ = ['data']

__getattr__ = module_getattr('torch.utils')
