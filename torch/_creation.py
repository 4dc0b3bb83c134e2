"""New tensors filled by rule."""

import math
from itertools import chain

import torch._native as native
from torch._data import inferred_dtype, tensor
from torch._dtype import code_of, dtypes, get_default_dtype, int64, scalar
from torch._shape import flat, shape_of
from torch._tensor import Tensor, function, method, wrap
from torch._types import check_layout, check_memory_format, placed


# Options that change nothing here (pin_memory, non_blocking) are taken; those that would are refused.
def options(dtype, layout, device, memory_format=None):
    placed(device)
    check_layout(layout)
    check_memory_format(memory_format)
    return None if dtype is None else dtypes[code_of(dtype)]


def moved(handle, device):
    """The tensor of a new handle, on the device asked for."""
    number = placed(device)
    return wrap(native.to_device(handle, number) if number else handle)


def finished(out, requires_grad):
    """`out`, a leaf that requires grad where asked."""
    if requires_grad:
        native.set_requires_grad(out._h, True)
    return out


@function
def empty(
    *size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False, memory_format=None
):
    """Uninitialised memory of these sizes."""
    kind = options(dtype, layout, device, memory_format) or get_default_dtype()
    return finished(wrap(native.empty(*flat(size), kind.code, placed(device))), requires_grad)


