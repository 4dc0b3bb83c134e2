"""Element types: torch.float32 and its kin, the default, Python's numbers on their way to the engine."""

import torch._native as native

_BOOL, _UINT8, _INT8, _INT16, _INT32, _INT64, _FLOAT16, _BFLOAT16, _FLOAT32, _FLOAT64 = range(10)


class dtype:
    """An element type. `code` is the engine's number for it, `typecode` the `array` module's letter."""

    __slots__ = ('code', 'is_floating_point', 'is_signed', 'itemsize', 'name', 'type_name', 'typecode')
    is_complex = False

    def __init__(self, name, code, typecode, itemsize, type_name):
        self.name, self.code, self.typecode = name, code, typecode
        self.itemsize = itemsize  # bytes
        self.type_name = type_name  # FloatTensor's Float
        self.is_floating_point = code >= _FLOAT16
        self.is_signed = code > _UINT8

    def __repr__(self):
        return f'torch.{self.name}'

    def __reduce__(self):
        return self.name  # pickled as torch's global

    __module__ = 'torch'


class _UnsupportedDtype(dtype):
    """A type of PyTorch's that the engine does not compute in: it can be named and compared, not used."""

    __slots__ = ()
    is_floating_point = property(lambda self: 'float' in self.name)
    is_complex = property(lambda self: 'complex' in self.name)
    itemsize = property(lambda self: _UNSUPPORTED[self.name])
    is_signed = True

    def __init__(self, name):
        dtype.name.__set__(self, name)

    @property
    def code(self):
        raise NotImplementedError(
            f'torch.{self.name} is not supported: use torch.float32, float64 or an integer type'
        )

    typecode = type_name = code


bool_ = dtype('bool', _BOOL, 'B', 1, 'Bool')
uint8 = dtype('uint8', _UINT8, 'B', 1, 'Byte')
int8 = dtype('int8', _INT8, 'b', 1, 'Char')
int16 = dtype('int16', _INT16, 'h', 2, 'Short')
int32 = dtype('int32', _INT32, 'i', 4, 'Int')
int64 = dtype('int64', _INT64, 'q', 8, 'Long')
# Python's arrays have no elements of 16 bits: those go by way of float32.
float16 = dtype('float16', _FLOAT16, None, 2, 'Half')
bfloat16 = dtype('bfloat16', _BFLOAT16, None, 2, 'BFloat16')
float32 = dtype('float32', _FLOAT32, 'f', 4, 'Float')
float64 = dtype('float64', _FLOAT64, 'd', 8, 'Double')
dtypes = (bool_, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64)  # by code

_UNSUPPORTED = {'uint16': 2, 'uint32': 4, 'uint64': 8}
_UNSUPPORTED |= {'complex32': 4, 'complex64': 8, 'complex128': 16, 'float8_e4m3fn': 1, 'float8_e5m2': 1}
unsupported = {name: _UnsupportedDtype(name) for name in _UNSUPPORTED}

names = {'bool': bool_} | {t.name: t for t in dtypes[1:]} | unsupported
names |= {'short': int16, 'int': int32, 'long': int64, 'float': float32, 'double': float64}
names |= {
    'half': float16,
    'cfloat': unsupported['complex64'],
    'cdouble': unsupported['complex128'],
}

_PYTHON_TYPES = {bool: bool_, int: int64, float: float64}


class _Chosen:
    default = float32  # the type of new floating point tensors


def set_default_dtype(d):
    """The type of new floating point tensors."""
    if not isinstance(d, dtype) or not d.is_floating_point:
        raise TypeError(f'only floating-point types are supported as the default type, got {d}')
    native.set_default_dtype(d.code)
    _Chosen.default = d


def get_default_dtype():
    """The type of new floating point tensors."""
    return _Chosen.default


def code_of(given, default=None):
    """The engine's code of a dtype argument; of `default`, or the default dtype, where none was given."""
    if given is None:
        return (default or _Chosen.default).code
    if isinstance(given, dtype):
        return given.code
    if given in _PYTHON_TYPES:
        return _PYTHON_TYPES[given].code
    raise TypeError(f"argument 'dtype' must be torch.dtype, not {type(given).__name__}")


KINDS = {bool: 0, int: 1, float: 2}  # how a Python number is announced to the engine


def scalar(value):
    """A Python number (or a tensor of one element) as the two arguments the engine takes for it."""
    kind = KINDS.get(type(value))
    if kind is not None:
        return kind, value
    for base in (bool, int, float):
        if isinstance(value, base):
            return KINDS[base], base(value)
    if hasattr(value, '_h'):
        return scalar(value.item())
    raise TypeError(f'must be a number, not {type(value).__name__}')


def optional_scalar(value):
    """The same for a number that may be None."""
    return (None, 0) if value is None else scalar(value)


def promoted_with_scalar(code, kind):
    """The code of the result of a tensor's type and a Python number of `kind`."""
    if kind == 2 and code < _FLOAT16:
        return _Chosen.default.code
    return _INT64 if kind == 1 and code == _BOOL else code


def promote_types(type1, type2):
    """The smallest type both can be converted to, as PyTorch's table has it."""
    a, b = sorted((type1.code, type2.code))
    if (a, b) == (_UINT8, _INT8):
        return int16
    return float32 if (a, b) == (_FLOAT16, _BFLOAT16) else dtypes[b]


def can_cast(from_, to):
    """Whether PyTorch converts a result of type `from_` into a tensor of type `to` unasked."""
    return _category(from_) <= _category(to)


def _category(kind):
    return 2 if kind.is_floating_point else int(kind.code != _BOOL)


# bits of the mantissa, the exponent of infinity, decimal digits that survive
_FORMATS = {
    _FLOAT16: (10, 16, 1e-3),
    _BFLOAT16: (7, 128, 1e-2),
    _FLOAT32: (23, 128, 1e-6),
    _FLOAT64: (52, 1024, 1e-15),
}


class finfo:
    """The limits of a floating point type."""

    def __init__(self, type=None):
        self.dtype = type or _Chosen.default
        if not self.dtype.is_floating_point:
            raise TypeError(
                f'torch.finfo() requires a floating point input type. Use torch.iinfo to handle {type!r}'
            )
        self.bits = 8 * self.dtype.itemsize
        mantissa, exponent, self.resolution = _FORMATS[self.dtype.code]
        self.eps = 2.0**-mantissa
        self.tiny = self.smallest_normal = 2.0 ** (2 - exponent)
        self.max = (2 - self.eps) * 2.0 ** (exponent - 1)
        self.min = -self.max

    def __repr__(self):
        fields = ('resolution', 'min', 'max', 'eps', 'smallest_normal', 'tiny')
        numbers = ', '.join(f'{field}={getattr(self, field):.6g}' for field in fields)
        return f'finfo({numbers}, dtype={self.dtype.name})'


class iinfo:
    """The limits of an integer type."""

    def __init__(self, type):
        self.dtype = type
        if type.is_floating_point or type.code == _BOOL:
            raise TypeError(
                f'torch.iinfo() requires an integer input type. Use torch.finfo to handle {type!r}'
            )
        self.bits = 8 * type.itemsize
        self.min = -(1 << self.bits - 1) if type.is_signed else 0
        self.max = (1 << self.bits - type.is_signed) - 1

    def __repr__(self):
        return f'iinfo(min={self.min:.6g}, max={self.max:.6g}, dtype={self.dtype.name})'
