"""A small perceptron: nearly all of a step is what calls cost."""

import argparse

import torch
from blocks import serve
from torch import nn

parser = argparse.ArgumentParser()
for name, size in (('I', 32), ('H', 64), ('O', 10), ('B', 32)):
    parser.add_argument(f'--{name}', type=int, default=size)
n = parser.parse_args()

torch.manual_seed(1)
model = nn.Sequential(nn.Linear(n.I, n.H), nn.ReLU(), nn.Linear(n.H, n.H), nn.ReLU(), nn.Linear(n.H, n.O))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
inputs, targets = torch.randn(n.B, n.I), torch.randint(0, n.O, (n.B,))


def train():
    """The same batch each time."""
    while True:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
        yield loss


serve(train())
