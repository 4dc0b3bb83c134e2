"""Backward passes, functions with a backward of their own, and the switches of recording."""

from torch._refusal import module_getattr
from torch._tensor import Tensor as Variable
from torch.autograd import anomaly_mode, function, functional, grad_mode
from torch.autograd.anomaly_mode import detect_anomaly, set_detect_anomaly
from torch.autograd.function import Function
from torch.autograd.grad_mode import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
from torch.autograd.gradcheck import gradcheck, gradgradcheck
from torch.autograd.passes import backward, grad

__all__ = [
    'Function',
    'Variable',
    'anomaly_mode',
    'backward',
    'detect_anomaly',
    'enable_grad',
    'function',
    'functional',
    'grad',
    'grad_mode',
    'gradcheck',
    'gradgradcheck',
    'inference_mode',
    'is_grad_enabled',
    'no_grad',
    'set_detect_anomaly',
    'set_grad_enabled',
]

__getattr__ = module_getattr('torch.autograd')
