"""Runs the examples in the docstrings of PyTorch's nn, nn.functional and optim, here and in PyTorch itself.

`PYTHON test/golden/run_docstrings.py [--verbose]`, PYTHON having PyTorch. Of the docstrings whose examples run in
PyTorch, the share that runs here is printed; the rest must refuse by name (NotImplementedError). The tensors that an
example leaves in its variables must be PyTorch's. The examples are taken from the installed wheel and never kept. Not
part of `npm test`, as there is no PyTorch there.
"""

import argparse
import contextlib
import doctest
import io
import json
import math
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WANTED = 0.6
NEAR = 1e-4  # of the largest value: some examples are chains of many operations


def run(source):
    """'ok', or the kind of error and its message; and the tensors that the example leaves, by name."""
    import torch
    import torch.nn.functional as F
    from torch import nn, optim

    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    names = {
        **{'torch': torch, 'nn': nn, 'F': F, 'optim': optim, '__name__': 'docstring'},
        # What the examples of optimizers and schedulers take for granted.
        **{'model': model, 'input': torch.randn(4, 3), 'target': torch.randn(4, 2), 'loss_fn': nn.MSELoss()},
        **{'optimizer': optim.SGD(model.parameters(), lr=0.1, momentum=0.9), 'iters': 2},
        **{'train': lambda *_: None, 'validate': lambda *_: 1.0, 'train_batch': lambda *_: None},
        **{'dataset': [(torch.randn(4, 3), torch.randn(4, 2))], 'data_loader': [1, 2], 'dataloader': [1, 2]},
    }
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter('ignore')
            exec(compile(source, '<docstring>', 'exec'), names)
    except Exception as error:
        return f'{type(error).__name__}: {error}', {}
    return 'ok', {name: described(value) for name, value in names.items() if isinstance(value, torch.Tensor)}


def described(tensor):
    """A tensor's type, shape and values (a thousand of many), as they can be written down."""
    flat = tensor.detach().flatten()
    return [str(tensor.dtype), list(tensor.shape), flat[:: flat.numel() // 1000 + 1].tolist()]


def distance(given, wanted):
    """How far a tensor is from PyTorch's, as a share of the largest value; infinite for another type or shape."""
    if given is None or given[:2] != wanted[:2]:
        return math.inf
    pairs = [(float(a), float(b)) for a, b in zip(given[2], wanted[2], strict=True)]
    apart = (0 if a == b or (a != a and b != b) else abs(a - b) for a, b in pairs)
    largest = max((abs(b) for _, b in pairs if math.isfinite(b)), default=0)
    return max((math.inf if math.isnan(d) else d for d in apart), default=0) / (largest or 1)


def examples():
    """name -> the source of its docstring's examples"""
    import torch
    from torch import nn, optim

    found = {}
    parser = doctest.DocTestParser()
    for place, module in {
        'nn': nn,
        'nn.functional': nn.functional,
        'nn.init': nn.init,
        'nn.utils': nn.utils,
        'optim': optim,
        'optim.lr_scheduler': optim.lr_scheduler,
    }.items():
        for name in dir(module):
            member = getattr(module, name)
            if name.startswith('_') or not callable(member) or not (member.__doc__ or '').strip():
                continue
            try:
                parts = parser.get_examples(member.__doc__)
            except ValueError:
                continue
            if parts:
                found[f'{place}.{name}'] = ''.join(part.source for part in parts)
    assert torch.__version__
    return found


def compared(outcome, left, wanted):
    """The outcome of an example, which failed where a tensor it left is not PyTorch's."""
    far = {name: distance(left.get(name), value) for name, value in wanted.items()} if outcome == 'ok' else {}
    differing = [f'{name} (by {d:.1e})' for name, d in far.items() if not d <= NEAR]
    return f'other values: {", ".join(differing)}' if differing else outcome


def report(outcomes, is_verbose):
    """Prints the share of docstrings that run, and those that neither run nor refuse."""
    ran = [name for name, outcome in outcomes.items() if outcome == 'ok']
    refused = {
        n: o
        for n, o in outcomes.items()
        if o.startswith(('NotImplementedError', 'UnsupportedAttributeError'))
    }
    failed = {n: o for n, o in outcomes.items() if o != 'ok' and n not in refused}
    if is_verbose:
        for name, outcome in refused.items():
            print(f'refused  {name}: {outcome.splitlines()[0]}')
    for name, outcome in failed.items():
        print(f'failed   {name}: {outcome}')
    share = len(ran) / len(outcomes)
    print(
        f'{len(ran)} of {len(outcomes)} docstrings run here ({share:.0%}), {len(refused)} refuse, {len(failed)} fail'
    )
    return share >= WANTED and not failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--verbose', action='store_true')
    parser.add_argument('--run', help=argparse.SUPPRESS)  # the other side: a file of examples
    arguments = parser.parse_args()
    if arguments.run:
        sources = json.loads(Path(arguments.run).read_text())
        print(json.dumps({name: run(source) for name, source in sources.items()}))
        return
    sources = examples()
    theirs = {name: run(source) for name, source in sources.items()}
    known = {name: sources[name] for name, (outcome, _) in theirs.items() if outcome == 'ok'}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / 'examples.json'
        file.write_text(json.dumps(known))
        command = [ROOT / 'bin' / 'unroll', 'run', '--no-record', __file__, '--run', file]
        result = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if result.returncode:
        sys.exit(result.stderr)
    ours = json.loads(result.stdout)
    outcomes = {name: compared(*ours[name], theirs[name][1]) for name in known}
    sys.exit(not report(outcomes, arguments.verbose))


if __name__ == '__main__':
    main()