@function
def full(size, fill_value, *, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """One number everywhere; its dtype that of the number where none is given."""
    kind = options(dtype, layout, device)
    if kind is None:
        value = fill_value.item() if isinstance(fill_value, Tensor) else fill_value
        kind = inferred_dtype([value])
    return finished(
        wrap(native.full(*flat((size,)), *scalar(fill_value), kind.code, placed(device))), requires_grad
    )


@function
def zeros(*size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """Zeros of these sizes."""
    kind = options(dtype, layout, device) or get_default_dtype()
    return finished(wrap(native.zeros(*flat(size), kind.code, placed(device))), requires_grad)


@function
def ones(*size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """Ones of these sizes."""
    kind = options(dtype, layout, device) or get_default_dtype()
    return finished(wrap(native.full(*flat(size), 1, 1, kind.code, placed(device))), requires_grad)


def like(input, dtype, layout, device, memory_format):
    """The sizes of `input`, and the dtype and the device given, or its own."""
    kind = options(dtype, layout, device, memory_format) or dtypes[native.dtype(input._h)]
    return shape_of(input), kind, input.device if device is None else device


@function
def empty_like(input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None):
    """Uninitialised memory of input's sizes and dtype."""
    sizes, kind, device = like(input, dtype, layout, device, memory_format)
    return empty(sizes, dtype=kind, device=device, requires_grad=requires_grad)


@function
def full_like(
    input, fill_value, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None
):
    """One number everywhere, in input's sizes and dtype."""
    sizes, kind, device = like(input, dtype, layout, device, memory_format)
    return full(sizes, fill_value, dtype=kind, device=device, requires_grad=requires_grad)


@function
def zeros_like(input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None):
    """Zeros of input's sizes and dtype."""
    sizes, kind, device = like(input, dtype, layout, device, memory_format)
    return zeros(sizes, dtype=kind, device=device, requires_grad=requires_grad)


@function
def ones_like(input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None):
    """Ones of input's sizes and dtype."""
    sizes, kind, device = like(input, dtype, layout, device, memory_format)
    return ones(sizes, dtype=kind, device=device, requires_grad=requires_grad)


@method
def new_tensor(self, data, *, dtype=None, device=None, requires_grad=False):
    """tensor(data) of self's dtype."""
    return tensor(data, dtype=dtype or self.dtype, device=device or self.device, requires_grad=requires_grad)


@method
def new_empty(self, *size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """empty(size) of self's dtype."""
    return empty(
        *size,
        dtype=dtype or self.dtype,
        layout=layout,
        device=device or self.device,
        requires_grad=requires_grad,
    )


@method
def new_zeros(self, *size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """zeros(size) of self's dtype."""
    return zeros(
        *size,
        dtype=dtype or self.dtype,
        layout=layout,
        device=device or self.device,
        requires_grad=requires_grad,
    )


@method
def new_ones(self, *size, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """ones(size) of self's dtype."""
    return ones(
        *size,
        dtype=dtype or self.dtype,
        layout=layout,
        device=device or self.device,
        requires_grad=requires_grad,
    )


@method
def new_full(
    self, size, fill_value, *, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False
):
    """full(size, fill_value) of self's dtype."""
    kind = dtype or self.dtype
    return full(
        size, fill_value, dtype=kind, layout=layout, device=device or self.device, requires_grad=requires_grad
    )


@function
def arange(
    start, end=None, step=1, *, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False
):
    """start, start + step, ... up to but not including end; int64 where all three are integers."""
    if end is None:
        start, end = 0, start
    bounds = [value.item() if isinstance(value, Tensor) else value for value in (start, end, step)]
    kind = options(dtype, layout, device)
    if kind is None:
        kind = int64 if all(isinstance(value, int) for value in bounds) else get_default_dtype()
    scalars = chain.from_iterable(map(scalar, bounds))
    return finished(moved(native.arange(*scalars, kind.code), device), requires_grad)


@function
def linspace(start, end, steps, *, dtype=None, layout=None, device=None, requires_grad=False):
    """`steps` numbers from start to end, both included."""
    kind = options(dtype, layout, device) or get_default_dtype()
    return finished(
        moved(native.linspace(float(start), float(end), int(steps), kind.code), device), requires_grad
    )


@function
def logspace(start, end, steps, base=10.0, *, dtype=None, layout=None, device=None, requires_grad=False):
    """base to the power of linspace."""
    powers = linspace(start, end, steps, dtype=dtype, layout=layout, device=device)
    return finished((powers * math.log(base)).exp() if base != 10.0 else 10.0**powers, requires_grad)


@function
def eye(n, m=None, *, dtype=None, layout=None, device=None, requires_grad=False):
    """Ones on the diagonal of an n by m (or n by n) matrix of zeros."""
    kind = options(dtype, layout, device) or get_default_dtype()
    return finished(moved(native.eye(n, n if m is None else m, kind.code), device), requires_grad)


@function
def tril_indices(row, col, offset=0, *, dtype=int64, device=None, layout=None):
    """The row and column numbers (2, n) of a matrix's lower triangle."""
    return ones(row, col, device=device, layout=layout).tril(offset).nonzero().t().to(dtype)


@function
def triu_indices(row, col, offset=0, *, dtype=int64, device=None, layout=None):
    """The row and column numbers (2, n) of a matrix's upper triangle."""
    return ones(row, col, device=device, layout=layout).triu(offset).nonzero().t().to(dtype)


@function
def scalar_tensor(s, *, dtype=None, layout=None, device=None, requires_grad=False):
    """A tensor of no dimensions."""
    return full(
        (), s, dtype=get_default_dtype() if dtype is None else dtype, layout=layout, device=device
    ).requires_grad_(requires_grad)


# --- the constructors of old
def legacy_tensor(*data, device=None):
    """torch.Tensor(...): sizes, or data, in the default dtype."""
    placed(device)
    if len(data) == 1 and isinstance(data[0], Tensor):
        return data[0].detach()
    if len(data) == 1 and isinstance(data[0], (list, tuple)) and not hasattr(data[0], 'numel'):
        return tensor(data[0], dtype=get_default_dtype())
    if not data:
        return empty(0)
    return empty(*data)


def _legacy_class(kind):
    def make(*data):
        if len(data) == 1 and isinstance(data[0], (list, tuple)):
            return tensor(data[0], dtype=kind)
        return empty(*(data or (0,)), dtype=kind)

    make.__name__ = make.__qualname__ = f'{kind.type_name}Tensor'
    make.__doc__ = f'A tensor of {kind} from data or, uninitialised, of sizes.'
    return function(make)


for _kind in dtypes:
    _legacy_class(_kind)
