"""Batches of a data set. https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader"""

import itertools
import warnings

import torch
import torch._telemetry as telemetry
from torch.utils.data.dataset import IterableDataset
from torch.utils.data.sampler import BatchSampler, RandomSampler, SequentialSampler


def default_collate(batch):
    """A list of samples as one batch: tensors and numbers stacked, containers collated item by item."""
    first = batch[0]
    if isinstance(first, torch.Tensor):
        return torch.stack(batch, 0)
    if isinstance(first, float):
        return torch.tensor(batch, dtype=torch.float64)
    if isinstance(first, int):
        return torch.tensor(batch)
    if isinstance(first, (str, bytes)):
        return list(batch)
    if isinstance(first, dict):
        return {name: default_collate([sample[name] for sample in batch]) for name in first}
    if isinstance(first, (tuple, list)):
        if any(len(sample) != len(first) for sample in batch):
            raise RuntimeError('each element in list of batch should be of equal size')
        columns = [default_collate(list(column)) for column in zip(*batch, strict=True)]
        if hasattr(first, '_fields'):
            return type(first)(*columns)
        return columns
    raise TypeError(
        'default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; '
        f'found {type(first)}'
    )


def default_convert(data):
    """A sample of a loader without batches: as it is."""
    return data


class DataLoader:
    """Goes through a data set in batches. Workers are not processes here: samples are made in the script's own."""

    _warned_of_workers = False

    def __init__(
        self,
        dataset,
        batch_size=1,
        shuffle=None,
        sampler=None,
        batch_sampler=None,
        num_workers=0,
        collate_fn=None,
        pin_memory=False,
        drop_last=False,
        timeout=0,
        worker_init_fn=None,
        multiprocessing_context=None,
        generator=None,
        *,
        prefetch_factor=None,
        persistent_workers=False,
        pin_memory_device='',
        in_order=True,
    ):
        if num_workers < 0:
            raise ValueError(
                'num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.'
            )
        if num_workers == 0 and prefetch_factor is not None:
            raise ValueError(
                'prefetch_factor option could only be specified in multiprocessing.'
                'let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None.'
            )
        if num_workers == 0 and persistent_workers:
            raise ValueError('persistent_workers option needs num_workers > 0')
        if num_workers and not DataLoader._warned_of_workers:
            DataLoader._warned_of_workers = True
            warnings.warn(
                'DataLoader: samples are made in-process, num_workers changes nothing', stacklevel=2
            )
        self.dataset, self.num_workers, self.generator = dataset, num_workers, generator
        self.pin_memory, self.timeout, self.worker_init_fn = pin_memory, timeout, worker_init_fn
        streams = isinstance(dataset, IterableDataset)
        if streams and (shuffle or sampler is not None or batch_sampler is not None):
            raise ValueError(
                'DataLoader with IterableDataset: expected unspecified shuffle, sampler and batch_sampler option'
            )
        if sampler is not None and shuffle:
            raise ValueError('sampler option is mutually exclusive with shuffle')
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    'batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last'
                )
            batch_size, drop_last = None, False
        elif batch_size is None and drop_last:
            raise ValueError(
                'batch_size=None option disables auto-batching and is mutually exclusive with drop_last'
            )
        if sampler is None and not streams:
            sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
        if batch_size is not None and batch_sampler is None and not streams:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_size, self.drop_last = batch_size, drop_last
        self.sampler, self.batch_sampler = sampler, batch_sampler
        batched = batch_size is not None or batch_sampler is not None
        self.collate_fn = collate_fn or (default_collate if batched else default_convert)

    def __iter__(self):
        # PyTorch draws a seed for its workers at the start of every pass, with workers or without.
        torch.empty((), dtype=torch.int64).random_(generator=self.generator)
        batches = self._stream() if isinstance(self.dataset, IterableDataset) else self._batches()
        return telemetry.loader_started(self, batches)

    def _batches(self):
        if self.batch_sampler is None:
            for index in self.sampler:
                yield self.collate_fn(self.dataset[index])
            return
        for indices in self.batch_sampler:
            if hasattr(self.dataset, '__getitems__'):
                yield self.collate_fn(self.dataset.__getitems__(indices))
            else:
                yield self.collate_fn([self.dataset[index] for index in indices])

    def _stream(self):
        if self.batch_size is None:
            for sample in self.dataset:
                yield self.collate_fn(sample)
            return
        for batch in itertools.batched(self.dataset, self.batch_size):
            if len(batch) == self.batch_size or not self.drop_last:
                yield self.collate_fn(list(batch))

    def __len__(self):
        if isinstance(self.dataset, IterableDataset):
            samples = len(self.dataset)
            if self.batch_size is None:
                return samples
            whole, rest = divmod(samples, self.batch_size)
            return whole + (rest > 0 and not self.drop_last)
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)
