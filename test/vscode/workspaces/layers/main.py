"""Recurrent layers of every kind, each small; at its end it writes down what its tensors hold."""

import json
import time

import torch
from torch import nn


class Layers(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 5)
        self.lstm = nn.LSTM(5, 6, num_layers=2)
        self.gru = nn.GRU(6, 4, bidirectional=True)
        self.rnn = nn.RNN(8, 3)
        self.cell = nn.LSTMCell(3, 3)
        self.out = nn.Linear(3, 7)

    def forward(self, words):
        x = self.rnn(self.gru(self.lstm(self.embedding(words))[0])[0])[0]
        h = c = x.new_zeros(x.size(1), 3)
        for x_t in x:
            h, c = self.cell(x_t, (h, c))
        return self.out(h)


torch.manual_seed(3)
model = Layers()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
words = torch.randint(7, (9, 4))
try:
    for _ in range(100_000):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(words[:-1]), words[-1])
        loss.backward()
        optimizer.step()
        time.sleep(0.02)
except KeyboardInterrupt:
    held = {
        name: {'value': parameter.tolist(), 'gradient': parameter.grad.tolist()}
        for name, parameter in model.named_parameters()
    }
    with open('tensors.json', 'w') as file:
        json.dump(held, file)
