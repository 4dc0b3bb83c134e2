"""Two recorded steps of every kind of recurrent layer, on the GPU where there is one."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
torch.manual_seed(1)


class Layers(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(20, 70, 2)
        self.projected = nn.LSTM(20, 70, proj_size=33)
        self.gru = nn.GRU(20, 40, bidirectional=True)
        self.rnn = nn.RNN(20, 50, nonlinearity='relu')

    def forward(self, x, lengths):
        """x (T, B, 20), of which row b has lengths[b] steps; the sum of what all layers make of it."""
        packed = pack_padded_sequence(x, lengths)
        total = 0
        for layer in (self.lstm, self.projected, self.gru, self.rnn):
            whole, state = layer(x)
            ragged, _ = layer(packed)
            last = state[0] if isinstance(state, tuple) else state
            total = total + (whole**2).sum() + pad_packed_sequence(ragged)[0].sin().sum() + last.sum()
        return total


model = Layers().to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
x = torch.randn(9, 11, 20).to(device)
lengths = torch.tensor([9, 9, 8, 8, 8, 5, 5, 3, 2, 1, 1])
for _ in range(2):
    optimizer.zero_grad()
    loss = model(x, lengths)
    loss.backward()
    optimizer.step()
    print(loss.item())
