"""An LSTM trained flat out, for looking.mjs to look into: python looking.py HIDDEN."""

import sys

import torch
from torch import nn

HIDDEN, T, BATCH = int(sys.argv[1]), 64, 32

torch.manual_seed(0)
lstm = nn.LSTM(HIDDEN, HIDDEN)
optimizer = torch.optim.SGD(lstm.parameters(), lr=0.01)
x, state = torch.randn(T, BATCH, HIDDEN), None
while True:
    if state is not None:
        state = tuple(s.detach() for s in state)
    output, state = lstm(x, state)
    loss = output.square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
