"""Reductions, extremes, sorting and cumulative sums."""

from collections import namedtuple

import torch._native as native
from torch._dtype import bool_, code_of, float32, int64
from torch._tensor import Tensor, function, operation, wrap


def dims(dim):
    """A `dim` argument (None, a number or several) as the engine takes one."""
    if dim is None:
        return (0,)
    return (1, dim) if isinstance(dim, int) else (len(dim), *dim)


def _pair(name):
    """The class of a result of two tensors, values and indices."""
    return printed_by_line(namedtuple(name, ('values', 'indices'), module='torch.return_types'))


def printed_by_line(cls):
    """The class, printed as torch.return_types are: a field a line."""

    def represent(self):
        fields = ',\n'.join(f'{field}={value}' for field, value in zip(self._fields, self, strict=True))
        return f'torch.return_types.{cls.__name__}(\n{fields})'

    cls.__repr__ = represent
    return cls


return_types = {
    name: _pair(name)
    for name in (
        *('max', 'min', 'sort', 'topk', 'median', 'nanmedian', 'mode', 'kthvalue', 'cummax', 'cummin'),
    )
}


def two(kind, first):
    """Two results of an operation, `first` and what the engine still holds, as torch.return_types.<kind>."""
    return return_types[kind](wrap(first), wrap(native.more()))


@operation
def sum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over dim, or over everything; of integers an int64."""
    return wrap(native.sum(input._h, *dims(dim), keepdim, None if dtype is None else code_of(dtype)))


@operation
def mean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean over dim, or over everything."""
    source = input if dtype is None else input.to(dtype)
    return wrap(native.mean(source._h, *dims(dim), keepdim))


