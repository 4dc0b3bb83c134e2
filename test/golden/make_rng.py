"""Writes rng.h: what PyTorch's CPU generator and its random functions yield, for test/native/rng.

Run with the reference PyTorch: `python test/golden/make_rng.py`. A case names a call of the tests' table, a
seed and a length, and holds the FNV-1a hash of the result's bytes (0 where the result passes through the C
library's elementary functions and only its values are compared), the next draw below 2^27, and samples of the
result.
"""

from functools import partial
from pathlib import Path

import torch

INT_DTYPES = {
    'bool': torch.bool,
    'u8': torch.uint8,
    'i16': torch.int16,
    'i32': torch.int32,
    'i64': torch.int64,
}
FLOAT_DTYPES = {'f32': torch.float32, 'f64': torch.float64}
DTYPES = INT_DTYPES | FLOAT_DTYPES

SEEDS = [42, 2**40 + 7]
LENGTHS = [1, 5, 15, 16, 17, 31, 64, 1000]
FEW_SEEDS = [42]
FEW_LENGTHS = [5, 1000]


def fill(dtype, method, *arguments):
    """A call that fills an empty tensor of n elements by its method."""
    return lambda n, g: getattr(torch.empty(n, dtype=dtype), method)(*arguments, generator=g)


def probabilities(n, dtype):
    return torch.arange(n).remainder(8).to(dtype) / 8


def weights(rows, categories, dtype):
    """Zeros among them: ties, when all the others are taken."""
    return (torch.arange(rows * categories) * 7).remainder(11).to(dtype).view(rows, categories)


def multinomial(weights, replacement, n, generator):
    return torch.multinomial(weights, n, replacement, generator=generator)


def calls():
    """Yields name, call(n, generator), whether the bytes are compared, seeds, lengths."""
    for name, dtype in FLOAT_DTYPES.items():
        yield f'uniform_ {name} 0 1', fill(dtype, 'uniform_', 0, 1), True, SEEDS, LENGTHS
        yield f'uniform_ {name} -0.1 0.3', fill(dtype, 'uniform_', -0.1, 0.3), True, SEEDS, LENGTHS
        # The float32 blocks of 16 are polynomials, the same on every machine; all else is the C library's.
        blocks = dtype == torch.float32
        short, long = [n for n in LENGTHS if n < 16], [n for n in LENGTHS if n >= 16]
        for mean, std in (0, 1), (0.5, 0.02):
            normal = fill(dtype, 'normal_', mean, std)
            yield f'normal_ {name} {mean} {std}', normal, False, SEEDS, short
            yield f'normal_ {name} {mean} {std}', normal, blocks, SEEDS, long
        for method, arguments in {
            'log_normal_': (0.5, 0.25),
            'exponential_': (1.5,),
            'cauchy_': (1, 2),
        }.items():
            label = ' '.join(str(a) for a in arguments)
            yield f'{method} {name} {label}', fill(dtype, method, *arguments), False, FEW_SEEDS, FEW_LENGTHS
        # Of 1000 weights, 15 are found by a partial sort and 24 by a selection.
        for rows, categories, replacement in (3, 24, True), (3, 24, False), (2, 1000, False):
            label = f'multinomial {name} {rows} {categories} {"with" if replacement else "without"}'
            draw = partial(multinomial, weights(rows, categories, dtype), replacement)
            yield label, draw, True, SEEDS, [1, 2, 15, 24]
    for name, dtype in DTYPES.items():
        yield f'bernoulli_ {name} 0.3', fill(dtype, 'bernoulli_', 0.3), True, FEW_SEEDS, FEW_LENGTHS
        for p_name, p_dtype in FLOAT_DTYPES.items():
            yield (
                f'bernoulli_ {name} p {p_name}',
                lambda n, g, d=dtype, p=p_dtype: torch.empty(n, dtype=d).bernoulli_(
                    probabilities(n, p), generator=g
                ),
                True,
                FEW_SEEDS,
                FEW_LENGTHS,
            )
        yield f'random_ {name}', fill(dtype, 'random_'), True, FEW_SEEDS, FEW_LENGTHS
        yield f'random_ {name} from 1', fill(dtype, 'random_', 1, None), True, FEW_SEEDS, FEW_LENGTHS
        if dtype != torch.bool:
            yield f'random_ {name} 3 to 100', fill(dtype, 'random_', 3, 100), True, FEW_SEEDS, FEW_LENGTHS
            geometric = fill(dtype, 'geometric_', 0.25)
            yield (
                f'geometric_ {name} 0.25',
                geometric,
                dtype not in FLOAT_DTYPES.values(),
                FEW_SEEDS,
                FEW_LENGTHS,
            )
    # About the length of range from which two words are drawn.
    for to in 2**28 - 1, 2**28, 2**31 - 1:
        yield f'random_ i32 0 to {to}', fill(torch.int32, 'random_', 0, to), True, FEW_SEEDS, FEW_LENGTHS
    for name, dtype in ({'i64': torch.int64} | FLOAT_DTYPES).items():
        yield (
            f'random_ {name} -9 to {2**40 + 1}',
            fill(dtype, 'random_', -9, 2**40 + 1),
            True,
            FEW_SEEDS,
            FEW_LENGTHS,
        )
        yield f'random_ {name} all', fill(dtype, 'random_', -(2**63), None), True, FEW_SEEDS, FEW_LENGTHS
    low, high = 2**25 + 1, 2**25 + 19  # where float32 has one integer in four
    yield (
        f'random_ f32 {low} to {high}',
        fill(torch.float32, 'random_', low, high),
        True,
        FEW_SEEDS,
        FEW_LENGTHS,
    )
    yield 'randperm', lambda n, g: torch.randperm(n, generator=g), True, SEEDS, LENGTHS


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def tensor_bytes(t):
    return bytes(t.contiguous().view(-1).view(torch.uint8).tolist())


