"""weight_norm and spectral_norm as parametrizations."""

from torch._refusal import module_getattr
from torch.autograd.grad_mode import no_grad
from torch.nn.functional import normalize
from torch.nn.modules.module import Module
from torch.nn.utils import parametrize
from torch.nn.utils.weight_norm import as_matrix, norm_except_dim, power_iterations, weight_of

__getattr__ = module_getattr('torch.nn.utils.parametrizations', functions=('orthogonal',))


class _WeightNorm(Module):
    def __init__(self, dim=0):
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g, weight_v):
        """weight_v at the length weight_g"""
        return weight_of(weight_v, weight_g, self.dim)

    def right_inverse(self, weight):
        """(length, direction)"""
        return norm_except_dim(weight, self.dim), weight


def weight_norm(module, name='weight', dim=0):
    """A weight as original0, its norm over all dimensions but dim, times the direction of original1."""
    return parametrize.register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


class _SpectralNorm(Module):
    def __init__(self, weight, n_power_iterations, dim, eps):
        super().__init__()
        if n_power_iterations <= 0:
            raise ValueError(
                f'Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}'
            )
        self.dim, self.eps, self.n_power_iterations = dim, eps, n_power_iterations
        if weight.dim() > 1:
            matrix = as_matrix(weight.detach(), dim)
            for name, size in (('_u', matrix.size(0)), ('_v', matrix.size(1))):
                start = normalize(matrix.new_empty(size).normal_(0, 1), dim=0, eps=eps)
                self.register_buffer(name, start)
            power_iterations(matrix, self._u, self._v, 15, eps)

    def forward(self, weight):
        """weight over its largest singular value"""
        if weight.dim() == 1:
            return normalize(weight, dim=0, eps=self.eps)
        matrix = as_matrix(weight, self.dim)
        if self.training:
            power_iterations(matrix, self._u, self._v, self.n_power_iterations, self.eps)
        u, v = self._u.clone(), self._v.clone()
        return weight / u.dot(matrix.mv(v))

    def right_inverse(self, value):
        """The value itself, which may be too long."""
        return value


def spectral_norm(module, name='weight', n_power_iterations=1, eps=1e-12, dim=None):
    """A weight over its largest singular value."""
    if dim is None:
        dim = 1 if type(module).__name__.startswith('ConvTranspose') else 0
    with no_grad():
        made = _SpectralNorm(getattr(module, name), n_power_iterations, dim, eps)
    return parametrize.register_parametrization(module, name, made)
