"""x[...] and x[...] = y, in terms of select, slice, unsqueeze and the engine's index and index_put_."""

import torch._native as native
from torch._dtype import bool_, dtypes, int64, scalar
from torch._shape import flat, shape_of
from torch._tensor import Tensor, method, operation, wrap

_MASKS = (0, 1)  # codes of bool and uint8


def _consumed(item):
    """How many dimensions an item of an index takes up."""
    if item is None or item is Ellipsis or isinstance(item, bool):
        return 0
    if isinstance(item, Tensor) and native.dtype(item._h) in _MASKS:
        return native.dim(item._h)
    return 1


def _as_items(index):
    """An index as a list of ints, slices, None, bools and tensors, without Ellipsis."""
    items = list(index) if isinstance(index, tuple) else [index]
    return list(map(_as_item, items))


def _as_item(item):
    if isinstance(item, (list, tuple, range)):
        return _sequence(item)
    if isinstance(item, Tensor) and native.dim(item._h) == 0 and native.dtype(item._h) not in _MASKS:
        return item.item()
    return item


def _sequence(values):
    from torch._data import tensor  # which needs this module

    made = tensor(list(values))
    return made if native.numel(made._h) else made.to(int64)


def _without_ellipsis(items, dims):
    """Ellipsis as so many whole slices as are missing."""
    places = [i for i, item in enumerate(items) if item is Ellipsis]
    missing = dims - sum(map(_consumed, items))
    if missing < 0:
        raise IndexError(f'too many indices for tensor of dimension {dims}')
    if not places:
        return items
    if len(places) > 1:
        raise IndexError('an index can only have a single ellipsis')
    at = places[0]
    return items[:at] + [slice(None)] * missing + items[at + 1 :]


def _select(tensor, dim, index, named_dim=None):
    """One index of a dimension; `named_dim` is where the script sees that dimension."""
    try:
        return wrap(native.select(tensor._h, dim, index))
    except IndexError:
        if native.dim(tensor._h) == 0:
            raise IndexError(
                'invalid index of a 0-dim tensor. '
                'Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a '
                'number'
            ) from None
        size = native.size(tensor._h, dim)
        place = dim if named_dim is None else named_dim
        raise IndexError(f'index {index} is out of bounds for dimension {place} with size {size}') from None


def _slice(tensor, dim, item):
    if item.step is not None and item.step.__index__() <= 0:
        raise ValueError('step must be greater than zero')
    size = native.size(tensor._h, dim)
    start, stop, step = item.indices(size)
    if start == 0 and stop == size and step == 1:
        return tensor
    return wrap(native.slice(tensor._h, dim, start, max(start, stop), step))


def _viewed(tensor, index):
    """The part of an index that is a view, taken; and what is left: tensors, None for a whole dimension."""
    items = _without_ellipsis(_as_items(index), native.dim(tensor._h))
    out, dim, place, left = tensor, 0, 0, []
    for item in items:
        if isinstance(item, bool) or (isinstance(item, Tensor) and native.dim(item._h) == 0):
            out = wrap(native.unsqueeze(out._h, dim))
            left += [None] * (dim - len(left)) + [wrap(native.full(1, 1, 0, int(bool(item)), bool_.code))]
            dim += 1
        elif item is None:
            out = wrap(native.unsqueeze(out._h, dim))
            dim += 1
        elif isinstance(item, slice):
            out = _slice(out, dim, item)
            dim, place = dim + 1, place + 1
        elif isinstance(item, Tensor):
            if dtypes[native.dtype(item._h)].is_floating_point:
                raise IndexError('tensors used as indices must be long, int, byte or bool tensors')
            taken = _consumed(item)
            left += [None] * (dim - len(left)) + [item] + [_TAKEN] * (taken - 1)
            dim, place = dim + taken, place + taken
        elif hasattr(item, '__index__'):
            out = _select(out, dim, item.__index__(), place)
            place += 1
        else:
            raise IndexError(
                'only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid '
                f'indices (got {type(item).__name__})'
            )
    return out, left


_TAKEN = object()  # a dimension that the mask before it takes up


def _arguments(left):
    chosen = [0 if item is None else item._h for item in left if item is not _TAKEN]
    return len(chosen), *chosen


def _getitem(self, index):
    if type(index) is int:
        return _select(self, 0, index)
    if type(index) is slice and native.dim(self._h):
        view, left = _slice(self, 0, index), None
    else:
        view, left = _viewed(self, index)
    if left:
        return wrap(native.index(view._h, *_arguments(left)))
    return wrap(native.view(self._h, *flat((shape_of(self),)))) if view is self else view


def _fitted(value, sizes):
    """value without the leading dimensions of size 1 that the place it goes to does not have."""
    while native.dim(value._h) > len(sizes) and native.size(value._h, 0) == 1:
        value = _select(value, 0, 0)
    return value


def _setitem(self, index, value):
    view, left = _viewed(self, index)
    if not isinstance(value, (Tensor, bool, int, float)):
        raise TypeError(f"can't assign a {type(value).__name__} to a torch.{self.dtype.type_name}Tensor")
    if not left:
        if isinstance(value, Tensor):
            fitted = _fitted(value, shape_of(view))
            native.copy_(view._h, fitted._h)
        else:
            native.fill_(view._h, *scalar(value))
        return
    code = native.dtype(self._h)
    if not isinstance(value, Tensor):
        value = wrap(native.full(0, *scalar(value), code))
    elif native.dtype(value._h) != code:
        if native.dim(value._h):
            given, wanted = dtypes[native.dtype(value._h)].type_name, dtypes[code].type_name
            raise RuntimeError(
                'Index put requires the source and destination dtypes match, '
                f'got {wanted} for the destination and {given} for the source.'
            )
        value = value.to(dtypes[code])
    native.index_put_(view._h, *_arguments(left), value._h, False)


def _iter(self):
    if native.dim(self._h) == 0:
        raise TypeError('iteration over a 0-d tensor')
    return iter([wrap(native.select(self._h, 0, i)) for i in range(native.size(self._h, 0))])


def _len(self):
    if native.dim(self._h) == 0:
        raise TypeError('len() of a 0-d tensor')
    return native.size(self._h, 0)


def _contains(self, element):
    if not isinstance(element, (Tensor, bool, int, float)):
        raise RuntimeError(
            f'Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}.'
        )
    return bool((self == element).any())


def _reversed(self):
    return self.flip(0) if native.dim(self._h) else self


Tensor.__getitem__, Tensor.__setitem__, Tensor.__iter__ = _getitem, _setitem, _iter
Tensor.__len__, Tensor.__contains__, Tensor.__reversed__ = _len, _contains, _reversed


@method
def index_put_(self, indices, values, accumulate=False):
    """Writes (or adds) values where x[indices] would read them."""
    native.index_put_(self._h, *_arguments(indices), values._h, bool(accumulate))
    return self


@operation
def index_put(input, indices, values, accumulate=False):
    """A copy with values written (or added) where x[indices] would read them."""
    return index_put_(input.clone(), indices, values, accumulate)
