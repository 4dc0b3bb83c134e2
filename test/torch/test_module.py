"""Modules: members, state, hooks, modes, conversions; recurrent layers, clipping, losses."""

import copy
import math

import torch
import torch.nn.functional as F
from test_tensor import raises
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(5, 3)
        self.rnn = nn.LSTM(3, 4, 2)
        self.out = nn.Linear(4, 5)
        self.tied = self.out
        self.register_buffer('scale', torch.ones(1))
        self.register_buffer('scratch', torch.zeros(1), persistent=False)

    def forward(self, x):
        return self.out(self.rnn(self.embedding(x))[0]) * self.scale


def test_members_are_found_by_name():
    net = Net()
    names = [name for name, _ in net.named_parameters()]
    assert names[:3] == ['embedding.weight', 'rnn.weight_ih_l0', 'rnn.weight_hh_l0']
    assert names[-2:] == ['out.weight', 'out.bias']
    assert [name for name, _ in net.named_modules()] == ['', 'embedding', 'rnn', 'out']
    assert [name for name, _ in net.named_buffers()] == ['scale', 'scratch']
    assert net.get_submodule('out') is net.tied
    assert net.get_parameter('out.bias') is net.out.bias
    assert sum(p.numel() for p in net.parameters()) == 15 + 4 * 4 * (3 + 4 + 2) + 4 * 4 * (4 + 4 + 2) + 25
    raises(TypeError, lambda: setattr(net, 'out', 3), "cannot assign 'int' as child module 'out'")
    raises(TypeError, lambda: setattr(net.out, 'bias', torch.ones(5)), 'as parameter')
    raises(AttributeError, lambda: net.missing, "'Net' object has no attribute 'missing'")
    del net.tied
    assert not hasattr(net, 'tied')


