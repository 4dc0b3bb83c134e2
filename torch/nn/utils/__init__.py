"""torch.nn.utils: clipping of gradients, parameters as one vector, parametrizations, packed sequences."""

from torch._refusal import module_getattr
from torch.nn.utils import parametrizations, parametrize, rnn
from torch.nn.utils.clip_grad import (
    clip_grad_norm,
    clip_grad_norm_,
    clip_grad_value_,
    clip_grads_with_norm_,
    get_total_norm,
)
from torch.nn.utils.convert_parameters import parameters_to_vector, vector_to_parameters
from torch.nn.utils.init import skip_init
from torch.nn.utils.weight_norm import (
    remove_spectral_norm,
    remove_weight_norm,
    spectral_norm,
    weight_norm,
)

__all__ = [
    'clip_grad_norm',
    'clip_grad_norm_',
    'clip_grad_value_',
    'clip_grads_with_norm_',
    'get_total_norm',
    'parameters_to_vector',
    'parametrizations',
    'parametrize',
    'remove_spectral_norm',
    'remove_weight_norm',
    'rnn',
    'skip_init',
    'spectral_norm',
    'vector_to_parameters',
    'weight_norm',
]
_FUNCTIONS = (
    *('convert_conv2d_weight_memory_format', 'convert_conv3d_weight_memory_format'),
    *('fuse_conv_bn_eval', 'fuse_conv_bn_weights', 'fuse_linear_bn_eval', 'fuse_linear_bn_weights'),
)
__getattr__ = module_getattr('torch.nn.utils', functions=_FUNCTIONS)
