"""Optimizers. https://docs.pytorch.org/docs/stable/optim.html"""

from torch._refusal import module_getattr
from torch.optim import lr_scheduler
from torch.optim.adam import Adam, AdamW
from torch.optim.optimizer import Optimizer
from torch.optim.sgd import SGD

__all__ = ['Adam', 'AdamW', 'Optimizer', 'SGD', 'lr_scheduler']

_REFUSED = (
    'ASGD',
    'Adadelta',
    'Adafactor',
    'Adagrad',
    'Adamax',
    'LBFGS',
    'Muon',
    'NAdam',
    'RAdam',
    'RMSprop',
    'Rprop',
    'SparseAdam',
)
__getattr__ = module_getattr('torch.optim', classes=_REFUSED)
