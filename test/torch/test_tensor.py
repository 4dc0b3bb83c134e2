"""Tensors as Python objects: identity, memory, aliasing, iteration, copies."""

import copy
import gc
from array import array

import _engine
import torch


def raises(kind, function, message=''):
    try:
        function()
    except kind as error:
        assert message in str(error), str(error)
        return error
    raise AssertionError(f'{kind.__name__} was not raised')


def test_every_handle_is_freed_with_its_object():
    def work():
        x = torch.randn(3, 4, requires_grad=True)
        y = (x * 2 + 1).tanh()[1:, ::2].sum() / 3
        y.backward()
        values, places = x.max(1)
        assert values.shape == places.shape == (3,)
        x.grad = None
        for row in x:
            assert row.shape == (4,)
        x.data[x > 0] = 0
        del values, places, row
        return float(y)

    work()
    gc.collect()
    before = _engine.live_handles()
    for _ in range(3):
        work()
    gc.collect()
    assert _engine.live_handles() == before


def test_a_tensor_has_one_python_object():
    x = torch.ones(3, requires_grad=True)
    (x * 2).sum().backward()
    assert x.grad is x.grad
    given = torch.zeros(3)
    x.grad = given
    assert x.grad is given
    assert x.contiguous() is x
    assert x.float() is x
    assert x.to('cpu') is x
    assert x.cpu() is x
    assert x.add_ is not None
    y = x.detach().clone()
    assert y.mul_(2) is y


def test_the_gradient_that_starts_a_backward_pass_may_come_back_from_it():
    x = torch.ones(2, requires_grad=True)
    start = torch.tensor([1.0, 2.0])
    (found,) = torch.autograd.grad(x.view(2), x, start)
    assert found.tolist() == [1.0, 2.0]
    del start
    assert found.tolist() == [1.0, 2.0]


def test_views_share_memory_and_copies_do_not():
    x = torch.zeros(2, 3)
    x[0][1] = 5
    x.t()[2, 1] = 7
    assert x.tolist() == [[0.0, 5.0, 0.0], [0.0, 0.0, 7.0]]
    y = x.clone()
    y.fill_(1)
    assert x[0, 0].item() == 0
    z = x.data
    z[0, 0] = 9
    assert x[0, 0].item() == 9
    assert x.view(-1).data_ptr() == x.data_ptr() != y.data_ptr()


def test_writing_into_a_buffer_step_by_step_backpropagates():
    x = torch.randn(4, 2, requires_grad=True)
    outputs = torch.zeros(4, 2)
    for t in range(4):
        outputs[t] = x[t] * (t + 1)
    outputs.sum().backward()
    assert x.grad.tolist() == [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0]]


def test_data_can_be_replaced():
    p = torch.nn.Parameter(torch.ones(2))
    (p * 3).sum().backward()
    p.data = torch.tensor([5.0, 6.0])
    assert p.tolist() == [5.0, 6.0]
    assert p.requires_grad
    assert p.is_leaf
    assert p.grad.tolist() == [3.0, 3.0]
    p.grad = None
    p.data = torch.zeros(3, dtype=torch.float64)
    (p * 2).sum().backward()
    assert p.grad.tolist() == [2.0, 2.0, 2.0]


def test_data_of_many_kinds_becomes_tensors():
    assert torch.tensor(array('f', [1, 2])).dtype is torch.float32
    assert torch.tensor(range(3)).tolist() == [0, 1, 2]
    assert torch.tensor([[1, 2], [3, 4]], dtype=torch.float64).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert torch.tensor([2**53 + 1, -(2**62)]).tolist() == [2**53 + 1, -(2**62)]
    assert torch.tensor(2**53 + 1).item() == 2**53 + 1
    assert torch.frombuffer(b'\x01\x00\x02\x00', dtype=torch.int16).tolist() == [1, 2]
    assert torch.tensor(True).item() is True
    assert torch.tensor(2.0).item().__class__ is float
    assert torch.tensor([[[]]]).shape == (1, 1, 0)
    assert torch.zeros(2, 0).tolist() == [[], []]
    raises(RuntimeError, lambda: torch.tensor([300], dtype=torch.uint8), 'overflow')


def test_python_protocols():
    x = torch.tensor([1.5, 2.5])
    assert [float(v) for v in x] == [1.5, 2.5]
    first, second = x
    assert float(first + second) == 4.0
    assert next(iter(reversed(torch.tensor([1, 2])))).item() == 2
    assert [10, 20, 30][torch.tensor(1)] == 20
    assert len({x: 1, first: 2}) == 2
    assert (x == None) is False  # noqa: E711
    raises(TypeError, lambda: x + 'a', 'unsupported operand')
    raises(TypeError, lambda: torch.mm(x, 3), "argument 'mat2' (position 2) must be Tensor, not int")
    raises(TypeError, lambda: torch.zeros(2, foo=1), 'foo')
    raises(TypeError, lambda: iter(torch.tensor(1)), '0-d')


def test_deep_copies():
    p = torch.nn.Parameter(torch.ones(2))
    p.sum().backward()
    q = copy.deepcopy(p)
    assert type(q) is torch.nn.Parameter
    assert q.requires_grad
    assert q.grad.tolist() == [1.0, 1.0]
    q.data[0] = 5
    assert p.tolist() == [1.0, 1.0]
    raises(RuntimeError, lambda: copy.deepcopy(p * 2), 'graph leaves')


def test_recording_is_switched_by_block_and_by_decorator():
    x = torch.ones(1, requires_grad=True)

    @torch.no_grad()
    def quiet():
        return (x * 2).requires_grad

    with torch.no_grad():
        assert not (x * 2).requires_grad
        with torch.enable_grad():
            assert (x * 2).requires_grad
        with torch.set_grad_enabled(True):
            assert torch.is_grad_enabled()
        assert not torch.is_grad_enabled()
    assert not quiet()
    assert (x * 2).requires_grad
    with torch.inference_mode():
        assert not (x * 2).requires_grad
    torch.set_grad_enabled(False)
    assert not torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    assert torch.is_grad_enabled()


def test_second_derivatives():
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    assert second.tolist() == [6.0, -12.0]
    unused = torch.ones(1, requires_grad=True)
    assert torch.autograd.grad(x.sum(), [x, unused], allow_unused=True)[1] is None


def test_the_default_dtype():
    try:
        torch.set_default_dtype(torch.float64)
        assert torch.zeros(1).dtype is torch.tensor(1.5).dtype is torch.get_default_dtype() is torch.float64
        assert torch.nn.Linear(1, 1).weight.dtype is torch.Tensor([1]).dtype is torch.float64
        integers = torch.tensor([1, 2])
        for made in (integers / 2, integers + 1.5, integers.exp(), integers.logsumexp(0)):
            assert made.dtype is torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    raises(TypeError, lambda: torch.set_default_dtype(torch.int32))


def test_generators_repeat_themselves():
    state = torch.get_rng_state()
    first = torch.rand(3)
    torch.set_rng_state(state)
    assert torch.rand(3).equal(first)
    a, b = (torch.Generator().manual_seed(7) for _ in range(2))
    assert torch.randn(20, generator=a).equal(torch.randn(20, generator=b))
    assert a.initial_seed() == 7
    with torch.random.fork_rng():
        torch.manual_seed(1)
    assert torch.rand(1).item() != torch.rand(1).item()
    assert torch.manual_seed(-1).initial_seed() == 2**64 - 1
