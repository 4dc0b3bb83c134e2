"""A module's parameters and buffers in other types."""

from torch._creation import empty_like
from torch._tensor import Tensor
from torch._types import device as Device
from torch._types import placed


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
        """Parameters and buffers on another device, those of floating point with another dtype."""
        probe_dtype = _wanted_dtype(args, kwargs)
        if probe_dtype is not None and not probe_dtype.is_floating_point:
            raise TypeError(
                f'nn.Module.to only accepts floating point or complex dtypes, but got desired {probe_dtype}'
            )
        device = _wanted_device(args, kwargs)

        def convert(t):
            if t.is_floating_point() or probe_dtype is None:
                return t.to(*args, **kwargs)
            return t if device is None else t.to(device)

        return self._apply(convert)

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
        placed(device)
        return self._apply(lambda t: empty_like(t, device=device), recurse)

    def cpu(self):
        """Parameters and buffers on the processor."""
        return self._apply(lambda t: t.cpu())

    def cuda(self, device=None):
        """Parameters and buffers on the GPU that the run was started with."""
        return self._apply(lambda t: t.cuda(device))

    def xpu(self, device=None):
        """Refused: there is no such device."""
        placed('xpu')

    def ipu(self, device=None):
        """Refused: there is no such device."""
        placed('ipu')

    def mtia(self, device=None):
        """Refused: there is no such device."""
        placed('mtia')


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


def _wanted_device(args, kwargs):
    given = [kwargs.get('device'), *(a.device if isinstance(a, Tensor) else a for a in args)]
    return next((d for d in given if isinstance(d, (str, Device)) or type(d) is int), None)


def _wanted_dtype(args, kwargs):
    given = [kwargs.get('dtype'), *(a.dtype if isinstance(a, Tensor) else a for a in args)]
    return next((d for d in given if hasattr(d, 'is_floating_point')), None)
