"""L-BFGS (Liu and Nocedal 1989), over all parameters as one vector.

https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html
"""

import torch._native as native
from torch._shape import cat
from torch.autograd.grad_mode import enable_grad
from torch.optim._strong_wolfe import strong_wolfe
from torch.optim.optimizer import Optimizer


class LBFGS(Optimizer):
    """step(closure) makes up to max_iter iterations; the closure computes loss and gradients anew."""

    def __init__(
        self,
        params,
        lr=1,
        max_iter=20,
        max_eval=None,
        tolerance_grad=1e-7,
        tolerance_change=1e-9,
        history_size=100,
        line_search_fn=None,
    ):
        if not lr >= 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        defaults = {
            'lr': lr,
            'max_iter': max_iter,
            'max_eval': max_iter * 5 // 4 if max_eval is None else max_eval,
            'tolerance_grad': tolerance_grad,
            'tolerance_change': tolerance_change,
            'history_size': history_size,
            'line_search_fn': line_search_fn,
        }
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._params = self.param_groups[0]['params']

    def __setstate__(self, state):
        super().__setstate__(state)
        self._params = self.param_groups[0]['params']

    # --- all parameters as one vector
    def _flat_gradient(self):
        return cat([(p * 0.0 if p.grad is None else p.grad).detach().reshape(-1) for p in self._params])

    def _move(self, length, direction):
        start = 0
        for parameter in self._params:
            count = parameter.numel()
            parameter.add_(direction[start : start + count].view_as(parameter), alpha=float(length))
            start += count

    def _evaluate_at(self, closure, origin, length, direction):
        """Loss and gradient `length` along the direction; the parameters are back at the origin after."""
        self._move(length, direction)
        loss, gradient = float(closure()), self._flat_gradient()
        for parameter, value in zip(self._params, origin, strict=True):
            parameter.copy_(value)
        return loss, gradient

    def step(self, closure=None):
        """Up to max_iter iterations; returns the loss before them."""
        if closure is None:
            raise TypeError("LBFGS.step() missing 1 required positional argument: 'closure'")

        def evaluate():
            with enable_grad():
                return closure()

        first = evaluate()
        before = [p.detach().clone() for p in self._params] if native.recording() else None
        self._iterate(evaluate, float(first))
        for parameter, value in zip(self._params, before or [], strict=False):
            if parameter.grad is not None:
                native.note_update(parameter._h, parameter.grad._h, value._h)
        return first

    def _iterate(self, closure, loss):
        group, state = self.param_groups[0], self.state[self._params[0]]
        state.setdefault('func_evals', 0)
        state.setdefault('n_iter', 0)
        state['func_evals'] += 1
        evaluations, gradient = 1, self._flat_gradient()
        if float(gradient.abs().max()) <= group['tolerance_grad']:
            return
        for iteration in range(1, group['max_iter'] + 1):
            state['n_iter'] += 1
            direction = self._direction(state, gradient, group['history_size'])
            state['prev_flat_grad'], state['prev_loss'] = gradient.clone(), loss
            lr = float(group['lr'])
            length = min(1.0, 1.0 / float(gradient.abs().sum())) * lr if state['n_iter'] == 1 else lr
            slope = float(gradient.dot(direction))
            state['d'], state['t'] = direction, length
            if slope > -group['tolerance_change']:
                break
            known = loss
            if group['line_search_fn'] is not None:
                loss, gradient, length, calls = self._search(closure, group, loss, gradient, slope)
                self._move(length, direction)
            else:
                self._move(length, direction)
                calls = 0
                if iteration != group['max_iter']:
                    loss, gradient, calls = float(closure()), self._flat_gradient(), 1
            state['t'] = length
            evaluations += calls
            state['func_evals'] += calls
            if (
                iteration == group['max_iter']
                or evaluations >= group['max_eval']
                or float(gradient.abs().max()) <= group['tolerance_grad']
                or float((direction * length).abs().max()) <= group['tolerance_change']
                or abs(loss - known) < group['tolerance_change']
            ):
                break

    def _search(self, closure, group, loss, gradient, slope):
        if group['line_search_fn'] != 'strong_wolfe':
            raise RuntimeError("only 'strong_wolfe' is supported")
        state = self.state[self._params[0]]
        origin = [parameter.detach().clone() for parameter in self._params]
        direction = state['d']

        def at(length):
            return self._evaluate_at(closure, origin, length, direction)

        return strong_wolfe(at, state['t'], direction, loss, gradient, slope)

    def _direction(self, state, gradient, history):
        """Minus the gradient, turned by what earlier steps tell of the curvature (the two-loop recursion)."""
        if state['n_iter'] == 1:
            state['old_dirs'], state['old_stps'], state['ro'], state['H_diag'] = [], [], [], 1
            return gradient.neg()
        change, moved = gradient.sub(state['prev_flat_grad']), state['d'].mul(state['t'])
        curvature = float(change.dot(moved))
        changes, steps, inverse = state['old_dirs'], state['old_stps'], state['ro']
        if curvature > 1e-10:
            if len(changes) == history:
                for memory in (changes, steps, inverse):
                    memory.pop(0)
            changes.append(change)
            steps.append(moved)
            inverse.append(1.0 / curvature)
            state['H_diag'] = curvature / float(change.dot(change))
        direction, parts = gradient.neg(), []
        for y, s, r in zip(reversed(changes), reversed(steps), reversed(inverse), strict=True):
            parts.append(float(s.dot(direction)) * r)
            direction = direction.add(y, alpha=-parts[-1])
        direction = direction.mul(state['H_diag'])
        for y, s, r, part in zip(changes, steps, inverse, reversed(parts), strict=True):
            direction = direction.add(s, alpha=part - float(y.dot(direction)) * r)
        return direction
