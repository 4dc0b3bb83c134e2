"""Weights as a length times a direction (Salimans and Kingma 2016), and with a largest singular value of 1.

The functions of old, which put their tensors into the module itself; torch.nn.utils.parametrizations has the new.
"""

from torch.autograd.grad_mode import no_grad
from torch.nn.functional import normalize
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


def norm_except_dim(v, dim=0):
    """The 2-norm over all dimensions but one (or, for -1, over all); its sizes broadcast to v's."""
    if dim == -1:
        return v.norm()
    kept = dim % v.dim()
    return v.norm(2, [d for d in range(v.dim()) if d != kept], keepdim=True)


def weight_of(v, g, dim=0):
    """v scaled so that norm_except_dim is g."""
    return v * (g / norm_except_dim(v, dim))


class WeightNorm:
    """The hook that computes the weight before every forward."""

    def __init__(self, name, dim):
        self.name, self.dim = name, -1 if dim is None else dim

    def compute_weight(self, module):
        """The weight of the module's length and direction."""
        return weight_of(getattr(module, f'{self.name}_v'), getattr(module, f'{self.name}_g'), self.dim)

    def __call__(self, module, inputs):
        object.__setattr__(module, self.name, self.compute_weight(module))


def _hook_of(module, kind, name):
    for number, hook in module._forward_pre_hooks.items():
        if isinstance(hook, kind) and hook.name == name:
            return number, hook
    return None, None


def weight_norm(module, name='weight', dim=0):
    """Replaces a weight by <name>_g, its norm over all dimensions but dim, and <name>_v, its direction."""
    if _hook_of(module, WeightNorm, name)[1] is not None:
        raise RuntimeError(f'Cannot register two weight_norm hooks on the same parameter {name}')
    hook, weight = WeightNorm(name, dim), getattr(module, name)
    del module._parameters[name]
    module.register_parameter(f'{name}_g', Parameter(norm_except_dim(weight, hook.dim).detach()))
    module.register_parameter(f'{name}_v', Parameter(weight.detach()))
    object.__setattr__(module, name, hook.compute_weight(module))
    module.register_forward_pre_hook(hook)
    return module


def remove_weight_norm(module, name='weight'):
    """Makes the weight one parameter again."""
    number, hook = _hook_of(module, WeightNorm, name)
    if hook is None:
        raise ValueError(f"weight_norm of '{name}' not found in {module}")
    weight = hook.compute_weight(module).detach()
    module.__dict__.pop(name, None)
    del module._parameters[f'{name}_g'], module._parameters[f'{name}_v']
    module.register_parameter(name, Parameter(weight))
    del module._forward_pre_hooks[number]
    return module


# --- spectral norm
def as_matrix(weight, dim):
    """(weight.size(dim), the rest)"""
    return weight.movedim(dim, 0).flatten(1) if dim else weight.flatten(1)


@no_grad()
def power_iterations(matrix, u, v, count, eps):
    """Brings u and v, in place, nearer to the singular vectors of the largest singular value."""
    for _ in range(count):
        v.copy_(normalize(matrix.t().mv(u), dim=0, eps=eps))
        u.copy_(normalize(matrix.mv(v), dim=0, eps=eps))


class SpectralNorm:
    """The hook that computes the weight before every forward."""

    def __init__(self, name, n_power_iterations, dim, eps):
        if n_power_iterations <= 0:
            raise ValueError(
                f'Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}'
            )
        self.name, self.n_power_iterations, self.dim, self.eps = name, n_power_iterations, dim, eps

    def compute_weight(self, module, do_power_iteration):
        """The weight over its largest singular value."""
        weight = getattr(module, f'{self.name}_orig')
        u, v = getattr(module, f'{self.name}_u'), getattr(module, f'{self.name}_v')
        matrix = as_matrix(weight, self.dim)
        if do_power_iteration:
            power_iterations(matrix, u, v, self.n_power_iterations, self.eps)
            u, v = u.clone(), v.clone()
        return weight / u.dot(matrix.mv(v))

    def __call__(self, module, inputs):
        object.__setattr__(module, self.name, self.compute_weight(module, module.training))


def spectral_norm(module: Module, name='weight', n_power_iterations=1, eps=1e-12, dim=None):
    """Divides a weight by its largest singular value (Miyato et al. 2018), at every forward."""
    if _hook_of(module, SpectralNorm, name)[1] is not None:
        raise RuntimeError(f'Cannot register two spectral_norm hooks on the same parameter {name}')
    if dim is None:
        dim = 1 if type(module).__name__.startswith('ConvTranspose') else 0
    hook, weight = SpectralNorm(name, n_power_iterations, dim, eps), module._parameters[name]
    with no_grad():
        matrix = as_matrix(weight, dim)
        u = normalize(weight.new_empty(matrix.size(0)).normal_(0, 1), dim=0, eps=eps)
        v = normalize(weight.new_empty(matrix.size(1)).normal_(0, 1), dim=0, eps=eps)
    del module._parameters[name]
    module.register_parameter(f'{name}_orig', weight)
    object.__setattr__(module, name, weight.detach())
    module.register_buffer(f'{name}_u', u)
    module.register_buffer(f'{name}_v', v)
    module.register_forward_pre_hook(hook)
    return module


def remove_spectral_norm(module, name='weight'):
    """Makes the weight one parameter again."""
    number, hook = _hook_of(module, SpectralNorm, name)
    if hook is None:
        raise ValueError(f"spectral_norm of '{name}' not found in {module}")
    with no_grad():
        weight = hook.compute_weight(module, False).detach()
    module.__dict__.pop(name, None)
    for part in (f'{name}_u', f'{name}_v', f'{name}_orig'):
        delattr(module, part)
    module.register_parameter(name, Parameter(weight))
    del module._forward_pre_hooks[number]
    return module
