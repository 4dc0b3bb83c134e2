"""Evaluates the cases of test/torch/cases.py in PyTorch and saves fingerprints of what came out.

`python test/golden/make_operations.py` writes operations.json, which test/torch/test_operations.py reads.
"""

import json
import math
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / 'torch'))

import cases  # noqa: E402
from samples import fingerprint  # noqa: E402


def short(value):
    """Ten digits are enough for a comparison to 1e-9; JSON has no word for what is not finite."""
    if isinstance(value, float):
        return float(f'{value:.10g}') if math.isfinite(value) else str(value)
    return [short(item) for item in value] if isinstance(value, list) else value


def attempt(function):
    try:
        return short(fingerprint(function()))
    except Exception as error:
        return {'error': type(error).__name__, 'message': str(error).split('\n')[0]}


def outcomes(text, function, skipped=()):
    codes = [code for code in cases.expressions(text) if not code.startswith(tuple(skipped))]
    return {code: attempt(lambda code=code: function(code)) for code in codes}


if __name__ == '__main__':
    torch.set_num_threads(1)
    saved = {
        'differentiable': outcomes(
            cases.DIFFERENTIABLE, lambda code: cases.differentiated(code, torch.float64)
        ),
        'empty': outcomes(
            cases.DIFFERENTIABLE,
            lambda code: cases.differentiated(code, torch.float64, sizes=cases.EMPTY),
            cases.NOT_EMPTY,
        ),
        'values': outcomes(cases.VALUES, lambda code: cases.evaluated(code, torch.float32)),
        'statements': outcomes(cases.STATEMENTS, lambda code: cases.executed(code, torch.float32)),
    }
    with open(HERE / 'operations.json', 'w') as file:
        file.write(json.dumps(saved, separators=(',', ':')).replace('],"', '],\n"') + '\n')
