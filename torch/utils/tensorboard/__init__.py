"""torch.utils.tensorboard: its writer writes into the run's own log, which TensorBoard reads."""

from torch._refusal import module_getattr
from torch.utils.tensorboard.writer import SummaryWriter

__all__ = ['SummaryWriter']
__getattr__ = module_getattr('torch.utils.tensorboard', classes=('FileWriter', 'RecordWriter'))
