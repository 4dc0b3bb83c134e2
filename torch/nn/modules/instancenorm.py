"""Normalisation of every channel of every sample."""

import warnings

import torch.nn.functional as F
from torch.nn.modules.batchnorm import _NormBase


class _InstanceNorm(_NormBase):
    def __init__(
        self,
        num_features,
        eps=1e-5,
        momentum=0.1,
        affine=False,
        track_running_stats=False,
        device=None,
        dtype=None,
    ):
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype)

    def forward(self, input):
        """instance_norm(input), with a batch's dimension or without."""
        self._check_input_dim(input)
        without_batch = min(self._dims)
        channels = input.size(0 if input.dim() == without_batch else 1)
        if channels != self.num_features:
            if self.affine:
                raise ValueError(
                    f"expected input's size at dim={0 if input.dim() == without_batch else 1} to match "
                    f'num_features ({self.num_features}), but got: {channels}.'
                )
            warnings.warn(
                f"input's size at dim={0 if input.dim() == without_batch else 1} does not match "
                'num_features. You can silence this warning by not passing in num_features, '
                'which is not used because affine=False',
                stacklevel=3,
            )
        if input.dim() == without_batch:
            return self._normalized(input.unsqueeze(0)).squeeze(0)
        return self._normalized(input)

    def _normalized(self, input):
        return F.instance_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )


class InstanceNorm1d(_InstanceNorm):
    """(N, C, L) or (C, L)"""

    _dims = (2, 3)


class InstanceNorm2d(_InstanceNorm):
    """(N, C, H, W) or (C, H, W)"""

    _dims = (3, 4)


class InstanceNorm3d(_InstanceNorm):
    """(N, C, D, H, W) or (C, D, H, W)"""

    _dims = (4, 5)
