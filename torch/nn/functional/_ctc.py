"""The loss of connectionist temporal classification (Graves et al. 2006)."""

import torch._native as native
from torch._tensor import Tensor, checked, wrap
from torch.nn.functional._reduction import checked_reduction, noted


def _numbers(lengths):
    """Lengths, a tensor or a sequence, as Python's integers."""
    found = lengths.reshape(-1).tolist() if isinstance(lengths, Tensor) else lengths
    return [int(length) for length in found]


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
    lengths, label_counts = _numbers(input_lengths), _numbers(target_lengths)
    counted = (len(lengths), *lengths, len(label_counts), *label_counts)
    losses = wrap(native.ctc_loss(log_probs._h, targets._h, *counted, blank, bool(zero_infinity)))
    if reduction == 'mean':
        shares = losses.new_tensor([max(count, 1) for count in label_counts])
        loss = (losses / shares).mean()
    else:
        loss = losses.sum() if reduction == 'sum' else losses if is_batched else losses.squeeze(0)
    return noted(loss, log_probs.transpose(0, 1), reduction)
