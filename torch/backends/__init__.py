"""torch.backends: which of PyTorch's backends there are: none of them."""

from torch._refusal import module_getattr
from torch.backends import cuda, cudnn, mkl, mkldnn, mps, openmp

__all__ = ['cuda', 'cudnn', 'mkl', 'mkldnn', 'mps', 'openmp']
__getattr__ = module_getattr('torch.backends')
