"""Truncated backpropagation through time over 5,200 windows, of which truncated-bptt.mjs measures 5,000.

The rest keep the run going while the last figure is taken.
"""

import torch
from torch import nn

WINDOWS, T, BATCH, VOCABULARY, HIDDEN = 5200, 20, 8, 50, 64

torch.manual_seed(0)
embedding = nn.Embedding(VOCABULARY, 32)
lstm = nn.LSTM(32, HIDDEN, 2)
out = nn.Linear(HIDDEN, VOCABULARY)
model = nn.ModuleList([embedding, lstm, out])
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
text = torch.randint(0, VOCABULARY, (200 * T + 1, BATCH))
state = None
for window in range(1, WINDOWS + 1):
    start = window % 200 * T
    x, target = text[start : start + T], text[start + 1 : start + T + 1]
    if state is not None:
        state = tuple(s.detach() for s in state)
    output, state = lstm(embedding(x), state)
    loss = nn.functional.cross_entropy(out(output).flatten(0, 1), target.flatten())
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.25)
    optimizer.step()
