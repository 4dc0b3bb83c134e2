"""Jacobians, Hessians and their products with vectors, from backward passes."""

from torch._creation import zeros
from torch._shape import stack
from torch._tensor import Tensor
from torch.autograd.grad_mode import enable_grad
from torch.autograd.passes import grad


def _as_tuple(values):
    return (values,) if isinstance(values, Tensor) else tuple(values)


def _like(values, given):
    return values[0] if isinstance(given, Tensor) else tuple(values)


def _prepared(inputs, create_graph):
    """Inputs that can be differentiated: connected to the script's own where a graph is wanted."""
    given = _as_tuple(inputs)
    if create_graph:
        return tuple(x.view_as(x) if x.requires_grad else x.detach().requires_grad_() for x in given)
    return tuple(x.detach().requires_grad_() for x in given)


def _finished(values, create_graph):
    return tuple(value if create_graph else value.detach() for value in values)


def _gradients(outputs, inputs, weights, create_graph, strict=False):
    """The gradients of the inputs, zeros where an input plays no part."""
    if not any(out.requires_grad for out in outputs):
        found = [None] * len(inputs)
    else:
        roots = [(out, w) for out, w in zip(outputs, weights, strict=True) if out.requires_grad]
        found = grad(
            [out for out, _ in roots],
            inputs,
            [w for _, w in roots],
            retain_graph=True,
            create_graph=create_graph,
            allow_unused=True,
        )
    if strict and any(g is None for g in found):
        place = next(i for i, g in enumerate(found) if g is None)
        raise RuntimeError(f'The output of the user-provided function is independent of input {place}.')
    return [_zeros(x) if g is None else g for g, x in zip(found, inputs, strict=True)]


def _zeros(x):
    """x's sizes, dtype and device, without its history."""
    return zeros(x.shape, dtype=x.dtype, device=x.device)


def _refuse(vectorize, strategy):
    if strategy != 'reverse-mode':
        raise NotImplementedError(f'strategy {strategy!r} is not supported: use reverse-mode')


def jacobian(func, inputs, create_graph=False, strict=False, vectorize=False, strategy='reverse-mode'):
    """The derivatives of func(*inputs): sizes (*output, *input), nested as outputs and inputs are."""
    _refuse(vectorize, strategy)
    with enable_grad():
        prepared = _prepared(inputs, create_graph)
        result = func(*prepared)
        rows = []
        for out in _as_tuple(result):
            parts = [[] for _ in prepared]
            for k in range(out.numel()):
                seed = _zeros(out).reshape(-1)
                seed[k] = 1
                found = _gradients([out], prepared, [seed.view(out.shape)], create_graph, strict)
                for part, g in zip(parts, found, strict=True):
                    part.append(g)
            joined = [
                (stack(part) if part else zeros(0, *x.shape, dtype=x.dtype, device=x.device)).view(
                    *out.shape, *x.shape
                )
                for part, x in zip(parts, prepared, strict=True)
            ]
            rows.append(_like(_finished(joined, create_graph), inputs))
    return _like(rows, result)


def hessian(
    func,
    inputs,
    create_graph=False,
    strict=False,
    vectorize=False,
    outer_jacobian_strategy='reverse-mode',
):
    """The second derivatives of a scalar func(*inputs)."""
    _refuse(vectorize, outer_jacobian_strategy)

    def gradient(*args):
        out = func(*args)
        if not isinstance(out, Tensor) or out.numel() != 1:
            raise RuntimeError(
                'The Tensor returned by the function given to hessian should contain a single element'
            )
        found = jacobian(func, args if len(args) > 1 else args[0], create_graph=True)
        parts = found if isinstance(found, tuple) else (found,)
        reshaped = tuple(p.reshape(x.shape) for p, x in zip(parts, args, strict=True))
        return reshaped if not isinstance(inputs, Tensor) else reshaped[0]

    return jacobian(gradient, inputs, create_graph=create_graph, strict=strict)


def _vector(v, outputs, what):
    if v is None:
        if len(outputs) != 1 or outputs[0].numel() != 1:
            raise RuntimeError(f'The vector v can only be None if {what}.')
        return [_zeros(outputs[0]) + 1]
    vectors = _as_tuple(v)
    for vector, out in zip(vectors, outputs, strict=True):
        if vector.shape != out.shape:
            raise RuntimeError(f'v has invalid size: should be {out.shape} but got {vector.shape}.')
    return vectors


def vjp(func, inputs, v=None, create_graph=False, strict=False):
    """func(*inputs) and the product of v with its Jacobian."""
    with enable_grad():
        prepared = _prepared(inputs, create_graph)
        result = func(*prepared)
        outputs = _as_tuple(result)
        weights = _vector(
            v, outputs, 'the user-provided function returns a single Tensor with a single element'
        )
        found = _gradients(outputs, prepared, weights, create_graph, strict)
    return _like(_finished(outputs, create_graph), result), _like(_finished(found, create_graph), inputs)


def jvp(func, inputs, v=None, create_graph=False, strict=False):
    """func(*inputs) and the product of its Jacobian with v, by differentiating a vjp in its vector."""
    with enable_grad():
        prepared = _prepared(inputs, create_graph)
        vectors = _vector(
            v, prepared, 'the input to the user-provided function is a single Tensor with a single element'
        )
        result = func(*prepared)
        outputs = _as_tuple(result)
        seeds = [_zeros(out).requires_grad_() for out in outputs]
        pulled = _gradients(outputs, prepared, seeds, True, strict)
        found = _gradients(pulled, seeds, vectors, create_graph)
    return _like(_finished(outputs, create_graph), result), _like(_finished(found, create_graph), result)


def vhp(func, inputs, v=None, create_graph=False, strict=False):
    """func(*inputs), a scalar, and the product of v with its Hessian."""
    with enable_grad():
        prepared = _prepared(inputs, create_graph)
        vectors = _vector(
            v, prepared, 'the input to the user-provided function is a single Tensor with a single element'
        )
        out = func(*prepared)
        if not isinstance(out, Tensor) or out.numel() != 1:
            raise RuntimeError(
                'The Tensor returned by the function given to vhp should contain a single element'
            )
        first = _gradients([out], prepared, [_zeros(out) + 1], True, strict)
        found = _gradients(first, prepared, vectors, create_graph, strict)
    return _finished([out], create_graph)[0], _like(_finished(found, create_graph), inputs)


# The Hessian is symmetric.
hvp = vhp
