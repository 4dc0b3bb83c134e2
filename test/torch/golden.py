"""Comparing with what PyTorch gave, which test/golden/make_torch.py saved."""

import json
import math
from pathlib import Path

import torch

FOLDER = Path(__file__).parent.parent / 'golden'


def load(name):
    with open(FOLDER / name) as file:
        return json.load(file)


def plain_number(value):
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)


def check_tensor(got, wanted, tolerance=1e-5):
    """Sizes and dtype are the same; elements of integers and bools too, others norm-wise to `tolerance`."""
    assert str(got.dtype) == wanted['dtype'], f'dtype {got.dtype}, PyTorch {wanted["dtype"]}'
    assert list(got.shape) == wanted['shape'], f'shape {list(got.shape)}, PyTorch {wanted["shape"]}'
    elements = [plain_number(v) for v in got.detach().reshape(-1).tolist()]
    if not got.is_floating_point():
        assert elements == wanted['elements'], f'{elements}, PyTorch {wanted["elements"]}'
        return
    scale = max((abs(v) for v in wanted['elements'] if not isinstance(v, str)), default=0)
    for ours, theirs in zip(elements, wanted['elements'], strict=True):
        if isinstance(ours, str) or isinstance(theirs, str):
            assert ours == theirs, f'{elements}, PyTorch {wanted["elements"]}'
        else:
            assert abs(ours - theirs) <= tolerance * scale, f'{ours}, PyTorch {theirs}, largest {scale}'


def check(got, wanted):
    if isinstance(wanted, dict):
        check_tensor(got, wanted)
    elif isinstance(wanted, list):
        assert isinstance(got, (tuple, list)) and len(got) == len(wanted), f'{got}, PyTorch {wanted}'
        for ours, theirs in zip(got, wanted, strict=True):
            check(ours, theirs)
    elif isinstance(got, torch.Tensor):
        raise AssertionError(f'a tensor, PyTorch {wanted}')
    else:
        assert repr(got) == wanted, f'{got!r}, PyTorch {wanted}'


def check_outcome(function, wanted):
    """The function gives the value saved, or raises the error, with the first line of its message."""
    if 'value' in wanted:
        check(function(), wanted['value'])
        return
    try:
        result = function()
    except Exception as error:
        message = str(error).split('\n')[0]
        name = type(error).__name__
        assert name == wanted['error'], f'{name}: {message}, PyTorch {wanted["error"]}: {wanted["message"]}'
        assert message == wanted['message'], f'{message!r}, PyTorch {wanted["message"]!r}'
    else:
        raise AssertionError(f'{result}, PyTorch {wanted["error"]}: {wanted["message"]}')


def each(cases, run):
    """Runs every case and reports all that fail together."""
    failures = []
    for case in cases:
        try:
            run(case)
        except Exception as error:
            name = case['code'] if isinstance(case, dict) else case[0]
            failures.append(
                f'{name}: {"" if isinstance(error, AssertionError) else type(error).__name__} {error}'
            )
    assert not failures, '\n'.join(['', *failures])
