"""Trains a model whose modules and parameters bear names that are text and nothing else."""

import json
import sys

import torch
from torch import nn

with open('names.json', encoding='utf8') as file:
    names = [name.replace('.', ':') for name in json.load(file)]


class Hostile(nn.Module):
    def __init__(self):
        super().__init__()
        for name in names:
            self.add_module(name, nn.RNN(3, 3))
            self.register_parameter(f'{name} p', nn.Parameter(torch.zeros(3)))

    def forward(self, x):
        for name in names:
            x = self._modules[name](x)[0] + self._parameters[f'{name} p']
        return x


torch.manual_seed(1)
model = Hostile()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
print('\x1b]0;a title\x07', sys.argv[1:])
for _ in range(12):
    optimizer.zero_grad()
    loss = model(torch.ones(4, 2, 3)).square().mean()
    loss.backward()
    optimizer.step()
raise RuntimeError(names[0])
