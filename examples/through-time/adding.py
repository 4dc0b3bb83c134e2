"""The adding problem (Hochreiter and Schmidhuber, 1997): of T numbers two are marked; their sum is asked for.

The first marked number lies in the first tenth of the sequence and the second in its first half, so what is
learnt must be kept for at least T / 2 steps. Always answering 1 has a mean squared error of 1/6.

    python adding.py --model lstm --length 100
"""

import argparse

import torch
from torch import nn


def batch(length, size, generator):
    """Numbers and marks (T, B, 2), and the sums of the marked numbers (B)."""
    numbers = torch.rand(length, size, generator=generator)
    marks = torch.zeros(length, size)
    first = torch.randint(0, length // 10, (size,), generator=generator)
    second = torch.randint(length // 10, length // 2, (size,), generator=generator)
    rows = torch.arange(size)
    marks[first, rows] = 1.0
    marks[second, rows] = 1.0
    return torch.stack([numbers, marks], dim=2), (numbers * marks).sum(0)


def remember(lstm, length):
    """Lets the cells begin with memories of up to `length` steps (Tallec and Ollivier, 2018)."""
    hidden = lstm.hidden_size
    forget = torch.empty(hidden).uniform_(1, length - 1).log()
    with torch.no_grad():
        lstm.bias_ih_l0[:hidden] = -forget
        lstm.bias_ih_l0[hidden : 2 * hidden] = forget


class Adder(nn.Module):
    def __init__(self, kind, hidden, length):
        super().__init__()
        self.rnn = {'rnn': nn.RNN, 'lstm': nn.LSTM, 'gru': nn.GRU}[kind](2, hidden)
        self.out = nn.Linear(hidden, 1)
        if kind == 'lstm':
            remember(self.rnn, length)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.out(output[-1]).squeeze(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--model', choices=['rnn', 'lstm', 'gru'], default='lstm')
    parser.add_argument('--length', type=int, default=50, help='T')
    parser.add_argument('--hidden', type=int, default=32)
    parser.add_argument('--steps', type=int, default=2000)
    parser.add_argument('--batch', type=int, default=32)
    parser.add_argument('--lr', type=float, default=0.01)
    parser.add_argument('--clip', type=float, default=0.0, help='largest gradient norm; 0: no clipping')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    generator = torch.Generator().manual_seed(1000 + args.seed)
    model = Adder(args.model, args.hidden, args.length)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    recent = []
    for step in range(1, args.steps + 1):
        x, target = batch(args.length, args.batch, generator)
        loss = nn.functional.mse_loss(model(x), target)
        optimizer.zero_grad()
        loss.backward()
        if args.clip > 0:
            nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        optimizer.step()
        recent = [*recent[-49:], loss.item()]
        if step % 200 == 0:
            print(f'step {step:5d}  mean squared error {sum(recent) / len(recent):.4f}', flush=True)

    model.eval()
    with torch.no_grad():
        x, target = batch(args.length, 1000, generator)
        error = nn.functional.mse_loss(model(x), target).item()
    print(f'error {error:.4f} on new sequences: {"learned" if error < 0.02 else "not learned"}')


if __name__ == '__main__':
    main()
