"""Modules, losses, optimizers and schedulers give what PyTorch gives (test/golden/make_nn.py saved it)."""

import sys
import warnings

import golden
import torch

sys.path.insert(0, str(golden.FOLDER))
import nn_cases

DTYPES = (torch.float32, torch.float64)
SAVED = golden.load('nn.json')
TOLERANCES = {'float32': 1e-5, 'float64': 1e-7}


def _close(ours, theirs, exact, scale, tolerance):
    """Near to PyTorch's, or no further from the value in float64 than twice PyTorch's own."""
    if any(isinstance(value, str) for value in (ours, theirs, exact)):
        return ours == theirs
    if abs(ours - theirs) <= tolerance * scale + 1e-12:
        return True
    return abs(ours - exact) <= tolerance * scale + 2 * abs(theirs - exact)


def check_digest(ours, theirs, exact, name, factor):
    """Sizes and dtype are the same; values norm-wise, sums relative to the sum of absolute values."""
    if ours is None or theirs is None:
        assert ours == theirs, f'{name}: {ours}, PyTorch {theirs}'
        return
    assert ours[:2] == theirs[:2], f'{name}: {ours[:2]}, PyTorch {theirs[:2]}'
    tolerance = TOLERANCES.get(theirs[0], 1e-9) * factor
    if len(theirs) == 3:
        scale = max((abs(v) for v in theirs[2] if not isinstance(v, str)), default=0)
    else:
        scale = theirs[3]
        sums = (ours[3], theirs[3], exact[3])
        assert _close(*sums, scale, max(tolerance, 2e-6)), f'{name}: {ours}, PyTorch {theirs}'
    for a, b, c in zip(ours[2], theirs[2], exact[2], strict=True):
        assert _close(a, b, c, scale, tolerance), f'{name}: {ours}, PyTorch {theirs}'


def check_all(part, run, factor=lambda name, dtype: 1):
    def one(case):
        name, wanted = case
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            for dtype, digests in zip(DTYPES, wanted, strict=True):
                got = run(name, dtype)
                both = zip(got, digests, wanted[1], strict=True)
                for place, (ours, theirs, exact) in enumerate(both):
                    check_digest(ours, theirs, exact, f'{dtype}, number {place}', factor(name, dtype))

    golden.each(list(SAVED[part].items()), one)


def test_the_cases_are_those_that_were_saved():
    assert list(SAVED['modules']) == nn_cases.modules()
    for part in ('expressions', 'optimizers', 'schedulers'):
        assert list(SAVED[part]) == nn_cases.cases(getattr(nn_cases, part.upper()))


def test_modules_give_pytorchs_values_and_gradients():
    check_all('modules', nn_cases.run_module)


def test_functions_and_losses_give_pytorchs_values_and_gradients():
    check_all('expressions', nn_cases.run_expression)


def test_optimizers_go_pytorchs_way():
    def factor(name, dtype):
        # Near the minimum a line search decides by the last bits of float32.
        return 100 if 'wolfe' in name and dtype is torch.float32 else 10

    check_all('optimizers', nn_cases.run_optimizer, factor)


def test_schedulers_set_pytorchs_rates():
    def one(case):
        name, wanted = case
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            got = nn_cases.run_scheduler(name)
        for step, (ours, theirs) in enumerate(zip(got, wanted, strict=True)):
            for a, b in zip(ours, theirs, strict=True):
                assert abs(a - b) <= 1e-9 * max(abs(b), 1e-3), f'step {step}: {ours}, PyTorch {theirs}'

    golden.each(list(SAVED['schedulers'].items()), one)


def test_errors_are_pytorchs():
    def one(case):
        code, (kind, message) = case
        try:
            eval(code, nn_cases.names(torch.float32))
        except Exception as error:
            assert type(error).__name__ == kind, f'{error!r}, PyTorch {kind}: {message}'
            return
        raise AssertionError(f'no error, PyTorch {kind}: {message}')

    golden.each(list(SAVED['refusals'].items()), one)
