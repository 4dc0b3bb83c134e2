"""Backward passes and the switches of recording."""

from torch._refusal import module_getattr, unsupported_class
from torch.autograd.grad_mode import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
from torch.autograd.passes import backward, grad

__all__ = [
    'Function',
    'Variable',
    'backward',
    'enable_grad',
    'grad',
    'inference_mode',
    'is_grad_enabled',
    'no_grad',
    'set_grad_enabled',
]

Function = unsupported_class('torch.autograd.Function', 'write the function with torch operations')
Variable = unsupported_class('torch.autograd.Variable', 'tensors are variables themselves')
__getattr__ = module_getattr('torch.autograd')