def test_members_need_the_constructor():
    class Forgetful(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(1, 1)

    raises(AttributeError, Forgetful, 'before Module.__init__() call')


def test_state_goes_out_and_in():
    net, other = Net(), Net()
    state = net.state_dict()
    assert list(state)[-2:] == ['tied.weight', 'tied.bias']
    assert 'scratch' not in state
    assert state['out.weight'].data_ptr() == net.out.weight.data_ptr()
    assert str(other.load_state_dict(state)) == '<All keys matched successfully>'
    assert other.out.weight.equal(net.out.weight)
    assert other.rnn.weight_hh_l1.equal(net.rnn.weight_hh_l1)
    del state['out.bias']
    state['more'] = torch.ones(1)
    error = raises(
        RuntimeError, lambda: other.load_state_dict(state), 'Missing key(s) in state_dict: "out.bias".'
    )
    assert 'Unexpected key(s) in state_dict: "more".' in str(error)
    result = other.load_state_dict(state, strict=False)
    assert (result.missing_keys, result.unexpected_keys) == (['out.bias'], ['more'])
    wrong = net.state_dict() | {'scale': torch.ones(2)}
    raises(
        RuntimeError,
        lambda: other.load_state_dict(wrong),
        'size mismatch for scale: copying a param with shape',
    )


def test_hooks_see_and_change_what_passes():
    layer, seen = nn.Linear(2, 2), []
    before = layer.register_forward_pre_hook(lambda module, args: (args[0] * 0,))
    after = layer.register_forward_hook(
        lambda module, args, output: seen.append(args[0].sum().item()) or output + 1
    )
    assert layer(torch.ones(1, 2)).tolist() == (layer.bias + 1).view(1, 2).tolist()
    assert seen == [0.0]
    before.remove()
    after.remove()
    assert layer(torch.zeros(1, 2)).tolist() == layer.bias.view(1, 2).tolist()


def test_modes_and_gradients_reach_all_below():
    net = Net()
    net.eval()
    assert not any(m.training for m in net.modules())
    assert net.train() is net
    assert net.rnn.training
    net(torch.zeros(2, 1, dtype=torch.long)).sum().backward()
    assert all(p.grad is not None for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())
    net.requires_grad_(False)
    assert not net(torch.zeros(2, 1, dtype=torch.long)).requires_grad
    visited = []
    net.apply(lambda module: visited.append(type(module).__name__))
    assert visited == ['Embedding', 'LSTM', 'Linear', 'Net']


def test_conversion_keeps_the_parameter_objects():
    net = Net()
    weight = net.out.weight
    net(torch.zeros(2, 1, dtype=torch.long)).sum().backward()
    assert net.double() is net
    assert net.out.weight is weight
    assert weight.dtype is weight.grad.dtype is net.scale.dtype is torch.float64
    assert net(torch.zeros(2, 1, dtype=torch.long)).dtype is torch.float64
    raises(TypeError, lambda: net.to(torch.int64), 'floating point')


def test_deep_copies_are_independent():
    net = Net()
    other = copy.deepcopy(net)
    assert other.tied is other.out
    assert other.out.weight.equal(net.out.weight)
    with torch.no_grad():
        other.out.weight.zero_()
    assert net.out.weight.abs().sum().item() > 0
    assert other.rnn(torch.zeros(2, 1, 3))[0].shape == (2, 1, 4)


def test_containers():
    layers = nn.ModuleList(nn.Linear(2, 2) for _ in range(3))
    assert len(layers) == 3
    assert layers[-1] is list(layers)[2]
    assert len(layers[1:]) == 2
    layers.append(nn.ReLU()).insert(0, nn.Tanh())
    assert [type(m).__name__ for m in layers] == ['Tanh', 'Linear', 'Linear', 'Linear', 'ReLU']
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    x = torch.ones(1, 2)
    assert model(x).equal(model[0](x).tanh())
    named = nn.ModuleDict({'a': nn.Linear(1, 1)})
    assert 'a' in named
    assert [name for name, _ in named.named_parameters()] == ['a.weight', 'a.bias']
    assert len(list(nn.ParameterList([torch.ones(2), torch.ones(3)]).parameters())) == 2
    assert list(nn.ParameterDict({'p': torch.ones(2)}).keys()) == ['p']


def test_recurrent_layers_agree_with_their_cells():
    torch.manual_seed(0)
    x = torch.randn(5, 2, 3)
    lstm = nn.LSTM(3, 4)
    w_ih, w_hh, b_ih, b_hh = lstm.parameters()
    h = c = torch.zeros(2, 4)
    outputs = []
    for t in range(5):
        i, f, g, o = (x[t] @ w_ih.t() + b_ih + h @ w_hh.t() + b_hh).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        outputs.append(h)
    output, (h_n, c_n) = lstm(x)
    assert torch.allclose(output, torch.stack(outputs), atol=1e-6)
    assert torch.allclose(h_n[0], h, atol=1e-6)
    assert torch.allclose(c_n[0], c, atol=1e-6)
    gru = nn.GRU(3, 4, 2, batch_first=True)
    output, h_n = gru(x.transpose(0, 1))
    assert output.shape == (2, 5, 4)
    assert output[:, -1].equal(h_n[-1])
    single, final = nn.RNN(3, 4)(x[:, 0])
    assert (single.shape, final.shape) == ((5, 4), (1, 4))
    assert single[-1].equal(final[0])
    split = lstm(x[3:], lstm(x[:3])[1])[0]
    assert torch.allclose(split, lstm(x)[0][3:], atol=1e-6)


def test_clipping_scales_gradients_to_the_norm():
    weights = [nn.Parameter(torch.ones(3)), nn.Parameter(torch.ones(4))]
    sum((w * 2).sum() for w in weights).backward()
    total = nn.utils.clip_grad_norm_(weights, 1.0)
    assert math.isclose(total.item(), 2 * math.sqrt(7), rel_tol=1e-6)
    assert math.isclose(nn.utils.get_total_norm([w.grad for w in weights]).item(), 1.0, rel_tol=1e-5)
    before = [w.grad.clone() for w in weights]
    nn.utils.clip_grad_norm_(weights, 10.0)
    assert all(w.grad.equal(b) for w, b in zip(weights, before, strict=True))
    nn.utils.clip_grad_value_(weights, 0.1)
    assert max(w.grad.max().item() for w in weights) <= 0.1 + 1e-7
    assert nn.utils.clip_grad_norm_([nn.Parameter(torch.ones(1))], 1.0).item() == 0.0
    weights[0].grad[0] = math.nan
    raises(
        RuntimeError, lambda: nn.utils.clip_grad_norm_(weights, 1.0, error_if_nonfinite=True), 'non-finite'
    )


def test_parameters_as_one_vector():
    net = nn.Linear(2, 3)
    vector = nn.utils.parameters_to_vector(net.parameters()).detach() * 2
    expected = net.weight.detach() * 2
    nn.utils.vector_to_parameters(vector, net.parameters())
    assert net.weight.equal(expected)


def test_dropout_follows_the_mode():
    layer, x = nn.Dropout(0.5), torch.ones(1000)
    kept = layer(x)
    assert set(kept.tolist()) == {0.0, 2.0}
    assert layer.eval()(x).equal(x)
    assert F.dropout(x, 0.0).equal(x)


def test_training_lowers_the_loss():
    torch.manual_seed(0)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    x = torch.tensor([[0], [1], [2], [3]])
    y = torch.tensor([1, 2, 3, 4])
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x).view(-1, 5), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 < losses[0]
