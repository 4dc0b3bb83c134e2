"""Functions and hooks of the script's own in the backward pass, and what autograd refuses."""

import warnings

import torch
from test_tensor import raises
from torch.autograd import Function, functional, gradcheck, gradgradcheck
from torch.autograd.function import once_differentiable


class Cube(Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(x)
        ctx.factor = factor
        return factor * x**3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 3 * ctx.factor * x**2 * grad, None


def numbers(*values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def test_a_function_of_the_script_takes_part_in_the_graph():
    x = numbers(1.0, -2.0)
    y = Cube.apply(x, 2)
    assert y.grad_fn.name() == 'CubeBackward'
    y.sum().backward()
    assert x.grad.tolist() == [6.0, 24.0]
    raises(RuntimeError, y.sum().backward, 'backward through the graph a second time')
    assert gradcheck(lambda t: Cube.apply(t, 2), (x,)) and gradgradcheck(lambda t: Cube.apply(t, 2), (x,))
    with torch.no_grad():
        assert not Cube.apply(x, 2).requires_grad


def test_setup_context_results_and_what_has_no_gradient():
    class Split(Function):
        @staticmethod
        def forward(x):
            return x * 2, x > 0, x

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.mark_non_differentiable(output[1])
            ctx.save_for_backward(output[0])

        @staticmethod
        def backward(ctx, doubled, mask, same):
            assert mask is None
            (saved,) = ctx.saved_tensors
            assert saved.tolist() == [2.0, -4.0]
            return doubled * 2 + same

    x = numbers(1.0, -2.0)
    doubled, mask, same = Split.apply(x)
    assert mask.dtype is torch.bool and not mask.requires_grad
    assert same.requires_grad and same is not x
    (doubled.sum() + 10 * same[0]).backward()
    assert x.grad.tolist() == [12.0, 2.0]


def test_needs_input_grad_and_grads_that_nobody_asked_for():
    seen = []

    class Both(Function):
        @staticmethod
        def forward(ctx, a, b):
            ctx.set_materialize_grads(False)
            return a + b, a - b

        @staticmethod
        def backward(ctx, first, second):
            seen.append((ctx.needs_input_grad, first is None, second is None))
            return first, None

    x = numbers(1.0)
    Both.apply(x, torch.ones(1, dtype=torch.float64))[0].sum().backward()
    assert seen == [((True, False), False, True)]


def test_a_function_that_counts_its_gradients_wrong():
    class Wrong(Function):
        @staticmethod
        def forward(ctx, a, b):
            return a * b

        @staticmethod
        def backward(ctx, grad):
            return grad

    y = Wrong.apply(numbers(1.0), numbers(2.0))
    raises(RuntimeError, y.sum().backward, 'incorrect number of gradients (expected 2, got 1)')
    raises(RuntimeError, Wrong, 'should not be instantiated')


def test_a_function_that_can_be_differentiated_once():
    class Once(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @once_differentiable
        def backward(ctx, grad):
            return 2 * ctx.saved_tensors[0] * grad

    x = numbers(3.0)
    assert torch.autograd.grad(Once.apply(x).sum(), x)[0].tolist() == [6.0]
    (g,) = torch.autograd.grad((Once.apply(x) * x).sum(), x, create_graph=True)
    raises(RuntimeError, lambda: (g * g).sum().backward(), 'once_differentiable')


def test_errors_come_out_of_the_backward_pass_as_they_went_in():
    class Failing(Function):
        @staticmethod
        def forward(ctx, x):
            return x + 1

        @staticmethod
        def backward(ctx, grad):
            raise KeyError('lost')

    raises(KeyError, Failing.apply(numbers(1.0)).sum().backward, 'lost')
    y = numbers(1.0) * 2
    y.register_hook(lambda grad: 'text')
    raises(TypeError, y.sum().backward, 'hook')


def test_saved_tensors_written_since_are_refused():
    x = numbers(1.0) * 1
    y = Cube.apply(x, 1)
    x.add_(1)
    raises(RuntimeError, y.sum().backward, 'modified by an inplace operation')


def test_hooks_see_and_replace_gradients():
    x, seen = numbers(1.0, 2.0), []
    y = x * 3
    handle = x.register_hook(lambda grad: seen.append(grad.tolist()))
    y.register_hook(lambda grad: grad * 10)
    y.sum().backward(retain_graph=True)
    assert seen == [[30.0, 30.0]] and x.grad.tolist() == [30.0, 30.0]
    handle.remove()
    y.sum().backward()
    assert len(seen) == 1
    raises(RuntimeError, lambda: torch.ones(1).register_hook(print), "doesn't require gradient")


def test_hooks_after_accumulation():
    x, seen = numbers(1.0), []
    x.register_post_accumulate_grad_hook(lambda leaf: (seen.append(leaf.grad.tolist()), leaf is x))
    (x * 2).sum().backward()
    (x * 2).sum().backward()
    assert seen == [[2.0], [4.0]]
    raises(RuntimeError, lambda: (x * 2).register_post_accumulate_grad_hook(print), 'non-leaf')


def test_gradients_of_tensors_between():
    x = numbers(1.0, 2.0)
    y = x * 3
    y.retain_grad()
    (y * y).sum().backward()
    assert y.grad.tolist() == [6.0, 12.0]


def test_operations_that_keep_nothing_can_run_again():
    x = numbers(1.0, 2.0)
    y = (x.view(2, 1).t() + 1).sum()
    y.backward()
    y.backward()
    assert x.grad.tolist() == [2.0, 2.0]
    z = (x * x).sum()
    z.backward()
    raises(RuntimeError, z.backward, 'retain_graph=True')


def test_anomaly_detection_names_the_line():
    x = numbers(-1.0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        with torch.autograd.detect_anomaly():
            y = x.sqrt()
            raises(RuntimeError, y.sum().backward, "Function 'SqrtBackward0' returned nan values")
    text = str(caught[0].message)
    assert 'SqrtBackward0' in text and 'y = x.sqrt()' in text
    (x.sqrt()).sum().backward()


def test_the_graph_can_be_walked():
    x = numbers(1.0)
    y = (x * 2) + 1
    assert y.grad_fn.name() == 'AddBackward0'
    ((before, index),) = y.grad_fn.next_functions
    assert before.name() == 'MulBackward0' and index == 0
    assert before.next_functions[0][0].name() == 'AccumulateGrad'
    assert x.grad_fn is None


def test_detach_in_place():
    x = numbers(1.0)
    y = x * 2
    assert y.detach_() is y and y.is_leaf and not y.requires_grad
    raises(RuntimeError, lambda: (x * 2).view(1).detach_(), "Can't detach views in-place")


def test_jacobians_and_products_with_them():
    x = numbers(1.0, 2.0)
    assert functional.jacobian(lambda t: t**2, x).tolist() == [[2.0, 0.0], [0.0, 4.0]]
    assert functional.hessian(lambda t: (t**3).sum(), x).tolist() == [[6.0, 0.0], [0.0, 12.0]]
    v = torch.tensor([1.0, 1.0], dtype=torch.float64)
    assert functional.vjp(lambda t: t**2, x, v)[1].tolist() == [2.0, 4.0]
    assert functional.jvp(lambda t: t**2, x, v)[1].tolist() == [2.0, 4.0]
    assert functional.hvp(lambda t: (t**3).sum(), x, v)[1].tolist() == [6.0, 12.0]


def test_wrong_gradients_are_found():
    class Wrong(Function):
        @staticmethod
        def forward(ctx, x):
            return x * x

        @staticmethod
        def backward(ctx, grad):
            return grad

    x = numbers(1.0, 3.0)
    assert not gradcheck(Wrong.apply, (x,), raise_exception=False)
    raises(RuntimeError, lambda: gradcheck(Wrong.apply, (x,)), 'Jacobian mismatch')


def test_functions_are_forgotten_with_their_graph():
    import torch._callbacks as callbacks

    for _ in range(20):
        Cube.apply(numbers(1.0), 2)
    assert len(callbacks._functions) < 10
