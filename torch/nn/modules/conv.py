"""Convolutions as modules."""

import math

import torch.nn.functional as F
from torch._creation import empty
from torch.nn import init
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter

_MODES = ('zeros', 'reflect', 'replicate', 'circular')


def _each(value, dims):
    return (value,) * dims if isinstance(value, int) else tuple(value)


class _ConvNd(Module):
    """Weights and options; `_dims` dimensions are convolved."""

    _dims, _transposed = 1, False

    def _prepare(self, channels, sizes, groups, bias, padding_mode, options):
        in_channels, out_channels = channels
        kernel_size, stride, padding, output_padding, dilation = sizes
        if groups <= 0:
            raise ValueError('groups must be a positive integer')
        if in_channels % groups:
            raise ValueError('in_channels must be divisible by groups')
        if out_channels % groups:
            raise ValueError('out_channels must be divisible by groups')
        if isinstance(padding, str):
            if padding not in ('same', 'valid'):
                raise ValueError(f"Invalid padding string {padding!r}, should be one of {{'same', 'valid'}}")
            if padding == 'same' and any(step != 1 for step in _each(stride, self._dims)):
                raise ValueError("padding='same' is not supported for strided convolutions")
        if padding_mode not in _MODES:
            raise ValueError(
                f'padding_mode must be one of {set(_MODES)}, but got padding_mode={padding_mode!r}'
            )
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride = _each(kernel_size, self._dims), _each(stride, self._dims)
        self.padding = padding if isinstance(padding, str) else _each(padding, self._dims)
        self.dilation, self.transposed = _each(dilation, self._dims), self._transposed
        self.output_padding, self.groups, self.padding_mode = output_padding, groups, padding_mode
        self._reversed_padding_repeated_twice = self._both_sides()
        first, second = (in_channels, out_channels) if self._transposed else (out_channels, in_channels)
        self.weight = Parameter(empty(first, second // groups, *self.kernel_size, **options))
        self.register_parameter('bias', Parameter(empty(out_channels, **options)) if bias else None)
        self.reset_parameters()

    def _both_sides(self):
        """The padding as pad() takes it."""
        if self.padding == 'valid':
            return [0] * (2 * self._dims)
        if self.padding == 'same':
            total = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size)]
            return [side for n in reversed(total) for side in (n // 2, n - n // 2)]
        return [side for n in reversed(self.padding) for side in (n, n)]

    def reset_parameters(self):
        """Draws new weights."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan = self.weight.size(1) * math.prod(self.kernel_size)
            if fan:
                init.uniform_(self.bias, -1 / math.sqrt(fan), 1 / math.sqrt(fan))

    def extra_repr(self):
        """The sizes."""
        text = (
            f'{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}'
        )
        if self.padding != (0,) * len(self.stride):
            text += f', padding={self.padding}'
        if self.dilation != (1,) * len(self.stride):
            text += f', dilation={self.dilation}'
        if self.output_padding != (0,) * len(self.stride):
            text += f', output_padding={self.output_padding}'
        if self.groups != 1:
            text += f', groups={self.groups}'
        if self.bias is None:
            text += ', bias=False'
        if self.padding_mode != 'zeros':
            text += f', padding_mode={self.padding_mode}'
        return text


class _Conv(_ConvNd):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode='zeros',
        device=None,
        dtype=None,
    ):
        super().__init__()
        sizes = (kernel_size, stride, padding, (0,) * self._dims, dilation)
        options = {'device': device, 'dtype': dtype}
        self._prepare((in_channels, out_channels), sizes, groups, bias, padding_mode, options)

    def forward(self, input):
        """conv(input)"""
        return self._conv_forward(input, self.weight, self.bias)

    def _conv_forward(self, input, weight, bias):
        convolve, padding = type(self)._function, self.padding
        if self.padding_mode != 'zeros':
            input = F.pad(input, self._reversed_padding_repeated_twice, self.padding_mode)
            padding = 0
        return convolve(input, weight, bias, self.stride, padding, self.dilation, self.groups)


class _ConvTranspose(_ConvNd):
    _transposed = True

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
        padding_mode='zeros',
        device=None,
        dtype=None,
    ):
        super().__init__()
        if padding_mode != 'zeros':
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        sizes = (kernel_size, stride, padding, _each(output_padding, self._dims), dilation)
        options = {'device': device, 'dtype': dtype}
        self._prepare((in_channels, out_channels), sizes, groups, bias, padding_mode, options)

    def _output_padding(self, input, output_size):
        """What is to be added at the end for an output of this size."""
        if output_size is None:
            return self.output_padding
        wanted = list(output_size)[-self._dims :]
        extra = []
        for i, size in enumerate(input.shape[-self._dims :]):
            least = (size - 1) * self.stride[i] - 2 * self.padding[i]
            least += self.dilation[i] * (self.kernel_size[i] - 1) + 1
            if not least <= wanted[i] < least + self.stride[i]:
                raise ValueError(
                    f'requested an output size of {wanted}, but valid sizes range from {least} to '
                    f'{least + self.stride[i] - 1} (for an input of {input.shape[2:]})'
                )
            extra.append(wanted[i] - least)
        return extra

    def forward(self, input, output_size=None):
        """conv_transpose(input)"""
        return type(self)._function(
            input,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self._output_padding(input, output_size),
            self.groups,
            self.dilation,
        )


def _define(name, base, function, what):
    for dims in (1, 2, 3):
        title = f'{name}{dims}d'
        members = {
            '_dims': dims,
            '_function': getattr(F, f'{function}{dims}d'),
            '__doc__': f'{what} over {dims} dimensions of (N, C, ...).',
            '__module__': __name__,
        }
        globals()[title] = type(title, (base,), members)


_define('Conv', _Conv, 'conv', 'A kernel slid')
_define('ConvTranspose', _ConvTranspose, 'conv_transpose', "Conv's adjoint")
