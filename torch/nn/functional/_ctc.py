"""The loss of connectionist temporal classification (Graves et al. 2006)."""

import torch._native as native
from torch._tensor import Tensor, checked, wrap
from torch.nn.functional._reduction import checked_reduction, noted


def _lengths(lengths):
    """Lengths given as a tensor, a sequence or a number, as a list."""
    if isinstance(lengths, Tensor):
        return lengths.reshape(-1).tolist()
    return [lengths] if isinstance(lengths, int) else list(lengths)


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
    steps, labels = _lengths(input_lengths), _lengths(target_lengths)
    losses = wrap(
        native.ctc_loss(
            log_probs._h, targets._h, len(steps), *steps, len(labels), *labels, blank, bool(zero_infinity)
        )
    )
    if reduction == 'mean':
        loss = (losses / losses.new_tensor(labels).clamp(min=1)).mean()
    else:
        loss = losses.sum() if reduction == 'sum' else losses if is_batched else losses.squeeze(0)
    return noted(loss, log_probs.transpose(0, 1), reduction)
