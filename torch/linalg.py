"""Norms and products of matrices, under the names of torch.linalg."""

import math
from collections import namedtuple

import torch._native as native
from torch._linalg import chain_matmul, matrix_power
from torch._linalg import cross as _cross
from torch._reduce import norm as _norm
from torch._reduce import printed_by_line
from torch._refusal import module_getattr
from torch._shape import broadcast_shapes
from torch._tensor import Tensor, alias, checked, wrap

__all__ = [
    'cholesky',
    'cross',
    'det',
    'diagonal',
    'inv',
    'matmul',
    'matrix_norm',
    'matrix_power',
    'multi_dot',
    'norm',
    'qr',
    'slogdet',
    'solve',
    'vander',
    'vecdot',
    'vector_norm',
]
matmul = Tensor.matmul


@checked
def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None):
    """The `ord`-norm of the elements over dim, or over all."""
    if not isinstance(ord, (int, float)):
        raise TypeError(f"linalg_vector_norm(): argument 'ord' must be Number, not {type(ord).__name__}")
    return _norm(x, ord, dim, keepdim, dtype)


@checked
def matrix_norm(A, ord='fro', dim=(-2, -1), keepdim=False, *, dtype=None):
    """The norm of matrices: 'fro', 1, -1, inf or -inf."""
    given = A if dtype is None else A.to(dtype)
    if given.dim() < 2:
        raise RuntimeError('linalg.matrix_norm: The input tensor A must have at least 2 dimensions.')
    if ord == 'fro':
        return _norm(given, 2, dim, keepdim)
    if ord in (1, -1, math.inf, -math.inf):
        rows, columns = (d % given.dim() for d in dim)
        summed, reduced = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = given.abs().sum(summed, keepdim=True)
        out = sums.amax(reduced, keepdim=True) if ord > 0 else sums.amin(reduced, keepdim=True)
        return out if keepdim else out.squeeze((rows, columns))
    raise NotImplementedError(f'linalg.matrix_norm(ord={ord!r}) is not supported')


@checked
def norm(A, ord=None, dim=None, keepdim=False, *, dtype=None):
    """The vector norm, or, where `ord` or two dimensions say so, the matrix norm."""
    if dim is not None and not isinstance(dim, int) and len(dim) == 2 and ord is not None:
        return matrix_norm(A, ord, dim, keepdim, dtype=dtype)
    if dim is None and ord is not None:
        if A.dim() not in (1, 2):
            raise RuntimeError(
                'linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. '
                f'Got {A.dim()}D.'
            )
        if A.dim() == 2:
            return matrix_norm(A, ord, (-2, -1), keepdim, dtype=dtype)
    if not A.is_floating_point():
        raise RuntimeError(
            f'linalg.vector_norm: Expected a floating point or complex tensor as input. Got {A.dtype.type_name}'
        )
    return vector_norm(A, 2 if ord is None else ord, dim, keepdim, dtype=dtype)


@checked
def solve(A, B, *, left=True):
    """X of A X = B, or with left=False of X A = B; B of a vector (or a batch of them), or of matrices."""
    if not left:
        return solve(A.mT, B.mT).mT
    if B.dim() == 1 or B.shape == A.shape[:-1]:
        return solve(A, B.unsqueeze(-1)).squeeze(-1)
    batch = broadcast_shapes(A.shape[:-2], B.shape[:-2])
    left, right = A.expand(*batch, *A.shape[-2:]), B.expand(*batch, *B.shape[-2:])
    return wrap(native.solve(left._h, right._h))


@checked
def inv(A):
    """The inverse. @raises RuntimeError where A is singular"""
    return wrap(native.inverse(A._h))


@checked
def det(A):
    """The determinant."""
    return wrap(native.det(A._h))


@checked
def slogdet(A):
    """The determinant's sign and the logarithm of its magnitude."""
    return Slogdet(wrap(native.slogdet(A._h)), wrap(native.more()))


@checked
def cholesky(A, *, upper=False):
    """L of A = L L.T, A symmetric and positive definite; or its transpose."""
    return wrap(native.cholesky(A._h, bool(upper)))


@checked
def qr(A, mode='reduced'):
    """Q, orthogonal, and R, upper triangular, of A = Q R; mode 'reduced', 'complete' or 'r'."""
    if mode not in ('reduced', 'complete', 'r'):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
        )
    q, r = wrap(native.qr(A._h, mode == 'complete')), wrap(native.more())
    return Qr(q.new_zeros(0) if mode == 'r' else q, r)


Slogdet = printed_by_line(namedtuple('linalg_slogdet', ('sign', 'logabsdet'), module='torch.return_types'))
Qr = printed_by_line(namedtuple('linalg_qr', ('Q', 'R'), module='torch.return_types'))


@checked
def cross(input, other, *, dim=-1):
    """The cross product over a dimension of size 3."""
    return _cross(input, other, dim)


@checked
def vecdot(x, y, *, dim=-1):
    """Sums of products over one dimension."""
    return (x * y).sum(dim)


def multi_dot(tensors):
    """The product of matrices (the first and the last may be vectors)."""
    return chain_matmul(tensors) if all(t.dim() == 2 for t in tensors) else _from_left(tensors)


def _from_left(tensors):
    out = tensors[0]
    for tensor in tensors[1:]:
        out = out @ tensor
    return out


@checked
def diagonal(A, *, offset=0, dim1=-2, dim2=-1):
    """The diagonal over the last two dimensions; a view."""
    return A.diagonal(offset, dim1, dim2)


@checked
def vander(x, *, N=None):
    """The rising powers of the elements of the last dimension."""
    from torch._creation import arange

    return x.unsqueeze(-1) ** arange(x.shape[-1] if N is None else N, dtype=x.dtype)


def _logdet(input):
    """The logarithm of the determinant; NaN where that is negative."""
    sign, log = slogdet(input)
    return log.masked_fill(sign < 0, math.nan)


def _cholesky(input, upper=False):
    """L of input = L L.T, or its transpose."""
    return cholesky(input, upper=upper)


def _qr(input, some=True):
    """Q and R, reduced where `some`."""
    return qr(input, 'reduced' if some else 'complete')


alias(checked(_cholesky), 'cholesky')
alias(checked(_qr), 'qr')
alias(checked(_logdet), 'logdet')
alias(inv, 'inverse')
alias(det, 'det')
alias(slogdet, 'slogdet')
__getattr__ = module_getattr('torch.linalg')
