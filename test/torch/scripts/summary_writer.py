"""A script that writes scalars, a histogram and a text of its own into the run's log, and trains with RMSprop."""

import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter

writer = SummaryWriter('runs/one')
writer.add_scalar('accuracy', 0.5, global_step=7)
writer.add_scalars('both', {'a': 1, 'b': torch.tensor(2.0)}, 8)
writer.add_histogram('values', torch.tensor([-1.0, 0.25, 0.3, 2.0]), 9, bins=[-2, 0, 1, 3])
writer.add_text('note', 'a: b', 10)
writer.close()

layer = nn.Linear(2, 1, bias=False)
with torch.no_grad():
    layer.weight.copy_(torch.tensor([[3.0, 4.0]]))
optimizer = torch.optim.RMSprop(layer.parameters(), lr=0.5)
layer(torch.tensor([[1.0, 0.0]])).sum().backward()
optimizer.step()
