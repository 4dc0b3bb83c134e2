"""A character language model: embedding, recurrent layer, linear; truncated BPTT, clipping, Adam."""

import itertools

import torch
from blocks import options, serve
from torch import nn

n = options(kind='lstm', V=65, E=128, H=512, B=32, T=64)

torch.manual_seed(1)
embedding = nn.Embedding(n.V, n.E)
layer = getattr(nn, n.kind.upper())(n.E, n.H)
decoder = nn.Linear(n.H, n.V)
model = nn.ModuleList([embedding, layer, decoder]).to(n.device)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
WINDOWS = 8
text = torch.randint(0, n.V, (WINDOWS * n.T + 1, n.B)).to(n.device)


def constant(state):
    """The state without its history."""
    if isinstance(state, tuple):
        return tuple(part.detach() for part in state)
    return state if state is None else state.detach()


def train():
    """A window of the text after another, again and again."""
    state = None
    for window in itertools.count():
        start = window % WINDOWS * n.T
        optimizer.zero_grad()
        output, state = layer(embedding(text[start : start + n.T]), constant(state))
        target = text[start + 1 : start + 1 + n.T]
        loss = nn.functional.cross_entropy(decoder(output).flatten(0, 1), target.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        yield loss


serve(train())
