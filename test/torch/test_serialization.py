"""Files: ours round and round, PyTorch's read, and what must not be believed."""

import io
import os
import pickle
import tempfile
import zipfile
from pathlib import Path

import golden
import torch
from test_tensor import raises
from torch import nn


def round_trip(value, **options):
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file, **options)


def test_values_come_back_as_they_were():
    given = {
        'floats': torch.randn(3, 4),
        'integers': torch.arange(3),
        'bools': torch.tensor([True, False]),
        'doubles': torch.randn(2, dtype=torch.float64),
        'empty': torch.zeros(0, 3),
        'transposed': torch.arange(6).view(2, 3).t(),
        'parameter': nn.Parameter(torch.ones(2)),
        'plain': [1, 2.5, 'text', None, True, (1, 2), {3}],
        'types': (torch.float32, torch.Size([2, 3]), torch.device('cpu')),
    }
    got = round_trip(given)
    for name, value in given.items():
        if isinstance(value, torch.Tensor):
            assert got[name].dtype is value.dtype
            assert got[name].equal(value)
            assert got[name].stride() == value.stride()
        else:
            assert got[name] == value
    assert type(got['parameter']) is nn.Parameter
    assert got['parameter'].requires_grad


def test_tensors_that_share_memory_still_do():
    x = torch.arange(6.0).view(2, 3)
    file = io.BytesIO()
    torch.save([x, x[1], x.t()], file)
    assert sum(name.startswith('archive/data/') for name in zipfile.ZipFile(file).namelist()) == 1
    file.seek(0)
    whole, row, turned = torch.load(file)
    whole[1, 2] = 99
    assert row.tolist() == [3.0, 4.0, 99.0]
    assert turned[2, 1].item() == 99


def test_a_state_dict_and_an_optimizer_continue():
    torch.manual_seed(0)
    net = nn.LSTM(2, 3)
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.ones(2, 1, 2))[0].sum().backward()
    optimizer.step()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'checkpoint.pt'
        torch.save({'net': net.state_dict(), 'optimizer': optimizer.state_dict()}, path)
        assert os.listdir(folder) == ['checkpoint.pt']
        saved = torch.load(path)
    other = nn.LSTM(2, 3)
    other.load_state_dict(saved['net'])
    resumed = torch.optim.Adam(other.parameters())
    resumed.load_state_dict(saved['optimizer'])
    for module, its in ((net, optimizer), (other, resumed)):
        its.zero_grad()
        module(torch.ones(2, 1, 2))[0].sum().backward()
        its.step()
    assert all(a.equal(b) for a, b in zip(net.parameters(), other.parameters(), strict=True))


def test_files_of_pytorch_are_read():
    saved = torch.load(golden.FOLDER / 'optimizer.pt')
    base, turned, row = saved['aliases']
    assert base.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert turned.equal(base.t())
    row[0] = 7
    assert base[1, 0].item() == 7
    lstm = torch.load(golden.FOLDER / 'module.pt', weights_only=False)
    assert type(lstm) is nn.LSTM
    output = lstm(torch.ones(3, 2, 3))[0].sum()
    assert abs(output.item() - saved['output']) < 1e-5
    optimizer = torch.optim.Adam(lstm.parameters(), lr=0.01)
    optimizer.load_state_dict(saved['optimizer'])
    assert optimizer.state[lstm.weight_ih_l0]['step'].item() == 1


def test_only_what_is_safe_is_made():
    layer = nn.Linear(1, 2)
    error = raises(pickle.UnpicklingError, lambda: round_trip(layer), 'torch.nn.modules.linear.Linear')
    assert 'add_safe_globals' in str(error)
    with torch.serialization.safe_globals([nn.Linear, set, (dict, 'collections.dict')]):
        assert round_trip(layer).weight.equal(layer.weight)
    raises(pickle.UnpicklingError, lambda: round_trip(layer))
    assert round_trip(layer, weights_only=False).weight.equal(layer.weight)
    raises(pickle.UnpicklingError, lambda: round_trip(os.system), 'posix.system')


class Evil:
    def __init__(self, *reduced):
        self.reduced = reduced

    def __reduce__(self):
        return self.reduced


def test_pickles_cannot_reach_into_tensors():
    evil = Evil(torch.zeros, (1,), {'_h': 1})
    raises(pickle.UnpicklingError, lambda: round_trip(evil))
    tensor = torch.ones(1)
    build = Evil(torch._utils._rebuild_parameter, (tensor, False, {}), (None, {'_h': 1}))
    raises(pickle.UnpicklingError, lambda: round_trip(build), 'attributes of its own')


def archive(edit):
    file, edited = io.BytesIO(), io.BytesIO()
    torch.save(torch.arange(4.0), file)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(edited, 'w') as target:
        for name in source.namelist():
            data = edit(name, source.read(name))
            if data is not None:
                target.writestr(name, data)
    edited.seek(0)
    return edited


def test_damaged_files_are_refused():
    shorter = archive(lambda name, data: data[:8] if name.endswith('data/0') else data)
    raises(RuntimeError, lambda: torch.load(shorter), '8 bytes where 16 are needed')
    missing = archive(lambda name, data: None if name.endswith('data/0') else data)
    raises(RuntimeError, lambda: torch.load(missing), 'no record data/0')
    beyond = archive(lambda name, data: data.replace(b'K\x04\x85', b'K\x05\x85') if 'pkl' in name else data)
    raises(RuntimeError, lambda: torch.load(beyond), 'does not lie within')
    raises(RuntimeError, lambda: torch.load(io.BytesIO(b'no archive')), 'not a zip archive')
    raises(FileNotFoundError, lambda: torch.load('nowhere.pt'))


def test_a_failed_save_leaves_the_old_file():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'x.pt'
        torch.save(torch.ones(1), path)
        raises(
            (pickle.PicklingError, AttributeError, TypeError),
            lambda: torch.save([torch.ones(2), lambda: 0], path),
        )
        assert os.listdir(folder) == ['x.pt']
        assert torch.load(path).tolist() == [1.0]
        raises(RuntimeError, lambda: torch.save(1, Path(folder) / 'missing' / 'x.pt'), 'does not exist')


def test_tensors_pickle_by_themselves():
    x = torch.randn(2, 3)
    assert pickle.loads(pickle.dumps(x)).equal(x)


def test_files_of_other_devices_say_what_to_do():
    moved = archive(lambda name, data: data.replace(b'X\x03\x00\x00\x00cpu', b'X\x06\x00\x00\x00cuda:0'))
    raises(RuntimeError, lambda: torch.load(moved), 'map_location')
    moved.seek(0)
    assert torch.load(moved, map_location='cpu').tolist() == [0.0, 1.0, 2.0, 3.0]
    moved.seek(0)
    assert torch.load(moved, map_location=lambda storage, location: storage).tolist()[3] == 3.0
