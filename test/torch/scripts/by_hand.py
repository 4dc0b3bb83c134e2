"""Trains without an optimizer, in three ways of clearing the gradients."""

import sys

import torch
from torch import nn

torch.manual_seed(0)
x = torch.ones(2, 3)
model = nn.Linear(3, 1)
free = torch.ones(2, 1, requires_grad=True)

for step in range(4):
    if sys.argv[1] == 'before':
        model.zero_grad()
        free.grad = None
    loss = (model(x) * free).square().sum()
    (loss / 2).backward(retain_graph=True)
    (loss / 2).backward()
    if step == 1:
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    with torch.no_grad():
        for p in [*model.parameters(), free]:
            print(p.grad.norm().item(), end=' ')
            p.sub_(p.grad, alpha=0.125)
            if sys.argv[1] == 'at once':
                p.grad.zero_()
        if sys.argv[1] == 'after':
            for p in [*model.parameters(), free]:
                p.grad.zero_()
    print(loss.item(), *[p.norm().item() for p in [*model.parameters(), free]])
model.eval()
with torch.no_grad():
    nn.MSELoss()(model(x), torch.ones(2, 1))
model.train()
