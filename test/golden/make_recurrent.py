"""Writes recurrent.h: what PyTorch's recurrent layers yield in float64, for test/native/ops.

Run with the reference PyTorch: `python test/golden/make_recurrent.py`. Inputs are not stored: element k of the
tensor numbered i is 0.8 sin(1.3 k + i), and so are the weights that the gradients of the results are made with.
The gradient through time is not something the layers can tell: it is taken from the same network written cell
by cell, whose states retain their gradients.
"""

from pathlib import Path

import torch

STEPS, BATCH, INPUTS, HIDDEN, LAYERS = 4, 2, 3, 5, 2
KINDS = {
    'lstm': (torch.nn.LSTM, 4),
    'gru': (torch.nn.GRU, 3),
    'rnn_tanh': (torch.nn.RNN, 1),
    'rnn_relu': (torch.nn.RNN, 1),
}


def numbered(i, *sizes):
    count = torch.Size(sizes).numel()
    return (0.8 * torch.sin(1.3 * torch.arange(count, dtype=torch.float64) + i)).reshape(sizes)


def layer(kind):
    module, _ = KINDS[kind]
    options = {'nonlinearity': kind.removeprefix('rnn_')} if module is torch.nn.RNN else {}
    rnn = module(INPUTS, HIDDEN, LAYERS, dtype=torch.float64, **options)
    with torch.no_grad():
        for i, weight in enumerate(rnn.parameters()):
            weight.copy_(numbered(10 + i, *weight.shape))
    return rnn


def cell(kind, x, states, weights):
    """One step of one layer; returns its new states."""
    w_ih, w_hh, b_ih, b_hh = weights
    a, u = x @ w_ih.T + b_ih, states[0] @ w_hh.T + b_hh
    if kind == 'lstm':
        i, f, g, o = (a + u).chunk(4, 1)
        c = f.sigmoid() * states[1] + i.sigmoid() * g.tanh()
        return [o.sigmoid() * c.tanh(), c]
    if kind == 'gru':
        (a_r, a_z, a_n), (u_r, u_z, u_n) = a.chunk(3, 1), u.chunk(3, 1)
        r, z = (a_r + u_r).sigmoid(), (a_z + u_z).sigmoid()
        n = (a_n + r * u_n).tanh()
        return [(1 - z) * n + z * states[0]]
    return [getattr(torch, kind.removeprefix('rnn_'))(a + u)]


def weighed(results):
    return sum((result * numbered(30 + i, *result.shape)).sum() for i, result in enumerate(results))


def norms_through_time(kind, rnn, x, initial):
    """One vector for each layer and state: layer 0's h[, c], layer 1's h[, c]."""
    series, outputs, lasts = [], list(x), []
    weights = list(rnn.parameters())
    for number in range(LAYERS):
        states = [s[number] for s in initial]
        trace = []
        for t in range(STEPS):
            states = cell(kind, outputs[t], states, weights[4 * number : 4 * number + 4])
            for state in states:
                state.retain_grad()
            trace.append(states)
            outputs[t] = states[0]
        series += [[states[i] for states in trace] for i in range(len(initial))]
        lasts.append(states)
    results = [torch.stack(outputs)] + [torch.stack([last[i] for last in lasts]) for i in range(len(initial))]
    weighed(results).backward()
    return [torch.stack([state.grad.norm() for state in trace]) for trace in series]


def values(name, tensors):
    lists = ', '.join('{' + ', '.join(repr(v) for v in t.detach().flatten().tolist()) + '}' for t in tensors)
    return f'     /* {name} */ {{{lists}}}'


def case(kind):
    rnn = layer(kind)
    x = numbered(1, STEPS, BATCH, INPUTS).requires_grad_()
    initial = [
        numbered(2 + i, LAYERS, BATCH, HIDDEN).requires_grad_() for i in range(2 if kind == 'lstm' else 1)
    ]
    output, last = rnn(x, tuple(initial) if kind == 'lstm' else initial[0])
    results = [output, *(last if kind == 'lstm' else [last])]
    leaves = [x, *initial, *rnn.parameters()]
    grads = torch.autograd.grad(weighed(results), leaves)
    rows = [
        values('results', results),
        values('gradients', grads),
        values('norms', norms_through_time(kind, layer(kind), x.detach(), [s.detach() for s in initial])),
    ]
    return f'    {{"{kind}", {KINDS[kind][1]},\n' + ',\n'.join(rows) + '},\n'


def main():
    text = f"""// Made by make_recurrent.py from PyTorch {torch.__version__.split('+')[0]} (CPU); not edited by hand.
#pragma once

#include <cstdint>
#include <vector>

namespace golden {{

inline constexpr int64_t kSteps = {STEPS}, kBatch = {BATCH}, kInputs = {INPUTS}, kHidden = {HIDDEN}, kLayers = {LAYERS};

struct RecurrentCase {{
  const char* kind;
  int64_t gates;
  std::vector<std::vector<double>> results;    // output, h_n[, c_n]
  std::vector<std::vector<double>> gradients;  // of input, h0[, c0] and each weight
  std::vector<std::vector<double>> norms;      // by time step: l0/h[, l0/c], l1/h[, l1/c]
}};

inline const std::vector<RecurrentCase> recurrent_cases = {{
{''.join(case(kind) for kind in KINDS)}}};

}}  // namespace golden
"""
    Path(__file__).with_name('recurrent.h').write_text(text)


if __name__ == '__main__':
    main()
