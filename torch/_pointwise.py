"""Elementwise operations on one tensor, on two, and on a tensor and a number."""

import torch._native as native
from torch._dtype import bool_, can_cast, dtypes, finfo, optional_scalar, promoted_with_scalar, scalar
from torch._tensor import Tensor, alias, function, method, operation, without_derivative, wrap


def _scalar_operand(tensor, number):
    """A Python number as a tensor of no dimensions, of the type the result will have."""
    kind, value = scalar(number)
    code = promoted_with_scalar(native.dtype(tensor._h), kind)
    return wrap(native.full(0, kind, value, code))


def operand(tensor, other):
    """`other` as a tensor to be combined with `tensor`."""
    return other if isinstance(other, Tensor) else _scalar_operand(tensor, other)


def write_result(target, result):
    """target <- result, as an in-place operation that broadcasts nothing and changes no type unasked."""
    given, wanted = (dtypes[native.dtype(t._h)] for t in (result, target))
    if given is not wanted and not can_cast(given, wanted):
        raise RuntimeError(
            f"result type {given.type_name} can't be cast to the desired output type {wanted.type_name}"
        )
    if native.sizes(result._h) != native.sizes(target._h):
        raise RuntimeError(
            f"output with shape [{native.sizes(target._h)}] doesn't match the broadcast shape "
            f'[{native.sizes(result._h)}]'
        )
    native.copy_(target._h, result._h)
    return target


# --- one tensor
def define_unary(name):
    """Declares the engine's function of one tensor, and its form in place."""

    def forward(input):
        return wrap(getattr(native, name)(input._h))

    def in_place(input):
        return write_result(input, forward(input))

    forward.__name__, in_place.__name__ = name, f'{name}_'
    operation(forward)
    operation(in_place)


