"""torch.onnx: can be imported, exports nothing yet."""

from torch._refusal import module_getattr, unsupported_function

export = unsupported_function('torch.onnx.export')
__getattr__ = module_getattr('torch.onnx')
