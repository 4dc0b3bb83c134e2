"""Losses with a margin, of rankings, classes and distances."""

from torch._pointwise import minimum
from torch._rearrange import where
from torch._shape import shape_of
from torch._tensor import checked
from torch.nn.functional._distance import pairwise_distance
from torch.nn.functional._reduction import checked_reduction, reduced


@checked
def margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean'):
    """max(0, margin - target * (input1 - input2)), target 1 or -1."""
    reduction = checked_reduction(reduction, size_average, reduce)
    if input1.dim() != input2.dim() or input1.dim() != target.dim():
        raise RuntimeError(
            'margin_ranking_loss : All input tensors should have same dimension but got sizes: '
            f'input1: {shape_of(input1)}, input2: {shape_of(input2)}, target: {shape_of(target)} '
        )
    return reduced((-target * (input1 - input2) + margin).clamp(min=0), input1, reduction)


@checked
def hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction='mean'):
    """input where target is 1, max(0, margin - input) where it is -1."""
    reduction = checked_reduction(reduction, size_average, reduce)
    apart = where(target != 1, (margin - input).clamp(min=0), 0.0)
    return reduced(where(target != -1, input, 0.0) + apart, input, reduction)


def _one_class_rows(input, target, name):
    rows = input.unsqueeze(0) if input.dim() <= 1 else input
    rows = rows.unsqueeze(-1) if rows.dim() == 1 else rows
    if rows.dim() != 2 or rows.size(0) != target.reshape(-1).numel():
        raise RuntimeError(
            f'inconsistent target size, expected {rows.size(0)} but got {list(shape_of(target))} ({name})'
        )
    return rows


@checked
def multi_margin_loss(
    input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean'
):
    """(N, C) against classes (N): the mean over the other classes of max(0, margin - x_t + x_c) ** p."""
    reduction = checked_reduction(reduction, size_average, reduce)
    if p not in (1, 2):
        raise ValueError('only p == 1 and p == 2 supported')
    if weight is not None and weight.dim() != 1:
        raise ValueError('weight must be one-dimensional')
    rows = _one_class_rows(input, target, 'multi_margin_loss')
    classes = target.reshape(-1, 1)
    gaps = (margin - rows.gather(1, classes) + rows).clamp(min=0)
    gaps = gaps if p == 1 else gaps * gaps
    if weight is not None:
        gaps = gaps * weight[classes]
    others = gaps.detach().new_ones(gaps.shape).scatter(1, classes, 0.0)
    losses = (gaps * others).sum(1) / rows.size(1)
    return reduced(losses if input.dim() > 1 else losses.squeeze(0), input, reduction)


@checked
def multilabel_margin_loss(input, target, size_average=None, reduce=None, reduction='mean'):
    """(N, C) against the classes named in (N, C) up to the first -1: the mean of max(0, 1 - x_t + x_c)."""
    reduction = checked_reduction(reduction, size_average, reduce)
    rows, named = (t.reshape(1, -1) if t.dim() < 2 else t for t in (input, target))
    if shape_of(rows) != shape_of(named):
        raise RuntimeError(
            f'inconsistent target size: {shape_of(target)} for input of size: {shape_of(input)}'
        )
    is_label = (named < 0).cumsum(1) == 0
    places = where(is_label, named, 0)
    counts = is_label.to(rows.dtype)
    is_target = rows.detach().new_zeros(rows.shape).scatter_add(1, places, counts) > 0
    gaps = (1 - rows.gather(1, places).unsqueeze(2) + rows.unsqueeze(1)).clamp(min=0)
    gaps = gaps * counts.unsqueeze(2) * (~is_target).to(rows.dtype).unsqueeze(1)
    losses = gaps.sum((1, 2)) / rows.size(1)
    return reduced(losses if input.dim() > 1 else losses.squeeze(0), input, reduction)


@checked
def cosine_embedding_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean'):
    """1 - cos where target is 1, max(0, cos - margin) where it is -1."""
    reduction = checked_reduction(reduction, size_average, reduce)
    if target.dim() not in (0, 1):
        raise RuntimeError('0D or 1D target tensor expected, multi-target not supported')
    if target.dim() + 1 != input1.dim() or input1.dim() != input2.dim():
        raise RuntimeError(
            f'{target.dim()}D target tensor expects {target.dim() + 1}D input tensors, but found inputs with '
            f'sizes {list(shape_of(input1))} and {list(shape_of(input2))}.'
        )
    tiny = 1e-12
    square = ((input1 * input1).sum(-1) + tiny) * ((input2 * input2).sum(-1) + tiny)
    cosine = (input1 * input2).sum(-1) / square.sqrt()
    apart = where(target == -1, (cosine - margin).clamp(min=0), 0.0)
    return reduced(where(target == 1, 1 - cosine, 0.0) + apart, input1, reduction)


def _triplet(near, far, far_swapped, margin, input, reduction):
    far = far if far_swapped is None else minimum(far, far_swapped)
    return reduced((margin + near - far).clamp(min=0), input, reduction)


@checked
def triplet_margin_loss(
    anchor,
    positive,
    negative,
    margin=1.0,
    p=2,
    eps=1e-6,
    swap=False,
    size_average=None,
    reduce=None,
    reduction='mean',
):
    """max(0, margin + |anchor - positive| - |anchor - negative|), of p-norms."""
    reduction = checked_reduction(reduction, size_average, reduce)
    if margin <= 0:
        raise ValueError(f'margin must be greater than 0, got {margin}')
    near, far = pairwise_distance(anchor, positive, p, eps), pairwise_distance(anchor, negative, p, eps)
    swapped = pairwise_distance(positive, negative, p, eps) if swap else None
    return _triplet(near, far, swapped, margin, anchor, reduction)


@checked
def triplet_margin_with_distance_loss(
    anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction='mean'
):
    """triplet_margin_loss of any distance."""
    checked_reduction(reduction)
    if margin <= 0:
        raise ValueError(f'margin must be greater than 0, got {margin}')
    distance = pairwise_distance if distance_function is None else distance_function
    swapped = distance(positive, negative) if swap else None
    near, far = distance(anchor, positive), distance(anchor, negative)
    return _triplet(near, far, swapped, margin, anchor, reduction)