for _name in (
    *('neg', 'abs', 'sign', 'exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'sqrt', 'rsqrt', 'square'),
    *('reciprocal', 'sin', 'cos', 'tan', 'erf', 'floor', 'ceil', 'trunc', 'sigmoid', 'tanh', 'relu'),
    *('logical_not', 'bitwise_not'),
):
    define_unary(_name)


def _define_test(name):
    engine = getattr(native, name)

    def forward(input):
        return wrap(engine(input._h))

    forward.__name__ = name
    operation(forward)


for _name in ('isnan', 'isinf', 'isfinite'):
    _define_test(_name)


@operation
def round(input, *, decimals=0):
    """To the nearest whole number (even where two are equally near), or to so many decimals."""
    if decimals == 0:
        return wrap(native.round(input._h))
    if not input.is_floating_point():
        raise NotImplementedError(f'"round_cpu" not implemented for \'{input.dtype.type_name}\'')
    return div(round(mul(input, 10.0**decimals)), 10.0**decimals)


@operation
def clamp(input, min=None, max=None):
    """Elements kept within [min, max]; each a number, a tensor or None."""
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        low = input if min is None else maximum(input, operand(input, min))
        return low if max is None else minimum(low, operand(input, max))
    return wrap(native.clamp(input._h, *optional_scalar(min), *optional_scalar(max)))


@operation
def clamp_(input, min=None, max=None):
    """clamp, in place."""
    native.clamp_(input._h, *optional_scalar(min), *optional_scalar(max))
    return input


@operation
def clamp_min(input, min):
    """Elements no less than min."""
    return clamp(input, min=min)


@operation
def clamp_max(input, max):
    """Elements no more than max."""
    return clamp(input, max=max)


@operation
def nan_to_num(input, nan=0.0, posinf=None, neginf=None):
    """NaN and the infinities replaced: by numbers given, the infinities else by the largest of the type."""
    limits = finfo(dtypes[native.dtype(input._h)])
    out = input.masked_fill(input.isnan(), nan)
    out = out.masked_fill(out == float('inf'), limits.max if posinf is None else posinf)
    return out.masked_fill(out == float('-inf'), limits.min if neginf is None else neginf)


# --- two tensors, or a tensor and a number


@operation
def add(input, other, *, alpha=1):
    """input + alpha * other"""
    if isinstance(other, Tensor):
        return wrap(native.add(input._h, other._h, alpha))
    return wrap(native.add_scalar(input._h, *scalar(other if alpha == 1 else alpha * other)))


def refuse_bool(tensor, number):
    """Subtraction of or from a bool is an error, as it is most often a mask turned round."""
    if isinstance(number, bool) or native.dtype(tensor._h) == bool_.code:
        raise RuntimeError(
            'Subtraction, the `-` operator, with a bool tensor is not supported. '
            'If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.'
        )


@operation
def sub(input, other, *, alpha=1):
    """input - alpha * other"""
    if isinstance(other, Tensor):
        return wrap(native.sub(input._h, other._h, alpha))
    refuse_bool(input, other)
    return wrap(native.add_scalar(input._h, *scalar(-alpha * other)))


@function
def rsub(input, other, *, alpha=1):
    """other - alpha * input"""
    if isinstance(other, Tensor):
        return sub(other, input, alpha=alpha)
    refuse_bool(input, other)
    subtracted = input if alpha == 1 else mul(input, alpha)
    return wrap(native.rsub_scalar(subtracted._h, *scalar(other)))


@operation
def mul(input, other):
    """input * other"""
    if isinstance(other, Tensor):
        return wrap(native.mul(input._h, other._h))
    return wrap(native.mul_scalar(input._h, *scalar(other)))


@operation
def div(input, other, *, rounding_mode=None):
    """input / other; rounding_mode None, 'trunc' or 'floor'."""
    if rounding_mode is not None:
        other = operand(input, other)
        return wrap(native.div_rounded(input._h, other._h, rounding_mode))
    if isinstance(other, Tensor):
        return wrap(native.div(input._h, other._h))
    return wrap(native.div_scalar(input._h, *scalar(other)))


@operation
def floor_divide(input, other):
    """The quotient rounded down."""
    if not isinstance(input, Tensor):
        input = operand(other, input)
    inputs = (input, other) if isinstance(other, Tensor) else (input,)
    return without_derivative(div(input, other, rounding_mode='floor'), 'floor_divide', *inputs)


@operation
def remainder(input, other):
    """Python's %, of other's sign."""
    other = operand(input, other)
    return wrap(native.remainder(input._h, other._h))


@operation
def fmod(input, other):
    """C's fmod, of input's sign."""
    other = operand(input, other)
    return wrap(native.fmod(input._h, other._h))


@operation
def pow(input, exponent):
    """input ** exponent; either may be a number."""
    if not isinstance(input, Tensor):
        return wrap(native.scalar_pow(*scalar(input), exponent._h))
    if isinstance(exponent, Tensor):
        return wrap(native.pow(input._h, exponent._h))
    return wrap(native.pow_scalar(input._h, *scalar(exponent)))


def _define_binary(name):
    engine = getattr(native, name)

    def forward(input, other):
        other = operand(input, other)
        return wrap(engine(input._h, other._h))

    forward.__name__ = name
    operation(forward)


for _name in ('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'bitwise_and', 'bitwise_or', 'bitwise_xor'):
    _define_binary(_name)
eq, ne, lt, le, gt, ge = (getattr(Tensor, _name) for _name in ('eq', 'ne', 'lt', 'le', 'gt', 'ge'))


@operation
def maximum(input, other):
    """The greater of each two elements."""
    return wrap(native.maximum(input._h, other._h))


@operation
def minimum(input, other):
    """The lesser of each two elements."""
    return wrap(native.minimum(input._h, other._h))


@operation
def logical_and(input, other):
    """Whether both are true (not zero)."""
    return ne(input, 0).bitwise_and(ne(other, 0))


@operation
def logical_or(input, other):
    """Whether one is true (not zero)."""
    return ne(input, 0).bitwise_or(ne(other, 0))


@operation
def logical_xor(input, other):
    """Whether exactly one is true (not zero)."""
    return ne(input, 0).bitwise_xor(ne(other, 0))


@operation
def addcmul(input, tensor1, tensor2, *, value=1):
    """input + value * tensor1 * tensor2"""
    return wrap(native.addcmul(input._h, tensor1._h, tensor2._h, value))


@operation
def addcdiv(input, tensor1, tensor2, *, value=1):
    """input + value * tensor1 / tensor2"""
    return wrap(native.addcdiv(input._h, tensor1._h, tensor2._h, value))


@operation
def lerp(input, end, weight):
    """input + weight * (end - input)"""
    if isinstance(weight, Tensor):
        return add(input, mul(sub(end, input), weight))
    return wrap(native.lerp(input._h, end._h, weight))


@function
def result_type(tensor1, tensor2):
    """The dtype that an operation on both has."""
    if isinstance(tensor1, Tensor) and isinstance(tensor2, Tensor):
        both = (t.new_zeros((1,) * native.dim(t._h)) for t in (tensor1, tensor2))
        return add(*both).dtype
    tensor, number = (tensor1, tensor2) if isinstance(tensor1, Tensor) else (tensor2, tensor1)
    return dtypes[promoted_with_scalar(native.dtype(tensor._h), scalar(number)[0])]


# --- in place
@method
def add_(input, other, *, alpha=1):
    """input += alpha * other"""
    if isinstance(other, Tensor):
        native.add_(input._h, other._h, alpha)
    else:
        native.add_scalar_(input._h, *scalar(other if alpha == 1 else alpha * other))
    return input


@method
def sub_(input, other, *, alpha=1):
    """input -= alpha * other"""
    if isinstance(other, Tensor):
        native.sub_(input._h, other._h, alpha)
    else:
        native.add_scalar_(input._h, *scalar(-alpha * other))
    return input


@method
def mul_(input, other):
    """input *= other"""
    if isinstance(other, Tensor):
        native.mul_(input._h, other._h)
    else:
        native.mul_scalar_(input._h, *scalar(other))
    return input


@method
def div_(input, other, *, rounding_mode=None):
    """input /= other"""
    if rounding_mode is not None:
        return write_result(input, div(input, other, rounding_mode=rounding_mode))
    if isinstance(other, Tensor):
        native.div_(input._h, other._h)
    else:
        native.div_scalar_(input._h, *scalar(other))
    return input


@method
def addcmul_(input, tensor1, tensor2, *, value=1):
    """input += value * tensor1 * tensor2"""
    native.addcmul_(input._h, tensor1._h, tensor2._h, value)
    return input


@method
def addcdiv_(input, tensor1, tensor2, *, value=1):
    """input += value * tensor1 / tensor2"""
    native.addcdiv_(input._h, tensor1._h, tensor2._h, value)
    return input


@method
def lerp_(input, end, weight):
    """input += weight * (end - input)"""
    if isinstance(weight, Tensor):
        return write_result(input, lerp(input, end, weight))
    native.lerp_(input._h, end._h, weight)
    return input


def define_in_place(definition):
    """Declares Tensor.f_ beside f."""

    def in_place(input, *arguments, **named):
        return write_result(input, definition(input, *arguments, **named))

    in_place.__name__ = f'{definition.__name__}_'
    in_place.__doc__ = f'{definition.__name__}, in place.'
    method(in_place)


for _operation in (round, pow, remainder, fmod, floor_divide, clamp_min, clamp_max, eq, ne, lt, le, gt, ge):
    define_in_place(_operation)
for _operation in (logical_and, logical_or, logical_xor, nan_to_num):
    define_in_place(_operation)
for _name in ('bitwise_and', 'bitwise_or', 'bitwise_xor'):
    define_in_place(getattr(Tensor, _name))

alias(Tensor.neg, 'negative')
alias(Tensor.abs, 'absolute')
alias(sub, 'subtract')
alias(mul, 'multiply')
alias(div, 'divide', 'true_divide')
alias(clamp, 'clip')
alias(Tensor.trunc, 'fix')
alias(ne, 'not_equal')
alias(lt, 'less')
alias(le, 'less_equal')
alias(gt, 'greater')
alias(ge, 'greater_equal')
