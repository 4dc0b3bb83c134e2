"""Runs the cases of nn_cases.py in PyTorch and saves what came out: `python test/golden/make_nn.py` writes nn.json."""

import json
import sys
import warnings
from pathlib import Path

import nn_cases as all_cases
import torch

DTYPES = (torch.float32, torch.float64)


def outcomes(names, run):
    """Each case's digests in float32 and float64; where PyTorch raises, this says so at once."""
    kept = {}
    for name in names:
        try:
            kept[name] = [run(name, dtype) for dtype in DTYPES]
        except Exception as error:
            sys.exit(f'{name}: {error!r}')
    return kept


def refusals():
    kept = {}
    for code in all_cases.cases(all_cases.REFUSED_BY_PYTORCH):
        try:
            eval(code, all_cases.names(torch.float32))
        except Exception as error:
            kept[code] = [type(error).__name__, str(error).split('\n')[0]]
        else:
            sys.exit(f'{code} raises nothing')
    return kept


def main():
    warnings.simplefilter('ignore')
    saved = {
        'modules': outcomes(all_cases.modules(), all_cases.run_module),
        'expressions': outcomes(all_cases.cases(all_cases.EXPRESSIONS), all_cases.run_expression),
        'refusals': refusals(),
        'optimizers': outcomes(all_cases.cases(all_cases.OPTIMIZERS), all_cases.run_optimizer),
        'schedulers': {c: all_cases.run_scheduler(c) for c in all_cases.cases(all_cases.SCHEDULERS)},
    }

    def line(name, value):
        return f'{json.dumps(name)}: {json.dumps(value, separators=(",", ":"))}'

    parts = []
    for part, group in saved.items():
        lines = ',\n'.join(line(name, value) for name, value in group.items())
        parts.append(f'{json.dumps(part)}: {{\n{lines}\n}}')
    Path(__file__).with_name('nn.json').write_text('{\n' + ',\n'.join(parts) + '\n}\n')


if __name__ == '__main__':
    main()
