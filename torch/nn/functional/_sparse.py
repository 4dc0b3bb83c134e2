"""What is looked up by index: embeddings, bags of them, one-hot vectors."""

import torch._native as native
from torch._creation import arange
from torch._dtype import int64
from torch._shape import shape_of
from torch._tensor import checked, wrap
from torch.autograd.grad_mode import no_grad


def _renormed(weight, input, max_norm, norm_type):
    """Scales the rows that `input` names down to max_norm, in place."""
    with no_grad():
        rows = input.flatten().unique()
        norms = weight[rows].norm(norm_type, 1, keepdim=True)
        scale = (max_norm / (norms + 1e-7)).masked_fill(norms <= max_norm, 1.0)
        weight[rows] = weight[rows] * scale


def refuse_sparse(sparse):
    """Refuses sparse gradients."""
    if sparse:
        raise NotImplementedError('embedding(sparse=True) is not supported: gradients are dense')


@checked
def embedding(
    input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False
):
    """Rows of weight (V, E) by the integers of input; padding_idx gets no gradient."""
    refuse_sparse(sparse)
    if max_norm is not None:
        _renormed(weight, input, max_norm, norm_type)
    rows, place = native.size(weight._h, 0), -1
    if padding_idx is not None:
        if not -rows <= padding_idx < rows:
            raise AssertionError('Padding_idx must be within num_embeddings')
        place = padding_idx % rows
    out = wrap(native.embedding(weight._h, input._h, place))
    if not scale_grad_by_freq:
        return out
    share = 1.0 / input.flatten().bincount(minlength=rows)[input].to(out.dtype).unsqueeze(-1)
    return out * share + (out * (1 - share)).detach()


def _bag_bounds(input, offsets, include_last_offset):
    """(input flat, the bag of each of its elements, the number of bags)"""
    if input.dim() == 2:
        if offsets is not None:
            raise ValueError(
                'if input is 2D, then offsets has to be None, as input is treated is a mini-batch'
            )
        bags, length = input.shape
        return input.reshape(-1), arange(bags, device=input.device).repeat_interleave(length), bags
    if input.dim() != 1:
        raise ValueError(f'input has to be 1D or 2D Tensor, but got Tensor of dimension {input.dim()}')
    if offsets is None:
        raise ValueError('offsets has to be a 1D Tensor but got None')
    if offsets.dim() != 1:
        raise ValueError('offsets has to be a 1D Tensor')
    bags = offsets.numel() - bool(include_last_offset)
    starts = offsets.tolist()[:bags]
    counts = [b - a for a, b in zip(starts, [*starts[1:], input.numel()])]
    rows = arange(bags, device=input.device)
    return input, rows.repeat_interleave(rows.new_tensor(counts)), bags


@checked
def embedding_bag(
    input,
    weight,
    offsets=None,
    max_norm=None,
    norm_type=2,
    scale_grad_by_freq=False,
    mode='mean',
    sparse=False,
    per_sample_weights=None,
    include_last_offset=False,
    padding_idx=None,
):
    """Sums, means or maxima of rows of weight (V, E), a bag a row (B, E); padding_idx counts in no bag."""
    if mode not in ('sum', 'mean', 'max'):
        raise ValueError('mode has to be one of sum, mean or max')
    if per_sample_weights is not None and mode != 'sum':
        raise NotImplementedError(
            'embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for '
            f"mode='sum' (got mode='{mode}'). Please open a feature request on GitHub."
        )
    flat, bag_of, bags = _bag_bounds(input, offsets, include_last_offset)
    if per_sample_weights is not None:
        per_sample_weights = per_sample_weights.reshape(-1)
    if padding_idx is not None:
        is_counted = flat != padding_idx % weight.size(0)
        flat, bag_of = flat[is_counted], bag_of[is_counted]
        if per_sample_weights is not None:
            per_sample_weights = per_sample_weights[is_counted]
    rows = embedding(flat, weight, None, max_norm, norm_type, scale_grad_by_freq, sparse)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.unsqueeze(1)
    if mode == 'max':
        empty_bag = weight.new_zeros(weight.size(1))
        parts = [rows[bag_of == bag] for bag in range(bags)]
        found = [part.max(0).values if part.size(0) else empty_bag for part in parts]
        return wrap(native.stack(len(found), *(row._h for row in found), 0))
    out = weight.new_zeros(bags, weight.size(1)).index_add_(0, bag_of, rows)
    if mode == 'mean':
        out = out / bag_of.bincount(minlength=bags).clamp(min=1).to(out.dtype).unsqueeze(1)
    return out


@checked
def one_hot(tensor, num_classes=-1):
    """int64 classes (...) -> (..., num_classes) of zeros and a one."""
    classes = int(tensor.max()) + 1 if num_classes < 0 else num_classes
    if tensor.numel() and int(tensor.min()) < 0:
        raise RuntimeError('Class values must be non-negative.')
    if tensor.numel() and int(tensor.max()) >= classes:
        raise RuntimeError('Class values must be smaller than num_classes.')
    out = tensor.new_zeros(*shape_of(tensor), classes, dtype=int64)
    return out.scatter_(-1, tensor.unsqueeze(-1), 1)
