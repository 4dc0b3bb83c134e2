"""The same task with weights that are too large: the gradient grows with every step back.

Relu keeps a state as large as it is, and the recurrent weight begins as the identity times 1.1: over T steps
the gradient grows by 1.1 to the power of T. One update with it and the network is lost.

    python exploding.py             # ends in NaN
    python exploding.py --clip 1    # survives
"""

import argparse

import torch
from torch import nn


class Recall(nn.Module):
    def __init__(self, hidden, gain):
        super().__init__()
        self.rnn = nn.RNN(1, hidden, nonlinearity='relu')
        self.out = nn.Linear(hidden, 1)
        with torch.no_grad():
            self.rnn.weight_hh_l0.copy_(gain * torch.eye(hidden))

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.out(output[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--length', type=int, default=60, help='T')
    parser.add_argument('--hidden', type=int, default=32)
    parser.add_argument('--gain', type=float, default=1.1)
    parser.add_argument('--clip', type=float, default=0.0, help='largest gradient norm; 0: no clipping')
    parser.add_argument('--steps', type=int, default=300)
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    model = Recall(args.hidden, args.gain)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
    for step in range(1, args.steps + 1):
        x = torch.rand(args.length, 32, 1)
        loss = nn.functional.mse_loss(model(x), x[0])
        optimizer.zero_grad()
        loss.backward()
        if args.clip > 0:
            nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        optimizer.step()
        if step % 100 == 0 or step <= 5:
            print(f'step {step}  mean squared error {loss.item():.4g}')


if __name__ == '__main__':
    main()