@operation
def nansum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum, NaN counting as 0."""
    return sum(input.masked_fill(input.isnan(), 0), dim, keepdim, dtype=dtype)


@operation
def prod(input, dim=None, keepdim=False, *, dtype=None):
    """The product of all elements, or along one dimension."""
    source = input if dtype is None else input.to(dtype)
    return wrap(native.prod(source._h) if dim is None else native.prod_dim(source._h, dim, keepdim))


def _variance_arguments(dim, unbiased, correction):
    if isinstance(dim, bool):  # var(unbiased)
        dim, unbiased = None, dim
    if unbiased is not None:
        if correction is not None:
            raise TypeError('var() takes unbiased or correction, not both')
        correction = int(unbiased)
    return dim, 1 if correction is None else correction


@operation
def var(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """The variance: the sum of squared deviations over n - correction (1, or 0 for unbiased=False)."""
    dim, correction = _variance_arguments(dim, unbiased, correction)
    return wrap(native.var(input._h, *dims(dim), correction, keepdim))


@operation
def std(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """The square root of var."""
    dim, correction = _variance_arguments(dim, unbiased, correction)
    return wrap(native.std(input._h, *dims(dim), correction, keepdim))


@function
def var_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """var and mean."""
    reduced = None if isinstance(dim, bool) else dim
    return var(input, dim, unbiased, keepdim, correction=correction), mean(input, reduced, keepdim)


@function
def std_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """std and mean."""
    reduced = None if isinstance(dim, bool) else dim
    return std(input, dim, unbiased, keepdim, correction=correction), mean(input, reduced, keepdim)


@operation
def logsumexp(input, dim, keepdim=False):
    """log(sum(exp(input))), safe against overflow."""
    return wrap(native.logsumexp(input._h, *dims(dim), keepdim))


@operation
def norm(input, p='fro', dim=None, keepdim=False, dtype=None):
    """The p-norm of the elements over dim, or over everything."""
    source = input if dtype is None else input.to(dtype)
    if isinstance(p, str) and p != 'fro':
        raise NotImplementedError(f'norm(p={p!r}) is not supported')
    return wrap(native.norm(source._h, 2.0 if p is None or p == 'fro' else float(p), *dims(dim), keepdim))


@operation
def dist(input, other, p=2):
    """The p-norm of input - other."""
    return norm(input - other, p)


@operation
def any(input, dim=None, keepdim=False):
    """Whether any element is true (not zero)."""
    return wrap(native.any(input._h, *dims(dim), keepdim))


@operation
def all(input, dim=None, keepdim=False):
    """Whether all elements are true (not zero)."""
    return wrap(native.all(input._h, *dims(dim), keepdim))


@operation
def count_nonzero(input, dim=None):
    """How many elements are not zero."""
    return sum(input != 0, dim)


@operation
def cumsum(input, dim, *, dtype=None):
    """The running sum along dim."""
    source = input if dtype is None else input.to(dtype)
    return wrap(native.cumsum(source._h, dim))


@operation
def cumprod(input, dim, *, dtype=None):
    """The running product along dim."""
    source = input if dtype is None else input.to(dtype)
    return wrap(native.cumprod(source._h, dim))


@operation
def logcumsumexp(input, dim):
    """The logarithm of the running sum of exponentials along dim."""
    return wrap(native.logcumsumexp(input._h, dim))


@operation
def cummax(input, dim):
    """The greatest so far along dim, and its places."""
    return two('cummax', native.cummax(input._h, dim))


@operation
def cummin(input, dim):
    """The least so far along dim, and its places."""
    return two('cummin', native.cummin(input._h, dim))


# --- extremes
def _define_extreme(name):
    of_all, of_dim, of_two = (getattr(native, n) for n in (name, f'{name}_dim', f'{name}imum'))

    def extreme(input, dim=None, keepdim=False, *, other=None):
        if isinstance(dim, Tensor):
            dim, other = None, dim
        if other is not None:
            return wrap(of_two(input._h, other._h))
        if dim is None:
            return wrap(of_all(input._h))
        return two(name, of_dim(input._h, dim, keepdim))

    def over_dims(input, dim=(), keepdim=False):
        reduced = (dim,) if isinstance(dim, int) else tuple(dim) or tuple(range(input.dim()))
        result = input
        for axis in sorted((axis % (input.dim() or 1) for axis in reduced), reverse=True):
            result = wrap(of_dim(result._h, axis, keepdim))
            wrap(native.more())
        return result

    extreme.__name__, over_dims.__name__ = name, f'a{name}'
    extreme.__doc__ = (
        f'The {name}imum of all, or values and indices of the {name}ima along dim, or of two tensors.'
    )
    over_dims.__doc__ = f'The {name}ima over dim, one or several.'
    operation(extreme)
    operation(over_dims)


_define_extreme('max')
_define_extreme('min')


@operation
def aminmax(input, *, dim=None, keepdim=False):
    """The minima and the maxima."""
    reduced = () if dim is None else dim
    if dim is not None and input.dim() and native.size(input._h, dim) == 0:
        raise IndexError(f'aminmax: Expected reduction dim {dim % input.dim()} to have non-zero size.')
    return _MinMax(input.amin(reduced, keepdim), input.amax(reduced, keepdim))


_MinMax = printed_by_line(namedtuple('aminmax', ('min', 'max'), module='torch.return_types'))


@operation
def argmax(input, dim=None, keepdim=False):
    """The int64 place of the maximum, in the flattened tensor or along dim."""
    return wrap(native.argmax(input._h, dim, keepdim))


@operation
def argmin(input, dim=None, keepdim=False):
    """The int64 place of the minimum, in the flattened tensor or along dim."""
    return wrap(native.argmin(input._h, dim, keepdim))


@operation
def sort(input, dim=-1, descending=False, *, stable=False):
    """Values sorted along dim, and their int64 places."""
    return two('sort', native.sort(input._h, dim, descending, stable))


@operation
def argsort(input, dim=-1, descending=False, *, stable=False):
    """The places that sort the input along dim."""
    return sort(input, dim, descending, stable=stable).indices


@operation
def topk(input, k, dim=-1, largest=True, sorted=True):
    """The k largest (or smallest) along dim and their places."""
    return two('topk', native.topk(input._h, k, dim, largest, sorted))


@operation
def bincount(input, weights=None, minlength=0):
    """How often each value occurs, or the sum of its weights; input (N) of integers from 0."""
    if input.is_floating_point() or input.dtype is bool_:
        raise NotImplementedError(f'"bincount_cpu" not implemented for \'{input.dtype.type_name}\'')
    if minlength < 0:
        raise RuntimeError('minlength should be >= 0')
    if input.dim() != 1 or (input.numel() and int(input.min()) < 0):
        raise RuntimeError('bincount only supports 1-d non-negative integral inputs.')
    size = max(minlength, int(input.max()) + 1 if input.numel() else 0)
    if weights is None:
        counts = input.new_ones(input.shape, dtype=int64)
    else:
        counts = weights if weights.dtype is float32 else weights.double()
    return counts.new_zeros(size).scatter_add(0, input.long(), counts)


# --- comparing whole tensors
@operation
def equal(input, other):
    """Whether both have the same sizes and elements."""
    return native.equal(input._h, other._h)


@operation
def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether |input - other| <= atol + rtol * |other|, element by element."""
    close = (input == other) | (((input - other).abs() <= atol + (rtol * other).abs()) & other.isfinite())
    return close | (input.isnan() & other.isnan()) if equal_nan else close


@operation
def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether all are close."""
    return bool(isclose(input, other, rtol, atol, equal_nan).all())