def next_draw(generator):
    return torch.empty(1, dtype=torch.int64).random_(0, 2**27, generator=generator).item()


def literal(value):
    return float(value).hex()


def case_rows():
    for name, call, exact, seeds, lengths in calls():
        for seed in seeds:
            for n in lengths:
                generator = torch.Generator().manual_seed(seed)
                result = call(n, generator).reshape(-1)
                stride = max(1, result.numel() // (4 if exact else 16))
                hashed = f'0x{fnv1a(tensor_bytes(result)):016x}' if exact else '0'
                samples = ', '.join(literal(v) for v in result[::stride].tolist())
                draw = next_draw(generator)
                yield f'    {{"{name}", {seed}u, {n}, {hashed}, {draw}, {stride}, {{{samples}}}}},'


def state_rows():
    """Hashes of saved states with the left-over normal sample blanked, and that sample."""
    for seed in 0, 42, 2**40 + 7, 2**64 - 1:
        for words in 0, 1, 623, 624, 625:
            for normals in 0, 1, 2:
                generator = torch.Generator()
                generator.manual_seed(seed)
                torch.empty(words, dtype=torch.int32).random_(0, 2, generator=generator)
                torch.empty(normals).normal_(generator=generator)
                state = generator.get_state()
                sample = state[5024:5032].clone().view(torch.float64).item()
                state[5024:5032] = 0
                hashed = f'0x{fnv1a(tensor_bytes(state)):016x}'
                yield f'    {{{seed}u, {words}, {normals}, {hashed}, {literal(sample)}}},'


HEADER = """// Made by make_rng.py from PyTorch {version} (CPU); not edited by hand.
#pragma once

#include <cstdint>
#include <vector>

namespace golden {{

struct RandomCase {{
  const char* call;
  uint64_t seed;
  int64_t n;
  uint64_t hash;  // FNV-1a of the result's bytes; 0: values only
  int64_t next;   // the draw after the call, below 2^27
  int64_t stride;
  std::vector<double> samples;  // result[0], result[stride], ...
}};

struct StateCase {{
  uint64_t seed;
  int64_t words;    // drawn first
  int64_t normals;  // drawn then
  uint64_t hash;    // of the state, bytes 5024 to 5031 zero
  double normal;    // in these bytes
}};

inline const std::vector<RandomCase> random_cases = {{
{cases}
}};

inline const std::vector<StateCase> state_cases = {{
{states}
}};

}}  // namespace golden
"""

if __name__ == '__main__':
    target = Path(__file__).with_name('rng.h')
    cases, states = '\n'.join(case_rows()), '\n'.join(state_rows())
    target.write_text(HEADER.format(version=torch.__version__.split('+')[0], cases=cases, states=states))
