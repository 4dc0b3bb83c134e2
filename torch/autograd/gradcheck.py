"""Gradients against differences of the function itself."""

from torch._creation import zeros
from torch._reduce import allclose
from torch._tensor import Tensor
from torch.autograd.grad_mode import no_grad
from torch.autograd.passes import grad


class GradcheckError(RuntimeError):
    """What gradcheck raises: the gradients disagree, or the inputs cannot be checked."""


def gradcheck(
    func,
    inputs,
    *,
    eps=1e-06,
    atol=1e-05,
    rtol=0.001,
    raise_exception=True,
    nondet_tol=0.0,
    check_undefined_grad=True,
    check_grad_dtypes=False,
    check_batched_grad=False,
    check_batched_forward_grad=False,
    check_forward_ad=False,
    check_backward_ad=True,
    fast_mode=False,
    masked=None,
):
    """Whether the gradients of func(*inputs) are those of central differences, within atol and rtol.

    Every input that requires grad should be of float64. Whatever `fast_mode` says, whole Jacobians are compared.
    @raises GradcheckError where they are not (unless raise_exception is False)
    """
    for name, value in {
        'check_batched_grad': check_batched_grad,
        'check_batched_forward_grad': check_batched_forward_grad,
        'check_forward_ad': check_forward_ad,
        'masked': masked,
    }.items():
        if value:
            raise NotImplementedError(f'gradcheck({name}={value}) is not supported')
    given = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    try:
        _check(func, given, eps, atol, rtol)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(func, inputs, grad_outputs=None, *, eps=1e-06, atol=1e-05, rtol=0.001, **options):
    """gradcheck of the gradients of func(*inputs), for second derivatives."""
    given = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if grad_outputs is None:
        generated = [_weights_like(out).requires_grad_() for out in _differentiable(func(*given))]
    else:
        generated = [grad_outputs] if isinstance(grad_outputs, Tensor) else list(grad_outputs)
    count = len(given)

    def gradients(*args):
        outputs = _differentiable(func(*args[:count]))
        wanted = [arg for arg in args[:count] if isinstance(arg, Tensor) and arg.requires_grad]
        return tuple(
            g
            for g in grad(outputs, wanted, list(args[count:]), create_graph=True, allow_unused=True)
            if g is not None
        )

    options.pop('gen_non_contig_grad_outputs', None)
    return gradcheck(gradients, (*given, *generated), eps=eps, atol=atol, rtol=rtol, **options)


def _weights_like(out):
    """Numbers of out's sizes, every one another."""
    ramp = zeros(out.shape, dtype=out.dtype, device=out.device).flatten()
    for i in range(ramp.numel()):
        ramp[i] = 0.5 + (i * 0.37) % 1.0
    return ramp.view(out.shape)


def _differentiable(result):
    outputs = (result,) if isinstance(result, Tensor) else tuple(result)
    return [out for out in outputs if isinstance(out, Tensor) and out.requires_grad]


def _check(func, inputs, eps, atol, rtol):
    checked = [i for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
    if not checked:
        raise ValueError(
            'gradcheck expects at least one input tensor to require gradient, '
            'but none of the them have requires_grad=True.'
        )
    result = func(*inputs)
    outputs = _differentiable(result)
    for place, i in enumerate(checked):
        numerical = _differences(func, inputs, i, eps, len(outputs))
        for o, out in enumerate(outputs):
            analytical = _rows(out, [inputs[j] for j in checked], place)
            if not allclose(analytical, numerical[o], rtol, atol):
                raise GradcheckError(
                    f'Jacobian mismatch for output {o} with respect to input {i},\n'
                    f'numerical:{numerical[o]}\nanalytical:{analytical}\n'
                )
    again = _differentiable(func(*inputs))
    for out, other in zip(outputs, again, strict=True):
        if not allclose(out, other, 0, 0, equal_nan=True):
            raise GradcheckError('Backward is not reentrant, i.e., running the function twice differs')


def _rows(out, inputs, place):
    """The Jacobian (elements of the input, elements of out) from backward passes."""
    sizes = out.shape
    given = inputs[place]
    columns = zeros(given.numel(), out.numel(), dtype=given.dtype, device=given.device)
    for k in range(out.numel()):
        seed = zeros(out.numel(), dtype=out.dtype, device=out.device)
        seed[k] = 1
        (found,) = grad(out, given, seed.view(sizes), retain_graph=True, allow_unused=True)
        if found is not None:
            if found.shape != given.shape:
                raise GradcheckError('grad has other sizes than its input')
            columns[:, k] = found.detach().reshape(-1)
    return columns


def _differences(func, inputs, i, eps, count):
    """The Jacobian of every output from central differences."""
    values = inputs[i].data  # whose writes autograd does not see
    base = values.clone().reshape(-1)
    rows = []
    for k in range(base.numel()):
        ends = []
        for step in (eps, -eps):
            moved = base.clone()
            moved[k] += step
            with no_grad():
                values.copy_(moved.view(values.shape))
            results = func(*inputs)
            results = (results,) if isinstance(results, Tensor) else tuple(results)
            tracked = [r for r in results if isinstance(r, Tensor) and r.requires_grad]
            ends.append([r.detach().clone().reshape(-1) for r in tracked])
        with no_grad():
            values.copy_(base.view(values.shape))
        rows.append([(up - down) / (2 * eps) for up, down in zip(*ends, strict=True)])
    jacobians = []
    for o in range(count):
        width = rows[0][o].numel() if rows else 0
        jacobian = zeros(len(rows), width, dtype=values.dtype, device=values.device)
        for k, row in enumerate(rows):
            jacobian[k] = row[o]
        jacobians.append(jacobian)
    return jacobians
