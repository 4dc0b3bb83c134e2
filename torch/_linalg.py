"""Matrix products and what is made of them."""

import math

import torch._native as native
from torch._dtype import scalar
from torch._pointwise import write_result
from torch._shape import shape_of
from torch._tensor import function, method, operation, wrap


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


@operation
def addmv(input, mat, vec, *, beta=1, alpha=1):
    """beta * input + alpha * mat @ vec"""
    return beta * input + alpha * mv(mat, vec)


@operation
def baddbmm(input, batch1, batch2, *, beta=1, alpha=1):
    """beta * input + alpha * batch1 @ batch2"""
    return beta * input + alpha * bmm(batch1, batch2)


@operation
def trace(input):
    """The sum of a matrix's diagonal."""
    return input.diagonal().sum()


@function
def einsum(equation, *operands):
    """Einstein's summation, e.g. einsum('bij,bjk->bik', a, b), as products of broadcast views."""
    tensors = operands[0] if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
    equation = equation.replace(' ', '')
    if '...' in equation:
        raise NotImplementedError("einsum with '...' is not supported")
    terms, arrow, result = equation.partition('->')
    terms = terms.split(',')
    letters = ''.join(terms)
    if not arrow:
        result = ''.join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    if len(terms) != len(tensors):
        raise RuntimeError(
            f'einsum(): {len(tensors)} operands were provided where the equation specifies {len(terms)}'
        )
    labels, out = terms[0], _distinct(terms[0], tensors[0])
    labels = ''.join(dict.fromkeys(labels))
    for place, (term, tensor) in enumerate(zip(terms[1:], tensors[1:], strict=True)):
        other, wanted = ''.join(dict.fromkeys(term)), set(result).union(*terms[place + 2 :])
        labels, out = _contracted(labels, out, other, _distinct(term, tensor), wanted)
    summed = [i for i, letter in enumerate(labels) if letter not in result]
    out = out.sum(summed) if summed else out
    labels = [letter for letter in labels if letter in result]
    return out.permute([labels.index(letter) for letter in result])


def _distinct(term, tensor):
    """The diagonal over letters that a term repeats."""
    if len(term) != tensor.dim():
        raise RuntimeError(
            f'einsum(): the number of subscripts in the equation ({len(term)}) does not match '
            f'the number of dimensions ({tensor.dim()}) for an operand'
        )
    letters = list(term)
    while len(set(letters)) < len(letters):
        letter = next(letter for letter in letters if letters.count(letter) > 1)
        first = letters.index(letter)
        second = letters.index(letter, first + 1)
        tensor = tensor.diagonal(0, first, second).movedim(-1, first)
        del letters[second]
    return tensor


def _contracted(left, a, right, b, wanted):
    """Two operands as one batched matrix product, over the letters both have and nothing later wants."""
    batch = [c for c in left if c in right and c in wanted]
    inner_ = [c for c in left if c in right and c not in wanted]
    rows, columns = [c for c in left if c not in right], [c for c in right if c not in left]
    sizes = dict(zip(left, shape_of(a), strict=True)) | dict(zip(right, shape_of(b), strict=True))
    extent = [[sizes[c] for c in group] for group in (batch, rows, inner_, columns)]
    counts = [math.prod(group) for group in extent]
    a = a.permute([left.index(c) for c in batch + rows + inner_]).reshape(counts[0], counts[1], counts[2])
    b = b.permute([right.index(c) for c in batch + inner_ + columns]).reshape(counts[0], counts[2], counts[3])
    return ''.join(batch + rows + columns), bmm(a, b).reshape(extent[0] + extent[1] + extent[3])
