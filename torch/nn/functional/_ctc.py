"""The loss of connectionist temporal classification (Graves et al. 2006)."""

from torch._creation import arange
from torch._dtype import int64
from torch._rearrange import where
from torch._shape import cat, stack
from torch._tensor import Tensor, checked
from torch.nn.functional._reduction import checked_reduction, noted

_NEVER = -1e30  # the logarithm of a path that cannot be: finite, so that its gradient is 0 and not NaN


def _lengths(lengths, like):
    return lengths if isinstance(lengths, Tensor) else like.new_tensor(lengths, dtype=int64)


def _labels(targets, target_lengths, batch, blank):
    """Targets, padded (N, S) or one after the other, as (N, 2 S + 1) labels with blanks between them."""
    longest = int(target_lengths.max()) if batch else 0
    rows = targets.new_full((batch, longest), blank, dtype=int64)
    start = 0
    for i, length in enumerate(target_lengths.tolist()):
        rows[i, :length] = targets[i, :length] if targets.dim() == 2 else targets[start : start + length]
        start += length
    labels = rows.new_full((batch, 2 * longest + 1), blank)
    labels[:, 1::2] = rows
    return labels


@checked
def ctc_loss(
    log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False
):
    """Minus the log-probability of targets (N, S) or (sum of lengths) under log_probs (T, N, C) or (T, C)."""
    checked_reduction(reduction)
    is_batched = log_probs.dim() == 3
    if not is_batched:
        log_probs = log_probs.unsqueeze(1)
        targets = targets.unsqueeze(0) if targets.dim() == 1 else targets
    steps, batch, classes = log_probs.shape
    if not 0 <= blank < classes:
        raise RuntimeError('blank must be in label range')
    input_lengths, target_lengths = (
        _lengths(n, targets).reshape(-1) for n in (input_lengths, target_lengths)
    )
    for lengths, what in ((input_lengths, 'input_lengths'), (target_lengths, 'target_lengths')):
        if lengths.numel() != batch:
            raise RuntimeError(f'{what} must be of size batch_size')
    if batch and int(input_lengths.max()) > steps:
        raise RuntimeError(f'Expected input_lengths to have value at most {steps}')
    losses = _losses(log_probs, _labels(targets, target_lengths, batch, blank), input_lengths, target_lengths)
    is_impossible = losses.detach() > 1e29
    losses = where(is_impossible, 0.0 if zero_infinity else float('inf'), losses)
    if reduction == 'mean':
        loss = (losses / target_lengths.clamp(min=1).to(losses.dtype)).mean()
    else:
        loss = losses.sum() if reduction == 'sum' else losses if is_batched else losses.squeeze(0)
    return noted(loss, log_probs.transpose(0, 1), reduction)


def _losses(log_probs, labels, input_lengths, target_lengths):
    """One a sample: the forward variables alpha (N, 2 S + 1) over time, from which the ends are read."""
    batch, states = labels.shape
    at = arange(states)
    skips = (labels[:, 2:] != labels[:, :-2]) & (at[2:] % 2 == 1)
    forbidden = log_probs.detach().new_zeros(batch, states)
    forbidden[:, 2:].masked_fill_(~skips, _NEVER)
    forbidden[:, :2] = _NEVER
    never = log_probs.detach().new_full((batch, 2), _NEVER)
    emitted = log_probs.gather(2, labels.unsqueeze(0).expand(log_probs.size(0), batch, states))
    alpha = where(at < 2, emitted[0], _NEVER)
    for t in range(1, log_probs.size(0)):
        one = _shifted(never[:, :1], alpha, 1)
        two = _shifted(never, alpha, 2) + forbidden
        grown = stack((alpha, one, two)).logsumexp(0).clamp(min=_NEVER) + emitted[t]
        alpha = where((input_lengths > t).unsqueeze(1), grown, alpha)
    last = (2 * target_lengths).unsqueeze(1)
    ends = alpha.gather(1, last), alpha.gather(1, (last - 1).clamp(min=0))
    before = where(target_lengths.unsqueeze(1) > 0, ends[1], _NEVER)
    losses = -stack((ends[0], before)).logsumexp(0).squeeze(1)
    # The gradient is that through a softmax: what log_probs of one time step give beyond probability 1.
    inside = arange(log_probs.size(0)).unsqueeze(1) < input_lengths
    total = where(inside, log_probs.exp().sum(2), 0.0).sum(0)
    return losses + (total - total.detach())


def _shifted(never, alpha, places):
    return cat((never, alpha[:, : alpha.size(1) - places]), 1) if alpha.size(1) >= places else never[:, :1]
