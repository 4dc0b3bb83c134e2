"""What a reader of the training gets: here the reader is the script itself."""

import torch
import torch._native as native
from torch import nn


def answer(ticket):
    return native.answer(ticket).to_py()


def test_a_modules_next_output_is_handed_to_who_asked():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.LSTM(3, 4))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = torch.ones(5, 1, 2)

    def step():
        optimizer.zero_grad()
        output, _ = model(x)
        output.sum().backward()
        optimizer.step()
        return output

    step()
    layer = native.ask('1', 'activation', 'cells', 0, 20)
    nobody = native.ask('no_such_module', 'activation', 'cells', 0, 1)
    parameter = native.ask('0.weight', 'parameter', 'histogram', 0, 4)
    step()
    assert sum(answer(parameter)['cells']) == 6
    assert answer(nobody)['found'] is False
    output = step()
    reading = answer(layer)
    assert reading['found']
    assert list(reading['cells']) == output.flatten().tolist()
    assert not model[1]._forward_hooks
