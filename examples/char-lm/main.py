"""A character language model: an embedding, a recurrent layer and a linear one, trained with truncated BPTT.

Reads a text, trains on most of it, evaluates on its end, and writes a paragraph of its own. Runs unchanged under
PyTorch and under Unroll.
"""

import argparse
import math
import re
import time
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent
# Beside the script, or where npm has put it.
PLACES = (HERE / 'data', HERE.parent.parent / 'node_modules' / '@stdlib' / 'datasets-moby-dick' / 'data')
MOBY_DICK = next((folder for folder in PLACES if folder.is_dir()), PLACES[0])


def parse_arguments():
    parser = argparse.ArgumentParser(description='Train a character language model.')
    parser.add_argument('--data', type=Path, default=MOBY_DICK, help='a text file, or a folder of .txt files')
    parser.add_argument('--model', default='LSTM', choices=['LSTM', 'GRU', 'RNN'], help='the recurrent layer')
    parser.add_argument('--emsize', type=int, default=128, help='size of the character embeddings')
    parser.add_argument('--nhid', type=int, default=256, help='hidden units a layer')
    parser.add_argument('--nlayers', type=int, default=1, help='recurrent layers')
    parser.add_argument('--dropout', type=float, default=0.0, help='on the embeddings and the outputs')
    parser.add_argument('--batch-size', type=int, default=32, help='sequences read side by side')
    parser.add_argument('--bptt', type=int, default=64, help='time steps the gradient flows back')
    parser.add_argument('--lr', type=float, default=3e-3, help='learning rate of Adam')
    parser.add_argument('--clip', type=float, default=1.0, help='largest gradient norm')
    parser.add_argument('--epochs', type=int, default=5, help='passes over the text')
    parser.add_argument('--max-steps', type=int, default=0, help='stop after so many steps (0: never)')
    parser.add_argument('--log-interval', type=int, default=100, help='steps between two reports')
    parser.add_argument('--seed', type=int, default=1111)
    parser.add_argument(
        '--threads', type=int, default=0, help='threads to compute with (0: as many as there are)'
    )
    parser.add_argument('--save', type=Path, default=None, help='where the best weights go')
    parser.add_argument(
        '--temperature', type=float, default=0.8, help='of the text that is written at the end'
    )
    parser.add_argument('--characters', type=int, default=500, help='how much of it')
    return parser.parse_args()


# --- data
def read_text(path):
    """A file's text, or that of a folder's chapters in reading order."""
    if path.is_file():
        return path.read_text(encoding='utf-8')
    before = [path / 'etymology.txt', path / 'extracts.txt']
    chapters = sorted(path.glob('chapter_*.txt'), key=lambda file: int(re.sub(r'\D', '', file.stem)))
    files = [*before, *chapters, path / 'epilogue.txt'] if chapters else sorted(path.glob('*.txt'))
    if not files:
        raise SystemExit(f'{path}: no text found')
    return '\n\n'.join(file.read_text(encoding='utf-8').strip() for file in files)


class Corpus:
    """A text as character numbers, the last tenth kept for evaluation."""

    def __init__(self, text):
        self.characters = sorted(set(text))
        self.number = {character: i for i, character in enumerate(self.characters)}
        data = self.encode(text)
        held_out = len(data) // 10
        self.train, self.valid = data[:-held_out], data[-held_out:]

    def encode(self, text):
        return torch.tensor([self.number[character] for character in text])

    def decode(self, numbers):
        return ''.join(self.characters[i] for i in numbers)


def batchify(data, batch_size):
    """(steps, batch_size): column b holds the b-th part of the text."""
    steps = data.size(0) // batch_size
    return data[: steps * batch_size].view(batch_size, steps).t().contiguous()


def windows(source, bptt):
    """Inputs (T, B) and the characters that follow them, flattened (T * B)."""
    for start in range(0, source.size(0) - 1, bptt):
        length = min(bptt, source.size(0) - 1 - start)
        yield source[start : start + length], source[start + 1 : start + 1 + length].reshape(-1)


# --- model
class CharModel(nn.Module):
    def __init__(self, kind, characters, emsize, nhid, nlayers, dropout):
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.encoder = nn.Embedding(characters, emsize)
        self.rnn = getattr(nn, kind)(emsize, nhid, nlayers, dropout=dropout if nlayers > 1 else 0.0)
        self.decoder = nn.Linear(nhid, characters)

    def forward(self, numbers, state=None):
        """Numbers (T, B) -> logits (T * B, characters) and the state after the last step."""
        output, state = self.rnn(self.drop(self.encoder(numbers)), state)
        logits = self.decoder(self.drop(output))
        return logits.view(-1, logits.size(-1)), state


