"""The adaptive softmax (Grave et al. 2017): frequent classes first, rare ones in clusters."""

from collections import namedtuple

import torch.nn.functional as F
from torch._shape import cat
from torch.nn.modules.container import ModuleList, Sequential
from torch.nn.modules.linear import Linear
from torch.nn.modules.module import Module

_ASMoutput = namedtuple('_ASMoutput', ['output', 'loss'])


class AdaptiveLogSoftmaxWithLoss(Module):
    """input (N, in_features), target (N) -> each target's log-probability (N), and the mean loss."""

    def __init__(
        self,
        in_features,
        n_classes,
        cutoffs,
        div_value=4.0,
        head_bias=False,
        device=None,
        dtype=None,
        *,
        tail_bias=False,
    ):
        super().__init__()
        cutoffs = list(cutoffs)
        if not cutoffs:
            raise ValueError('cutoffs should be a sequence of length larger than 0')
        ordered = cutoffs == sorted(set(cutoffs)) and cutoffs[0] > 0 and cutoffs[-1] <= n_classes - 1
        if not ordered or any(int(c) != c for c in cutoffs):
            raise ValueError(
                'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, '
                'where each value is between 1 and n_classes-1'
            )
        options = {'device': device, 'dtype': dtype}
        self.in_features, self.n_classes, self.div_value = in_features, n_classes, div_value
        self.cutoffs, self.head_bias, self.tail_bias = [*cutoffs, n_classes], head_bias, tail_bias
        self.shortlist_size, self.n_clusters = self.cutoffs[0], len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(in_features, self.head_size, bias=head_bias, **options)
        self.tail = ModuleList()
        for i in range(self.n_clusters):
            width = int(in_features // (div_value ** (i + 1)))
            size = self.cutoffs[i + 1] - self.cutoffs[i]
            first = Linear(in_features, width, bias=False, **options)
            self.tail.append(Sequential(first, Linear(width, size, bias=tail_bias, **options)))

    def reset_parameters(self):
        """Draws new weights."""
        self.head.reset_parameters()
        for first, second in self.tail:
            first.reset_parameters()
            second.reset_parameters()

    def forward(self, input_, target_):
        """(output, loss)"""
        is_batched = target_.dim() > 0
        if is_batched and input_.size(0) != target_.size(0):
            raise RuntimeError('Input and target should have the same size in the batch dimension.')
        input, target = (input_, target_) if is_batched else (input_.unsqueeze(0), target_.unsqueeze(0))
        if target.numel() and not 0 <= int(target.min()) <= int(target.max()) < self.n_classes:
            raise RuntimeError(
                f'Target values should be in [0, {self.n_classes - 1}], but values in range '
                f'[{int(target.min())}, {int(target.max())}] were found. '
            )
        output = self.log_prob(input).gather(1, target.unsqueeze(1)).squeeze(1)
        loss = (-output).mean()
        return _ASMoutput(output if is_batched else output.squeeze(0), loss)

    def log_prob(self, input):
        """(N, n_classes)"""
        head = F.log_softmax(self.head(input), 1)
        parts = [head[:, : self.shortlist_size]]
        for i, tail in enumerate(self.tail):
            cluster = head[:, self.shortlist_size + i].unsqueeze(1)
            parts.append(F.log_softmax(tail(input), 1) + cluster)
        return cat(parts, 1)

    def predict(self, input):
        """The most likely class of each row (N)"""
        return self.log_prob(input).argmax(1)
