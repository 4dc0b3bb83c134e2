"""What a call costs: a step is a thousand additions, so its milliseconds are microseconds a call."""

import torch
from blocks import serve

torch.manual_seed(1)
x, y = torch.randn(8), torch.randn(8)


def add():
    """The last sum's first element."""
    while True:
        for _ in range(1000):
            z = x + y
        yield z[0]


serve(add())
