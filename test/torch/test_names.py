"""Every public name of PyTorch's is there or refuses by name; there is no third state (names.json lists them)."""

import importlib
import warnings

import golden
import torch

SHARES = {
    'torch.nn': 0.6,
    'torch.nn.functional': 0.6,
    'torch.Tensor': 0.48,
}  # that are to be supported at least
WORDS = {'half': 'float16'}  # by which a refusal names what it refuses, where that is another


def place_of(path):
    return torch.ones(2, 2) if path == 'torch.Tensor' else importlib.import_module(path)


def is_supported(path, name):
    """Whether a name is there and, called without arguments, does not refuse.

    @raises AttributeError where it is neither there nor refuses, AssertionError where a refusal does not name it
    """
    place = place_of(path)
    try:
        member = getattr(place, name)
        if callable(member):
            member()
    except NotImplementedError as error:
        # An abstract method of a class that is there is no refusal of it.
        if 'not supported' not in str(error):
            return True
        assert WORDS.get(name, name) in str(error), f'{path}.{name} refuses as {error}'
        return False
    except Exception:
        getattr(place, name)  # it is there: what it lacked are arguments
    return True


def test_every_public_name_is_there_or_refuses_by_name():
    failures = []
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    for path, text in golden.load('names.json').items():
        names, supported = text.split(), 0
        for name in names:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter('ignore')
                    supported += is_supported(path, name)
            except Exception as error:
                failures.append(f'{path}.{name}: {type(error).__name__} {error}')
        share = supported / len(names)
        print(f'{path}: {supported} of {len(names)} public names are supported ({share:.0%})')
        if share < SHARES.get(path, 0):
            failures.append(f'{path}: only {share:.0%} are supported')
    torch.set_rng_state(state)
    torch.set_num_threads(threads)
    assert not failures, '\n'.join(['', *failures])
