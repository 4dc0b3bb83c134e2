"""Models on several devices, of which there is one: DataParallel is its module, as in PyTorch without a GPU."""

from torch._refusal import module_getattr
from torch._types import placed
from torch.nn.modules.module import Module

__all__ = ['DataParallel']
__getattr__ = module_getattr(
    'torch.nn.parallel',
    functions=('data_parallel', 'gather', 'parallel_apply', 'replicate', 'scatter'),
    classes=('DistributedDataParallel',),
    base=Module,
)


class DataParallel(Module):
    """The module given (`.module`): without GPUs there is nothing to divide a batch among."""

    def __init__(self, module, device_ids=None, output_device=None, dim=0):
        super().__init__()
        for _ in device_ids or ():
            placed('cuda')
        self.module, self.device_ids, self.dim = module, [], dim

    def forward(self, *inputs, **kwargs):
        """module(*inputs, **kwargs)"""
        return self.module(*inputs, **kwargs)
