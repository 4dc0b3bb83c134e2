"""A word language model: embedding, two LSTM layers, a decoder over many words; clipping and SGD by hand."""

import itertools

import torch
from blocks import options, serve
from torch import nn

n = options(V=10000, H=200, B=20, T=35)


class WordModel(nn.Module):
    """Words (T, B) -> log-probabilities (T * B, V) and the state after the last step."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(n.V, n.H)
        self.rnn = nn.LSTM(n.H, n.H, 2)
        self.decoder = nn.Linear(n.H, n.V)
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.uniform_(self.decoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, words, state):
        output, state = self.rnn(self.encoder(words), state)
        return nn.functional.log_softmax(self.decoder(output).view(-1, n.V), dim=1), state


torch.manual_seed(1)
model = WordModel().to(n.device)
RATE, WINDOWS = 1.0, 8
text = torch.randint(0, n.V, (WINDOWS * n.T + 1, n.B)).to(n.device)


def train():
    """A window of the text after another, again and again."""
    state = (torch.zeros(2, n.B, n.H, device=n.device), torch.zeros(2, n.B, n.H, device=n.device))
    for window in itertools.count():
        start = window % WINDOWS * n.T
        model.zero_grad()
        scores, state = model(text[start : start + n.T], tuple(part.detach() for part in state))
        loss = nn.functional.nll_loss(scores, text[start + 1 : start + 1 + n.T].reshape(-1))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(parameter.grad, alpha=-RATE)
        yield loss


serve(train())
