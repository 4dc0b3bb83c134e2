"""Temporal order (Hochreiter and Schmidhuber, 1997; Pascanu, Mikolov and Bengio, 2013), with and without clipping.

A sequence of T symbols, all of them noise but two: X or Y near its beginning, X or Y near its middle. Which
of the four orders it was is asked for at its end.

    python temporal_order.py --length 50            # without clipping
    python temporal_order.py --length 50 --clip 1
"""

import argparse

import torch
from torch import nn
from torch.nn import functional as F

SYMBOLS = 6  # X, Y and four that mean nothing


def batch(length, size, generator):
    """One-hot symbols (T, B, 6) and classes (B)."""
    symbols = torch.randint(2, SYMBOLS, (length, size), generator=generator)
    rows = torch.arange(size)
    tenth = length // 10
    first = torch.randint(tenth, 2 * tenth, (size,), generator=generator)
    second = torch.randint(4 * tenth, 5 * tenth, (size,), generator=generator)
    answers = torch.randint(0, 2, (2, size), generator=generator)
    symbols[first, rows] = answers[0]
    symbols[second, rows] = answers[1]
    return F.one_hot(symbols, SYMBOLS).float(), 2 * answers[0] + answers[1]


def remember(lstm, length):
    """Lets the cells begin with memories of up to `length` steps (Tallec and Ollivier, 2018)."""
    hidden = lstm.hidden_size
    forget = torch.empty(hidden).uniform_(1, length - 1).log()
    with torch.no_grad():
        lstm.bias_ih_l0[:hidden] = -forget
        lstm.bias_ih_l0[hidden : 2 * hidden] = forget


class Order(nn.Module):
    def __init__(self, kind, hidden, length):
        super().__init__()
        self.rnn = {'rnn': nn.RNN, 'lstm': nn.LSTM, 'gru': nn.GRU}[kind](SYMBOLS, hidden)
        self.out = nn.Linear(hidden, 4)
        if kind == 'rnn':  # begin where the gradient is more likely to grow than to vanish
            nn.init.orthogonal_(self.rnn.weight_hh_l0, gain=1.2)
        if kind == 'lstm':
            remember(self.rnn, length)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.out(output[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--model', choices=['rnn', 'lstm', 'gru'], default='rnn')
    parser.add_argument('--length', type=int, default=50, help='T')
    parser.add_argument('--hidden', type=int, default=50)
    parser.add_argument('--steps', type=int, default=2000)
    parser.add_argument('--batch', type=int, default=32)
    parser.add_argument('--lr', type=float, default=0.01)
    parser.add_argument('--momentum', type=float, default=0.9)
    parser.add_argument('--adam', action='store_true', help='Adam instead of gradient descent with momentum')
    parser.add_argument('--clip', type=float, default=0.0, help='largest gradient norm; 0: no clipping')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    generator = torch.Generator().manual_seed(1000 + args.seed)
    model = Order(args.model, args.hidden, args.length)
    if args.adam:
        optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    else:
        optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum)
    right = []
    for step in range(1, args.steps + 1):
        x, target = batch(args.length, args.batch, generator)
        logits = model(x)
        loss = F.cross_entropy(logits, target)
        optimizer.zero_grad()
        loss.backward()
        if args.clip > 0:
            nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        optimizer.step()
        right = [*right[-49:], (logits.argmax(1) == target).float().mean().item()]
        if step % 200 == 0:
            print(f'step {step:5d}  {100 * sum(right) / len(right):.0f} % right', flush=True)

    model.eval()
    with torch.no_grad():
        x, target = batch(args.length, 1000, generator)
        share = (model(x).argmax(1) == target).float().mean().item()
    print(f'{100 * share:.1f} % right on new sequences: {"learned" if share > 0.98 else "not learned"}')


if __name__ == '__main__':
    main()
