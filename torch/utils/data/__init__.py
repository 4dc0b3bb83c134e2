"""Data sets, samplers and loaders. https://docs.pytorch.org/docs/stable/data.html"""

from torch._refusal import module_getattr
from torch.utils.data.dataloader import DataLoader, default_collate, default_convert
from torch.utils.data.dataset import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    StackDataset,
    Subset,
    TensorDataset,
    random_split,
)
from torch.utils.data.distributed import DistributedSampler
from torch.utils.data.sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)

__all__ = [
    'BatchSampler',
    'ChainDataset',
    'ConcatDataset',
    'DataLoader',
    'Dataset',
    'DistributedSampler',
    'IterableDataset',
    'RandomSampler',
    'Sampler',
    'SequentialSampler',
    'StackDataset',
    'Subset',
    'SubsetRandomSampler',
    'TensorDataset',
    'WeightedRandomSampler',
    'default_collate',
    'default_convert',
    'get_worker_info',
    'random_split',
]


def get_worker_info():
    """None: samples are made in the script's own process."""


_CLASSES = ('DataChunk', 'DFIterDataPipe', 'IterDataPipe', 'MapDataPipe')
_FUNCTIONS = ('argument_validation', 'functional_datapipe', 'guaranteed_datapipes_determinism')
_FUNCTIONS += ('non_deterministic', 'runtime_validation', 'runtime_validation_disabled')
__getattr__ = module_getattr('torch.utils.data', functions=_FUNCTIONS, classes=_CLASSES)
