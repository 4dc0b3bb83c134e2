"""Optimizers. https://docs.pytorch.org/docs/stable/optim.html"""

from torch._names import OPTIMIZERS
from torch._refusal import module_getattr
from torch.optim import lr_scheduler, swa_utils
from torch.optim.adadelta import Adadelta
from torch.optim.adafactor import Adafactor
from torch.optim.adagrad import Adagrad
from torch.optim.adam import Adam, AdamW
from torch.optim.adamax import Adamax
from torch.optim.asgd import ASGD
from torch.optim.lbfgs import LBFGS
from torch.optim.nadam import NAdam
from torch.optim.optimizer import Optimizer
from torch.optim.radam import RAdam
from torch.optim.rmsprop import RMSprop
from torch.optim.rprop import Rprop
from torch.optim.sgd import SGD

__all__ = [
    'ASGD',
    'Adadelta',
    'Adafactor',
    'Adagrad',
    'Adam',
    'AdamW',
    'Adamax',
    'LBFGS',
    'NAdam',
    'Optimizer',
    'RAdam',
    'RMSprop',
    'Rprop',
    'SGD',
    'lr_scheduler',
    'swa_utils',
]

__getattr__ = module_getattr('torch.optim', classes=OPTIMIZERS)
