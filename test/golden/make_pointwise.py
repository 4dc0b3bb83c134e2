"""Writes pointwise.h: what PyTorch's pointwise operations give at the points where conventions differ (signs,
zeros, infinities, NaN, integer division), and what its type promotion gives, for test/native/ops.

Run with the reference PyTorch: `python test/golden/make_pointwise.py`.
"""

import math
from pathlib import Path

import torch

inf, nan = math.inf, math.nan
FLOATS = [
    0.0,
    -0.0,
    0.5,
    -0.5,
    1.0,
    -1.0,
    1.5,
    2.5,
    -2.5,
    3.0,
    -7.0,
    20.5,
    -20.5,
    90.0,
    -90.0,
    1e-6,
    inf,
    -inf,
    nan,
]
INTS = [0, 1, -1, 2, -2, 3, 7, -7, 100, -100]


def in_double(function):
    return lambda t: function(t.double()).float()


UNARY = {
    'abs': torch.abs,
    'neg': torch.neg,
    'sign': torch.sign,
    'exp': torch.exp,
    'expm1': torch.expm1,
    'log': torch.log,
    'log1p': torch.log1p,
    'log2': torch.log2,
    'log10': torch.log10,
    'sqrt': torch.sqrt,
    'rsqrt': torch.rsqrt,
    'square': torch.square,
    'reciprocal': torch.reciprocal,
    'sin': torch.sin,
    'cos': torch.cos,
    'tan': torch.tan,
    'erf': torch.erf,
    **{
        name: getattr(torch, name)
        for name in ('sinh', 'cosh', 'asin', 'acos', 'atan', 'asinh', 'acosh', 'atanh', 'exp2')
    },
    # Exact to the last places only in float64.
    **{
        name: in_double(getattr(torch, name))
        for name in ('sinc', 'erfc', 'erfinv', 'lgamma', 'digamma', 'i0')
    },
    'trigamma': lambda t: torch.polygamma(1, t.double()).float(),
    'i1': lambda t: torch.special.i1(t.double()).float(),
    'floor': torch.floor,
    'ceil': torch.ceil,
    'round': torch.round,
    'trunc': torch.trunc,
    'sigmoid': torch.sigmoid,
    'tanh': torch.tanh,
    'relu': torch.relu,
    'leaky_relu': lambda t: torch.nn.functional.leaky_relu(t, 0.1),
    'elu': lambda t: torch.nn.functional.elu(t, 1.5),
    'softplus': lambda t: torch.nn.functional.softplus(t, 2.0, 20.0),
    'silu': torch.nn.functional.silu,
    # In float32 PyTorch's vector code gives NaN at infinity where its scalar code, and float64, give infinity.
    'gelu': lambda t: torch.nn.functional.gelu(t.double()).to(t.dtype),
    'gelu_tanh': lambda t: torch.nn.functional.gelu(t, approximate='tanh'),
    'clamp': lambda t: t.clamp(-1.5, 2.0),
    'pow3': lambda t: t**3,
    'pow_half': lambda t: t**0.5,
    'pow_minus_one': lambda t: t**-1.0,
    'two_to': lambda t: 2.0**t,
    'isnan': torch.isnan,
    'isinf': torch.isinf,
    'isfinite': torch.isfinite,
    'logical_not': torch.logical_not,
}
FLOAT_ONLY = [
    'leaky_relu',
    'elu',
    'softplus',
    'silu',
    'gelu',
    'gelu_tanh',
    'clamp',
    'pow_half',
    'pow_minus_one',
    'two_to',
]

