"""An encoder and a decoder with an optimizer each, and an evaluation."""

import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(4, 3)
        self.gru = nn.GRU(3, 2)

    def forward(self, numbers):
        return self.gru(self.embedding(numbers))[0]


class Decoder(Encoder):
    pass


torch.manual_seed(0)
encoder, decoder = Encoder(), Decoder()
optimizers = [torch.optim.SGD(encoder.parameters(), lr=0.5), torch.optim.SGD(decoder.parameters(), lr=0.25)]
numbers = torch.zeros(3, 1, dtype=torch.long)
(encoder(numbers) + decoder(numbers + 1)).sum().backward()
nn.utils.clip_grad_norm_(encoder.parameters(), 0.125)
for optimizer in optimizers:
    optimizer.step()
encoder.eval()
with torch.no_grad():
    loss_function = nn.MSELoss()
    loss_function(torch.zeros(4, 1), torch.ones(4, 1))
    loss_function(torch.zeros(2, 1), torch.ones(2, 1) * 2)
encoder.train()
