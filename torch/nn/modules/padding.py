"""Padding as modules: constant, circular, reflected, replicated; over the last 1 to 3 dimensions."""

import torch.nn.functional as F
from torch.nn.modules.module import Module


class _Pad(Module):
    """`_mode` of pad(), over `_dims` dimensions."""

    _dims = 1
    _mode = 'constant'

    def __init__(self, padding):
        super().__init__()
        self.padding = (padding,) * (2 * self._dims) if isinstance(padding, int) else tuple(padding)

    def forward(self, input):
        """pad(input)"""
        if self._mode == 'circular' and input.dim() not in (self._dims + 1, self._dims + 2):
            raise ValueError(
                f'expected {self._dims + 1}D or {self._dims + 2}D input (got {input.dim()}D input)'
            )
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self):
        """How much."""
        return f'{self.padding}'


class _ConstantPad(_Pad):
    def __init__(self, padding, value):
        super().__init__(padding)
        self.value = value

    def forward(self, input):
        """pad(input)"""
        return F.pad(input, self.padding, 'constant', self.value)

    def extra_repr(self):
        """How much, and what."""
        return f'padding={self.padding}, value={self.value}'


class _ZeroPad(_ConstantPad):
    def __init__(self, padding):
        super().__init__(padding, 0.0)

    def extra_repr(self):
        """How much."""
        return f'{self.padding}'


def _define(name, base, mode):
    for dims in (1, 2, 3):
        title = f'{name}{dims}d'
        members = {
            '_dims': dims,
            '_mode': mode,
            '__doc__': f'{mode} padding of the last {dims} dimensions.',
            '__module__': __name__,
        }
        globals()[title] = type(title, (base,), members)


_define('ConstantPad', _ConstantPad, 'constant')
_define('ZeroPad', _ZeroPad, 'constant')
_define('CircularPad', _Pad, 'circular')
_define('ReflectionPad', _Pad, 'reflect')
_define('ReplicationPad', _Pad, 'replicate')
