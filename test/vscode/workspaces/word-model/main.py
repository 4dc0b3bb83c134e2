"""Trains a small word model the plain way: settings at the top, two functions, a loop that Ctrl-C leaves."""

import argparse
import math
import time

import data
import model
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument('--data', default='./data')
parser.add_argument('--emsize', type=int, default=24)
parser.add_argument('--nhid', type=int, default=48)
parser.add_argument('--nlayers', type=int, default=2)
parser.add_argument('--lr', type=float, default=2)
parser.add_argument('--clip', type=float, default=0.25)
parser.add_argument('--epochs', type=int, default=10000)
parser.add_argument('--batch_size', type=int, default=8)
parser.add_argument('--bptt', type=int, default=12)
parser.add_argument('--wait', type=float, default=0.02, help='seconds between steps, for whoever watches')
parser.add_argument('--seed', type=int, default=1111)
parser.add_argument('--save', default='model.pt')
args = parser.parse_args()

torch.manual_seed(args.seed)
device = torch.device('cpu')


def batchify(words, batch_size):
    """(steps, batch_size): column b holds the b-th part of the text."""
    steps = words.size(0) // batch_size
    return words.narrow(0, 0, steps * batch_size).view(batch_size, -1).t().contiguous().to(device)


def get_batch(source, i):
    length = min(args.bptt, len(source) - 1 - i)
    return source[i : i + length], source[i + 1 : i + 1 + length].view(-1)


corpus = data.Corpus(args.data)
train_data = batchify(corpus.train, args.batch_size)
valid_data = batchify(corpus.valid, 4)
net = model.WordModel(len(corpus.dictionary), args.emsize, args.nhid, args.nlayers).to(device)
criterion = nn.NLLLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=args.lr)


def evaluate(source):
    net.eval()
    total = 0.0
    hidden = net.init_hidden(4)
    with torch.no_grad():
        for i in range(0, source.size(0) - 1, args.bptt):
            words, targets = get_batch(source, i)
            output, hidden = net(words, hidden)
            total += len(words) * criterion(output, targets).item()
    return total / (len(source) - 1)


def train(epoch):
    net.train()
    hidden = net.init_hidden(args.batch_size)
    for i in range(0, train_data.size(0) - 1, args.bptt):
        words, targets = get_batch(train_data, i)
        net.zero_grad()
        hidden = tuple(h.detach() for h in hidden)
        output, hidden = net(words, hidden)
        loss = criterion(output, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), args.clip)
        optimizer.step()
        time.sleep(args.wait)
    print(f'| epoch {epoch:3d} | loss {loss.item():5.2f}')


best = math.inf
try:
    for epoch in range(1, args.epochs + 1):
        start = time.time()
        train(epoch)
        valid_loss = evaluate(valid_data)
        print(f'| end of epoch {epoch:3d} | time {time.time() - start:5.2f}s | valid loss {valid_loss:5.2f}')
        if valid_loss < best:
            best = valid_loss
            with open(args.save, 'wb') as file:
                torch.save(net.state_dict(), file)
except KeyboardInterrupt:
    print('Exiting from training early')

print(f'| end of training | best valid loss {best:5.2f}')
