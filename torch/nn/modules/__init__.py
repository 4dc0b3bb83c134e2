"""The layers, in PyTorch's own places, so that files of whole modules name them alike."""

import sys
from types import ModuleType

from torch._names import LAYERS
from torch._refusal import module_getattr
from torch.nn.modules.activation import (
    ELU,
    GELU,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from torch.nn.modules.container import ModuleDict, ModuleList, ParameterDict, ParameterList, Sequential
from torch.nn.modules.dropout import Dropout
from torch.nn.modules.flatten import Flatten, Unflatten
from torch.nn.modules.linear import Identity, Linear
from torch.nn.modules.loss import BCEWithLogitsLoss, CrossEntropyLoss, L1Loss, MSELoss, NLLLoss
from torch.nn.modules.module import Module
from torch.nn.modules.normalization import LayerNorm
from torch.nn.modules.rnn import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNBase, RNNCell, RNNCellBase
from torch.nn.modules.sparse import Embedding

__all__ = [
    'ELU',
    'GELU',
    'GRU',
    'GRUCell',
    'LSTM',
    'LSTMCell',
    'RNN',
    'BCEWithLogitsLoss',
    'CrossEntropyLoss',
    'Dropout',
    'Embedding',
    'Flatten',
    'Identity',
    'L1Loss',
    'LayerNorm',
    'LeakyReLU',
    'Linear',
    'LogSoftmax',
    'MSELoss',
    'Module',
    'ModuleDict',
    'ModuleList',
    'NLLLoss',
    'ParameterDict',
    'ParameterList',
    'RNNBase',
    'RNNCell',
    'RNNCellBase',
    'ReLU',
    'Sequential',
    'SiLU',
    'Sigmoid',
    'Softmax',
    'Softplus',
    'Tanh',
    'Unflatten',
]
_CLASSES = LAYERS | {'NonDynamicallyQuantizableLinear'}
_OWN = (
    'activation',
    'container',
    'dropout',
    'flatten',
    'linear',
    'loss',
    'module',
    'normalization',
    'rnn',
    'sparse',
)
_ABSENT = (
    *(
        'adaptive',
        'batchnorm',
        'channelshuffle',
        'conv',
        'distance',
        'fold',
        'instancenorm',
        'lazy',
        'padding',
    ),
    *('pixelshuffle', 'pooling', 'transformer', 'upsampling'),
)


def _lend(name):
    """Lets a module of PyTorch's name the classes that are not there."""
    path = f'torch.nn.modules.{name}'
    module = sys.modules.setdefault(
        path, ModuleType(path, 'Not supported: its classes can be named, not made.')
    )
    module.__getattr__ = module_getattr(path, classes=_CLASSES, base=Module, home='torch.nn')
    globals()[name] = module


for _name in (*_OWN, *_ABSENT):
    _lend(_name)
__getattr__ = module_getattr('torch.nn.modules', classes=_CLASSES, base=Module, home='torch.nn')
