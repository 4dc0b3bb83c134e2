"""Convolutions, as products of a kernel matrix with the windows it slides over."""

import math

import torch._native as native
from torch._shape import shape_of
from torch._tensor import checked, wrap
from torch.nn.functional._window import numbers, out_length, padded, patches, windows


def _same_padding(input, dims, kernel, stride, dilation):
    """What is to be added on both sides for as many outputs as inputs; an odd rest goes to the end, at once."""
    if any(step != 1 for step in stride):
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    total = [d * (k - 1) for k, d in zip(kernel, dilation)]
    rest = [n % 2 for n in total]
    return padded(input, [0] * dims, rest), [n // 2 for n in total]


def _check(name, dims, input, weight, groups, in_channels, kernel):
    if weight.dim() != dims + 2:
        raise RuntimeError(f'{name}: expected a weight of {dims + 2} dimensions, but got {weight.dim()}')
    if input.dim() not in (dims + 1, dims + 2):
        raise RuntimeError(
            f'Expected {dims + 1}D (unbatched) or {dims + 2}D (batched) input to {name}, '
            f'but got input of size: {list(shape_of(input))}'
        )
    channels = input.size(-dims - 1)
    if channels != in_channels:
        raise RuntimeError(
            f'Given groups={groups}, weight of size {list(shape_of(weight))}, expected input'
            f'{list(shape_of(input))} to have {in_channels} channels, but got {channels} channels instead'
        )


def _convolved(input, weight, bias, stride, padding, dilation, groups):
    batch, kernel = input.size(0), shape_of(weight)[2:]
    too_small = [
        out_length(*each) <= 0 for each in zip(shape_of(input)[2:], kernel, stride, dilation, padding)
    ]
    if any(too_small):
        room = ' x '.join(str(n + 2 * p) for n, p in zip(shape_of(input)[2:], padding))
        raise RuntimeError(
            f'Calculated padded input size per channel: ({room}). '
            f'Kernel size: ({" x ".join(map(str, kernel))}). '
            "Kernel size can't be greater than actual input size"
        )
    outputs, inner = weight.size(0) // groups, input.size(1) // groups * math.prod(kernel)
    if len(kernel) == 3:
        columns, out = windows(input, kernel, stride, dilation, padding)
        columns = columns.permute(1, 3, 0, 2)  # channels, elements, batch, places
    else:
        columns, out = patches(input, kernel, stride, dilation, padding)
    columns = columns.reshape(groups, inner, batch * math.prod(out))
    product = weight.reshape(groups, outputs, inner) @ columns
    result = product.view(groups * outputs, batch, *out).transpose(0, 1)
    return result if bias is None else result + bias.view(-1, *(1,) * len(kernel))


def _conv(name, dims):
    @checked
    def conv(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
        kernel = shape_of(weight)[2:]
        _check(name, dims, input, weight, groups, weight.size(1) * groups, kernel)
        stride, dilation = numbers(stride, dims, 'stride'), numbers(dilation, dims, 'dilation')
        batched = input if input.dim() == dims + 2 else input.unsqueeze(0)
        if padding == 'same':
            batched, padding = _same_padding(batched, dims, kernel, stride, dilation)
        elif padding == 'valid':
            padding = 0
        out = _convolved(batched, weight, bias, stride, numbers(padding, dims, 'padding'), dilation, groups)
        return out if input.dim() == dims + 2 else out.squeeze(0)

    conv.__name__ = conv.__qualname__ = name
    conv.__doc__ = (
        f'input (N, C, {dims} sizes), weight (out, C / groups, {dims} kernel sizes) -> (N, out, ...).'
    )
    return conv


def _stretched(input, stride):
    """Zeros between the elements of the last dimensions, so that neighbours are `stride` apart."""
    sizes = shape_of(input)
    spatial = [(n - 1) * s + 1 for n, s in zip(sizes[2:], stride)]
    if spatial == list(sizes[2:]):
        return input
    out = input.new_zeros(*sizes[:2], *spatial)
    out[(slice(None), slice(None), *(slice(None, None, s) for s in stride))] = input
    return out


def _conv_transpose(name, dims):
    @checked
    def conv_transpose(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
        kernel = shape_of(weight)[2:]
        _check(name, dims, input, weight, groups, weight.size(0), kernel)
        stride, padding = numbers(stride, dims, 'stride'), numbers(padding, dims, 'padding')
        dilation = numbers(dilation, dims, 'dilation')
        extra = numbers(output_padding, dims, 'output_padding')
        for more, step, spread in zip(extra, stride, dilation):
            if more and more >= max(step, spread):
                raise RuntimeError(
                    'output padding must be smaller than either stride or dilation, but got '
                    f'output_padding: {more} stride: {step} dilation: {spread}'
                )
        batched = input if input.dim() == dims + 2 else input.unsqueeze(0)
        around = [d * (k - 1) - p for k, d, p in zip(kernel, dilation, padding)]
        stretched = padded(_stretched(batched, stride), around, [a + more for a, more in zip(around, extra)])
        # The kernel of the other direction: turned round, and its channels exchanged within each group.
        turned = weight.flip(*range(2, dims + 2)).reshape(groups, -1, weight.size(1), *kernel)
        turned = turned.transpose(1, 2).reshape(groups * weight.size(1), -1, *kernel)
        out = _convolved(stretched, turned, bias, (1,) * dims, (0,) * dims, dilation, groups)
        return out if input.dim() == dims + 2 else out.squeeze(0)

    conv_transpose.__name__ = conv_transpose.__qualname__ = name
    conv_transpose.__doc__ = f'The adjoint of conv{dims}d: weight (C, out / groups, {dims} kernel sizes).'
    return conv_transpose


conv1d, conv2d, conv3d = (_conv(f'conv{n}d', n) for n in (1, 2, 3))
conv_transpose1d, conv_transpose2d, conv_transpose3d = (
    _conv_transpose(f'conv_transpose{n}d', n) for n in (1, 2, 3)
)


@checked
def conv_tbc(input, weight, bias, pad=0):
    """conv1d of input (T, B, C) with weight (kernel, C, out)."""
    return conv1d(input.permute(1, 2, 0), weight.permute(2, 1, 0), bias, 1, pad).permute(2, 0, 1)


@checked
def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """(N, C, H, W) or (C, H, W) -> (N, C * elements of a window, windows)"""
    if input.dim() not in (3, 4):
        raise RuntimeError(
            'Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions '
            f'for input, but got: {list(shape_of(input))}'
        )
    batched = input if input.dim() == 4 else input.unsqueeze(0)
    sizes = [numbers(value, 2) for value in (kernel_size, stride, dilation, padding)]
    columns, _ = patches(batched, *sizes)
    out = columns.transpose(0, 1).contiguous()
    return out if input.dim() == 4 else out.squeeze(0)


@checked
def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """(N, C * elements of a window, windows) -> (N, C, H, W): the windows added up where they overlap."""
    if input.dim() not in (2, 3):
        raise RuntimeError(
            'Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero '
            f'dimensions for input, but got: {list(shape_of(input))}'
        )
    batched = input if input.dim() == 3 else input.unsqueeze(0)
    size, kernel, stride, dilation, padding = (
        numbers(value, 2) for value in (output_size, kernel_size, stride, dilation, padding)
    )
    out = [out_length(*each) for each in zip(size, kernel, stride, dilation, padding)]
    elements, places = math.prod(kernel), math.prod(out)
    if batched.size(1) % elements:
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
            f'input.size(1)={batched.size(1)} and kernel_size={kernel}.'
        )
    if batched.size(2) != places:
        raise RuntimeError(
            f'Given output_size={size}, kernel_size={kernel}, dilation={dilation}, padding={padding}, '
            f"stride={stride}, expected size of input's dimension 2 to match the calculated number of "
            f'sliding blocks {out[0]} * {out[1]} = {places}, but got input.size(2)={batched.size(2)}.'
        )
    columns = batched.transpose(0, 1).reshape(batched.size(1), -1)
    sizes = (batched.size(0), batched.size(1) // elements, *size)
    pairs = (2, *kernel, 2, *dilation, 2, *padding, 2, *stride)
    result = wrap(native.col2im(columns._h, 4, *sizes, *pairs))
    return result if input.dim() == 3 else result.squeeze(0)
