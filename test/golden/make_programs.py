"""Runs the random programs of test/torch/programs.py in PyTorch and saves what came out, in few digits.

`python test/golden/make_programs.py` writes programs.json, which test/torch/test_programs.py reads.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / 'torch'))

import programs  # noqa: E402
from samples import fingerprint  # noqa: E402

COUNT = 1000


def outcome(seed):
    """The result and, for each leaf, the two weighted sums of its gradient; or the error."""
    try:
        total, *gradients = programs.run(seed)
    except Exception as error:
        return [type(error).__name__, str(error).split('\n')[0]]
    numbers = [total.item()] + [n for g in gradients for n in fingerprint(g)[2:5]]
    return [float(f'{n:.11g}') for n in numbers]


if __name__ == '__main__':
    torch.set_num_threads(1)
    saved = [outcome(seed) for seed in range(COUNT)]
    with open(HERE / 'programs.json', 'w') as file:
        file.write(json.dumps(saved, separators=(',', ':')).replace('],[', '],\n[') + '\n')
