"""Programs drawn at random: chains of views, in-place writes, broadcasts and indexed assignments, with gradients.

The same seed gives the same program here and under PyTorch (test/golden/make_programs.py).
"""

import torch
from samples import Numbers, distinct, weights

SHAPES = [(3, 4), (4, 3), (2, 3, 4), (4,), (3, 1), (6,), (2, 2)]


def leaf(shape, seed):
    count = 1
    for n in shape:
        count *= n
    values = distinct(count, -1.5, 1.5, seed)
    return torch.tensor(values, dtype=torch.float64).reshape(shape).requires_grad_()


def matched(a, b):
    """b in sizes that broadcast with a's, made of b's elements without copying where that can be."""
    try:
        torch.broadcast_shapes(a.shape, b.shape)
    except RuntimeError:
        return b.reshape(-1)[:1]
    return b


def fitted(place, value):
    """value in sizes that can be written into place."""
    value = matched(place, value)
    if torch.broadcast_shapes(place.shape, value.shape) != place.shape:
        value = value.reshape(-1)[:1]
    return value if place.dim() else value.reshape(())


UNARY = [
    torch.sin,
    torch.tanh,
    torch.sigmoid,
    lambda a: a * 0.5 + 0.25,
    lambda a: (a * a + 1).sqrt(),
    lambda a: a.abs() + 0.1,
    lambda a: a.exp() / 4,
    lambda a: a.clamp(-0.75, 0.75),
    lambda a: 1 / (a * a + 1),
    lambda a: torch.relu(a) - 0.1 * a,
]
BINARY = [
    torch.add,
    torch.sub,
    torch.mul,
    lambda a, b: a / (b * b + 1),
    lambda a, b: torch.maximum(a, b * 0.9),
    lambda a, b: torch.where(a > b, a, b * 0.5),
    lambda a, b: a.lerp(b.expand_as(a) if b.numel() == 1 else b, 0.25) if a.shape == b.shape else a * b,
    lambda a, b: torch.addcmul(a, a, b, value=0.5),
]


def view_of(numbers, a):
    """A view of a, or a itself where it has no dimensions."""
    if a.dim() == 0:
        return a.view(1)
    dim = numbers.below(a.dim())
    size = a.shape[dim]
    kind = numbers.below(10)
    if size == 0:
        return a
    if kind == 0:
        return a.select(dim, numbers.below(size))
    if kind == 1:
        start = numbers.below(size)
        return a.narrow(dim, start, numbers.below(size - start) + 1)
    if kind == 2:
        return a.transpose(dim, numbers.below(a.dim()))
    if kind == 3:
        return a.unsqueeze(dim)
    if kind == 4:
        return a.flatten()
    if kind == 5:
        return a[(slice(None),) * dim + (slice(numbers.below(2), None, 2),)]
    if kind == 6 and a.dim() >= 2:
        return a.diagonal(0, 0, 1)
    if kind == 7:
        return a.permute(*range(a.dim() - 1, -1, -1))
    if kind == 8 and size >= 2:
        return a.unfold(dim, 2, 1)
    return a.expand(2, *a.shape)


def is_injective(a):
    """Whether no two elements lie in one place."""
    reach = 0
    for stride, size in sorted(zip(a.stride(), a.shape, strict=True)):
        if size > 1:
            if stride <= reach:
                return False
            reach += (size - 1) * stride
    return True


def write(numbers, a, b):
    """Writes into a, or a part of it, in place."""
    b = b.clone()  # what is written while it is read has no defined value
    kind = numbers.below(11)
    part = (
        a if numbers.below(2) or a.dim() == 0 else a.select(0, numbers.below(a.shape[0])) if a.shape[0] else a
    )
    # So neither has what is written twice, but by what is refused.
    for written in (a, part):
        if not is_injective(written) and (0 not in written.stride() or kind in (4, 6, 7, 8, 10)):
            return
    value = fitted(part, b)
    if kind == 0:
        part.add_(value, alpha=0.5)
    elif kind == 1:
        part.mul_(value)
    elif kind == 2:
        part.copy_(value)
    elif kind == 3:
        part.tanh_()
    elif kind == 4:
        part.fill_(0.5)
    elif kind == 5:
        part.masked_fill_(part.detach() > 0.5, 0.25)
    elif kind == 6 and a.dim():
        a[numbers.below(a.shape[0])] = fitted(a[0], b) if a.shape[0] else 0
    elif kind == 7 and a.dim() and a.shape[0] and is_injective(a):
        index = torch.tensor([numbers.below(a.shape[0]) for _ in range(2)])
        if index[0] != index[1]:
            a[index] = fitted(a[index], b)
    elif kind == 8 and is_injective(a):
        a[a.detach() > 0] = 0.125
    elif kind == 9:
        part.sub_(value).div_(2)
    else:
        part.zero_()


def combined(numbers, a, b):
    """A result of other sizes: a reduction, a joining, a product, a selection."""
    kind = numbers.below(10)
    dim = numbers.below(a.dim()) if a.dim() else 0
    if kind == 0:
        return a.sum(dim)
    if kind == 1:
        return a.mean()
    if kind == 2:
        return torch.cat([a.reshape(-1), b.reshape(-1)])[:12]
    if kind == 3:
        return torch.stack([a, a * 0.5])
    if kind == 4 and a.dim() >= 2 and a.shape[-1] == a.shape[-2]:
        return torch.tanh(a @ a)
    if kind == 5:
        return a.cumsum(dim) / 4
    if kind == 6:
        return a.softmax(dim)
    if kind == 7 and a.dim() and a.shape[0]:
        return a[torch.tensor([numbers.below(a.shape[0]) for _ in range(2)])]
    if kind == 8:
        return a.flip(dim) if a.dim() else a * 2
    return torch.outer(a.reshape(-1)[:3], b.reshape(-1)[:2])


def run(seed):
    """Runs the program of a seed: its scalar result and the gradients of its leaves."""
    numbers = Numbers(seed)
    leaves = [leaf(numbers.choose(SHAPES), seed * 3 + i) for i in range(2)]
    alive = [leaves[0] * 1, leaves[1] + 0.5]
    for _ in range(numbers.below(8) + 4):
        a, b = numbers.choose(alive), numbers.choose(alive + leaves)
        kind = numbers.below(12)
        if kind < 2:
            made = numbers.choose(UNARY)(a)
        elif kind < 4:
            made = numbers.choose(BINARY)(a, matched(a, b))
        elif kind < 7:
            made = view_of(numbers, a)
        elif kind < 10:
            if numbers.below(4):  # a copy, which nothing has been computed from yet
                a = a.clone()
                alive.append(a)
                base = a
                for _ in range(numbers.below(3)):
                    a = view_of(numbers, a)
                alive.append(base if numbers.below(2) else a)
            write(numbers, a, b)
            continue
        elif kind < 11:
            made = combined(numbers, a, b)
        else:
            made = a.detach() if numbers.below(2) else a.clone()
        if made.numel() <= 200:
            alive.append(made)
    total = 0
    for tensor in alive:
        factors = torch.tensor(weights(tensor.numel()), dtype=torch.float64).reshape(tensor.shape)
        total = total + (tensor * factors).sum()
    total.backward()
    return [total, *(torch.zeros(1) if t.grad is None else t.grad for t in leaves)]
