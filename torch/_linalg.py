"""Matrix products and what is made of them."""

import math

import torch._native as native
from torch._creation import eye, triu_indices
from torch._dtype import scalar
from torch._pointwise import define_in_place, write_result
from torch._rearrange import where
from torch._shape import broadcast_tensors, shape_of, stack
from torch._tensor import alias, function, method, operation, wrap


@operation
def mm(input, mat2):
    """(n, m) @ (m, p)"""
    return wrap(native.mm(input._h, mat2._h))


@operation
def bmm(input, mat2):
    """(b, n, m) @ (b, m, p)"""
    return wrap(native.bmm(input._h, mat2._h))


@operation
def matmul(input, other):
    """The product over the last dimension of input and the last but one of other, the rest broadcast."""
    return wrap(native.matmul(input._h, other._h))


def _dims_checked(name, tensor, dims, what):
    if native.dim(tensor._h) != dims:
        raise RuntimeError(f'{name}: Expected {what}, but got {native.dim(tensor._h)}-D')


@operation
def mv(input, vec):
    """(n, m) @ (m)"""
    _dims_checked('mv', input, 2, 'a matrix')
    _dims_checked('mv', vec, 1, 'a vector')
    return wrap(native.matmul(input._h, vec._h))


@operation
def dot(input, tensor):
    """The sum of products of two vectors."""
    for vector in (input, tensor):
        if native.dim(vector._h) != 1:
            raise RuntimeError(
                f'1D tensors expected, but got {native.dim(input._h)}D and {native.dim(tensor._h)}D tensors'
            )
    return wrap(native.matmul(input._h, tensor._h))


@operation
def inner(input, other):
    """Sums of products over the last dimension of both."""
    if not native.dim(input._h) or not native.dim(other._h):
        return input * other
    left, right = shape_of(input), shape_of(other)
    if left[-1] != right[-1]:
        raise RuntimeError(
            'inner() the last dimension must match on both input tensors '
            f'but got shapes {list(left)} and {list(right)}'
        )
    if len(left) == len(right) == 1:
        return dot(input, other)
    out = input.reshape(-1, left[-1]) @ other.reshape(-1, right[-1]).t()
    return out.view(*left[:-1], *right[:-1])


@operation
def outer(input, vec2):
    """(n, m): the products of all pairs of two vectors' elements."""
    return input.unsqueeze(1) * vec2.unsqueeze(0)


@operation
def addmm(input, mat1, mat2, *, beta=1, alpha=1):
    """beta * input + alpha * mat1 @ mat2"""
    return wrap(native.addmm(input._h, mat1._h, mat2._h, scalar(beta)[1], scalar(alpha)[1]))


@method
def addmm_(self, mat1, mat2, *, beta=1, alpha=1):
    """addmm, in place."""
    return write_result(self, addmm(self, mat1, mat2, beta=beta, alpha=alpha))


def _sum(beta, input, alpha, product):
    """beta * input + alpha * product; with beta 0 input counts for nothing, be it NaN."""
    scaled = product if alpha == 1 else alpha * product
    input.expand(shape_of(product))  # which refuses what does not broadcast
    if beta == 0:
        return scaled
    return (input if beta == 1 else beta * input) + scaled


@operation
def addmv(input, mat, vec, *, beta=1, alpha=1):
    """beta * input + alpha * mat @ vec"""
    dims = tuple(native.dim(t._h) for t in (input, mat, vec))
    if dims[1:] != (2, 1) or dims[0] > 1:
        raise RuntimeError(f'vector + matrix @ vector expected, got {", ".join(map(str, dims))}')
    sizes = native.numel(input._h), *shape_of(mat), native.numel(vec._h)
    if sizes[2] != sizes[3] or (dims[0] and sizes[0] not in (1, sizes[1])):
        raise RuntimeError(
            f'size mismatch, got input ({sizes[0]}), mat ({sizes[1]}x{sizes[2]}), vec ({sizes[3]})'
        )
    return _sum(beta, input, alpha, mv(mat, vec))


@operation
def addr(input, vec1, vec2, *, beta=1, alpha=1):
    """beta * input + alpha * outer(vec1, vec2)"""
    return _sum(beta, input, alpha, outer(vec1, vec2))


@operation
def baddbmm(input, batch1, batch2, *, beta=1, alpha=1):
    """beta * input + alpha * batch1 @ batch2"""
    return _sum(beta, input, alpha, bmm(batch1, batch2))


@operation
def addbmm(input, batch1, batch2, *, beta=1, alpha=1):
    """beta * input + alpha * the sum of batch1 @ batch2 over the batch"""
    return _sum(beta, input, alpha, bmm(batch1, batch2).sum(0))


