"""The operations and the recurrent layers on the run's GPU, against the values that PyTorch gave; run.py runs it.

In float32, to 1e-4 of the largest element. What a device refuses by name, and where its errors read otherwise, is
listed: a case that begins to work has to be taken off the list.
"""

import io
import sys
import warnings
from contextlib import nullcontext

import cases
import golden
import test_nn as network
import test_operations as operations
import test_recurrent as recurrent
import torch

recurrent_cases = sys.modules[recurrent.Case.__module__]
nn_cases = network.nn_cases
cases.DEVICE = recurrent_cases.DEVICE = nn_cases.DEVICE = 'cuda'
TOLERANCE = 1e-4
recurrent.TOLERANCE = {torch.float32: TOLERANCE}

# message: expressions
LISTED = {
    'is not supported on opencl:0': """
i.half()+1;i.bfloat16()*.3;x.half();x.bfloat16();x.half().exp();x.half()+x.bfloat16();x.bfloat16().sum();x.half()@m.half()
x.half().softmax(1);x.bfloat16().mean(1);x.half().max(1);x.half().sort(1);x.bfloat16()>0;x.half().cumsum(1)
x.half().float();x.to(torch.bfloat16).double();x.half().dtype;x.bitwise_and(1);x.gcd(y);x&=1
""",
    'index out of range in an operation on opencl:0 before this point': """
x.gather(0,I);x.scatter(1,I+9,y);x.index_select(0,J);x[[9]]
""",
}
REFUSED = {code: message for message, text in LISTED.items() for code in cases.expressions(text)}


class Factories:
    """torch, whose tensors are made on the GPU."""

    made = frozenset('arange empty eye full linspace logspace ones tensor zeros'.split())

    def __getattr__(self, name):
        found = getattr(torch, name)
        if name not in self.made:
            return found
        return lambda *given, **options: found(*given, **{'device': 'cuda', **options})


cases.FACTORIES = nn_cases.FACTORIES = Factories()


def check_group(group, dtype, run):
    """Runs every case of a group; those listed must fail, with the message listed."""

    def check_case(case):
        code, wanted = case
        if code.startswith('x.contiguous().as_strided') and group == 'empty':
            return  # whose message counts bytes, those of float64 in what was saved
        is_wrong = isinstance(wanted, dict)  # here as on the processor
        if code in REFUSED and (is_wrong or 'supported' in REFUSED[code]):
            found = operations.outcome(lambda: run(code))
            message = found['message'] if isinstance(found, dict) else 'a result'
            assert REFUSED[code] in message, f'{message}, listed as {REFUSED[code]}'
            return
        operations.check_outcome(lambda: run(code), wanted, TOLERANCE, dtype)

    golden.each(list(golden.load('operations.json')[group].items()), check_case)


def test_results_and_gradients():
    check_group('differentiable', torch.float32, lambda code: cases.differentiated(code, torch.float32))


def test_results_and_gradients_of_empty_tensors():
    check_group(
        'empty', torch.float32, lambda code: cases.differentiated(code, torch.float32, sizes=cases.EMPTY)
    )


def test_values_types_and_errors():
    check_group('values', None, lambda code: cases.evaluated(code, torch.float32))


def test_writing_in_place():
    check_group('statements', None, lambda code: cases.executed(code, torch.float32))


def test_recurrent_layers():
    for kind in recurrent_cases.KINDS:
        recurrent.check_kind(kind)


def check_nn(part, run, factor=1):
    """The modules and functions of nn, and the optimizers: what is given lies on the GPU, so what comes out has to."""

    def one(case):
        name, (wanted, exact) = case
        # Modules that an expression makes are made there, too.
        place = torch.device('cuda') if '.to(x.dtype)' in name else nullcontext()
        with place, warnings.catch_warnings():
            warnings.simplefilter('ignore')
            got = run(name, torch.float32)
        for place, digests in enumerate(zip(got, wanted, exact, strict=True)):
            network.check_digest(*digests, f'number {place}', factor * TOLERANCE / 1e-5)

    golden.each(list(network.SAVED[part].items()), one)


def test_modules():
    check_nn('modules', nn_cases.run_module)


def test_functions_and_losses():
    check_nn('expressions', nn_cases.run_expression)


def test_optimizers():
    check_nn('optimizers', nn_cases.run_optimizer, 10)


def test_a_default_device():
    assert torch.get_default_device() == torch.device('cpu')
    with torch.device('cuda'):
        assert torch.get_default_device() == torch.device('cuda', 0)
        assert torch.zeros(2).device == torch.tensor([1.0]).device == torch.nn.Linear(2, 2).weight.device
        assert torch.zeros(2).device.type == 'cuda'
        assert torch.ones(1, device='cpu').device.type == 'cpu'
    assert torch.zeros(2).device.type == 'cpu'
    torch.set_default_device('cuda')
    assert torch.arange(3).device.type == 'cuda'
    torch.set_default_device(None)
    assert torch.arange(3).device.type == 'cpu'


def test_tensors_of_two_devices_are_refused():
    x, here = torch.ones(3, 4, device='cuda'), torch.ones(3, 4)
    places = torch.zeros(2, dtype=torch.int64)
    where = torch.zeros(3, 4, dtype=torch.int64)
    runs = (
        lambda: x + here,
        lambda: x @ here.T,
        lambda: torch.cat([x, here]),
        lambda: x.index_select(0, places),
        lambda: x.take(places),
        lambda: x.gather(1, where),
        lambda: x.scatter(1, where, x),
        lambda: x.index_add(0, places, x[:2]),
        lambda: x.index_fill(0, places, 1.0),
        lambda: torch.where(here > 0, x, x),
        lambda: torch.nn.functional.embedding(places, x),
        lambda: torch.nn.functional.cross_entropy(x, places.new_zeros(3)),
        lambda: torch.nn.functional.linear(x, here),
        lambda: torch.nn.LSTM(4, 2)(x[None]),
        lambda: x.copy_(x).add_(here),
    )
    words = 'Expected all tensors to be on the same device'
    of_searchsorted = 'should have same device type, but got boundaries tensor device type cuda:0'
    for run, said in [
        *((run, words) for run in runs),
        (lambda: torch.searchsorted(x[0], here), of_searchsorted),
    ]:
        try:
            run()
        except RuntimeError as error:
            assert said in str(error), error
        else:
            raise AssertionError('nothing was raised')
    # What PyTorch takes from the processor, too.
    assert x[places].shape == (2, 4) and (x * torch.tensor(2.0)).device.type == 'cuda'


def test_what_is_saved_comes_back_to_its_device():
    model = torch.nn.LSTM(3, 4).to('cuda')
    file = io.BytesIO()
    torch.save([model, model.state_dict()], file)
    for options, place in (({}, 'cuda'), ({'map_location': 'cpu'}, 'cpu')):
        file.seek(0)
        loaded, state = torch.load(file, weights_only=False, **options)
        for name, weight in loaded.state_dict().items():
            assert weight.device.type == state[name].device.type == place
            assert torch.equal(weight.cpu(), model.state_dict()[name].cpu())
        assert loaded(torch.ones(2, 3, device=place))[0].device.type == place
