"""Writes recurrent.json: what PyTorch's recurrent layers yield in float64 on every case of recurrent_cases.py.

Run with the reference PyTorch: `python test/golden/make_recurrent_layers.py`. For each case: "sums", of results
and gradients, and "norms", a vector by time step for each layer, direction and state ("l0/h", "l0/c",
"l0_reverse/h", ...): the 2-norm over batch and units of the total derivative of the loss by that state. The
layers cannot tell these: they are taken from the same network written cell by cell, one sequence at a time,
whose states retain their gradients.
"""

import json
import warnings
from pathlib import Path

import torch
from recurrent_cases import STEPS, all_cases, summed, weighed

DIGITS = 12


def cell(kind, x, states, weights, has_bias):
    """One step of one sequence; returns its new states."""
    w_ih, w_hh, *rest = weights
    b_ih, b_hh = rest[:2] if has_bias else (0, 0)
    a, u = w_ih @ x + b_ih, w_hh @ states[0] + b_hh
    if kind.startswith('lstm'):
        i, f, g, o = (a + u).chunk(4)
        c = f.sigmoid() * states[1] + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        return [rest[-1] @ h if kind == 'lstm_projected' else h, c]
    if kind == 'gru':
        (a_r, a_z, a_n), (u_r, u_z, u_n) = a.chunk(3), u.chunk(3)
        r, z = (a_r + u_r).sigmoid(), (a_z + u_z).sigmoid()
        n = (a_n + r * u_n).tanh()
        return [(1 - z) * n + z * states[0]]
    return [(a + u).tanh() if kind == 'rnn_tanh' else (a + u).relu()]


def one_sequence(case, rnn, xs, initial):
    """Outputs, the last states by layer and direction, and the states after each step by series."""
    last, trace = [], {}
    for layer in range(case.layers):
        directions = []
        for d in range(case.directions):
            at = layer * case.directions + d
            weights, states = rnn.all_weights[at], [s[at] for s in initial]
            steps = range(len(xs))
            outputs = {}
            for t in reversed(steps) if d else steps:
                states = cell(case.kind, xs[t], states, weights, case.has_bias)
                for state, name in zip(states, 'hc', strict=False):
                    state.retain_grad()
                    trace.setdefault(f'l{layer}{"_reverse" if d else ""}/{name}', {})[t] = state
                outputs[t] = states[0]
            directions.append(outputs)
            last.append(states)
        xs = [torch.cat([outputs[t] for outputs in directions]) for t in range(len(xs))]
        if case.is_dropped and layer + 1 < case.layers:
            xs = [x * 0 for x in xs]
    return xs, last, trace


def cell_by_cell(case):
    """(results, norms through time by series)"""
    rnn, inputs = case.layer(torch.float64), case.inputs(torch.float64)
    if case.layout == 'unbatched':
        inputs = [tensor.unsqueeze(1) for tensor in inputs]
    elif case.layout in ('batch_first', 'unsorted'):
        inputs[0] = inputs[0].transpose(0, 1)
    x, *initial = inputs
    rows = [
        one_sequence(case, rnn, list(x[:length, b]), [s[:, b] for s in initial])
        for b, length in enumerate(case.lengths)
    ]
    outputs = torch.nn.utils.rnn.pad_sequence([torch.stack(xs) for xs, _, _ in rows])
    last = [
        torch.stack([torch.stack([states[i] for states in row]) for _, row, _ in rows], 1)
        for i in range(len(initial))
    ]
    results = [outputs, *last]
    if case.layout == 'unbatched':
        results = [tensor.squeeze(1) for tensor in results]
    elif case.layout in ('batch_first', 'unsorted'):
        results[0] = outputs.transpose(0, 1)
    weighed(results).backward()
    norms = {}
    for series in rows[0][2]:
        squares = [0.0] * STEPS
        for _, _, trace in rows:
            for t, state in trace[series].items():
                squares[t] += 0.0 if state.grad is None else state.grad.square().sum().item()
        norms[series] = [square**0.5 for square in squares]
    return results, norms


def second_derivatives():
    """Of the widest case of each kind: norms of the gradients of the sum of all squared gradients."""
    norms = {}
    for case in all_cases():
        if (case.layers, case.directions, case.layout, case.is_dropped) != (2, 2, 'unsorted', False):
            continue
        rnn, inputs = case.layer(torch.float64), case.inputs(torch.float64)
        leaves = [*inputs, *rnn.parameters()]
        grads = torch.autograd.grad(weighed(case.results(rnn, inputs)), leaves, create_graph=True)
        total = sum((g * g).sum() for g in grads)
        norms[case.name] = [shortened(g.norm().item(), DIGITS) for g in torch.autograd.grad(total, leaves)]
    return norms


def shortened(value, digits):
    return float(f'{value:.{digits}g}')


def main():
    warnings.simplefilter('ignore')
    cases = {}
    for case in all_cases():
        rnn = case.layer(torch.float64)
        expected = case.results(rnn, case.inputs(torch.float64))
        results, norms = cell_by_cell(case)
        for ours, theirs in zip(results, expected, strict=True):
            assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-14), case.name
        cases[case.name] = {
            'sums': [shortened(value, DIGITS) for value, _ in summed(case, rnn, torch.float64)],
            'norms': {series: [shortened(v, 8) for v in values] for series, values in norms.items()},
        }
    lines = ',\n'.join(f'{json.dumps(name)}: {json.dumps(case)}' for name, case in cases.items())
    version = torch.__version__.split('+')[0]
    second = json.dumps(second_derivatives(), indent=1)
    text = (
        f'{{"made by": "make_recurrent_layers.py, PyTorch {version}",\n'
        f'"second": {second},\n"cases": {{\n{lines}\n}}}}\n'
    )
    Path(__file__).with_name('recurrent.json').write_text(text)
    print(len(cases), 'cases', len(text), 'bytes')


if __name__ == '__main__':
    main()
