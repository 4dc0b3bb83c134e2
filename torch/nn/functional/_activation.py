"""Activations. Gradients at the kinks are PyTorch's: where it takes a side, so do these."""

import warnings

import torch._native as native
from torch import _layers
from torch._creation import empty, ones_like
from torch._dtype import bool_, dtypes, float64
from torch._pointwise import write_result
from torch._rearrange import where
from torch._tensor import checked, wrap


def in_place_if(inplace, input, out):
    """`out`, written into `input` where asked."""
    return write_result(input, out) if inplace else out


def refuse_whole_numbers(input, kernel):
    """Raises where `input` is not floating point, in the name of PyTorch's kernel."""
    dtype = dtypes[native.dtype(input._h)]
    if not dtype.is_floating_point:
        raise NotImplementedError(f'"{kernel}" not implemented for \'{dtype.type_name}\'')


def _as_stored(input, *numbers):
    """The numbers as `input`'s type holds them."""
    return numbers if dtypes[native.dtype(input._h)].is_floating_point else tuple(map(int, numbers))


@checked
def relu(input, inplace=False):
    """max(0, x)"""
    return in_place_if(inplace, input, wrap(native.relu(input._h)))


@checked
def leaky_relu(input, negative_slope=0.01, inplace=False):
    """x, or negative_slope * x below 0."""
    return in_place_if(inplace, input, wrap(native.leaky_relu(input._h, negative_slope)))


@checked
def elu(input, alpha=1.0, inplace=False):
    """x, or alpha * (exp(x) - 1) below 0."""
    refuse_whole_numbers(input, 'elu_cpu')
    return in_place_if(inplace, input, wrap(native.elu(input._h, alpha)))


@checked
def selu(input, inplace=False):
    """1.0507... times elu with alpha 1.6732..., which keeps mean 0 and variance 1."""
    out = 1.0507009873554804934193349852946 * elu(input, 1.6732632423543772848170429916717)
    return in_place_if(inplace, input, out)


@checked
def celu(input, alpha=1.0, inplace=False):
    """x, or alpha * (exp(x / alpha) - 1) below 0."""
    refuse_whole_numbers(input, 'elu_cpu')
    return in_place_if(inplace, input, alpha * elu(input / alpha))


@checked
def silu(input, inplace=False):
    """x * sigmoid(x)"""
    return in_place_if(inplace, input, wrap(native.silu(input._h)))


@checked
def mish(input, inplace=False):
    """x * tanh(softplus(x))"""
    refuse_whole_numbers(input, 'mish_cpu')
    return in_place_if(inplace, input, input * softplus(input).tanh())


@checked
def gelu(input, approximate='none'):
    """x times the normal distribution's function of x, or its approximation by tanh."""
    return wrap(native.gelu(input._h, approximate))


@checked
def softplus(input, beta=1.0, threshold=20.0):
    """log(1 + exp(beta * x)) / beta, and x itself where beta * x is above threshold."""
    return wrap(native.softplus(input._h, beta, threshold))


@checked
def sigmoid(input):
    """1 / (1 + exp(-x))"""
    return wrap(native.sigmoid(input._h))


@checked
def tanh(input):
    """The hyperbolic tangent."""
    return wrap(native.tanh(input._h))


@checked
def logsigmoid(input):
    """log(sigmoid(x))"""
    refuse_whole_numbers(input, 'log_sigmoid_cpu')
    return -softplus(-input)


@checked
def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):
    """x kept within [min_val, max_val]; no gradient at the ends."""
    if min_val > max_val:
        raise ValueError('min_val cannot be greater than max_val')
    if dtypes[native.dtype(input._h)] is bool_:
        raise RuntimeError('Bool inputs not supported for hardtanh')
    min_val, max_val = _as_stored(input, min_val, max_val)
    inside = (input > min_val) & (input < max_val)
    return in_place_if(inplace, input, where(inside, input, input.detach().clamp(min_val, max_val)))


@checked
def relu6(input, inplace=False):
    """x kept within [0, 6]"""
    return hardtanh(input, 0.0, 6.0, inplace)


@checked
def hardsigmoid(input, inplace=False):
    """x / 6 + 1/2 kept within [0, 1]"""
    refuse_whole_numbers(input, 'hardsigmoid_cpu')
    return in_place_if(inplace, input, hardtanh(input, -3.0, 3.0) / 6 + 0.5)


@checked
def hardswish(input, inplace=False):
    """x * hardsigmoid(x)"""
    refuse_whole_numbers(input, 'hardswish_cpu')
    return in_place_if(inplace, input, input * hardsigmoid(input))


@checked
def threshold(input, threshold, value, inplace=False):
    """x where it is above the threshold, else value."""
    threshold, value = _as_stored(input, threshold, value)
    return in_place_if(inplace, input, where(input <= threshold, value, input))


