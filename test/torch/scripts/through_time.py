"""Steps whose gradient through time is known: every case of test/golden/recurrent_cases.py, a module each, then
loops over cells and over one-step calls that do what the first case of their kind does.
"""

import sys
from pathlib import Path

import torch
from torch import nn

sys.path.append(str(Path(__file__).parents[2] / 'golden'))
from recurrent_cases import Case, all_cases, weighed


def step(name, module, results):
    """Gives the module its name in the record and ends a step after the results' backward."""
    owner = nn.Module()
    owner.add_module(name, module)
    weighed(results).backward()
    torch.optim.SGD(owner.parameters(), lr=0.0).step()


for number, case in enumerate(all_cases()):
    rnn = case.layer(torch.float32)
    step(f'case{number}', rnn, case.results(rnn, case.inputs(torch.float32)))

for kind in ('rnn_tanh', 'lstm', 'gru'):
    plain = Case(kind, 2, 1, 'plain')
    x, *initial = plain.inputs(torch.float32)
    rnn = plain.layer(torch.float32)
    states, outputs = initial, []
    for t in range(len(x)):  # the whole layer, one step a call
        output, last = rnn(x[t : t + 1], tuple(states) if kind == 'lstm' else states[0])
        states = list(last) if kind == 'lstm' else [last]
        outputs.append(output)
    step(f'calls_{kind}', rnn, [torch.cat(outputs), *states])

    make = {'rnn_tanh': nn.RNNCell, 'lstm': nn.LSTMCell, 'gru': nn.GRUCell}[kind]
    cells = nn.ModuleList([make(x.shape[2], rnn.hidden_size), make(rnn.hidden_size, rnn.hidden_size)])
    for layer, cell in enumerate(cells):
        names = ('weight_ih', 'weight_hh', 'bias_ih', 'bias_hh')
        cell.load_state_dict({name: getattr(rnn, f'{name}_l{layer}') for name in names})
    states = [[s[layer] for s in initial] for layer in range(2)]
    outputs = []
    for row in x:
        below = row
        for layer, cell in enumerate(cells):
            state = cell(below, tuple(states[layer]) if kind == 'lstm' else states[layer][0])
            states[layer] = list(state) if kind == 'lstm' else [state]
            below = states[layer][0]
        outputs.append(below)
    last = [torch.stack([states[layer][i] for layer in range(2)]) for i in range(len(initial))]
    step(f'cells_{kind}', cells, [torch.stack(outputs), *last])
