"""Distances and similarities, and the products of two inputs."""

import torch._native as native
from torch._creation import triu_indices
from torch._shape import broadcast_tensors, shape_of
from torch._tensor import checked, wrap


@checked
def linear(input, weight, bias=None):
    """input (..., in) @ weight (out, in).T + bias (out)"""
    return wrap(native.linear(input._h, weight._h, 0 if bias is None else bias._h))


@checked
def bilinear(input1, input2, weight, bias=None):
    """input1 (..., A), input2 (..., B), weight (out, A, B) -> (..., out): input1 @ weight[k] @ input2"""
    if shape_of(input1)[:-1] != shape_of(input2)[:-1]:
        raise RuntimeError('bilinear(): input batch dimensions do not match')
    outs, left, right = weight.shape
    for given, wanted, what in ((input1, left, 'input1'), (input2, right, 'input2')):
        if given.size(-1) != wanted:
            raise RuntimeError(
                f'bilinear(): {what} size does not match weight size: got {given.size(-1)} but expected {wanted}'
            )
    batch = shape_of(input1)[:-1]
    first = input1.reshape(-1, left) @ weight.permute(1, 0, 2).reshape(left, outs * right)
    out = (first.view(-1, outs, right) * input2.reshape(-1, 1, right)).sum(2).view(*batch, outs)
    return out if bias is None else out + bias


@checked
def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    """The cosine of the angle between vectors along dim; norms are taken as at least eps."""
    x1, x2 = broadcast_tensors(x1, x2)
    lengths = [x.norm(2, dim, keepdim=True).clamp(min=eps) for x in (x1, x2)]
    return ((x1 / lengths[0]) * (x2 / lengths[1])).sum(dim)


@checked
def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    """The p-norm of x1 - x2 + eps over the last dimension."""
    return (x1 - x2 + eps).norm(p, -1, keepdim)


@checked
def pdist(input, p=2.0):
    """(N, M) -> (N (N - 1) / 2): the p-norms between all pairs of rows, row by row."""
    if input.dim() != 2:
        raise RuntimeError(f'pdist only supports 2D tensors, got: {input.dim()}D')
    rows, others = triu_indices(input.size(0), input.size(0), 1)
    return (input[rows] - input[others]).norm(p, 1)
