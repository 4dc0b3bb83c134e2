"""Recurrent layers and cells: every configuration against PyTorch's values, packing, shapes, messages."""

import sys

import golden
import torch
from test_tensor import raises
from torch import nn
from torch.nn.utils import rnn as packing

sys.path.append(str(golden.FOLDER))
from recurrent_cases import Case, all_cases, numbered, summed, weighed

EXPECTED = golden.load('recurrent.json')['cases']
TOLERANCE = {torch.float64: 1e-11, torch.float32: 1e-5}


def check_case(case, dtype, rnn):
    """Each sum within the tolerance of the sum of its absolute terms."""
    found = summed(case, rnn, dtype)
    expected = EXPECTED[case.name]['sums']
    assert len(found) == len(expected), f'{case.name}: {len(found)} sums, PyTorch {len(expected)}'
    for i, ((value, size), wanted) in enumerate(zip(found, expected, strict=True)):
        assert abs(value - wanted) <= TOLERANCE[dtype] * max(size, 1e-3), (
            f'{case.name}, {dtype}, sum {i}: {value}, PyTorch {wanted}'
        )


def check_kind(kind):
    checked = [case for case in all_cases() if case.kind == kind]
    assert len(checked) == 52
    for case in checked:
        for dtype in TOLERANCE:
            check_case(case, dtype, case.layer(dtype))
            if case.layers > 1 and not case.is_dropped:
                check_case(case, dtype, case.layer(dtype, dropout=0.5).eval())


def test_rnn_tanh_agrees_with_pytorch():
    check_kind('rnn_tanh')


def test_rnn_relu_agrees_with_pytorch():
    check_kind('rnn_relu')


def test_lstm_agrees_with_pytorch():
    check_kind('lstm')


def test_lstm_with_projections_agrees_with_pytorch():
    check_kind('lstm_projected')


def test_gru_agrees_with_pytorch():
    check_kind('gru')


def test_second_derivatives_agree_with_pytorch():
    expected = golden.load('recurrent.json')['second']
    for case in all_cases():
        if case.name not in expected:
            continue
        rnn, inputs = case.layer(torch.float64), case.inputs(torch.float64)
        leaves = [*inputs, *rnn.parameters()]
        grads = torch.autograd.grad(weighed(case.results(rnn, inputs)), leaves, create_graph=True)
        total = sum((g * g).sum() for g in grads)
        for found, wanted in zip(torch.autograd.grad(total, leaves), expected[case.name], strict=True):
            assert abs(found.norm().item() - wanted) <= 1e-10 * wanted, case.name
    assert len(expected) == 5


def test_dropout_between_layers_drops_only_in_training():
    torch.manual_seed(0)
    rnn, x = nn.GRU(3, 4, 2, dropout=0.5), torch.ones(5, 2, 3)
    first, second = rnn(x)[0], rnn(x)[0]
    assert not torch.equal(first, second)
    rnn.eval()
    assert torch.equal(rnn(x)[0], rnn(x)[0])


# --- cells
def cells(kind, dtype):
    """A cell of each kind with a layer of the same weights."""
    layer = Case(kind, 1, 1, 'plain').layer(dtype)
    cell = {'rnn_tanh': nn.RNNCell, 'rnn_relu': nn.RNNCell, 'lstm': nn.LSTMCell, 'gru': nn.GRUCell}[kind]
    options = {'nonlinearity': 'relu'} if kind == 'rnn_relu' else {}
    cell = cell(layer.input_size, layer.hidden_size, dtype=dtype, **options)
    cell.load_state_dict({name.removesuffix('_l0'): w for name, w in layer.state_dict().items()})
    return cell, layer


def test_a_loop_over_cells_is_the_layer():
    for kind in ('rnn_tanh', 'rnn_relu', 'lstm', 'gru'):
        cell, layer = cells(kind, torch.float64)
        x, *states = Case(kind, 1, 1, 'plain').inputs(torch.float64)
        state = tuple(s[0] for s in states) if kind == 'lstm' else states[0][0]
        outputs = []
        for step in x:
            state = cell(step, state)
            outputs.append(state[0] if kind == 'lstm' else state)
        expected, _ = layer(x, tuple(states) if kind == 'lstm' else states[0])
        assert torch.allclose(torch.stack(outputs), expected, rtol=1e-12)
        ours = torch.autograd.grad(weighed([torch.stack(outputs)]), [x, *states, *cell.parameters()][:-4])
        theirs = torch.autograd.grad(weighed([expected]), [x, *states])
        for a, b in zip(ours, theirs, strict=True):
            assert torch.allclose(a, b, rtol=1e-11), kind


def test_cells_take_one_sample_and_no_state():
    for cell in (nn.RNNCell(3, 4), nn.GRUCell(3, 4, bias=False), nn.LSTMCell(3, 4)):
        x = torch.ones(2, 3)
        one, batch = cell(x[0]), cell(x)
        if isinstance(cell, nn.LSTMCell):
            one, batch = one[0], batch[0]
        assert one.shape == (4,)
        assert torch.equal(batch[0], one)
    assert repr(nn.RNNCell(2, 4, bias=False)) == 'RNNCell(2, 4, bias=False)'
    assert repr(nn.RNNCell(2, 4, nonlinearity='relu')) == 'RNNCell(2, 4, nonlinearity=relu)'
    assert nn.LSTMCell.__module__ == 'torch.nn.modules.rnn'


