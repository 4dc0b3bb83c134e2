"""Runs pytorch/examples' word_language_model here and under PyTorch and compares the losses it prints.

`python test/golden/compare_word_lm.py --examples DIR --python PATH [--models LSTM ...] [--losses 200]`

DIR is a checkout of pytorch/examples, PATH a Python with PyTorch. Not part of `npm test`, as neither is there.
The losses are read from the perplexities, which are printed to two decimals: some 1e-5 of a loss of 7. Where they
differ by more than 1e-3, PyTorch is run again with other instructions in its own loops or in its matrix library: no
further from PyTorch than twice what PyTorch is from itself is as near as can be. The Transformer's losses part by 6e-3
within a hundred steps; at the default rate of 20 the last bit grows to more than 1e-3 within twenty steps of a GRU, and
to 0.3 or, tied, 0.8 by the thirtieth.
"""

import argparse
import itertools
import math
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LIMIT = 1e-3
# What makes PyTorch's sums and functions others in their last bits: its own loops' instructions, its matrix library's.
OTHERS = (
    {'ATEN_CPU_CAPABILITY': 'default'},
    {'ATEN_CPU_CAPABILITY': 'avx512'},
    {'MKL_CBWR': 'COMPATIBLE'},
)
MODELS = ('LSTM', 'GRU', 'RNN_TANH', 'RNN_RELU', 'Transformer')


def losses(command, folder, count, instructions=None):
    """The first `count` losses that a run prints; it is ended when it has."""
    environment = os.environ | {
        'ATEN_CPU_CAPABILITY': 'avx2',
        'PYTHONUNBUFFERED': '1',
        'OMP_NUM_THREADS': '1',
    }
    environment |= instructions or {}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        found = []
        for line in process.stdout:
            match = re.search(r'\| ppl +(\S+)', line)
            if match and 'valid' not in line:
                found.append(math.log(float(match[1])))
            if len(found) == count:
                process.terminate()
                return found
        raise SystemExit(
            f'{" ".join(command)} printed {len(found)} losses and ended:\n{process.stderr.read()}'
        )


def _distance(a, b):
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


def compare(arguments, options, count):
    """The greatest difference between both runs' losses, and the greatest there may be."""
    folder = Path(arguments.examples) / 'word_language_model'
    script = ['main.py', '--log-interval', '1', '--epochs', '1', *options]
    ours = losses([str(ROOT / 'bin' / 'unroll'), 'run', '--no-record', *script], folder, count)
    theirs = losses([arguments.python, *script], folder, count)
    distance = _distance(ours, theirs)
    if distance <= LIMIT:
        return distance, LIMIT
    others = [losses([arguments.python, *script], folder, count, instructions) for instructions in OTHERS]
    return distance, max(LIMIT, *(2 * _distance(theirs, other) for other in others))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--examples', required=True)
    parser.add_argument('--python', default=sys.executable)
    parser.add_argument('--models', nargs='+', default=MODELS)
    parser.add_argument('--losses', type=int, default=200)
    parser.add_argument('--default-rate', action='store_true', help='the first 30 losses at the rate of 20')
    arguments = parser.parse_args()
    failed = False
    for model, tied in itertools.product(arguments.models, (False, True)):
        if arguments.default_rate and model == 'RNN_RELU':
            continue
        rate = [] if arguments.default_rate else ['--lr', '1']
        options = ['--model', model, '--dropout', '0', *rate, *['--tied'] * tied]
        count = 30 if arguments.default_rate else arguments.losses
        difference, limit = compare(arguments, options, count)
        failed |= difference > limit
        print(
            f'{" ".join(options)}: {count} losses, greatest difference {difference:.2g} (limit {limit:.2g})',
            flush=True,
        )
    sys.exit(failed)


if __name__ == '__main__':
    main()
