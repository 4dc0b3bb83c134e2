"""What surrounds modules: containers' printing, hooks, parametrizations, averaged weights, notices."""

import warnings

import torch
from test_tensor import raises
from torch import nn


def told(function):
    """The warnings that a call gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        function()
    return [str(warning.message) for warning in caught]


def test_lists_print_neighbours_that_are_alike_once():
    layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2), nn.ReLU()])
    assert repr(layers) == (
        'ModuleList(\n  (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)\n  (2): ReLU()\n)'
    )
    assert repr(nn.ModuleList()) == 'ModuleList()'


def test_a_state_can_be_assigned_and_keeps_its_versions():
    norm, other = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    state = norm.state_dict()
    assert state._metadata == {'': {'version': 2}}
    weight = state['weight'] = torch.full((2,), 3.0)
    other.load_state_dict(state, assign=True)
    assert other.weight.data_ptr() == weight.data_ptr()
    del state['num_batches_tracked']
    raises(RuntimeError, lambda: other.load_state_dict(state), 'num_batches_tracked')
    state._metadata[''] = {'version': 1}
    other.load_state_dict(state)


def test_a_module_can_read_and_write_its_state_itself():
    class Doubled(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight, self.note = nn.Parameter(torch.ones(1)), 'a'

        def get_extra_state(self):
            return {'note': self.note}

        def set_extra_state(self, state):
            self.note = state['note']

        def _load_from_state_dict(self, state_dict, prefix, *args):
            state_dict[f'{prefix}weight'] = state_dict[f'{prefix}weight'] * 2
            super()._load_from_state_dict(state_dict, prefix, *args)

    source, target = nn.Sequential(Doubled()), nn.Sequential(Doubled())
    source[0].note = 'b'
    state = source.state_dict()
    assert list(state) == ['0.weight', '0._extra_state']
    target.load_state_dict(state)
    assert target[0].weight.item() == 2.0
    assert target[0].note == 'b'


def test_hooks_of_all_modules_and_hooks_called_in_any_case():
    seen, layer = [], nn.Linear(2, 2)
    handle = nn.modules.module.register_module_forward_hook(
        lambda m, args, out: seen.append(type(m).__name__)
    )
    nn.Sequential(layer)(torch.ones(1, 2))
    handle.remove()
    assert seen == ['Linear', 'Sequential']
    layer.register_forward_hook(lambda m, args, out: seen.append(out), always_call=True)
    raises(RuntimeError, lambda: layer(torch.ones(1, 3)), 'shapes')
    assert seen[2:] == [None]


def test_backward_hooks_see_and_change_the_gradients_that_pass():
    layer, seen = nn.Linear(2, 2, bias=False), []
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    layer.register_full_backward_pre_hook(lambda m, grad_output: (grad_output[0] * 10,))
    handle = layer.register_full_backward_hook(
        lambda m, grad_input, grad_output: (
            seen.append((grad_input[0].tolist(), grad_output[0].tolist())) or (grad_input[0] + 1,)
        )
    )
    x = torch.ones(1, 2, requires_grad=True)
    layer(x).sum().backward()
    assert seen == [([[40.0, 60.0]], [[10.0, 10.0]])]
    assert x.grad.tolist() == [[41.0, 61.0]]
    assert layer.weight.grad.tolist() == [[10.0, 10.0], [10.0, 10.0]]
    handle.remove()
    layer.register_full_backward_hook(lambda m, grad_input, grad_output: seen.append(grad_input))
    layer(torch.ones(1, 2)).sum().backward()
    assert seen[1:] == [(None,)]


def test_submodules_are_set_and_members_found_by_path():
    net = nn.Sequential(nn.Sequential(nn.Linear(1, 1)))
    net.set_submodule('0.0', nn.Tanh())
    assert isinstance(net[0][0], nn.Tanh)
    raises(AttributeError, lambda: net.get_parameter('0.weight'), 'has no attribute `weight`')
    net.scale = nn.Buffer(torch.ones(1), persistent=False)
    assert [name for name, _ in net.named_buffers()] == ['scale']
    assert not net.state_dict()


def test_weights_as_length_and_direction():
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2))
    assert list(layer.state_dict()) == [
        'bias',
        'parametrizations.weight.original0',
        'parametrizations.weight.original1',
    ]
    before = layer.weight.detach()
    with torch.no_grad():
        layer.parametrizations.weight.original0.mul_(2)
    assert torch.allclose(layer.weight, before * 2)
    layer.weight = before
    assert torch.allclose(layer.weight, before)
    layer(torch.ones(1, 3)).sum().backward()
    assert layer.parametrizations.weight.original0.grad is not None
    nn.utils.parametrize.remove_parametrizations(layer, 'weight')
    assert type(layer) is nn.Linear
    assert torch.allclose(layer.weight, before)
    old = nn.utils.weight_norm(nn.Linear(3, 2))
    weight = old.weight.detach()
    with torch.no_grad():
        old.weight_g.mul_(3)
    old(torch.ones(1, 3))
    assert torch.allclose(old.weight, weight * 3)
    assert torch.allclose(nn.utils.remove_weight_norm(old).weight, weight * 3)


def test_spectral_norm_makes_the_largest_singular_value_one():
    torch.manual_seed(0)
    for make in (nn.utils.parametrizations.spectral_norm, nn.utils.spectral_norm):
        layer = make(nn.Linear(4, 3))
        for _ in range(60):
            layer(torch.ones(1, 4))
        weight = layer.weight.detach().double()
        u = torch.ones(3, dtype=torch.float64)
        for _ in range(200):
            u = weight @ (weight.t() @ u)
            u = u / u.norm()
        assert abs((weight.t() @ u).norm().item() - 1) < 1e-4


def test_initial_weights_of_their_kinds():
    torch.manual_seed(0)
    for shape in ((3, 5), (5, 3), (4, 2, 3)):
        rows = nn.init.orthogonal_(torch.empty(shape), gain=2).flatten(1).double() / 2
        product = rows @ rows.t() if rows.size(0) <= rows.size(1) else rows.t() @ rows
        assert torch.allclose(product, torch.eye(len(product), dtype=torch.float64), atol=1e-6)
    assert (nn.init.sparse_(torch.empty(10, 4), 0.3) == 0).sum(0).tolist() == [3, 3, 3, 3]
    dirac = nn.init.dirac_(torch.empty(3, 3, 5))
    x = torch.randn(1, 3, 8)
    assert torch.allclose(nn.functional.conv1d(x, dirac, padding=2), x)
    assert nn.utils.skip_init(nn.Linear, 3, 2).weight.shape == (2, 3)


def test_averaged_weights_follow_a_model():
    model = nn.Linear(1, 1, bias=False)
    mean = torch.optim.swa_utils.AveragedModel(model)
    decayed = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.5)
    )
    for value in (1.0, 2.0, 6.0):
        with torch.no_grad():
            model.weight.fill_(value)
        mean.update_parameters(model)
        decayed.update_parameters(model)
    assert mean.module.weight.item() == 3.0
    assert decayed.module.weight.item() == 3.75
    assert int(mean.n_averaged) == 3


def test_optimizers_take_hooks_groups_and_states():
    weights = [nn.Parameter(torch.ones(2)) for _ in range(2)]
    optimizer, seen = torch.optim.RMSprop(weights[:1], lr=0.1), []
    optimizer.add_param_group({'params': weights[1:], 'lr': 0.5})
    optimizer.register_step_post_hook(lambda *_: seen.append('after'))
    sum((w * 3).sum() for w in weights).backward()
    optimizer.step()
    assert seen == ['after']
    state = optimizer.state_dict()
    assert list(state['state'][0]) == ['step', 'square_avg']
    assert [group['lr'] for group in state['param_groups']] == [0.1, 0.5]
    other = torch.optim.RMSprop([{'params': weights[:1]}, {'params': weights[1:]}])
    other.load_state_dict(state)
    assert other.state[weights[1]]['step'].item() == 1.0
    assert other.param_groups[1]['lr'] == 0.5
    for make, word in ((torch.optim.Adadelta, 'rho'), (torch.optim.RMSprop, 'alpha')):
        raises(ValueError, lambda make=make, word=word: make(weights, **{word: -1}), word)
    raises(ValueError, lambda: torch.optim.LBFGS([{'params': weights}, {'params': []}]), 'per-parameter')


def test_what_changes_nothing_says_so_once():
    layer = nn.Linear(1, 1)
    torch._compiled.note_identity.cache_clear()  # another test may have been told
    first = told(lambda: torch.compile(layer))
    assert 'torch.compile() returns what it is given' in first[0]
    assert told(lambda: torch.compile(layer)) == []
    assert torch.jit.script(layer) is layer
    with torch.autocast('cpu', dtype=torch.float32):
        assert layer(torch.ones(1, 1)).dtype is torch.float32
    scaler = torch.amp.GradScaler()
    assert not scaler.is_enabled()
    x = torch.ones(1)
    assert scaler.scale(x) is x
    assert not torch.cuda.is_available()
    assert torch.accelerator.current_accelerator() is None
    x = torch.ones(1, 1, requires_grad=True)
    torch.utils.checkpoint.checkpoint(layer, x, use_reentrant=False).backward()
    assert x.grad is not None


def test_arguments_may_have_numpys_names():
    x = torch.ones(2, 3)
    assert x.sum(axis=1, keepdims=True).tolist() == [[3.0], [3.0]]
    assert torch.softmax(x, axis=0).equal(x / 2)
    raises(TypeError, lambda: x.sum(axes=1), 'axes')


def test_data_sets_side_by_side_and_shares_of_them():
    data = torch.utils.data
    numbers, letters = range(5), 'abcde'
    assert data.StackDataset(numbers, letters)[2] == (2, 'c')
    assert data.StackDataset(a=numbers, b=letters)[1] == {'a': 1, 'b': 'b'}
    raises(ValueError, lambda: data.StackDataset(numbers, 'abc'), 'Size mismatch')
    shares = [
        list(data.DistributedSampler(numbers, num_replicas=2, rank=rank, shuffle=False)) for rank in (0, 1)
    ]
    assert shares == [[0, 2, 4], [1, 3, 0]]
    shuffled = data.DistributedSampler(numbers, num_replicas=2, rank=0, drop_last=True)
    assert len(list(shuffled)) == len(shuffled) == 2
    model = nn.DataParallel(nn.Linear(1, 1))
    assert list(model.state_dict()) == ['module.weight', 'module.bias']
    assert model(torch.ones(2, 1)).shape == (2, 1)
