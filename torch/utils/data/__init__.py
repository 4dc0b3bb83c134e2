"""Data sets, samplers and loaders. https://docs.pytorch.org/docs/stable/data.html"""

from torch._refusal import module_getattr
from torch.utils.data.dataloader import DataLoader, default_collate, default_convert
from torch.utils.data.dataset import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    Subset,
    TensorDataset,
    random_split,
)
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
    'IterableDataset',
    'RandomSampler',
    'Sampler',
    'SequentialSampler',
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


__getattr__ = module_getattr('torch.utils.data', classes=('DistributedSampler', 'StackDataset'))
