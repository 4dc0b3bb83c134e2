"""200 steps of a small word model, updated by hand, on the GPU where there is one; prints the loss of each."""

import torch
from torch import nn

BATCH, STEPS, WORDS, CLIP, RATE = 10, 20, 200, 0.25, 5.0
device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
torch.manual_seed(1111)

# A language of pairs: every word is followed by one of two others.
words = [0]
for draw in torch.randint(2, (6000,)).tolist():
    words.append((words[-1] * 3 + 1 + 57 * draw) % WORDS)
data = torch.tensor(words)
data = data[: len(data) // BATCH * BATCH].view(BATCH, -1).t().contiguous().to(device)


class WordModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.2)
        self.encoder = nn.Embedding(WORDS, 64)
        self.rnn = nn.LSTM(64, 64, 2, dropout=0.2)
        self.decoder = nn.Linear(64, WORDS)
        self.decoder.weight = self.encoder.weight

    def forward(self, x, state):
        y, state = self.rnn(self.drop(self.encoder(x)), state)
        return nn.functional.log_softmax(self.decoder(self.drop(y)).view(-1, WORDS), dim=1), state


model = WordModel().to(device)
loss_of = nn.NLLLoss()
state = tuple(torch.zeros(2, BATCH, 64, device=device) for _ in range(2))
at = 0
for _ in range(200):
    if at + STEPS + 1 > data.size(0):
        at = 0
    x, y = data[at : at + STEPS], data[at + 1 : at + 1 + STEPS].view(-1)
    at += STEPS
    model.zero_grad()
    state = tuple(s.detach() for s in state)
    out, state = model(x, state)
    loss = loss_of(out, y)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), CLIP)
    for p in model.parameters():
        p.data.add_(p.grad, alpha=-RATE)
    print(loss.item())
