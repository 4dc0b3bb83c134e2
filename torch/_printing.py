"""How tensors look in print: PyTorch's columns, widths, scientific notation and ellipses."""

import math

import torch._native as native
from torch._dtype import bool_, get_default_dtype, int64
from torch._shape import shape_of
from torch._tensor import Tensor, functions


class _Options:
    precision = 4  # digits after the point
    threshold = 1000  # elements from which a tensor is abridged
    edgeitems = 3  # elements shown at each end then
    linewidth = 80
    sci_mode = None  # scientific notation: always, never, or as fits


_options = _Options()
_PROFILES = {
    'default': {'precision': 4, 'threshold': 1000, 'edgeitems': 3, 'linewidth': 80},
    'short': {'precision': 2, 'threshold': 1000, 'edgeitems': 2, 'linewidth': 80},
    'full': {'precision': 4, 'threshold': math.inf, 'edgeitems': 3, 'linewidth': 80},
}


def set_printoptions(
    precision=None, threshold=None, edgeitems=None, linewidth=None, profile=None, sci_mode=None
):
    """Changes how tensors are printed."""
    chosen = dict(_PROFILES[profile]) if profile is not None else {}
    given = {'precision': precision, 'threshold': threshold, 'edgeitems': edgeitems, 'linewidth': linewidth}
    chosen |= {name: value for name, value in given.items() if value is not None}
    for name, value in chosen.items():
        setattr(_options, name, value)
    _options.sci_mode = sci_mode


functions['set_printoptions'] = set_printoptions


_PREFIX = 'tensor('


class _Style:
    """How the elements of one tensor are written, all in one width."""

    def __init__(self, values, is_float):
        self.is_float = is_float
        self.is_whole, self.is_scientific, self.width = True, False, 1
        if not is_float:
            self.width = max((len(str(value)) for value in values), default=1)
            return
        shown = [value for value in values if value != 0 and math.isfinite(value)]
        self.is_whole = all(value == math.floor(value) for value in shown)
        if shown:
            least, most = min(map(abs, shown)), max(map(abs, shown))
            self.is_scientific = most / least > 1000.0 or most > 1e8 or (not self.is_whole and least < 1e-4)
        if _options.sci_mode is not None:
            self.is_scientific = _options.sci_mode
        self.width = max((len(self._number(value)) for value in shown), default=1)

    def _number(self, value):
        if self.is_scientific:
            return f'{value:.{_options.precision}e}'
        return f'{value:.0f}.' if self.is_whole else f'{value:.{_options.precision}f}'

    def __call__(self, value):
        if not self.is_float:
            text = str(value)
        elif math.isfinite(value):
            text = self._number(value)
        else:
            text = _special(value)
        return text.rjust(self.width)


def _special(value):
    return 'nan' if math.isnan(value) else 'inf' if value > 0 else '-inf'


def _abridged(tensor, is_whole):
    """The elements to be shown as nested lists, Ellipsis standing for those left out."""
    edge = _options.edgeitems
    if tensor.dim() == 0:
        return tensor.item()
    size = tensor.size(0)
    if is_whole or size <= 2 * edge:
        places = [tensor[i] for i in range(size)] if tensor.dim() > 1 else tensor.tolist()
        return [_abridged(part, is_whole) if isinstance(part, Tensor) else part for part in places]
    ends = [tensor[:edge], tensor[size - edge :]]
    if tensor.dim() == 1:
        return [*ends[0].tolist(), ..., *ends[1].tolist()]
    return [*(_abridged(t, False) for t in ends[0]), ..., *(_abridged(t, False) for t in ends[1])]


def _leaves(values):
    if not isinstance(values, list):
        return [] if values is ... else [values]
    return [leaf for value in values for leaf in _leaves(value)]


def _row(values, style, indent):
    """One row, broken into lines of at most linewidth."""
    width = style.width + 2
    per_line = max(1, (_options.linewidth - indent) // width)
    words = [' ...' if value is ... else style(value) for value in values]
    lines = [words[i : i + per_line] for i in range(0, len(words), per_line)]
    return '[' + (',\n' + ' ' * (indent + 1)).join(', '.join(line) for line in lines) + ']'


def _block(values, dims, style, indent):
    """Nested lists of `dims` dimensions, rows below each other, matrices a blank line apart."""
    if dims == 0:
        return style(values)
    if dims == 1:
        return _row(values, style, indent)
    parts = ['...' if value is ... else _block(value, dims - 1, style, indent + 1) for value in values]
    return '[' + (',' + '\n' * (dims - 1) + ' ' * (indent + 1)).join(parts) + ']'


def _contents(tensor, indent):
    plain = tensor.detach()
    values = _abridged(plain, plain.numel() <= _options.threshold)
    kind = plain.dtype
    style = _Style(_leaves(values), kind.is_floating_point)
    return _block(values, plain.dim(), style, indent)


def tensor_text(tensor):
    """The whole of what str() gives: elements, and what is out of the ordinary about dtype and history."""
    notes, kind = [], tensor.dtype
    sizes = shape_of(tensor)
    usual = kind in (get_default_dtype(), int64, bool_)
    if tensor.numel() == 0:
        contents = '[]'
        if len(sizes) != 1:
            notes.append(f'size={tuple(sizes)}')
        usual = kind is get_default_dtype()
    else:
        contents = _contents(tensor, len(_PREFIX))
    if not usual:
        notes.append(f'dtype={kind}')
    function = native.grad_fn_name(tensor._h)
    if function:
        notes.append(f'grad_fn=<{function}>')
    elif native.requires_grad(tensor._h):
        notes.append('requires_grad=True')
    return _with_notes(_PREFIX + contents, notes, len(_PREFIX)) + ')'


def _with_notes(text, notes, indent):
    last = len(text) - text.rfind('\n') + 1
    for note in notes:
        if last + len(note) + 2 > _options.linewidth:
            text += ',\n' + ' ' * indent + note
            last = indent + len(note)
        else:
            text += ', ' + note
            last += len(note) + 2
    return text


Tensor.__repr__ = Tensor.__str__ = tensor_text
