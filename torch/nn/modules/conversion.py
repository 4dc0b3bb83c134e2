"""A module's parameters and buffers in other types."""

from torch._creation import empty_like
from torch._tensor import Tensor
from torch._types import check_device


class Conversion:
    """The part of Module that converts."""

    def _apply(self, fn, recurse=True):
        """Replaces every parameter's and buffer's elements by what fn makes of them."""
        for module in self.modules() if recurse else (self,):
            for parameter in module._parameters.values():
                if parameter is not None:
                    _convert(parameter, fn)
            for name, buffer in module._buffers.items():
                if buffer is not None:
                    module._buffers[name] = fn(buffer)
        return self

    def to(self, *args, **kwargs):
        """Floating point parameters and buffers with another dtype; the device can only be the cpu."""
        probe_dtype = _wanted_dtype(args, kwargs)
        if probe_dtype is not None and not probe_dtype.is_floating_point:
            raise TypeError(
                f'nn.Module.to only accepts floating point or complex dtypes, but got desired {probe_dtype}'
            )
        return self._apply(
            lambda t: t.to(*args, **kwargs) if t.is_floating_point() or probe_dtype is None else t
        )

    def type(self, dst_type):
        """All parameters and buffers with another dtype."""
        return self._apply(lambda t: t.type(dst_type))

    def float(self):
        """Floating point parameters and buffers as float32."""
        return self._apply(lambda t: t.float() if t.is_floating_point() else t)

    def double(self):
        """Floating point parameters and buffers as float64."""
        return self._apply(lambda t: t.double() if t.is_floating_point() else t)

    def half(self):
        """Refused: float16 is not supported."""
        return self._apply(lambda t: t.half() if t.is_floating_point() else t)

    def bfloat16(self):
        """Refused: bfloat16 is not supported."""
        return self._apply(lambda t: t.bfloat16() if t.is_floating_point() else t)

    def to_empty(self, *, device, recurse=True):
        """Parameters and buffers of new memory, which nothing has been written to."""
        check_device(device)
        return self._apply(empty_like, recurse)

    def cpu(self):
        """The module, which is there already."""
        return self

    def cuda(self, device=None):
        """Refused: there is no CUDA device."""
        check_device('cuda')

    def xpu(self, device=None):
        """Refused: there is no such device."""
        check_device('xpu')

    def ipu(self, device=None):
        """Refused: there is no such device."""
        check_device('ipu')

    def mtia(self, device=None):
        """Refused: there is no such device."""
        check_device('mtia')


def _convert(parameter, fn):
    """Puts what fn makes of a parameter's elements, and of its gradient's, into the same object."""
    old, gradient = parameter.data, parameter.grad
    new = fn(old)
    if new is old:
        return
    parameter.grad = None
    parameter.data = new
    if gradient is not None:
        parameter.grad = fn(gradient.detach())


def _wanted_dtype(args, kwargs):
    given = [kwargs.get('dtype'), *(a.dtype if isinstance(a, Tensor) else a for a in args)]
    return next((d for d in given if hasattr(d, 'is_floating_point')), None)
