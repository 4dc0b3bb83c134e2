"""An LSTM written as a loop over nn.LSTMCell: many small operations a step."""

import torch
from blocks import options, serve
from torch import nn

n = options(V=65, E=128, H=128, B=32, T=100)

torch.manual_seed(1)
embedding = nn.Embedding(n.V, n.E)
cell = nn.LSTMCell(n.E, n.H)
decoder = nn.Linear(n.H, n.V)
model = nn.ModuleList([embedding, cell, decoder]).to(n.device)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
text = torch.randint(0, n.V, (n.T + 1, n.B)).to(n.device)


def train():
    """The same window each time."""
    while True:
        optimizer.zero_grad()
        inputs = embedding(text[:-1])
        state = (inputs.new_zeros(n.B, n.H), inputs.new_zeros(n.B, n.H))
        outputs = []
        for t in range(n.T):
            state = cell(inputs[t], state)
            outputs.append(state[0])
        logits = decoder(torch.stack(outputs))
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), text[1:].flatten())
        loss.backward()
        optimizer.step()
        yield loss


serve(train())
