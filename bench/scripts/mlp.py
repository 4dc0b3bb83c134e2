"""A small perceptron: nearly all of a step is what calls cost."""

import torch
from blocks import options, serve
from torch import nn

n = options(I=32, H=64, O=10, B=32)

torch.manual_seed(1)
model = nn.Sequential(nn.Linear(n.I, n.H), nn.ReLU(), nn.Linear(n.H, n.H), nn.ReLU(), nn.Linear(n.H, n.O)).to(
    n.device
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
inputs, targets = torch.randn(n.B, n.I).to(n.device), torch.randint(0, n.O, (n.B,)).to(n.device)


def train():
    """The same batch each time."""
    while True:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
        yield loss


serve(train())
