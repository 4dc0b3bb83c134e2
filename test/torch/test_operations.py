"""Every operation gives PyTorch's values, gradients and errors: in two precisions, in three layouts, and empty."""

import cases
import golden
import torch
from samples import fingerprint

LAYOUTS = ('plain', 'strided', 'permuted')
TOLERANCE = {torch.float64: 1e-9, torch.float32: 1e-5}


def close(ours, theirs, bound):
    return abs(ours - theirs) <= bound


def check(got, wanted, tolerance, dtype):
    """A fingerprint against PyTorch's: the same dtype and sizes, the sums within `tolerance` of their terms."""
    if not isinstance(wanted, list) or not isinstance(got, list):
        assert got == wanted, f'{got}, PyTorch {wanted}'
    elif wanted and isinstance(wanted[0], str) and len(wanted) == 6:
        kinds = {wanted[0], 'float32' if wanted[0] == 'float64' and dtype is torch.float32 else wanted[0]}
        assert got[0] in kinds, f'dtype {got[0]}, PyTorch {wanted[0]}'
        assert got[1] == wanted[1], f'sizes {got[1]}, PyTorch {wanted[1]}'
        assert got[5] == wanted[5], f'NaN and infinities {got}, PyTorch {wanted}'
        size = 1
        for n in wanted[1]:
            size *= n
        bound = tolerance * wanted[2] + 1e-300
        assert close(got[2], wanted[2], bound), f'largest {got[2]}, PyTorch {wanted[2]}'
        for at in (3, 4):
            assert close(got[at], wanted[at], bound * max(size, 1) ** 0.5), f'{got}, PyTorch {wanted}'
    else:
        assert len(got) == len(wanted), f'{len(got)} results, PyTorch {len(wanted)}'
        for ours, theirs in zip(got, wanted, strict=True):
            check(ours, theirs, tolerance, dtype)


def outcome(function):
    try:
        return fingerprint(function())
    except Exception as error:
        return {'error': type(error).__name__, 'message': str(error).split('\n')[0]}


def compare(group, run):
    """Runs every case of a group of the saved outcomes; all failures are reported together."""

    def check_case(case):
        run(case[0], case[1])

    golden.each(list(golden.load('operations.json')[group].items()), check_case)


def check_outcome(function, wanted, tolerance, dtype):
    got = outcome(function)
    if isinstance(wanted, dict):
        assert isinstance(got, dict), f'a result, PyTorch {wanted}'
        assert got['error'] == wanted['error'], f'{got}, PyTorch {wanted}'
        assert got['message'] == wanted['message'], f'{got["message"]!r}, PyTorch {wanted["message"]!r}'
    else:
        assert not isinstance(got, dict), f'{got}'
        check(got, wanted, tolerance, dtype)


def test_results_and_gradients_in_float64():
    def run(code, wanted):
        for layout in LAYOUTS:
            check_outcome(
                lambda layout=layout: cases.differentiated(code, torch.float64, layout),
                wanted,
                TOLERANCE[torch.float64],
                torch.float64,
            )

    compare('differentiable', run)


def test_results_and_gradients_in_float32():
    def run(code, wanted):
        for layout in ('plain', 'permuted'):
            check_outcome(
                lambda layout=layout: cases.differentiated(code, torch.float32, layout),
                wanted,
                TOLERANCE[torch.float32],
                torch.float32,
            )

    compare('differentiable', run)


def test_results_and_gradients_of_empty_tensors():
    def run(code, wanted):
        check_outcome(
            lambda: cases.differentiated(code, torch.float64, sizes=cases.EMPTY), wanted, 1e-9, torch.float64
        )

    compare('empty', run)


def test_values_types_and_errors():
    def run(code, wanted):
        check_outcome(lambda: cases.evaluated(code, torch.float32), wanted, 1e-6, None)
        if not isinstance(wanted, dict):
            check_outcome(lambda: cases.evaluated(code, torch.float32, 'permuted'), wanted, 1e-6, None)

    compare('values', run)


def test_writing_in_place():
    def run(code, wanted):
        check_outcome(lambda: cases.executed(code, torch.float32), wanted, 1e-6, None)

    compare('statements', run)
