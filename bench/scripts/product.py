"""A product of two square matrices."""

import torch
from blocks import options, serve

n = options(N=2048)
torch.manual_seed(1)
x, y = torch.randn(n.N, n.N).to(n.device), torch.randn(n.N, n.N).to(n.device)


def multiply():
    """The last product's first element."""
    while True:
        yield (x @ y)[0, 0]


serve(multiply())
