"""RNN, LSTM and GRU over whole sequences, computed by the engine's fused kernels."""

import itertools
import math
import warnings

import torch._native as native
from torch._creation import empty, zeros
from torch._random import stream
from torch._shape import shape_of
from torch._telemetry import module_number
from torch._tensor import Tensor, handles, wrap
from torch.nn import init
from torch.nn.modules.module import Module
from torch.nn.modules.rnn_cell import GRUCell, LSTMCell, RNNCell, RNNCellBase
from torch.nn.parameter import Parameter
from torch.nn.utils.rnn import PackedSequence

__all__ = ['GRU', 'LSTM', 'RNN', 'GRUCell', 'LSTMCell', 'RNNBase', 'RNNCell', 'RNNCellBase']
_GATES = {'RNN_TANH': 1, 'RNN_RELU': 1, 'LSTM': 4, 'GRU': 3}


class RNNBase(Module):
    """What the recurrent layers share: their weights, the checks of their inputs, the call of the kernel.

    Input (T, B, I), (B, T, I) with batch_first, (T, I), or a PackedSequence; states (L D, B, H) or (L D, H),
    D being 2 where bidirectional. Each layer and direction has weight_ih (G H, I), weight_hh (G H, H) and,
    with bias, bias_ih and bias_hh (G H), where G is 1, 4 (i, f, g, o) or 3 (r, z, n). An LSTM's proj_size P
    adds weight_hr (P, H); its output and h are then P wide.
    """

    def __init__(
        self,
        mode,
        input_size,
        hidden_size,
        num_layers=1,
        bias=True,
        batch_first=False,
        dropout=0.0,
        bidirectional=False,
        proj_size=0,
        device=None,
        dtype=None,
    ):
        super().__init__()
        if isinstance(dropout, bool) or not 0 <= dropout <= 1:
            raise ValueError(
                'dropout should be a number in range [0, 1] representing the probability of an element being '
                'zeroed'
            )
        for what, value in (('hidden_size', hidden_size), ('num_layers', num_layers)):
            if not isinstance(value, int):
                raise TypeError(f'{what} should be of type int, got: {type(value).__name__}')
            if value <= 0:
                raise ValueError(f'{what} must be greater than zero')
        if dropout > 0 and num_layers == 1:
            warnings.warn(
                'dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects '
                f'num_layers greater than 1, but got dropout={dropout} and num_layers={num_layers}',
                stacklevel=3,
            )
        self.mode, self.input_size, self.hidden_size, self.num_layers = (
            mode,
            input_size,
            hidden_size,
            num_layers,
        )
        self.bias, self.batch_first, self.dropout = bias, batch_first, float(dropout)
        if proj_size < 0:
            raise ValueError('proj_size should be a positive integer or zero to disable projections')
        if proj_size >= hidden_size:
            raise ValueError('proj_size has to be smaller than hidden_size')
        self.bidirectional, self.proj_size = bidirectional, proj_size
        self._all_weights = []
        for layer in range(num_layers):
            for suffix in (f'_l{layer}', f'_l{layer}_reverse')[: self._directions]:
                shapes = self._weight_shapes(layer)
                self._all_weights.append([kind + suffix for kind in shapes])
                for kind, sizes in shapes.items():
                    weight = Parameter(empty(*sizes, device=device, dtype=dtype))
                    self.register_parameter(kind + suffix, weight)
        self.reset_parameters()

    @property
    def _directions(self):
        return 2 if self.bidirectional else 1

    @property
    def _state_size(self):
        return self.proj_size or self.hidden_size

    def _weight_shapes(self, layer):
        rows = _GATES[self.mode] * self.hidden_size
        columns = self._directions * self._state_size if layer else self.input_size
        shapes = {'weight_ih': (rows, columns), 'weight_hh': (rows, self._state_size)}
        if self.bias:
            shapes |= {'bias_ih': (rows,), 'bias_hh': (rows,)}
        if self.proj_size:
            shapes['weight_hr'] = (self.proj_size, self.hidden_size)
        return shapes

    def reset_parameters(self):
        """Draws new weights, uniform within 1 / sqrt(H)."""
        bound = 1.0 / math.sqrt(self.hidden_size)
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self):
        """Changes nothing: the kernel packs the weights itself."""

    @property
    def _flat_weights_names(self):
        return list(itertools.chain.from_iterable(self._all_weights))

    @property
    def _flat_weights(self):
        members = self._parameters
        return [members[name] for names in self._all_weights for name in names]

    @property
    def all_weights(self):
        """The weights, a list for each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    def __getstate__(self):
        # PyTorch's own modules keep these two as attributes: what we write, it can read.
        flat = {'_flat_weights_names': self._flat_weights_names, '_flat_weights': self._flat_weights}
        return {**self.__dict__, **flat}

    def __setstate__(self, state):
        super().__setstate__(
            {k: v for k, v in state.items() if k not in ('_flat_weights_names', '_flat_weights')}
        )

    def _check_input(self, input, is_packed):
        if not isinstance(input, Tensor):
            raise TypeError(
                f'{type(self).__name__}: expected input to be a Tensor, got {type(input).__name__}'
            )
        sizes = shape_of(input)
        if len(sizes) not in ((2,) if is_packed else (2, 3)):
            raise ValueError(
                f'{type(self).__name__}: Expected input to be 2D or 3D, got {len(sizes)}D instead'
            )
        weight = self._parameters['weight_ih_l0']
        if native.dtype(input._h) != native.dtype(weight._h):
            raise ValueError(
                f'RNN input dtype ({input.dtype}) does not match weight dtype ({weight.dtype}). '
                f'Convert input: input.to({weight.dtype}), or convert model: model.to({input.dtype})'
            )
        if sizes[-1] != self.input_size:
            raise RuntimeError(
                f'input.size(-1) must be equal to input_size. Expected {self.input_size}, got {sizes[-1]}'
            )
        return sizes

    def _check_state(self, state, expected, name='hidden'):
        if not isinstance(state, Tensor):
            raise TypeError(
                f'{type(self).__name__}: expected {name} to be a Tensor, got {type(state).__name__}'
            )
        if shape_of(state) != expected:
            raise RuntimeError(f'Expected {name} size {expected}, got {list(shape_of(state))}')

    def _states(self, states, batch, input):
        """The initial states for a batch, zero where none are given; `states` None, one or two tensors."""
        depth = self.num_layers * self._directions
        shapes = [(depth, batch, self._state_size), (depth, batch, self.hidden_size)]
        if self.mode != 'LSTM':
            shapes.pop()
        if states is None:
            return [zeros(shape, dtype=input.dtype, device=input.device) for shape in shapes]
        names = ('hidden',) if len(shapes) == 1 else ('hidden[0]', 'hidden[1]')
        for state, shape, name in zip(states, shapes, names, strict=True):
            self._check_state(state, shape, name)
        return states

    def _check_state_dims(self, states, is_batched):
        wanted = 3 if is_batched else 2
        dims = [native.dim(state._h) for state in states if isinstance(state, Tensor)]
        if any(dim != wanted for dim in dims):
            kind = 'batched 3-D' if is_batched else 'unbatched 2-D'
            if len(dims) == 2:
                got = f'hx and cx should also be {wanted}-D but got ({dims[0]}-D, {dims[1]}-D) tensors'
            else:
                got = f'hx should also be {wanted}-D but got {dims[0]}-D tensor'
            raise RuntimeError(f'For {kind} input, {got}')

    def _run(self, kernel, input, states, *further):
        """(output, final states) of a kernel; `further` are its arguments after the options."""
        if isinstance(input, PackedSequence):
            return self._run_packed(kernel, input, states, further)
        sizes = self._check_input(input, False)
        is_batched = len(sizes) == 3
        if states is not None:
            self._check_state_dims(states, is_batched)
        if not is_batched:
            input = input.unsqueeze(0 if self.batch_first else 1)
            states = states and [state.unsqueeze(1) for state in states]
        batch = (sizes[0] if self.batch_first else sizes[1]) if is_batched else 1
        output, final = self._call(kernel, input, self._states(states, batch, input), 0, further)
        if not is_batched:
            output = output.squeeze(0 if self.batch_first else 1)
            final = [state.squeeze(1) for state in final]
        return output, final

    def _run_packed(self, kernel, packed, states, further):
        data, batch_sizes, sorted_indices, unsorted_indices = packed
        self._check_input(data, True)
        if states is not None and sorted_indices is not None:
            states = [self.permute_hidden(state, sorted_indices) for state in states]
        states = self._states(states, int(batch_sizes[0]), data)
        output, final = self._call(kernel, data, states, batch_sizes._h, further)
        output = PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices)
        return output, [self.permute_hidden(state, unsorted_indices) for state in final]

    def permute_hidden(self, hx, permutation):
        """The state, or states, with their batch in another order; as they are where it is None."""
        if permutation is None:
            return hx
        if isinstance(hx, tuple):
            return tuple(self.permute_hidden(state, permutation) for state in hx)
        return hx.index_select(1, permutation)

    def _call(self, kernel, input, states, batch_sizes, further):
        options = (
            *(self.bias, self.num_layers, self.dropout, self.training, self.batch_first),
            *(self.bidirectional, self.proj_size > 0, batch_sizes, module_number(self)),
        )
        weights = handles(self._flat_weights)
        first = kernel(input._h, *(s._h for s in states), *weights, *options, *further, stream(None))
        return wrap(first), [wrap(native.more()) for _ in states]

    def extra_repr(self):
        """What differs from the defaults."""
        words = [f'{self.input_size}, {self.hidden_size}']
        usual = {
            'proj_size': 0,
            'num_layers': 1,
            'bias': True,
            'batch_first': False,
            'dropout': 0.0,
            'bidirectional': False,
        }
        words += [
            f'{name}={getattr(self, name)}' for name, value in usual.items() if getattr(self, name) != value
        ]
        return ', '.join(words)


def _legacy_order(name, args, kwargs):
    if args and isinstance(args[0], str):
        raise TypeError(f"{name}() got multiple values for argument 'mode'")
    if kwargs.pop('proj_size', 0):
        raise ValueError('proj_size argument is only supported for LSTM, not RNN or GRU')
    return args, kwargs


class RNN(RNNBase):
    """h_t = tanh(or relu)(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)"""

    def __init__(self, input_size, hidden_size, num_layers=1, nonlinearity='tanh', *args, **kwargs):
        args, kwargs = _legacy_order('RNN', args, kwargs)
        if nonlinearity not in ('tanh', 'relu'):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__(f'RNN_{nonlinearity.upper()}', input_size, hidden_size, num_layers, *args, **kwargs)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        """output (T, B, D H) and the final state (L D, B, H)"""
        output, (state,) = self._run(native.rnn, input, None if hx is None else [hx], self.mode == 'RNN_RELU')
        return output, state


class GRU(RNNBase):
    """Gated recurrent units with reset and update gates."""

    def __init__(self, *args, **kwargs):
        args, kwargs = _legacy_order('GRU', args, kwargs)
        super().__init__('GRU', *args, **kwargs)

    def forward(self, input, hx=None):
        """output (T, B, D H) and the final state (L D, B, H)"""
        output, (state,) = self._run(native.gru, input, None if hx is None else [hx])
        return output, state


class LSTM(RNNBase):
    """Long short-term memory with input, forget, cell and output gates."""

    def __init__(self, *args, **kwargs):
        super().__init__('LSTM', *args, **kwargs)

    def forward(self, input, hx=None):
        """output (T, B, D P) and the final states h_n (L D, B, P) and c_n (L D, B, H)"""
        if hx is not None and (not isinstance(hx, (tuple, list)) or len(hx) != 2):
            raise TypeError('LSTM: expected the state to be a tuple of two tensors (h_0, c_0)')
        output, states = self._run(native.lstm, input, hx)
        return output, tuple(states)
