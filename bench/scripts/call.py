"""What a call costs: a step is a thousand additions, so its milliseconds are microseconds a call."""

import torch
from blocks import options, serve

n = options()
torch.manual_seed(1)
x, y = torch.randn(8).to(n.device), torch.randn(8).to(n.device)


def add():
    """The last sum's first element."""
    while True:
        for _ in range(1000):
            z = x + y
        yield z[0]


serve(add())