def detach(state):
    """The state as a constant: the gradient of the next window ends here."""
    if state is None:
        return None
    if isinstance(state, torch.Tensor):
        return state.detach()
    return tuple(part.detach() for part in state)


@torch.no_grad()
def evaluate(model, source, bptt, loss_function):
    """Mean loss a character, in nats."""
    model.eval()
    total, state = 0.0, None
    for inputs, targets in windows(source, bptt):
        logits, state = model(inputs, state)
        total += loss_function(logits, targets).item() * len(targets)
    model.train()
    return total / (source.size(0) - 1) / source.size(1)


@torch.no_grad()
def write(model, corpus, start, characters, temperature):
    """Continues `start` by drawing character after character."""
    model.eval()
    logits, state = model(corpus.encode(start).view(-1, 1))
    numbers = []
    for _ in range(characters):
        chances = torch.softmax(logits[-1] / temperature, dim=0)
        drawn = torch.multinomial(chances, 1)
        numbers.append(drawn.item())
        logits, state = model(drawn.view(1, 1), state)
    return start + corpus.decode(numbers)


# --- training
def train_epoch(arguments, model, batches, optimizer, loss_function, epoch, step):
    """One pass over the text from `step` on; returns the steps made so far."""
    total, counted, started, state = 0.0, 0, time.perf_counter(), None
    all_steps = arguments.epochs * math.ceil((batches.size(0) - 1) / arguments.bptt)
    for inputs, targets in windows(batches, arguments.bptt):
        optimizer.zero_grad()
        logits, state = model(inputs, detach(state))
        loss = loss_function(logits, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), arguments.clip)
        optimizer.step()
        step += 1
        total, counted = total + loss.item(), counted + 1
        if step % arguments.log_interval == 0:
            mean, elapsed = total / counted, time.perf_counter() - started
            print(
                f'epoch {epoch} | step {step:5d}/{all_steps} | loss {mean:.5f} | '
                f'perplexity {math.exp(mean):7.2f} | {1000 * elapsed / counted:6.1f} ms/step',
                flush=True,
            )
            total, counted, started = 0.0, 0, time.perf_counter()
        if step == arguments.max_steps:
            break
    return step


def train(arguments, corpus, model, save):
    """Trains, keeping the weights of the best epoch in the file `save`, and leaves the model with them."""
    batches = batchify(corpus.train, arguments.batch_size)
    held_out = batchify(corpus.valid, arguments.batch_size)
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=arguments.lr)
    step, best = 0, math.inf
    try:
        for epoch in range(1, arguments.epochs + 1):
            step = train_epoch(arguments, model, batches, optimizer, loss_function, epoch, step)
            loss = evaluate(model, held_out, arguments.bptt, loss_function)
            print(f'epoch {epoch} | validation loss {loss:.4f} | perplexity {math.exp(loss):.2f}', flush=True)
            if loss < best:
                best = loss
                torch.save(model.state_dict(), save)
            if step == arguments.max_steps:
                break
    except KeyboardInterrupt:
        print(f'stopped at step {step}', flush=True)
    if best < math.inf:
        model.load_state_dict(torch.load(save))
        print(
            f'best validation loss {best:.4f} nats per character, perplexity {math.exp(best):.2f}', flush=True
        )


def main():
    arguments = parse_arguments()
    torch.manual_seed(arguments.seed)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    corpus = Corpus(read_text(arguments.data))
    model = CharModel(
        arguments.model,
        len(corpus.characters),
        arguments.emsize,
        arguments.nhid,
        arguments.nlayers,
        arguments.dropout,
    )
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(
        f'{len(corpus.train) + len(corpus.valid):,} characters, {len(corpus.characters)} kinds; '
        f'{arguments.model} with {parameters:,} parameters',
        flush=True,
    )
    save = arguments.save or HERE / f'{arguments.model.lower()}.pt'
    train(arguments, corpus, model, save)
    if arguments.characters:
        print('\n' + write(model, corpus, 'The whale ', arguments.characters, arguments.temperature))


if __name__ == '__main__':
    main()
