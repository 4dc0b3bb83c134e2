"""Einstein's summation, as matrix products of permuted and reshaped operands."""

import math

from torch._linalg import bmm
from torch._shape import shape_of
from torch._tensor import function


@function
def einsum(equation, *operands):
    """Einstein's summation, e.g. einsum('bij,bjk->bik', a, b), as products of broadcast views."""
    tensors = operands[0] if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
    if not isinstance(equation, str):
        raise NotImplementedError('einsum() of operands and lists of subscripts is not supported')
    terms, arrow, result = equation.replace(' ', '').partition('->')
    terms = terms.split(',')
    if len(terms) != len(tensors):
        more = len(terms) > len(tensors)
        raise RuntimeError(
            f'einsum(): {"more" if not more else "fewer"} operands were provided than specified in the equation'
        )
    terms, result = _without_ellipsis(terms, tensors, result, bool(arrow))
    _check_letters(terms, tensors, result)
    sizes = _sizes_of_letters(terms, tensors)
    # A dimension of size 1 is broadcast where another operand has more there.
    tensors = [
        t.expand([sizes[c] if len(set(term)) == len(term) else n for c, n in zip(term, t.shape, strict=True)])
        for term, t in zip(terms, tensors, strict=True)
    ]
    labels, out = terms[0], _distinct(terms[0], tensors[0])
    labels = ''.join(dict.fromkeys(labels))
    for place, (term, tensor) in enumerate(zip(terms[1:], tensors[1:], strict=True)):
        other, wanted = ''.join(dict.fromkeys(term)), set(result).union(*terms[place + 2 :])
        labels, out = _contracted(labels, out, other, _distinct(term, tensor), wanted)
    summed = [i for i, letter in enumerate(labels) if letter not in result]
    out = out.sum(summed) if summed else out
    labels = [letter for letter in labels if letter in result]
    return out.permute([labels.index(letter) for letter in result])


def _without_ellipsis(terms, tensors, result, has_result):
    """The subscripts with letters of their own (capital Greek) for the dimensions under the dots."""
    covered = 0
    named = []
    for term, tensor in zip(terms, tensors, strict=True):
        missing = tensor.dim() - len(term.replace('...', ''))
        if '...' in term:
            if missing < 0:
                raise RuntimeError(
                    f'einsum(): the number of subscripts in the equation ({len(term) - 3}) is more than '
                    f'the number of dimensions ({tensor.dim()}) for an operand'
                )
            covered = max(covered, missing)
        named.append(missing)
    dots = ''.join(chr(0x391 + i) for i in range(covered))
    filled = [
        term.replace('...', dots[covered - missing :]) if '...' in term else term
        for term, missing in zip(terms, named, strict=True)
    ]
    if has_result:
        return filled, result.replace('...', dots)
    letters = ''.join(terms).replace('.', '')
    once = sorted(letter for letter in set(letters) if letters.count(letter) == 1)
    return filled, dots + ''.join(once)


def _check_letters(terms, tensors, result):
    for i, (term, tensor) in enumerate(zip(terms, tensors, strict=True)):
        if len(term) != tensor.dim():
            raise RuntimeError(
                f'einsum(): the number of subscripts in the equation ({len(term)}) does not match '
                f'the number of dimensions ({tensor.dim()}) for operand {i} and no ellipsis was given'
            )
    for letter in result:
        if result.count(letter) > 1:
            raise RuntimeError(f'einsum(): output subscript {letter} appears more than once in the output')
        if letter not in ''.join(terms):
            raise RuntimeError(
                f'einsum(): output subscript {letter} does not appear in the equation for any input operand'
            )


def _sizes_of_letters(terms, tensors):
    sizes = {}
    for i, (term, tensor) in enumerate(zip(terms, tensors, strict=True)):
        for letter, size in zip(term, tensor.shape, strict=True):
            if sizes.setdefault(letter, size) == 1:
                sizes[letter] = size
            elif size not in (1, sizes[letter]):
                raise RuntimeError(
                    f'einsum(): subscript {letter} has size {size} for operand {i} which does not broadcast '
                    f'with previously seen size {sizes[letter]}'
                )
    return sizes


def _distinct(term, tensor):
    """The diagonal over letters that a term repeats."""
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
