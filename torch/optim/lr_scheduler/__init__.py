"""Learning rates that follow a rule. https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"""

from torch._names import SCHEDULERS
from torch._refusal import module_getattr
from torch.optim.lr_scheduler._annealing import (
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    OneCycleLR,
)
from torch.optim.lr_scheduler._base import LRScheduler
from torch.optim.lr_scheduler._composed import ChainedScheduler, SequentialLR
from torch.optim.lr_scheduler._decay import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from torch.optim.lr_scheduler._plateau import ReduceLROnPlateau
from torch.optim.optimizer import Optimizer

_LRScheduler = LRScheduler

__all__ = [
    'ChainedScheduler',
    'ConstantLR',
    'CosineAnnealingLR',
    'CosineAnnealingWarmRestarts',
    'CyclicLR',
    'ExponentialLR',
    'LRScheduler',
    'LambdaLR',
    'LinearLR',
    'MultiStepLR',
    'MultiplicativeLR',
    'OneCycleLR',
    'Optimizer',
    'PolynomialLR',
    'ReduceLROnPlateau',
    'SequentialLR',
    'StepLR',
]
for _name in __all__:
    if _name != 'Optimizer':
        globals()[_name].__module__ = 'torch.optim.lr_scheduler'

__getattr__ = module_getattr('torch.optim.lr_scheduler', classes=SCHEDULERS)
