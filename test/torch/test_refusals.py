"""What is not there says so by its name, in the way scripts can deal with."""

import torch
import torch.nn.functional as F
from test_tensor import raises
from torch import nn


def test_names_that_are_not_there_are_attribute_errors_that_say_so():
    for where, name in ((torch, 'nonsense'), (nn, 'Nonsense'), (F, 'nonsense'), (torch.optim, 'Nonsense')):
        error = raises(AttributeError, lambda where=where, name=name: getattr(where, name), name)
        assert isinstance(error, NotImplementedError)
        assert not hasattr(where, name)
    raises(AttributeError, lambda: torch.ones(1).nonsense, 'nonsense')
    raises(AttributeError, lambda: nn.Linear(1, 1).nonsense, 'nonsense')


def test_classes_can_be_subclassed_and_refuse_to_be_made():
    class Model(nn.LazyLinear):
        def __init__(self):
            super().__init__(2)

    assert issubclass(Model, nn.Module)
    assert nn.LazyLinear is nn.modules.lazy.LazyLinear
    raises(NotImplementedError, Model, 'torch.nn.LazyLinear')
    raises(NotImplementedError, lambda: nn.FractionalMaxPool2d(2), 'torch.nn.FractionalMaxPool2d')
    raises(NotImplementedError, lambda: torch.optim.Muon([torch.ones(1)]), 'torch.optim.Muon')
    assert not isinstance(nn.Linear(1, 1), nn.LazyLinear)


def test_functions_refuse_when_called():
    assert callable(torch.fft_fft if hasattr(torch, 'fft_fft') else torch.svd)
    raises(NotImplementedError, lambda: torch.geqrf(torch.eye(2)), 'torch.geqrf()')
    raises(NotImplementedError, lambda: F.scaled_mm(1, 2), 'torch.nn.functional.scaled_mm()')
    raises(NotImplementedError, lambda: torch.onnx.export(None), 'torch.onnx.export()')


def test_options_that_would_change_the_result_are_refused():
    raises(NotImplementedError, lambda: nn.Embedding(2, 3, sparse=True), 'sparse')
    raises(NotImplementedError, lambda: torch.zeros(2, dtype=torch.complex64), 'torch.complex64')
    raises(NotImplementedError, lambda: torch.ones(2).to(torch.uint16), 'uint16')
    raises(NotImplementedError, lambda: torch.ones(2).numpy(), 'tolist()')
    raises(TypeError, lambda: nn.Linear(2, 3, foo=1), 'foo')


def test_other_devices_can_be_named_and_not_used():
    assert not torch.cuda.is_available()
    assert not torch.backends.mps.is_available()
    assert not torch.accelerator.is_available()
    device = torch.device('cuda:1')
    assert (device.type, device.index, str(device)) == ('cuda', 1, 'cuda:1')
    raises(RuntimeError, lambda: torch.zeros(2, device=device), 'cuda:1')
    raises(RuntimeError, lambda: torch.ones(2).to('cuda'), 'cuda')
    raises(RuntimeError, lambda: nn.Linear(1, 1).cuda(), 'cuda')
    raises(RuntimeError, lambda: torch.device('nowhere'), 'nowhere')
    assert torch.ones(1, device='cpu').device == torch.device('cpu')
