"""torch.nn.utils.rnn: sequences of different lengths, padded or packed.

A packed sequence has the rows of all sequences step after step, longest sequence first: batch_sizes[t] rows
at step t.
"""

from collections import namedtuple

import torch
from torch._rearrange import picked
from torch._refusal import module_getattr
from torch._tensor import Tensor

__getattr__ = module_getattr('torch.nn.utils.rnn')

PackedSequence_ = namedtuple(
    'PackedSequence_', ('data', 'batch_sizes', 'sorted_indices', 'unsorted_indices'), defaults=(None, None)
)
PackedSequence_.__module__ = __name__


def invert_permutation(permutation):
    """The permutation that undoes an int64 permutation (B); None for None."""
    if permutation is None:
        return None
    return torch.empty_like(permutation).scatter_(
        0, permutation, torch.arange(permutation.numel(), device=permutation.device)
    )


class PackedSequence(PackedSequence_):
    """data (N, ...), batch_sizes int64 (T); sorted_indices and unsorted_indices int64 (B) where unsorted."""

    def __new__(cls, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None):
        if batch_sizes is None:
            if not isinstance(data, (list, tuple)) or len(data) != 2:
                raise AssertionError('Expected data to be a list or tuple of length 2')
            data, batch_sizes = data
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args, **kwargs):
        """data.to(...), or self where that changes nothing."""
        data = self.data.to(*args, **kwargs)
        return self if data is self.data else self._replace(data=data)

    def cpu(self):
        """data on the processor"""
        return self.to('cpu')

    def cuda(self, *args, **kwargs):
        """data on the GPU"""
        return self._replace(data=self.data.cuda(*args, **kwargs))

    def double(self):
        """data in float64"""
        return self.to(torch.float64)

    def float(self):
        """data in float32"""
        return self.to(torch.float32)

    def long(self):
        """data in int64"""
        return self.to(torch.int64)

    def int(self):
        """data in int32"""
        return self.to(torch.int32)

    @property
    def is_cuda(self):
        """Whether data lies on the GPU."""
        return self.data.is_cuda


def _step_rows(lengths):
    """batch_sizes (T) of sorted lengths (B)."""
    return (lengths.unsqueeze(0) > torch.arange(int(lengths[0])).unsqueeze(1)).sum(1)


def _is_active(batch_sizes, batch):
    """bool (T, batch): whether the row has that step."""
    return torch.arange(batch).unsqueeze(0) < batch_sizes.unsqueeze(1)


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    """Packs (T, B, ...), or (B, T, ...) with batch_first, of which row b has lengths[b] steps."""
    lengths = torch.as_tensor(lengths, dtype=torch.int64)
    if batch_first:
        input = input.transpose(0, 1)
    steps, batch = input.shape[:2]
    if lengths.dim() != 1 or lengths.numel() != batch:
        raise RuntimeError(
            f'Expected `len(lengths)` to be equal to batch_size, but got {lengths.numel()} '
            f'(batch_size={batch})'
        )
    order = None
    if not enforce_sorted:
        lengths, order = torch.sort(lengths, descending=True)
        order = order.to(input.device)
        input = input.index_select(1, order)
    if int(lengths.min()) <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
        )
    if bool((lengths[1:] > lengths[:-1]).any()):
        raise RuntimeError(
            '`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass '
            '`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement '
            'if you do not need ONNX exportability.'
        )
    if int(lengths[0]) > steps:
        raise RuntimeError(f'a length of {int(lengths[0])} is more than the {steps} steps of the input')
    batch_sizes = _step_rows(lengths)
    active = _is_active(batch_sizes, batch)
    rows = torch.arange(active.numel()).view(active.shape).masked_select(active)
    data = picked(input.reshape(steps * batch, *input.shape[2:]), 0, rows)
    return PackedSequence(data, batch_sizes, order)


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    """The padded tensor (T, B, ...), or (B, T, ...), and the lengths int64 (B), rows in their first order."""
    data, batch_sizes = sequence.data, sequence.batch_sizes
    longest, batch = batch_sizes.numel(), int(batch_sizes[0])
    steps = longest if total_length is None else total_length
    if steps < longest:
        raise ValueError(
            'Expected total_length to be at least the length of the longest sequence in input, but got '
            f'total_length={steps} and max sequence length being {longest}'
        )
    active = _is_active(batch_sizes, batch)
    lengths = active.sum(0)
    places = (batch_sizes.cumsum(0) - batch_sizes).unsqueeze(1) + torch.arange(batch)
    padding = data.shape[0]  # the row after the data
    places = places.masked_fill(~active, padding).flatten()
    if steps > longest:
        places = torch.cat([places, torch.full(((steps - longest) * batch,), padding)])
    row = data.new_full((1, *data.shape[1:]), padding_value)
    padded = picked(torch.cat([data, row]), 0, places).view(steps, batch, *data.shape[1:])
    if sequence.unsorted_indices is not None:
        padded = padded.index_select(1, sequence.unsorted_indices)
        lengths = picked(lengths, 0, sequence.unsorted_indices)
    return (padded.transpose(0, 1) if batch_first else padded), lengths


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side='right'):
    """Sequences (T_i, ...) as one tensor (T, B, ...), or (B, T, ...) with batch_first."""
    if not isinstance(sequences, Tensor):
        try:
            sequences = tuple(sequences)
        except TypeError:
            raise RuntimeError(
                f'pad_sequence: Expected iterable for input sequences, but got arg of type: {type(sequences)}'
            ) from None
    elif sequences.dim():
        sequences = sequences.unbind(0)
    if padding_side not in ('left', 'right'):
        raise RuntimeError(f'Expected `padding_side` to be one of left or right, but got {padding_side}')
    if not sequences:
        raise RuntimeError('received an empty list of sequences')
    for i, sequence in enumerate(sequences):
        if not isinstance(sequence, Tensor):
            raise TypeError(
                f'expected Tensor as element {i} in argument 0, but got {type(sequence).__name__}'
            )
    longest = max(sequence.size(0) for sequence in sequences)

    def padded(sequence):
        missing = longest - sequence.size(0)
        if missing == 0:
            return sequence
        fill = sequence.new_full((missing, *sequence.shape[1:]), padding_value)
        return torch.cat([fill, sequence] if padding_side == 'left' else [sequence, fill])

    rows = [padded(sequence) for sequence in sequences]
    return torch.stack(rows, 0 if batch_first else 1)


def unpad_sequence(padded_sequences, lengths, batch_first=False):
    """The rows of a padded tensor as a list of tensors (lengths[b], ...)."""
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [row[: int(length)] for row, length in zip(rows, lengths, strict=True)]


def pack_sequence(sequences, enforce_sorted=True):
    """Packs tensors (T_i, ...)."""
    lengths = torch.tensor([sequence.size(0) for sequence in sequences])
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences):
    """The sequences of a packed one, in their first order."""
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)
