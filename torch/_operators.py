"""Python's operators on tensors. What they do not know they leave to Python, by NotImplemented."""

import torch._native as native
from torch._dtype import KINDS
from torch._pointwise import operand, refuse_bool
from torch._tensor import Tensor, wrap


def _add(self, other):
    if isinstance(other, Tensor):
        return wrap(native.add(self._h, other._h, 1))
    kind = KINDS.get(type(other))
    return NotImplemented if kind is None else wrap(native.add_scalar(self._h, kind, other))


def _sub(self, other):
    if isinstance(other, Tensor):
        return wrap(native.sub(self._h, other._h, 1))
    if type(other) not in KINDS:
        return NotImplemented
    refuse_bool(self, other)
    return wrap(native.add_scalar(self._h, KINDS[type(other)], -other))


def _rsub(self, other):
    if type(other) not in KINDS:
        return NotImplemented
    refuse_bool(self, other)
    return wrap(native.rsub_scalar(self._h, KINDS[type(other)], other))


def _mul(self, other):
    if isinstance(other, Tensor):
        return wrap(native.mul(self._h, other._h))
    kind = KINDS.get(type(other))
    return NotImplemented if kind is None else wrap(native.mul_scalar(self._h, kind, other))


def _div(self, other):
    if isinstance(other, Tensor):
        return wrap(native.div(self._h, other._h))
    kind = KINDS.get(type(other))
    return NotImplemented if kind is None else wrap(native.div_scalar(self._h, kind, other))


def _rdiv(self, other):
    return self.reciprocal() * other if type(other) in KINDS else NotImplemented


def _matmul(self, other):
    return wrap(native.matmul(self._h, other._h)) if isinstance(other, Tensor) else NotImplemented


Tensor.__add__ = Tensor.__radd__ = _add
Tensor.__sub__, Tensor.__rsub__ = _sub, _rsub
Tensor.__mul__ = Tensor.__rmul__ = _mul
Tensor.__truediv__, Tensor.__rtruediv__ = _div, _rdiv
Tensor.__matmul__ = _matmul
Tensor.__neg__ = Tensor.neg
Tensor.__abs__ = Tensor.abs
Tensor.__invert__ = Tensor.bitwise_not
Tensor.__pos__ = lambda self: self


def _forward(method):
    """An operator that is the method, for tensors and numbers."""

    def operator(self, other):
        if isinstance(other, Tensor) or type(other) in KINDS:
            return method(self, other)
        return NotImplemented

    return operator


def _reflected(method):
    """An operator with the number on the left."""

    def operator(self, other):
        return method(operand(self, other), self) if type(other) in KINDS else NotImplemented

    return operator


for _name, _method in {
    **{f'__{name}__': getattr(Tensor, name) for name in ('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'pow')},
    **{'__floordiv__': Tensor.floor_divide, '__mod__': Tensor.remainder},
    **{'__and__': Tensor.bitwise_and, '__or__': Tensor.bitwise_or, '__xor__': Tensor.bitwise_xor},
    **{'__rand__': Tensor.bitwise_and, '__ror__': Tensor.bitwise_or, '__rxor__': Tensor.bitwise_xor},
    **{
        '__iadd__': Tensor.add_,
        '__isub__': Tensor.sub_,
        '__imul__': Tensor.mul_,
        '__itruediv__': Tensor.div_,
    },
    **{'__ipow__': Tensor.pow_, '__ifloordiv__': Tensor.floor_divide_, '__imod__': Tensor.remainder_},
    **{'__iand__': Tensor.bitwise_and_, '__ior__': Tensor.bitwise_or_, '__ixor__': Tensor.bitwise_xor_},
}.items():
    setattr(Tensor, _name, _forward(_method))

Tensor.__rpow__ = _reflected(Tensor.pow)
Tensor.__rfloordiv__ = _reflected(Tensor.floor_divide)
Tensor.__rmod__ = _reflected(Tensor.remainder)
Tensor.__hash__ = object.__hash__
