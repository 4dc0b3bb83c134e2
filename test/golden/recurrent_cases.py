"""The cases on which recurrent layers are compared: made, run and summed up alike in PyTorch and here.

Nothing is random: element k of the tensor numbered i is 0.5 sin(1.3 k + i). What comes out of a case is kept as
weighted sums, the weight of element k being cos(0.7 k + j) for j = 0, 1.
"""

from itertools import product

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

DEVICE = 'cpu'  # test/torch/on_device.py has another
STEPS, BATCH, INPUTS, HIDDEN, PROJECTED = 5, 3, 3, 4, 2
LENGTHS = {'sorted': [5, 3, 1], 'unsorted': [3, 5, 1]}  # of packed sequences
KINDS = {
    'rnn_tanh': (nn.RNN, {}),
    'rnn_relu': (nn.RNN, {'nonlinearity': 'relu'}),
    'lstm': (nn.LSTM, {}),
    'lstm_projected': (nn.LSTM, {'proj_size': PROJECTED}),
    'gru': (nn.GRU, {}),
}


class Case:
    """One configuration; `is_dropped`: all is dropped between the layers, the one mask that is not random."""

    def __init__(self, kind, layers, directions, layout, has_bias=True, is_dropped=False):
        self.kind, self.layers, self.directions, self.layout = kind, layers, directions, layout
        self.has_bias, self.is_dropped = has_bias, is_dropped
        words = [kind, f'{layers} layers', f'{directions} directions', layout]
        words += ['no bias'] * (not has_bias) + ['dropped'] * is_dropped
        self.name = ', '.join(words)

    @property
    def lengths(self):
        return LENGTHS.get(self.layout, [STEPS] * (1 if self.layout == 'unbatched' else BATCH))

    def layer(self, dtype, dropout=0.0):
        """The layer with its weights."""
        module, options = KINDS[self.kind]
        rnn = module(
            INPUTS,
            HIDDEN,
            self.layers,
            bias=self.has_bias,
            batch_first=self.layout in ('batch_first', 'unsorted'),
            bidirectional=self.directions == 2,
            dropout=1.0 if self.is_dropped else dropout,
            dtype=dtype,
            **options,
        )
        with torch.no_grad():
            for i, weight in enumerate(rnn.parameters()):
                weight.copy_(numbered(10 + i, weight.shape))
        return rnn.to(DEVICE)

    def inputs(self, dtype):
        """Input (T, B, I), batch_first (B, T, I) or unbatched (T, I), and the initial states, as leaves."""
        rows = len(self.lengths)
        sizes = [numbered(1, (STEPS, rows, INPUTS))]
        for i in range(2 if self.kind.startswith('lstm') else 1):
            width = PROJECTED if self.kind == 'lstm_projected' and i == 0 else HIDDEN
            sizes.append(numbered(2 + i, (self.layers * self.directions, rows, width)))
        if self.layout == 'unbatched':
            sizes = [tensor.squeeze(1) for tensor in sizes]
        elif self.layout in ('batch_first', 'unsorted'):
            sizes[0] = sizes[0].transpose(0, 1)
        return [tensor.to(dtype).clone().to(DEVICE).requires_grad_() for tensor in sizes]

    def results(self, rnn, inputs):
        """The output, padded where packed, and the final states."""
        first, *states = inputs
        is_packed = self.layout in LENGTHS
        if is_packed:
            is_sorted = self.layout == 'sorted'
            first = pack_padded_sequence(
                first, self.lengths, batch_first=not is_sorted, enforce_sorted=is_sorted
            )
        output, last = rnn(first, tuple(states) if len(states) == 2 else states[0])
        if is_packed:
            output, lengths = pad_packed_sequence(output, batch_first=self.layout == 'unsorted')
            assert lengths.tolist() == self.lengths
        return [output, *(last if len(states) == 2 else [last])]


def numbered(i, sizes):
    count = torch.Size(sizes).numel()
    return (0.5 * torch.sin(1.3 * torch.arange(count, dtype=torch.float64) + i)).reshape(tuple(sizes))


def weighed(results):
    """The loss: every element of every result with a weight of its own."""
    return sum((r * numbered(30 + i, r.shape).to(r)).sum() for i, r in enumerate(results))


def sums(tensor):
    """[(weighted sum, the sum of its absolute terms)] of a tensor, in float64."""
    values = tensor.detach().cpu().to(torch.float64).reshape(-1)
    places = torch.arange(values.numel(), dtype=torch.float64)
    terms = [values * torch.cos(0.7 * places + j) for j in range(2)]
    return [(t.sum().item(), t.abs().sum().item()) for t in terms]


def summed(case, rnn, dtype):
    """The sums of a case's results and of its gradients by inputs and weights, one list."""
    inputs = case.inputs(dtype)
    results = case.results(rnn, inputs)
    grads = torch.autograd.grad(weighed(results), [*inputs, *rnn.parameters()], allow_unused=True)
    whole = [t for t in (*results, *grads[: len(inputs)]) if t is not None]
    weights = [t for t in grads[len(inputs) :] if t is not None]
    return [pair for t in whole for pair in sums(t)] + [sums(t)[0] for t in weights]


def all_cases():
    for kind, layers, directions in product(KINDS, (1, 2, 3), (1, 2)):
        for layout in ('plain', 'batch_first', 'sorted', 'unsorted'):
            yield Case(kind, layers, directions, layout)
            if layers > 1:
                yield Case(kind, layers, directions, layout, is_dropped=True)
        yield Case(kind, layers, directions, 'unbatched')
        yield Case(kind, layers, directions, 'plain', has_bias=False)
