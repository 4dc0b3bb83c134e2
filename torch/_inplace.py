"""Further names of operations: forms in place that change the geometry, and PyTorch's many aliases."""

import torch._native as native
from torch._names import FUNCTIONS
from torch._pointwise import define_in_place, write_result
from torch._shape import shape_of
from torch._tensor import Tensor, functions, method, operation, replace_handle


def _define_geometric(name):
    """x.f_(): x looks at its memory as x.f() would."""
    view = getattr(Tensor, name)

    def in_place(self, *arguments):
        if native.requires_grad(self._h) and native.is_leaf(self._h) and native.grad_enabled():
            raise RuntimeError('a leaf Variable that requires grad is being used in an in-place operation.')
        seen = view(self, *arguments)
        handle, seen._h = seen._h, native.empty(1, 0, 0)
        replace_handle(self, handle)
        return self

    in_place.__name__, in_place.__doc__ = f'{name}_', f'{name}, in place.'
    method(in_place)


for _name in ('t', 'transpose', 'swapaxes', 'swapdims', 'squeeze', 'unsqueeze', 'as_strided'):
    _define_geometric(_name)

for _name in ('cumsum', 'cumprod', 'tril', 'triu', 'addbmm'):
    define_in_place(getattr(Tensor, _name))


def _polygamma_(self, n):
    """polygamma, in place."""
    return write_result(self, self.polygamma(n))


Tensor.polygamma_ = _polygamma_

for _name, _same in {
    'absolute_': 'abs_',
    'clip_': 'clamp_',
    'divide_': 'div_',
    'fix_': 'trunc_',
    'greater_': 'gt_',
    'greater_equal_': 'ge_',
    'less_': 'lt_',
    'less_equal_': 'le_',
    'multiply_': 'mul_',
    'negative_': 'neg_',
    'not_equal_': 'ne_',
    'subtract_': 'sub_',
    'true_divide_': 'div_',
}.items():
    setattr(Tensor, _name, getattr(Tensor, _same))


@method
def conj_physical_(self):
    """self: there are no complex tensors."""
    return self


@operation
def fill(input, value):
    """A copy of input's sizes with one number everywhere."""
    return input.clone().fill_(value)


@method
def sum_to_size(self, *size):
    """Summed over the dimensions that broadcasting `size` to the tensor's sizes would add or stretch."""
    sizes = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    added = self.dim() - len(sizes)
    fits = added >= 0 and all(n in (1, m) for n, m in zip(sizes, shape_of(self)[added:], strict=True))
    if not fits:
        raise RuntimeError(f'size {{{list(sizes)}}} is not expandable to size {{{list(shape_of(self))}}}.')
    dims = [d for d, n in enumerate(shape_of(self)) if d < added or (sizes[d - added] == 1 and n != 1)]
    out = self.sum(dims, keepdim=True) if dims else self
    return out.view(sizes)


@method
def apply_(self, callable):
    """Each element becomes callable(element): slow, and outside autograd."""
    if native.requires_grad(self._h):
        raise TypeError("apply_() can't be called on tensors that require grad")
    made = self.new_tensor([callable(value) for value in self.flatten().tolist()])
    return self.copy_(made.view(shape_of(self)))


@method
def map_(self, tensor, callable):
    """Each element becomes callable(element, tensor's element): slow, and outside autograd."""
    if native.requires_grad(self._h):
        raise TypeError("map_() can't be called on tensors that require grad")
    others = tensor.expand(shape_of(self)).flatten().tolist()
    made = self.new_tensor([callable(*pair) for pair in zip(self.flatten().tolist(), others, strict=True)])
    return self.copy_(made.view(shape_of(self)))


@method
def resize_as_(self, other, *, memory_format=None):
    """resize_ to other's sizes."""
    return self.resize_(shape_of(other))


@method
def pin_memory(self, device=None):
    """self: memory that a GPU could reach faster is of no use here."""
    return self


@method
def is_pinned(self, device=None):
    """False."""
    return False


@method
def share_memory_(self):
    """self: there are no other processes."""
    return self


@method
def is_shared(self):
    """False: there are no other processes."""
    return False


@operation
def is_signed(input):
    """Whether the element type has negative numbers."""
    return input.dtype.is_signed


@operation
def is_inference(input):
    """False: tensors made in inference mode are ordinary ones."""
    return False


@operation
def is_conj(input):
    """False: there are no complex tensors."""
    return False


@operation
def is_neg(input):
    """False: negation is computed at once."""
    return False


for _name in FUNCTIONS:  # torch.f_(x) is x.f_()
    if _name.endswith('_') and _name not in functions and _name in Tensor.__dict__:
        functions[_name] = getattr(Tensor, _name)
