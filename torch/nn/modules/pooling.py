"""Pooling as modules."""

import torch.nn.functional as F
from torch.nn.modules.module import Module


class _MaxPool(Module):
    """The greatest of each window."""

    _function = None

    def __init__(
        self, kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False
    ):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.dilation = padding, dilation
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input):
        """max_pool(input)"""
        return type(self)._function(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            ceil_mode=self.ceil_mode,
            return_indices=self.return_indices,
        )

    def extra_repr(self):
        """The sizes."""
        return (
            f'kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, '
            f'dilation={self.dilation}, ceil_mode={self.ceil_mode}'
        )


class _AvgPool(Module):
    """The mean of each window."""

    _function = None

    def __init__(
        self,
        kernel_size,
        stride=None,
        padding=0,
        ceil_mode=False,
        count_include_pad=True,
        divisor_override=None,
    ):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.ceil_mode, self.count_include_pad = padding, ceil_mode, count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input):
        """avg_pool(input)"""
        return type(self)._function(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )

    def extra_repr(self):
        """The sizes."""
        return f'kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}'


class AvgPool1d(_AvgPool):
    """The mean of each window over the last dimension."""

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
        single = [v[0] if isinstance(v, (tuple, list)) else v for v in (kernel_size, stride, padding)]
        kernel, step, around = single
        super().__init__(
            (kernel,), None if step is None else (step,), (around,), ceil_mode, count_include_pad
        )
        del self.divisor_override

    def forward(self, input):
        """avg_pool1d(input)"""
        return F.avg_pool1d(
            input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad
        )


class _LPPool(Module):
    """The root of the sum of powers of each window."""

    _function = None

    def __init__(self, norm_type, kernel_size, stride=None, ceil_mode=False):
        super().__init__()
        self.norm_type, self.kernel_size = norm_type, kernel_size
        self.stride, self.ceil_mode = stride, ceil_mode

    def forward(self, input):
        """lp_pool(input)"""
        return type(self)._function(
            input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode
        )

    def extra_repr(self):
        """The sizes."""
        return (
            f'norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, '
            f'ceil_mode={self.ceil_mode}'
        )


class _MaxUnpool(Module):
    """The maxima back where they were, zeros elsewhere."""

    _function, _dims = None, 1

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()

        def each(value):
            return (value,) * self._dims if isinstance(value, int) else tuple(value)

        self.kernel_size = each(kernel_size)
        self.stride, self.padding = each(kernel_size if stride is None else stride), each(padding)

    def forward(self, input, indices, output_size=None):
        """max_unpool(input, indices)"""
        return type(self)._function(input, indices, self.kernel_size, self.stride, self.padding, output_size)

    def extra_repr(self):
        """The sizes."""
        return f'kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}'


class _AdaptivePool(Module):
    """As many outputs as asked for."""

    _function = None

    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def forward(self, input):
        """adaptive_pool(input)"""
        return type(self)._function(input, self.output_size)

    def extra_repr(self):
        """The size."""
        return f'output_size={self.output_size}'


class _AdaptiveMaxPool(_AdaptivePool):
    def __init__(self, output_size, return_indices=False):
        super().__init__(output_size)
        self.return_indices = return_indices

    def forward(self, input):
        """adaptive_max_pool(input)"""
        return type(self)._function(input, self.output_size, self.return_indices)


def _define(name, base, function, dims):
    title = f'{name}{dims}d'
    members = {
        '_function': getattr(F, f'{function}{dims}d'),
        '_dims': dims,
        '__doc__': f'{base.__doc__ or "The greatest elements, as many as asked for."} Over {dims} dimensions.',
        '__module__': __name__,
    }
    globals()[title] = type(title, (base,), members)


for _dims in (1, 2, 3):
    _define('MaxPool', _MaxPool, 'max_pool', _dims)
    _define('MaxUnpool', _MaxUnpool, 'max_unpool', _dims)
    _define('LPPool', _LPPool, 'lp_pool', _dims)
    _define('AdaptiveAvgPool', _AdaptivePool, 'adaptive_avg_pool', _dims)
    _define('AdaptiveMaxPool', _AdaptiveMaxPool, 'adaptive_max_pool', _dims)
    if _dims > 1:
        _define('AvgPool', _AvgPool, 'avg_pool', _dims)
