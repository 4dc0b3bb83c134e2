"""Values, dtypes, sizes, gradients, errors, printing and random numbers are PyTorch's."""

import hashlib
import struct

import golden
import torch
import torch.nn.functional as F
from torch import nn

VALUE_NAMES = {'torch': torch, 'nn': nn, 'F': F}
X = [[-0.7, 1.3, 0.2, 2.1], [0.9, -1.6, 0.45, -0.15], [1.1, 0.05, -2.3, 0.6]]
Y = [[0.5, 1.2, 0.8, 1.4], [0.9, 0.6, 1.1, 0.7], [1.3, 0.95, 0.55, 1.05]]


def tensors():
    return {
        'x': torch.tensor([[1.5, -2.0, 3.25], [0.5, 4.0, -6.0]]),
        'i': torch.tensor([[3, -7, 2], [5, 0, 1]]),
        'b': torch.tensor([[True, False, True], [True, False, False]]),
    }


def test_expressions_give_what_pytorch_gives():
    def run(case):
        golden.check_outcome(lambda: eval(case['code'], VALUE_NAMES | tensors()), case)

    golden.each(golden.load('torch.json')['values'], run)


def test_writing_in_place_gives_what_pytorch_gives():
    def run(case):
        def write():
            y = tensors()['x']
            exec(case['code'], VALUE_NAMES | tensors() | {'y': y})
            return y

        golden.check_outcome(write, case)

    golden.each(golden.load('torch.json')['statements'], run)


def test_gradients_are_pytorchs():
    others = {'I': torch.tensor([[0, 2], [1, 1], [3, 0]]), 'c': torch.tensor([0, 1, 3])}

    def run(case):
        def differentiate():
            x, y = torch.tensor(X, requires_grad=True), torch.tensor(Y, requires_grad=True)
            names = VALUE_NAMES | others | {'x': x, 'y': y, 'a': x.abs() + 0.1}
            result = eval(case['code'], names)
            weights = torch.arange(1.0, result.numel() + 1).view(result.shape)
            (result * weights).sum().backward()
            return [result, *(torch.zeros(3, 4) if t.grad is None else t.grad for t in (x, y))]

        golden.check_outcome(differentiate, case)

    golden.each(golden.load('torch.json')['gradients'], run)


def test_printing_is_pytorchs():
    def run(case):
        code, wanted = case
        got = repr(eval(code, VALUE_NAMES | tensors()))
        assert got == wanted, f'\n{got}\nPyTorch:\n{wanted}'

    golden.each(golden.load('printing.json'), run)


def digest(tensor):
    numbers = tensor.detach().double().reshape(-1).tolist()
    return hashlib.md5(struct.pack(f'{tensor.numel()}d', *numbers)).hexdigest()


def test_random_numbers_and_initial_weights_are_pytorchs_bit_for_bit():
    torch.manual_seed(1111)

    def run(case):
        code, *wanted = case
        drawn = eval(f'[{code}]', VALUE_NAMES | {'w': torch.empty(13, 29)})
        assert [digest(t) for t in drawn] == wanted

    golden.each(golden.load('random.json'), run)
