"""torch.jit: scripts are not compiled but run as they are, which is said once.

https://docs.pytorch.org/docs/stable/jit.html
"""

from torch._compiled import note_identity
from torch._refusal import module_getattr

__all__ = ['export', 'ignore', 'is_scripting', 'is_tracing', 'script', 'trace', 'unused']
__getattr__ = module_getattr(
    'torch.jit',
    functions=('freeze', 'fork', 'load', 'optimize_for_inference', 'save', 'trace_module', 'wait'),
    classes=('CompilationUnit', 'RecursiveScriptModule', 'ScriptFunction', 'ScriptModule'),
)


def script(obj=None, *args, **kwargs):
    """The function, class or module itself."""
    note_identity('torch.jit.script')
    return obj


def trace(func, *args, **kwargs):
    """The function or module itself."""
    note_identity('torch.jit.trace')
    return func


def ignore(drop=False, **kwargs):
    """The function itself."""
    return drop if callable(drop) else lambda function: function


def export(fn):
    """The function itself."""
    return fn


def unused(fn):
    """The function itself."""
    return fn


def is_scripting():
    """False"""
    return False


def is_tracing():
    """False"""
    return False
