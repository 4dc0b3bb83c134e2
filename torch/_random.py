"""Random numbers: PyTorch's CPU generator, the same numbers from the same seed."""

import os
import sys

import torch._native as native
from torch._creation import empty, finished, like, moved, options
from torch._dtype import code_of, get_default_dtype, int64
from torch._tensor import Tensor, function, functions, method, operation, wrap
from torch._types import device, placed


class Generator:
    """A stream of random numbers with a seed and a state of its own."""

    __module__ = 'torch'
    device = device('cpu')

    def __init__(self, device='cpu'):
        placed(device)
        self._h = native.new_generator()

    def __del__(self):
        if self._h:
            native.free_generator(self._h)

    def manual_seed(self, seed):
        """Starts the stream anew from a seed of 64 bits; returns self."""
        seed = int(seed)
        if not -(1 << 63) <= seed < 1 << 64:
            raise RuntimeError('Overflow when unpacking long long')
        native.manual_seed(self._h, seed % (1 << 64))
        return self

    def seed(self):
        """Starts the stream anew from a seed the system chooses, and returns that."""
        seed = int.from_bytes(os.urandom(8), 'little') >> 1
        self.manual_seed(seed)
        return seed

    def initial_seed(self):
        """The seed the stream started from."""
        return int(native.initial_seed(self._h))

    def get_state(self):
        """The state as a uint8 tensor, of PyTorch's own layout."""
        return wrap(native.get_rng_state(self._h))

    def set_state(self, new_state):
        """Goes on from a state of get_state()."""
        native.set_rng_state(self._h, new_state._h)
        return self

    def __repr__(self):
        return '<torch.Generator on cpu>'


def _default_generator():
    generator = object.__new__(Generator)
    generator._h = 0  # the engine's own
    return generator


default_generator = _default_generator()


def stream(generator):
    """The engine's handle of a `generator` argument."""
    return 0 if generator is None else generator._h


def manual_seed(seed):
    """Seeds the default generator, and returns it."""
    sys.modules['torch']._given_seed = int(seed)  # for the run's record
    return default_generator.manual_seed(seed)


def seed():
    """Seeds the default generator with a number the system chooses, and returns that."""
    return default_generator.seed()


def initial_seed():
    """The seed of the default generator."""
    return default_generator.initial_seed()


def get_rng_state():
    """The default generator's state, a uint8 tensor."""
    return default_generator.get_state()


def set_rng_state(new_state):
    """Sets the default generator's state."""
    default_generator.set_state(new_state)


for _definition in (manual_seed, seed, initial_seed, get_rng_state, set_rng_state, Generator):
    functions[_definition.__name__] = _definition
functions['default_generator'] = default_generator


# --- filling in place
@method
def uniform_(self, from_=0, to=1, *, generator=None):
    """Numbers uniform in [from_, to)."""
    native.uniform_(self._h, from_, to, stream(generator))
    return self


@method
def normal_(self, mean=0, std=1, *, generator=None):
    """Numbers of the normal distribution."""
    native.normal_(self._h, mean, std, stream(generator))
    return self


@method
def exponential_(self, lambd=1, *, generator=None):
    """Numbers of the exponential distribution."""
    native.exponential_(self._h, lambd, stream(generator))
    return self


_NOT_GIVEN = object()


@method
def random_(self, from_=None, to=_NOT_GIVEN, *, generator=None):
    """Integers in [from_, to), random_(to) those below `to`; where that is None, up to the dtype's greatest."""
    if to is _NOT_GIVEN:
        from_, to = 0, from_
    native.random_(self._h, from_ or 0, to, stream(generator))
    return self


@method
def bernoulli_(self, p=0.5, *, generator=None):
    """1 with probability p (a number or a tensor), else 0."""
    if isinstance(p, Tensor):
        self.copy_(bernoulli(p.expand_as(self), generator=generator))
    else:
        native.bernoulli_(self._h, p, stream(generator))
    return self


# --- new tensors
@operation
def bernoulli(input, p=None, *, generator=None):
    """1 with the probability each element of input says (or with p), else 0."""
    if p is not None:
        return empty(input.shape, dtype=input.dtype, device=input.device).bernoulli_(p, generator=generator)
    return wrap(native.bernoulli(input._h, stream(generator)))


@operation
def multinomial(input, num_samples, replacement=False, *, generator=None):
    """int64 indices drawn in proportion to the weights of each row of input."""
    return wrap(native.multinomial(input._h, num_samples, replacement, stream(generator)))


@function
def rand(*size, generator=None, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """Numbers uniform in [0, 1)."""
    out = empty(*size, dtype=dtype, layout=layout, device=device)
    return finished(uniform_(out, generator=generator), requires_grad)


@function
def randn(*size, generator=None, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False):
    """Numbers of the standard normal distribution."""
    out = empty(*size, dtype=dtype, layout=layout, device=device)
    return finished(normal_(out, generator=generator), requires_grad)


@function
def randint(
    low, high=None, size=None, *, generator=None, dtype=None, layout=None, device=None, requires_grad=False
):
    """Integers in [low, high): randint(high, size) or randint(low, high, size)."""
    if size is None:
        low, high, size = (0, low, high) if not isinstance(high, int) else (low, high, size)
    if size is None:
        raise TypeError('randint() received an invalid combination of arguments: size is missing')
    low, high = (0, low) if high is None else (low, high)
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    out = empty(size, dtype=int64 if dtype is None else dtype, layout=layout, device=device)
    native.random_(out._h, low, high, stream(generator))
    return finished(out, requires_grad)


@function
def randperm(
    n, *, generator=None, dtype=int64, layout=None, device=None, requires_grad=False, pin_memory=False
):
    """The integers below n in random order."""
    options(dtype, layout, device)
    out = moved(native.randperm(n, stream(generator)), device)
    return out if code_of(dtype) == int64.code else finished(out.to(dtype), requires_grad)


@function
def normal(mean, std=1.0, size=None, *, generator=None, dtype=None, device=None, requires_grad=False):
    """Normal numbers: of one mean and deviation in sizes `size`, or of tensors of them."""
    if isinstance(mean, Tensor) or isinstance(std, Tensor):
        like_ = mean if isinstance(mean, Tensor) else std
        shape = (mean + std).shape if isinstance(mean, Tensor) and isinstance(std, Tensor) else like_.shape
        drawn = empty(shape, dtype=like_.dtype, device=like_.device).normal_(generator=generator)
        return drawn * std + mean
    out = empty(size, dtype=dtype or get_default_dtype(), device=device)
    return finished(normal_(out, mean, std, generator=generator), requires_grad)


@function
def rand_like(
    input, *, generator=None, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None
):
    """rand of input's sizes and dtype."""
    sizes, kind, device = like(input, dtype, layout, device, memory_format)
    return rand(sizes, generator=generator, dtype=kind, device=device, requires_grad=requires_grad)


@function
def randn_like(
    input, *, generator=None, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None
):
    """randn of input's sizes and dtype."""
    sizes, kind, device = like(input, dtype, layout, device, memory_format)
    return randn(sizes, generator=generator, dtype=kind, device=device, requires_grad=requires_grad)


@function
def randint_like(input, low=0, high=None, *, dtype=None, layout=None, device=None, requires_grad=False):
    """randint of input's sizes and dtype."""
    sizes, kind, device = like(input, dtype, layout, device, None)
    low, high = (0, low) if high is None else (low, high)
    return randint(low, high, sizes, dtype=kind, device=device, requires_grad=requires_grad)
