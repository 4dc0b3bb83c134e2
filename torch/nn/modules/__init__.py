"""The layers, in PyTorch's own places, so that files of whole modules name them alike."""

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
from torch.nn.modules.rnn import GRU, LSTM, RNN, RNNBase
from torch.nn.modules.sparse import Embedding

__all__ = [
    'ELU',
    'GELU',
    'GRU',
    'LSTM',
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
    'ReLU',
    'Sequential',
    'SiLU',
    'Sigmoid',
    'Softmax',
    'Softplus',
    'Tanh',
    'Unflatten',
]
__getattr__ = module_getattr('torch.nn.modules', classes=LAYERS, base=Module)
