"""Losses as modules."""

import torch.nn.functional as F
from torch.nn.modules.distance import PairwiseDistance
from torch.nn.modules.module import Module


class _Loss(Module):
    """A loss `_function` of input and target whose options are the attributes `_options`."""

    _function = None
    _options = ()

    def __init__(self, size_average=None, reduce=None, reduction='mean'):
        super().__init__()
        batch_mean = reduction == 'batchmean' and isinstance(self, KLDivLoss)
        self.reduction = reduction if batch_mean else F.checked_reduction(reduction, size_average, reduce)

    def forward(self, input, target):
        """The loss of input against target."""
        options = {name: getattr(self, name) for name in self._options}
        return type(self)._function(input, target, reduction=self.reduction, **options)


class _WeightedLoss(_Loss):
    _options = ('weight',)

    def __init__(self, weight=None, size_average=None, reduce=None, reduction='mean'):
        super().__init__(size_average, reduce, reduction)
        self.register_buffer('weight', weight)


# --- regression
class MSELoss(_Loss):
    """The squared difference."""

    _function = F.mse_loss


class L1Loss(_Loss):
    """The absolute difference."""

    _function = F.l1_loss


class SmoothL1Loss(_Loss):
    """Squared below beta, absolute above."""

    _function, _options = F.smooth_l1_loss, ('beta',)

    def __init__(self, size_average=None, reduce=None, reduction='mean', beta=1.0):
        super().__init__(size_average, reduce, reduction)
        self.beta = beta


class HuberLoss(_Loss):
    """Squared up to delta, absolute beyond it."""

    _function, _options = F.huber_loss, ('delta',)

    def __init__(self, reduction='mean', delta=1.0):
        super().__init__(reduction=reduction)
        self.delta = delta


