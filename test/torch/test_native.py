"""Arguments and results of the engine's functions, whichever way they take."""

import contextlib
import math

import _engine
import torch


def item_of(value, dtype):
    return torch.tensor([value], dtype=dtype)[0].item()


def test_integers_of_every_size_pass_both_ways():
    for size in (0, 1, 29, 30, 31, 32, 52, 53, 54, 62):
        for value in (1 << size, (1 << size) - 1, -(1 << size), 1 - (1 << size)):
            assert torch.full((), value).item() == value, value
            assert item_of(value, torch.int64) == value, value
    assert torch.full((), -(1 << 63)).item() == -(1 << 63)


def test_floats_pass_both_ways():
    for value in (0.5, -1.0, 2.0**40, 2.0**60, 1e300, 2.5e-308, math.inf, -math.inf):
        got = item_of(value, torch.float64)
        assert type(got) is float and got == value, value
        assert torch.full((), value, dtype=torch.float64).item() == value, value
    assert math.isnan(item_of(math.nan, torch.float64))
    assert math.copysign(1, item_of(-0.0, torch.float64)) == -1


def test_bools_none_and_text_pass():
    assert item_of(True, torch.bool) is True and item_of(False, torch.bool) is False
    x = torch.tensor([-1.0, 1.0])
    assert x.clamp(None, 0.5).tolist() == [-1.0, 0.5]
    assert torch.nn.functional.gelu(x, approximate='tanh').shape == x.shape
    assert torch.zeros((1,) * 12).shape == (1,) * 12


def test_a_seed_of_64_bits_passes():
    state = torch.get_rng_state()
    torch.manual_seed((1 << 64) - 1)
    assert torch.initial_seed() == (1 << 64) - 1
    torch.set_rng_state(state)


def test_errors_have_their_class_and_text():
    try:
        torch.ones(2) + torch.ones(3)
    except RuntimeError as error:
        assert 'must match the size of tensor b (3)' in str(error)
        assert error.__cause__ is None
    else:
        raise AssertionError('nothing was raised')


def test_an_error_lets_go_of_the_tensors_that_were_in_use():
    before = _engine.live_handles()
    for _ in range(20):
        with contextlib.suppress(RuntimeError):
            torch.ones(2) + torch.ones(3)
    assert _engine.live_handles() == before
