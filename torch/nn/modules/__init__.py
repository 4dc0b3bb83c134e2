"""The layers, in PyTorch's own places, so that files of whole modules name them alike."""

import importlib
import sys
from types import ModuleType

from torch._names import LAYERS
from torch._refusal import module_getattr
from torch.nn.modules.module import Module

_FAMILIES = (
    *('activation', 'adaptive', 'batchnorm', 'channelshuffle', 'container', 'conv', 'distance', 'dropout'),
    *('flatten', 'fold', 'instancenorm', 'linear', 'loss', 'module', 'normalization', 'padding'),
    *('pixelshuffle', 'pooling', 'rnn', 'sparse', 'transformer', 'upsampling'),
)
_ABSENT = ('lazy',)
_CLASSES = LAYERS | {'NonDynamicallyQuantizableLinear'}

__all__ = []
for _name in (*_FAMILIES, *_ABSENT):
    _path = f'torch.nn.modules.{_name}'
    if _name in _FAMILIES:
        _module = importlib.import_module(_path)
    else:
        _module = ModuleType(_path, 'Not supported: its classes can be named, not made.')
        sys.modules[_path] = globals()[_name] = _module
    for _title, _class in list(vars(_module).items()):
        if _title in LAYERS and isinstance(_class, type) and _title not in __all__:
            globals()[_title] = _class
            __all__.append(_title)
    _module.__getattr__ = module_getattr(_path, classes=_CLASSES, base=Module, home='torch.nn')
__getattr__ = module_getattr('torch.nn.modules', classes=_CLASSES, base=Module, home='torch.nn')
