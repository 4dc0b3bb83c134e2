"""torch.nn.utils: clipping of gradients, and parameters as one vector."""

from torch._refusal import module_getattr, unsupported_function
from torch.nn.utils import rnn
from torch.nn.utils.clip_grad import clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_, get_total_norm
from torch.nn.utils.convert_parameters import parameters_to_vector, vector_to_parameters

__all__ = [
    'clip_grad_norm_',
    'clip_grad_value_',
    'clip_grads_with_norm_',
    'get_total_norm',
    'parameters_to_vector',
    'rnn',
    'vector_to_parameters',
]
for _name in ('clip_grad_norm', 'weight_norm', 'remove_weight_norm', 'spectral_norm', 'remove_spectral_norm'):
    globals()[_name] = unsupported_function(f'torch.nn.utils.{_name}')
__getattr__ = module_getattr('torch.nn.utils')
