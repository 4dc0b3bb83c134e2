"""Writes char_lm.json: what the example prints and draws under PyTorch.

Run with PyTorch's Python from anywhere, after `npm run setup` (the text comes from a package):
    python test/golden/make_char_lm.py
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / 'examples' / 'char-lm'
ARGUMENTS = (
    '--emsize 32 --nhid 64 --batch-size 128 --bptt 32 --epochs 2 --log-interval 1 --characters 40'.split()
)

sys.path.insert(0, str(EXAMPLE))
import main  # noqa: E402


def parameters(kind):
    """Every parameter after construction: all of the uniform ones as bits, a few values of the normal one."""
    torch.manual_seed(1111)
    model = main.CharModel(kind, 89, 32, 64, 1, 0.0)
    out = {}
    for name, parameter in model.named_parameters():
        flat = parameter.detach().reshape(-1)
        out[name] = {
            'shape': list(parameter.shape),
            'first': flat[:8].tolist(),
            'sum_of_bits': int(flat.view(torch.int32).to(torch.int64).sum()),
        }
    return out


def printed(kind):
    """The losses and the text that the example prints."""
    command = [sys.executable, str(EXAMPLE / 'main.py'), '--model', kind, '--threads', '1', *ARGUMENTS]
    save = ['--save', f'/tmp/char_lm_{kind}.pt']
    text = subprocess.run(command + save, check=True, capture_output=True, text=True).stdout
    return {
        'losses': [float(loss) for loss in re.findall(r'step +\d+/\d+ \| loss ([\d.]+)', text)][:100],
        'validation': [float(loss) for loss in re.findall(r'\| validation loss ([\d.]+)', text)],
    }


golden = {
    'torch': torch.__version__,
    'arguments': ARGUMENTS,
    'models': {kind: {'parameters': parameters(kind), **printed(kind)} for kind in ('LSTM', 'GRU', 'RNN')},
}
Path(__file__).with_name('char_lm.json').write_text(json.dumps(golden, indent=1) + '\n')
