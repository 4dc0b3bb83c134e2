"""A line search for the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6)."""

import math
from collections import namedtuple

# A length along the direction, the loss and the gradient there, and the loss's slope along the direction.
_Point = namedtuple('_Point', ('length', 'loss', 'gradient', 'slope'))


def _cubic_minimum(a, b, bounds=None):
    """Where the cubic through two points with their slopes is least, kept within bounds."""
    low, high = bounds or (min(a.length, b.length), max(a.length, b.length))
    first = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.length - b.length)
    square = first**2 - a.slope * b.slope
    if square < 0:
        return (low + high) / 2
    root = math.sqrt(square)
    left, right = (a, b) if a.length <= b.length else (b, a)
    gap = right.length - left.length
    part = (right.slope + root - first) / (right.slope - left.slope + 2 * root)
    return min(max(right.length - gap * part, low), high)


def strong_wolfe(
    evaluate, length, direction, loss, gradient, slope, c1=1e-4, c2=0.9, tolerance_change=1e-9, max_ls=25
):
    """evaluate(length) -> (loss, gradient). Returns (loss, gradient, length, evaluations)."""
    longest = float(direction.abs().max())
    start = _Point(0.0, loss, gradient.clone(), slope)
    calls = 0

    def point(at):
        nonlocal calls
        calls += 1
        value, derivative = evaluate(at)
        return _Point(at, value, derivative.clone(), float(derivative.dot(direction)))

    def is_too_high(p):
        return p.loss > start.loss + c1 * p.length * start.slope

    previous, now, rounds = start, point(length), 0
    bracket = None
    while rounds < max_ls:
        if is_too_high(now) or (rounds > 1 and now.loss >= previous.loss):
            bracket = [previous, now]
            break
        if abs(now.slope) <= -c2 * start.slope:
            return now.loss, now.gradient, now.length, calls
        if now.slope >= 0:
            bracket = [previous, now]
            break
        least, most = now.length + 0.01 * (now.length - previous.length), now.length * 10
        following = _cubic_minimum(previous, now, (least, most))
        previous, now = now, point(following)
        rounds += 1
    if bracket is None:
        bracket = [start, now]

    stuck = False
    low, high = (0, 1) if bracket[0].loss <= bracket[-1].loss else (1, 0)
    while rounds < max_ls:
        if abs(bracket[1].length - bracket[0].length) * longest < tolerance_change:
            break
        ends = sorted(p.length for p in bracket)
        at = _cubic_minimum(*bracket)
        margin = 0.1 * (ends[1] - ends[0])
        if min(ends[1] - at, at - ends[0]) < margin:
            if stuck or at >= ends[1] or at <= ends[0]:
                at = ends[1] - margin if abs(at - ends[1]) < abs(at - ends[0]) else ends[0] + margin
                stuck = False
            else:
                stuck = True
        else:
            stuck = False
        now = point(at)
        rounds += 1
        if is_too_high(now) or now.loss >= bracket[low].loss:
            bracket[high] = now
            low, high = (0, 1) if bracket[0].loss <= bracket[1].loss else (1, 0)
        else:
            is_found = abs(now.slope) <= -c2 * start.slope
            if not is_found and now.slope * (bracket[high].length - bracket[low].length) >= 0:
                bracket[high] = bracket[low]
            bracket[low] = now
            if is_found:
                break
    best = bracket[low]
    return best.loss, best.gradient, best.length, calls
