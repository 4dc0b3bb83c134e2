"""The layers as functions. https://docs.pytorch.org/docs/stable/nn.functional.html

A family a file; every function is known by this module's name, which is the one that files of models keep.
"""

import importlib
from types import FunctionType

from torch._names import FUNCTIONAL
from torch._refusal import module_getattr
from torch.nn.functional._reduction import checked_reduction  # noqa: F401 - for torch.nn.modules.loss

__all__ = []
for _family in (
    *('activation', 'attention', 'convolution', 'ctc', 'distance', 'dropout', 'loss', 'margin'),
    *('normalization', 'pooling', 'resize', 'sparse', 'vision'),
):
    for _name, _member in vars(importlib.import_module(f'torch.nn.functional._{_family}')).items():
        if _name in FUNCTIONAL and isinstance(_member, FunctionType):
            _member.__module__ = 'torch.nn.functional'
            globals()[_name] = _member
            __all__.append(_name)

__getattr__ = module_getattr('torch.nn.functional', functions=FUNCTIONAL)