for _operation in (addmv, addr, baddbmm, addbmm):
    define_in_place(_operation)


@operation
def vdot(input, other):
    """dot: there are no complex numbers."""
    return dot(input, other)


@function
def chain_matmul(*matrices):
    """The product of matrices."""
    given = matrices[0] if len(matrices) == 1 and isinstance(matrices[0], (tuple, list)) else matrices
    out = given[0]
    for matrix in given[1:]:
        out = mm(out, matrix)
    return out


@function
def tensordot(a, b, dims=2, out=None):
    """Sums of products over the last dims of a and the first of b, or over two lists of dimensions."""
    if out is not None:
        raise NotImplementedError('tensordot(out=...) is not supported')
    if isinstance(dims, int):
        left, right = list(range(-dims, 0)), list(range(dims))
    else:
        left, right = ([d] if isinstance(d, int) else list(d) for d in dims)
    for i, j in zip(left, right, strict=True):
        if a.shape[i] != b.shape[j]:
            raise RuntimeError(
                f'contracted dimensions need to match, but first has size {a.shape[i]} in dim {i} '
                f'and second has size {b.shape[j]} in dim {j}'
            )
    left, right = [d % a.dim() for d in left], [d % b.dim() for d in right]
    rows = [d for d in range(a.dim()) if d not in left]
    columns = [d for d in range(b.dim()) if d not in right]
    count = math.prod(a.shape[d] for d in left)
    height, width = (math.prod(t.shape[d] for d in kept) for t, kept in ((a, rows), (b, columns)))
    product = a.permute(rows + left).reshape(height, count) @ b.permute(right + columns).reshape(count, width)
    return product.reshape([a.shape[d] for d in rows] + [b.shape[d] for d in columns])


@operation
def kron(input, other):
    """The Kronecker product."""
    dims = max(input.dim(), other.dim())
    left, right = ([1] * (dims - t.dim()) + list(t.shape) for t in (input, other))
    spread = input.reshape([n for size in left for n in (size, 1)])
    dense = other.reshape([n for size in right for n in (1, size)])
    return (spread * dense).reshape([a * b for a, b in zip(left, right, strict=True)])


@operation
def cross(input, other, dim=None):
    """The cross product over a dimension of size 3 (by default the first of that size)."""
    if dim is None:
        dim = next((d for d, size in enumerate(input.shape) if size == 3), None)
        if dim is None:
            raise RuntimeError('no dimension of size 3 in input')
    a, b = broadcast_tensors(input, other)
    if a.shape[dim] != 3:
        raise RuntimeError(
            f'linalg.cross: inputs dimension {dim} must have length 3. Got {a.shape[dim]} and {b.shape[dim]}'
        )
    (x1, y1, z1), (x2, y2, z2) = a.unbind(dim), b.unbind(dim)
    return stack([y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2], dim)


@operation
def matrix_power(input, n):
    """A square matrix (or a batch) multiplied n times by itself; n < 0 is not supported."""
    if n < 0:
        raise NotImplementedError('matrix_power() of a negative power is not supported')
    out = None
    factor = input
    while n:
        if n % 2:
            out = factor if out is None else out @ factor
        n //= 2
        factor = factor @ factor if n else factor
    if out is None:
        return (input * 0).detach() + eye(input.size(-1), dtype=input.dtype, device=input.device)
    return out.clone() if out is input else out


@function
def cdist(x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary'):
    """The p-norm distances (..., n, m) between vectors x1 (..., n, d) and x2 (..., m, d)."""
    if x1.shape[-1] != x2.shape[-1]:
        raise RuntimeError(
            f'X1 and X2 must have the same number of columns. X1: {x1.shape[-1]} X2: {x2.shape[-1]}'
        )
    return (x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(p, -1)


@function
def pdist(input, p=2.0):
    """The p-norm distances between all pairs of rows."""
    rows = input.size(0)
    first, second = triu_indices(rows, rows, 1)
    return (input[first] - input[second]).norm(p, -1)


@operation
def renorm(input, p, dim, maxnorm):
    """The slices along dim whose p-norm exceeds maxnorm scaled down to it."""
    others = [d for d in range(input.dim()) if d != dim % input.dim()]
    norms = input.norm(p, others, keepdim=True)
    return where(norms > maxnorm, maxnorm / (norms + 1e-7), 1.0) * input


@operation
def trace(input):
    """The sum of a matrix's diagonal."""
    return input.diagonal().sum()


alias(outer, 'ger')
define_in_place(renorm)