@checked
def hardshrink(input, lambd=0.5):
    """x where |x| > lambd, else 0."""
    refuse_whole_numbers(input, 'hardshrink_cpu')
    return where((input >= -lambd) & (input <= lambd), 0.0, input)


@checked
def softshrink(input, lambd=0.5):
    """x moved towards 0 by lambd, 0 where that would pass it."""
    if lambd < 0:
        raise RuntimeError(f'lambda must be greater or equal to 0, but found to be {lambd}.')
    refuse_whole_numbers(input, 'softshrink_check')
    moved = where(input > 0, input - lambd, input + lambd)
    return where(input.abs() <= lambd, 0.0, moved)


@checked
def tanhshrink(input):
    """x - tanh(x)"""
    return input - input.tanh()


@checked
def softsign(input):
    """x / (1 + |x|)"""
    return input / (input.abs() + 1)


@checked
def prelu(input, weight):
    """x, or weight * x below 0; weight (1), or one number a channel (dimension 1)."""
    given, wanted = (dtypes[native.dtype(t._h)] for t in (weight, input))
    if given is not wanted:
        raise RuntimeError(
            f'prelu: Type promoting not supported. Got {wanted.type_name} and {given.type_name}'
        )
    if weight.numel() != 1:
        channels = input.size(1) if input.dim() > 1 else 1
        if weight.numel() != channels:
            raise RuntimeError(
                f'Mismatch of parameter numbers and input channel size. Found parameter numbers = '
                f'{weight.numel()} and channel size = {channels}.'
            )
        weight = weight.view(-1, *(1,) * (input.dim() - 2))
    elif input.dim() == 0:
        weight = weight.view(())
    return where(input > 0, input, weight * input)


@checked
def rrelu(input, lower=1.0 / 8, upper=1.0 / 3, training=False, inplace=False):
    """x, or below 0 a slope drawn from [lower, upper) times x; their mean where not training."""
    if not training:
        return leaky_relu(input, (lower + upper) / 2, inplace)
    is_low = input.detach() <= 0
    slopes = ones_like(input.detach())
    # In float64, as PyTorch draws them, which not every device has.
    drawn = empty(int(is_low.sum()), dtype=float64, device='cpu').uniform_(lower, upper)
    slopes[is_low] = drawn.to(input.device, input.dtype)
    return in_place_if(inplace, input, input * slopes)


@checked
def glu(input, dim=-1):
    """The first half along dim times the sigmoid of the second."""
    if input.dim() == 0:
        raise RuntimeError('glu does not support scalars because halving size must be even')
    if input.size(dim) % 2:
        place = dim % input.dim()
        raise RuntimeError(f'Halving dimension must be even, but dimension {place} is size {input.size(dim)}')
    refuse_whole_numbers(input, 'glu_cpu')
    values, gates = input.chunk(2, dim)
    return values * gates.sigmoid()


# --- along a dimension
def _implied_dim(name, dim, input):
    if dim is not None:
        return dim
    warnings.warn(
        f'Implicit dimension choice for {name} has been deprecated. '
        'Change the call to include dim=X as an argument.',
        stacklevel=4,
    )
    return 0 if input.dim() in (0, 1, 3) else 1


@checked
def softmax(input, dim=None, _stacklevel=3, dtype=None):
    """exp(input) over its sum along dim."""
    return _layers.softmax(input, _implied_dim('softmax', dim, input), dtype)


@checked
def softmin(input, dim=None, _stacklevel=3, dtype=None):
    """softmax of -input."""
    return _layers.softmax(-input, _implied_dim('softmin', dim, input), dtype)


@checked
def log_softmax(input, dim=None, _stacklevel=3, dtype=None):
    """The logarithm of softmax."""
    return _layers.log_softmax(input, _implied_dim('log_softmax', dim, input), dtype)


@checked
def gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1):
    """A sample of the relaxed (or, with hard, one-hot) distribution of these logits."""
    noise = -empty(logits.shape, dtype=logits.dtype, device=logits.device).exponential_().log()
    soft = _layers.softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    index = soft.detach().max(dim, keepdim=True).indices
    one = logits.detach().new_zeros(logits.shape).scatter_(dim, index, 1.0)
    return one - soft.detach() + soft


def _in_place(function):
    def call(input, *arguments, **named):
        return write_result(input, function(input, *arguments, **named))

    call.__name__ = call.__qualname__ = f'{function.__name__}_'
    call.__doc__ = f'{function.__name__}, in place.'
    return checked(call)


relu_, leaky_relu_, elu_, celu_ = map(_in_place, (relu, leaky_relu, elu, celu))
selu_, hardtanh_, threshold_, rrelu_ = map(_in_place, (selu, hardtanh, threshold, rrelu))
