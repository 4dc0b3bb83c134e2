"""RNNCell, LSTMCell and GRUCell: one time step of one layer, by the kernels of the whole sequences."""

import math

import torch._native as native
from torch._creation import empty, zeros
from torch._shape import shape_of
from torch._telemetry import module_number
from torch._tensor import Tensor, handles, wrap
from torch.nn import init
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class RNNCellBase(Module):
    """What the single steps share: weight_ih (G H, I), weight_hh (G H, H), bias_ih and bias_hh (G H).

    Input (B, I) or (I); states (B, H) or (H), zero where none is given.
    """

    def __init__(self, input_size, hidden_size, bias, num_chunks, device=None, dtype=None):
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rows = num_chunks * hidden_size
        shapes = {'weight_ih': (rows, input_size), 'weight_hh': (rows, hidden_size)}
        for name, sizes in shapes.items():
            self.register_parameter(name, Parameter(empty(*sizes, device=device, dtype=dtype)))
        for name in ('bias_ih', 'bias_hh'):
            value = Parameter(empty(rows, device=device, dtype=dtype)) if bias else None
            self.register_parameter(name, value)
        self.reset_parameters()

    def reset_parameters(self):
        """Draws new weights, uniform within 1 / sqrt(H)."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size else 0.0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def _check(self, input, states):
        """(input, states) of two dimensions each."""
        name = type(self).__name__
        for what, tensor in (('input', input), *(('hidden', state) for state in states or ())):
            if not isinstance(tensor, Tensor):
                raise TypeError(f'{name}: expected {what} to be a Tensor, got {type(tensor).__name__}')
            if native.dim(tensor._h) not in (1, 2):
                raise ValueError(
                    f'{name}: Expected {what} to be 1D or 2D, got {native.dim(tensor._h)}D instead'
                )
        if native.dim(input._h) == 1:
            input = input.unsqueeze(0)
            states = states and [state.unsqueeze(0) for state in states]
        batch, width = shape_of(input)
        if width != self.input_size:
            raise RuntimeError(f'input has inconsistent input_size: got {width} expected {self.input_size}')
        for i, state in enumerate(states or ()):
            rows, width = native.size(state._h, 0), native.size(state._h, -1)
            if native.dim(state._h) == 1 or rows != batch:
                raise RuntimeError(f"Input batch size {batch} doesn't match hidden{i} batch size {rows}")
            if width != self.hidden_size:
                raise RuntimeError(
                    f'hidden{i} has inconsistent hidden_size: got {width}, expected {self.hidden_size}'
                )
        return input, states

    def _step(self, kernel, count, input, states, *further):
        """The `count` new states of a kernel; `further` are its arguments after the module's number."""
        is_batched = isinstance(input, Tensor) and native.dim(input._h) == 2
        input, states = self._check(input, states)
        if states is None:
            options = {'dtype': input.dtype, 'device': input.device}
            states = [zeros(input.size(0), self.hidden_size, **options) for _ in range(count)]
        weights = handles([weight for weight in self._parameters.values() if weight is not None])
        first = kernel(input._h, *(s._h for s in states), *weights, module_number(self), *further)
        new = [wrap(first), *(wrap(native.more()) for _ in range(count - 1))]
        return new if is_batched else [state.squeeze(0) for state in new]

    def extra_repr(self):
        """What differs from the defaults."""
        words = f'{self.input_size}, {self.hidden_size}'
        if not self.bias:
            words += f', bias={self.bias}'
        nonlinearity = self.__dict__.get('nonlinearity', 'tanh')
        return words if nonlinearity == 'tanh' else f'{words}, nonlinearity={nonlinearity}'


class RNNCell(RNNCellBase):
    """h' = tanh(or relu)(W_ih x + b_ih + W_hh h + b_hh)"""

    def __init__(self, input_size, hidden_size, bias=True, nonlinearity='tanh', device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        """The new state (B, H)"""
        if self.nonlinearity not in ('tanh', 'relu'):
            raise RuntimeError(f'Unknown nonlinearity: {self.nonlinearity}')
        states = None if hx is None else [hx]
        return self._step(native.rnn_cell, 1, input, states, self.nonlinearity == 'relu')[0]


class LSTMCell(RNNCellBase):
    """One step of an LSTM."""

    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input, hx=None):
        """The new states (h, c), each (B, H)"""
        if hx is not None and (not isinstance(hx, (tuple, list)) or len(hx) != 2):
            raise TypeError('LSTMCell: expected the state to be a tuple of two tensors (h_0, c_0)')
        return tuple(self._step(native.lstm_cell, 2, input, hx))


class GRUCell(RNNCellBase):
    """One step of a GRU."""

    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input, hx=None):
        """The new state (B, H)"""
        return self._step(native.gru_cell, 1, input, None if hx is None else [hx])[0]


for _cell in (RNNCellBase, RNNCell, LSTMCell, GRUCell):
    _cell.__module__ = 'torch.nn.modules.rnn'  # PyTorch's own place: files of whole modules name it