# --- likelihoods
class NLLLoss(_WeightedLoss):
    """Minus the log-probability (N, C, ...) of the target class (N, ...)."""

    _function, _options = F.nll_loss, ('weight', 'ignore_index')

    def __init__(self, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'):
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index


class NLLLoss2d(NLLLoss):
    """NLLLoss, by its old name."""


class CrossEntropyLoss(_WeightedLoss):
    """nll_loss of log_softmax: logits (N, C, ...) against classes (N, ...) or probabilities (N, C, ...)."""

    _function, _options = F.cross_entropy, ('weight', 'ignore_index', 'label_smoothing')

    def __init__(
        self,
        weight=None,
        size_average=None,
        ignore_index=-100,
        reduce=None,
        reduction='mean',
        label_smoothing=0.0,
    ):
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing


class BCELoss(_WeightedLoss):
    """The binary cross entropy of probabilities with targets in [0, 1]."""

    _function = F.binary_cross_entropy


class BCEWithLogitsLoss(_WeightedLoss):
    """The binary cross entropy of logits with targets in [0, 1]."""

    _function, _options = F.binary_cross_entropy_with_logits, ('weight', 'pos_weight')

    def __init__(self, weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None):
        super().__init__(weight, size_average, reduce, reduction)
        self.register_buffer('pos_weight', pos_weight)


class KLDivLoss(_Loss):
    """target * (log(target) - input), input in logarithms."""

    _function, _options = F.kl_div, ('log_target',)

    def __init__(self, size_average=None, reduce=None, reduction='mean', log_target=False):
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target


class PoissonNLLLoss(_Loss):
    """exp(input) - target * input"""

    _function, _options = F.poisson_nll_loss, ('log_input', 'full', 'eps')

    def __init__(
        self, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction='mean'
    ):
        super().__init__(size_average, reduce, reduction)
        self.log_input, self.full, self.eps = log_input, full, eps

    def forward(self, log_input, target):
        """poisson_nll_loss(log_input, target)"""
        return super().forward(log_input, target)


class GaussianNLLLoss(_Loss):
    """(log(var) + (input - target) ** 2 / var) / 2"""

    def __init__(self, *, full=False, eps=1e-6, reduction='mean'):
        super().__init__(reduction=reduction)
        self.full, self.eps = full, eps

    def forward(self, input, target, var):
        """gaussian_nll_loss(input, target, var)"""
        return F.gaussian_nll_loss(input, target, var, full=self.full, eps=self.eps, reduction=self.reduction)


class SoftMarginLoss(_Loss):
    """log(1 + exp(-target * input)), target 1 or -1."""

    _function = F.soft_margin_loss


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """Over classes, the mean binary cross entropy of logits."""

    _function = F.multilabel_soft_margin_loss


class CTCLoss(_Loss):
    """Minus the log-probability of label sequences whose places in time are not known."""

    def __init__(self, blank=0, reduction='mean', zero_infinity=False):
        super().__init__(reduction=reduction)
        self.blank, self.zero_infinity = blank, zero_infinity

    def forward(self, log_probs, targets, input_lengths, target_lengths):
        """ctc_loss(log_probs, targets, input_lengths, target_lengths)"""
        return F.ctc_loss(
            log_probs,
            targets,
            input_lengths,
            target_lengths,
            self.blank,
            self.reduction,
            self.zero_infinity,
        )


# --- margins
class HingeEmbeddingLoss(_Loss):
    """input where target is 1, max(0, margin - input) where it is -1."""

    _function, _options = F.hinge_embedding_loss, ('margin',)

    def __init__(self, margin=1.0, size_average=None, reduce=None, reduction='mean'):
        super().__init__(size_average, reduce, reduction)
        self.margin = margin


class MultiLabelMarginLoss(_Loss):
    """The margins between the classes named and all others."""

    _function = F.multilabel_margin_loss


class MultiMarginLoss(_WeightedLoss):
    """The margins between the target class and all others."""

    _function, _options = F.multi_margin_loss, ('p', 'margin', 'weight')

    def __init__(self, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean'):
        super().__init__(weight, size_average, reduce, reduction)
        if p not in (1, 2):
            raise ValueError('only p == 1 and p == 2 supported')
        if weight is not None and weight.dim() != 1:
            raise AssertionError('weight must be None or 1D')
        self.p, self.margin = p, margin


class _PairLoss(_Loss):
    def __init__(self, margin=0.0, size_average=None, reduce=None, reduction='mean'):
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1, input2, target):
        """The loss of two inputs, target 1 or -1."""
        return type(self)._function(input1, input2, target, margin=self.margin, reduction=self.reduction)


class MarginRankingLoss(_PairLoss):
    """max(0, margin - target * (input1 - input2))"""

    _function = F.margin_ranking_loss


class CosineEmbeddingLoss(_PairLoss):
    """1 - cos where target is 1, max(0, cos - margin) where it is -1."""

    _function = F.cosine_embedding_loss


class TripletMarginLoss(_Loss):
    """max(0, margin + |anchor - positive| - |anchor - negative|)"""

    def __init__(
        self, margin=1.0, p=2.0, eps=1e-6, swap=False, size_average=None, reduce=None, reduction='mean'
    ):
        super().__init__(size_average, reduce, reduction)
        if margin <= 0:
            raise ValueError(f'TripletMarginLoss: expected margin to be greater than 0, got {margin} instead')
        self.margin, self.p, self.eps, self.swap = margin, p, eps, swap

    def forward(self, anchor, positive, negative):
        """triplet_margin_loss(anchor, positive, negative)"""
        return F.triplet_margin_loss(
            anchor,
            positive,
            negative,
            margin=self.margin,
            p=self.p,
            eps=self.eps,
            swap=self.swap,
            reduction=self.reduction,
        )


class TripletMarginWithDistanceLoss(_Loss):
    """TripletMarginLoss of any distance."""

    def __init__(self, *, distance_function=None, margin=1.0, swap=False, reduction='mean'):
        super().__init__(reduction=reduction)
        if margin <= 0:
            raise ValueError(
                f'TripletMarginWithDistanceLoss: expected margin to be greater than 0, got {margin} instead'
            )
        self.distance_function = PairwiseDistance() if distance_function is None else distance_function
        self.margin, self.swap = margin, swap

    def forward(self, anchor, positive, negative):
        """triplet_margin_with_distance_loss(anchor, positive, negative)"""
        return F.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            swap=self.swap,
            reduction=self.reduction,
        )
