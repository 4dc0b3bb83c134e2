"""Normalisation over the batch, or over each sample, with running statistics."""

import torch.nn.functional as F
from torch._creation import empty, ones, tensor, zeros
from torch._dtype import int64
from torch.nn import init
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class _NormBase(Module):
    """Scale and shift of each channel, and the running mean and variance."""

    _version = 2
    _dims = ()  # how many dimensions an input may have

    def __init__(
        self,
        num_features,
        eps=1e-5,
        momentum=0.1,
        affine=True,
        track_running_stats=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        options = {'device': device, 'dtype': dtype}
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        for name in ('weight', 'bias'):
            self.register_parameter(name, Parameter(empty(num_features, **options)) if affine else None)
        tracked = track_running_stats
        self.register_buffer('running_mean', zeros(num_features, **options) if tracked else None)
        self.register_buffer('running_var', ones(num_features, **options) if tracked else None)
        count = tensor(0, dtype=int64, device=device) if tracked else None
        self.register_buffer('num_batches_tracked', count)
        self.reset_parameters()

    def reset_running_stats(self):
        """Mean 0, variance 1, no batch seen."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self):
        """Scale 1, shift 0, and no batch seen."""
        self.reset_running_stats()
        if self.affine:
            init.ones_(self.weight)
            init.zeros_(self.bias)

    def _check_input_dim(self, input):
        if input.dim() not in self._dims:
            wanted = ' or '.join(f'{dims}D' for dims in self._dims)
            raise ValueError(f'expected {wanted} input (got {input.dim()}D input)')

    def _load_from_state_dict(self, state_dict, prefix, local_metadata, *args):
        """A state of version 1 has no count of batches: it starts from this module's own."""
        key = f'{prefix}num_batches_tracked'
        if local_metadata.get('version', 1) < 2 and self.track_running_stats and key not in state_dict:
            state_dict[key] = self.num_batches_tracked
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *args)

    def extra_repr(self):
        """The options."""
        return (
            f'{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, '
            f'track_running_stats={self.track_running_stats}'
        )


class _BatchNorm(_NormBase):
    def forward(self, input):
        """batch_norm(input), whose statistics the running ones follow in train mode."""
        self._check_input_dim(input)
        factor = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                factor = 1.0 / float(self.num_batches_tracked)
        of_batch = self.training or (self.running_mean is None and self.running_var is None)
        is_used = not self.training or self.track_running_stats
        return F.batch_norm(
            input,
            self.running_mean if is_used else None,
            self.running_var if is_used else None,
            self.weight,
            self.bias,
            of_batch,
            factor,
            self.eps,
        )


class BatchNorm1d(_BatchNorm):
    """(N, C) or (N, C, L)"""

    _dims = (2, 3)


class BatchNorm2d(_BatchNorm):
    """(N, C, H, W)"""

    _dims = (4,)


class BatchNorm3d(_BatchNorm):
    """(N, C, D, H, W)"""

    _dims = (5,)
