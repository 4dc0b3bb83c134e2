"""Norms, products and decompositions of matrices, under the names of torch.linalg."""

import math
from collections import namedtuple

import torch._native as native
from torch._creation import eye
from torch._dtype import finfo
from torch._linalg import chain_matmul, matrix_power
from torch._linalg import cross as _cross
from torch._reduce import norm as _norm
from torch._reduce import printed_by_line
from torch._refusal import module_getattr
from torch._shape import broadcast_shapes
from torch._tensor import Tensor, alias, checked, wrap

__all__ = [
    'LinAlgError',
    'cholesky',
    'cond',
    'cross',
    'det',
    'diagonal',
    'eigh',
    'eigvalsh',
    'inv',
    'matmul',
    'matrix_norm',
    'matrix_power',
    'matrix_rank',
    'multi_dot',
    'norm',
    'pinv',
    'qr',
    'slogdet',
    'solve',
    'solve_triangular',
    'svd',
    'svdvals',
    'vander',
    'vecdot',
    'vector_norm',
]
matmul = Tensor.matmul
LinAlgError = native._LinAlgError


@checked
def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None):
    """The `ord`-norm of the elements over dim, or over all."""
    if not isinstance(ord, (int, float)):
        raise TypeError(f"linalg_vector_norm(): argument 'ord' must be Number, not {type(ord).__name__}")
    return _norm(x, ord, dim, keepdim, dtype)


@checked
def matrix_norm(A, ord='fro', dim=(-2, -1), keepdim=False, *, dtype=None):
    """The norm of matrices: 'fro', 'nuc', 1, -1, 2, -2, inf or -inf."""
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
    if ord not in (2, -2, 'nuc'):
        raise RuntimeError(f'linalg.matrix_norm: Order {ord} not supported.')
    rows, columns = (d % given.dim() for d in dim)
    values = svdvals(given.movedim((rows, columns), (-2, -1)))
    if ord == 'nuc' or (ord == 2 and values.shape[-1] == 0):
        out = values.sum(-1)
    else:
        out = values.amax(-1) if ord == 2 else values.amin(-1)
    return out.unsqueeze(min(rows, columns)).unsqueeze(max(rows, columns)) if keepdim else out


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


@checked
def eigh(A, UPLO='L'):
    """The eigenvalues of a symmetric matrix, rising, and their vectors as columns; one triangle is read."""
    if UPLO not in ('L', 'U', 'l', 'u'):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    return Eigh(wrap(native.eigh(A._h, UPLO in 'Uu')), wrap(native.more()))


@checked
def eigvalsh(A, UPLO='L'):
    """The eigenvalues of a symmetric matrix, rising."""
    return eigh(A, UPLO).eigenvalues


@checked
def svd(A, full_matrices=True, *, driver=None):
    """U, the singular values, falling, and V^T of A = U diag(S) V^T."""
    u = wrap(native.svd(A._h, bool(full_matrices)))
    return Svd(u, wrap(native.more()), wrap(native.more()))


@checked
def svdvals(A, *, driver=None):
    """The singular values, falling."""
    return svd(A, False).S


def _relative(A, rtol):
    return max(A.shape[-2:]) * finfo(A.dtype).eps if rtol is None else float(rtol)


@checked
def pinv(A, rtol=None, *, atol=None, hermitian=False):
    """The pseudoinverse; singular values of at most rtol times the largest count as 0."""
    if atol is not None or hermitian:
        raise NotImplementedError('linalg.pinv(atol or hermitian) is not supported')
    return wrap(native.pinv(A._h, _relative(A, rtol)))


@checked
def matrix_rank(A, tol=None, *, rtol=None, atol=None, hermitian=False):
    """How many singular values exceed rtol times the largest, or `tol`."""
    if atol is not None or hermitian:
        raise NotImplementedError('linalg.matrix_rank(atol or hermitian) is not supported')
    values = svdvals(A)
    bound = values[..., :1] * _relative(A, rtol) if tol is None else tol
    return (values > bound).sum(-1)


@checked
def cond(A, p=None):
    """The norm of A times that of its inverse; by default the quotient of the extreme singular values."""
    if p in (None, 2, -2):
        values = svdvals(A)
        most, least = values[..., 0], values[..., -1]
        return least / most if p == -2 else most / least
    return matrix_norm(A, p) * matrix_norm(inv(A), p)


@checked
def solve_triangular(A, B, *, upper, left=True, unitriangular=False):
    """X of A X = B (or X A = B), of A one triangle alone; its diagonal counts as 1 where unitriangular."""
    part = A.triu(1 if unitriangular else 0) if upper else A.tril(-1 if unitriangular else 0)
    if unitriangular:
        part = part + eye(A.shape[-1], dtype=A.dtype, device=A.device)
    return solve(part, B, left=left)


Slogdet = printed_by_line(namedtuple('linalg_slogdet', ('sign', 'logabsdet'), module='torch.return_types'))
Eigh = printed_by_line(
    namedtuple('linalg_eigh', ('eigenvalues', 'eigenvectors'), module='torch.return_types')
)
Svd = printed_by_line(namedtuple('linalg_svd', ('U', 'S', 'Vh'), module='torch.return_types'))
OldSvd = printed_by_line(namedtuple('svd', ('U', 'S', 'V'), module='torch.return_types'))
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

    powers = arange(x.shape[-1] if N is None else N, dtype=x.dtype, device=x.device)
    return x.unsqueeze(-1) ** powers


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


def _svd(input, some=True, compute_uv=True):
    """U, the singular values and V; where some, U and V of as many columns as there are of these."""
    if not compute_uv:
        raise NotImplementedError('svd(compute_uv=False) is not supported: use torch.linalg.svdvals')
    u, s, vt = svd(input, not some)
    return OldSvd(u, s, vt.mT)


alias(checked(_svd), 'svd')
alias(pinv, 'pinverse')
alias(checked(_cholesky), 'cholesky')
alias(checked(_qr), 'qr')
alias(checked(_logdet), 'logdet')
alias(inv, 'inverse')
alias(det, 'det')
alias(slogdet, 'slogdet')
__getattr__ = module_getattr('torch.linalg')
