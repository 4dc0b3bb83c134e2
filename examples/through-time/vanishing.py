"""A plain recurrent network whose gradient vanishes.

It reads T numbers and is to say the first one at the end. What it would have to change lies T steps back from
its error; the gradient shrinks with every one of them, so the weights never hear of it.

    python vanishing.py
"""

import argparse

import torch
from torch import nn


class Recall(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.rnn = nn.RNN(1, hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.out(output[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--length', type=int, default=60, help='T')
    parser.add_argument('--hidden', type=int, default=32)
    parser.add_argument('--steps', type=int, default=300)
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    model = Recall(args.hidden)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for step in range(1, args.steps + 1):
        x = torch.rand(args.length, 32, 1)
        loss = nn.functional.mse_loss(model(x), x[0])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 100 == 0:
            print(f'step {step}  mean squared error {loss.item():.4f} (that of a constant is 0.0833)')


if __name__ == '__main__':
    main()
