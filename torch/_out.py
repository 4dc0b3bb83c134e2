"""The argument `out` of torch.f: the result is written into a tensor that is there."""

import torch._native as native
from torch._conversion import to
from torch._pointwise import write_result
from torch._tensor import Tensor, replace_handle
from torch.autograd.grad_mode import is_grad_enabled


def _write(name, out, result):
    if not isinstance(out, Tensor):
        raise TypeError(f"{name}(): argument 'out' must be Tensor, not {type(out).__name__}")
    if is_grad_enabled() and (result.requires_grad or out.requires_grad):
        raise RuntimeError(
            f"{name}(): functions with out=... arguments don't support automatic differentiation, "
            'but one of the arguments requires grad.'
        )
    if native.sizes(out._h) == native.sizes(result._h):
        return write_result(out, result)
    if native.numel(out._h):
        raise NotImplementedError(f'{name}(out=...) of other sizes than the result is not supported')
    value = to(result, out.dtype)
    replace_handle(out, native.clone(value._h))
    return out


def write_out(name, out, result):
    """Writes what torch.`name` gave into `out`, a tensor or as many as there are results; an empty one may grow."""
    if not isinstance(result, tuple):
        return _write(name, out, result)
    for target, value in zip(out, result, strict=True):
        _write(name, target, value)
    return type(result)(*out) if hasattr(result, '_fields') else tuple(out)
