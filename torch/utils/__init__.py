"""torch.utils: data sets and their loaders, checkpoints, the record's writer."""

from torch._refusal import module_getattr
from torch.utils import checkpoint, data, tensorboard

__all__ = ['checkpoint', 'data', 'tensorboard']

__getattr__ = module_getattr('torch.utils')