def test_cells_refuse_in_pytorchs_words():
    x = torch.ones(3, 2)
    raises(
        RuntimeError, lambda: nn.LSTMCell(2, 4)(torch.ones(3, 3)), 'inconsistent input_size: got 3 expected 2'
    )
    raises(ValueError, lambda: nn.GRUCell(2, 4)(torch.ones(3, 2, 1)), 'Expected input to be 1D or 2D, got 3D')
    hidden = "Input batch size 3 doesn't match hidden0 batch size 2"
    raises(RuntimeError, lambda: nn.GRUCell(2, 4)(x, torch.zeros(2, 4)), hidden)
    wrong = 'hidden0 has inconsistent hidden_size: got 5, expected 4'
    raises(RuntimeError, lambda: nn.RNNCell(2, 4)(x, torch.zeros(3, 5)), wrong)
    raises(RuntimeError, lambda: nn.RNNCell(2, 4, nonlinearity='x')(x), 'Unknown nonlinearity: x')


# --- packing
def test_packing_orders_and_unpacking_restores():
    x = torch.arange(12.0).view(4, 3)
    packed = packing.pack_padded_sequence(x, [2, 4, 1], enforce_sorted=False)
    assert packed.batch_sizes.tolist() == [3, 2, 1, 1]
    assert packed.sorted_indices.tolist() == [1, 0, 2]
    assert packed.unsorted_indices.tolist() == [1, 0, 2]
    assert packed.data.tolist() == [1, 0, 2, 4, 3, 7, 10]
    padded, lengths = packing.pad_packed_sequence(packed, batch_first=True, padding_value=-1, total_length=5)
    assert lengths.tolist() == [2, 4, 1]
    assert padded.tolist() == [[0, 3, -1, -1, -1], [1, 4, 7, 10, -1], [2, -1, -1, -1, -1]]
    assert [row.tolist() for row in packing.unpack_sequence(packed)] == [[0, 3], [1, 4, 7, 10], [2]]
    rows = [torch.ones(2), torch.full((3,), 2.0)]
    assert packing.pack_sequence(rows, enforce_sorted=False).data.tolist() == [2, 1, 2, 1, 2]
    assert packing.pad_sequence(rows, padding_side='left').tolist() == [[0, 2], [1, 2], [1, 2]]
    assert [row.tolist() for row in packing.unpad_sequence(x, torch.tensor([2, 1, 1]))] == [[0, 3], [1], [2]]
    assert packed.to(torch.float64).data.dtype is torch.float64
    assert packing.PackedSequence(*packed).batch_sizes is packed.batch_sizes


def test_gradients_flow_through_packing():
    x = numbered(1, (4, 3, 2)).requires_grad_()
    packed = packing.pack_padded_sequence(x, [3, 4, 1], enforce_sorted=False)
    padded, _ = packing.pad_packed_sequence(packed)
    (padded * 2).sum().backward()
    assert x.grad[:, :, 0].tolist() == [[2, 2, 2], [2, 2, 0], [2, 2, 0], [0, 2, 0]]


def test_packing_refuses_in_pytorchs_words():
    x = torch.ones(4, 3, 2)
    raises(RuntimeError, lambda: packing.pack_padded_sequence(x, [4, 3]), 'got 2 (batch_size=3)')
    raises(
        RuntimeError, lambda: packing.pack_padded_sequence(x, [3, 4, 2]), 'must be sorted in decreasing order'
    )
    raises(RuntimeError, lambda: packing.pack_padded_sequence(x, [4, 3, 0]), 'has to be greater than 0')
    raises(RuntimeError, lambda: packing.pack_padded_sequence(x, [5, 3, 1]), '4 steps')
    packed = packing.pack_padded_sequence(x, [3, 3, 1])
    raises(ValueError, lambda: packing.pad_packed_sequence(packed, total_length=2), 'total_length=2')
    raises(TypeError, lambda: packing.pad_sequence([1, 2]), 'expected Tensor as element 0 in argument 0')
    raises(RuntimeError, lambda: packing.pad_sequence([]), 'received an empty list of sequences')
    raises(AssertionError, lambda: packing.PackedSequence(x), 'list or tuple of length 2')


# --- arguments
def test_layers_describe_and_refuse_in_pytorchs_words():
    layer = nn.LSTM(2, 3, 2, bidirectional=True, proj_size=2)
    assert repr(layer) == 'LSTM(2, 3, proj_size=2, num_layers=2, bidirectional=True)'
    assert [name for name, _ in layer.named_parameters()][9] == 'weight_hr_l0_reverse'
    assert layer.weight_ih_l1.shape == (12, 4)
    raises(ValueError, lambda: nn.LSTM(2, 3, proj_size=3), 'proj_size has to be smaller than hidden_size')
    raises(ValueError, lambda: nn.GRU(2, 3, proj_size=1), 'only supported for LSTM, not RNN or GRU')
    raises(ValueError, lambda: nn.LSTM(2, 3, proj_size=-1), 'positive integer or zero')
    x, state = torch.ones(4, 3, 2), torch.zeros(1, 3, 3)
    raises(RuntimeError, lambda: nn.LSTM(2, 3)(x, (state[0], state[0])), 'also be 3-D but got (2-D, 2-D)')
    raises(
        RuntimeError, lambda: nn.GRU(2, 3)(x[:, 0], state), 'For unbatched 2-D input, hx should also be 2-D'
    )
    raises(RuntimeError, lambda: nn.GRU(2, 3, bidirectional=True)(x, state), 'Expected hidden size (2, 3, 3)')
    raises(ValueError, lambda: nn.RNN(2, 3, nonlinearity='x'), "Unknown nonlinearity 'x'")