BINARY = {
    'add': torch.add,
    'sub': torch.sub,
    'mul': torch.mul,
    'div': torch.div,
    'div_floor': lambda a, b: torch.div(a, b, rounding_mode='floor'),
    'div_trunc': lambda a, b: torch.div(a, b, rounding_mode='trunc'),
    'remainder': torch.remainder,
    'fmod': torch.fmod,
    'pow': torch.pow,
    'maximum': torch.maximum,
    'minimum': torch.minimum,
    'atan2': torch.atan2,
    'hypot': lambda a, b: torch.hypot(a.double(), b.double()).float(),
    'copysign': torch.copysign,
    'xlogy': torch.xlogy,
    'logaddexp': lambda a, b: torch.logaddexp(a.double(), b.double()).float(),
    'gcd': torch.gcd,
    'lcm': torch.lcm,
    'shift_left': torch.bitwise_left_shift,
    'shift_right': torch.bitwise_right_shift,
    'eq': torch.eq,
    'ne': torch.ne,
    'lt': torch.lt,
    'le': torch.le,
    'gt': torch.gt,
    'ge': torch.ge,
}
DIVIDES = ['div_floor', 'div_trunc', 'remainder', 'fmod']
INTEGERS_ONLY = ['gcd', 'lcm', 'shift_left', 'shift_right']
FLOATS_ONLY = ['hypot', 'logaddexp']

DTYPES = [
    *(torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64),
    *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
]


def number(value):
    value = float(value)
    if math.isnan(value):
        return 'kNan'
    if math.isinf(value):
        return '-kInf' if value < 0 else 'kInf'
    return repr(value)


def numbers(values):
    return '{' + ', '.join(number(value) for value in values) + '}'


def unary_cases():
    for name, function in UNARY.items():
        yield name, 'Float32', function(torch.tensor(FLOATS))
        if name not in FLOAT_ONLY:
            yield name, 'Int32', function(torch.tensor(INTS, dtype=torch.int32))


def binary_cases():
    for name, function in BINARY.items():
        if name not in INTEGERS_ONLY:
            a = torch.tensor(FLOATS).repeat_interleave(len(FLOATS))
            yield name, 'Float32', function(a, torch.tensor(FLOATS).repeat(len(FLOATS)))
        if name in FLOATS_ONLY:
            continue
        ints = [value for value in INTS if value or name not in DIVIDES]
        a = torch.tensor(INTS).repeat_interleave(len(ints))
        yield name, 'Int64', function(a, torch.tensor(ints).repeat(len(INTS)))


def promotions():
    """[i][j][k]: the dtype of tensor i with (k = 0) a tensor j, (1) a tensor j without dimensions."""
    for i in DTYPES:
        rows = [
            [
                DTYPES.index(torch.result_type(torch.ones(2, dtype=i), torch.ones(s, dtype=j)))
                for s in ((2,), ())
            ]
            for j in DTYPES
        ]
        yield '{' + ', '.join('{' + ', '.join(map(str, row)) + '}' for row in rows) + '}'


def table(name, cases):
    rows = [
        f'    {{"{op}", DType::{dtype}, DType::{str(out.dtype)[6:].capitalize()}, {numbers(out)}}},'
        for op, dtype, out in cases
    ]
    return f'inline const std::vector<PointwiseCase> {name} = {{\n' + '\n'.join(rows) + '\n};\n'


HEADER = f"""// Made by make_pointwise.py from PyTorch {torch.__version__.split('+')[0]} (CPU); not edited by hand.
#pragma once

#include <limits>
#include <vector>

#include "tensor/element_type.h"

namespace golden {{

using unroll::DType;

inline constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();

inline const std::vector<double> floats = {numbers(FLOATS)};
inline const std::vector<double> ints = {numbers(INTS)};

/** One operation over all inputs (all pairs, the first operand outermost; dividing integers leaves out 0). */
struct PointwiseCase {{
  const char* op;
  DType input, output;
  std::vector<double> result;
}};
"""


def main():
    promoted = ',\n    '.join(promotions())
    text = (
        HEADER
        + table('unary', unary_cases())
        + table('binary', binary_cases())
        + '/** [dtype of one][dtype of another]: their result type; second, where the other has no dimensions. */\n'
        + f'inline constexpr int promoted[10][10][2] = {{\n    {promoted}}};\n\n}}  // namespace golden\n'
    )
    Path(__file__).with_name('pointwise.h').write_text(text)


if __name__ == '__main__':
    main()
