"""200 steps of a small character model, on the GPU where there is one; prints the loss of each."""

import torch
from torch import nn

text = 'the quick brown fox jumps over the lazy dog; ' * 40
letters = sorted(set(text))
data = torch.tensor([letters.index(letter) for letter in text])
device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
torch.manual_seed(1)


class CharModel(nn.Module):
    def __init__(self, size, width):
        super().__init__()
        self.embedding = nn.Embedding(size, width)
        self.lstm = nn.LSTM(width, width, num_layers=2, dropout=0.1)
        self.out = nn.Linear(width, size)

    def forward(self, x, state):
        y, state = self.lstm(self.embedding(x), state)
        return self.out(y), state


model = CharModel(len(letters), 32).to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
loss_of = nn.CrossEntropyLoss()
steps, batch = 16, 8
rows = data[: len(data) // batch * batch].view(batch, -1).t().contiguous()
state, at = None, 0
for _ in range(200):
    if at + steps + 1 > rows.size(0):
        state, at = None, 0
    x = rows[at : at + steps].to(device)
    y = rows[at + 1 : at + steps + 1].to(device)
    at += steps
    optimizer.zero_grad()
    logits, state = model(x, state)
    state = tuple(s.detach() for s in state)
    loss = loss_of(logits.view(-1, len(letters)), y.reshape(-1))
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    print(loss.item())
