"""Activations computed again in the backward pass instead of kept.

https://docs.pytorch.org/docs/stable/checkpoint.html
"""

from torch._refusal import module_getattr

__getattr__ = module_getattr('torch.utils.checkpoint')


def checkpoint(
    function,
    *args,
    use_reentrant=None,
    context_fn=None,
    determinism_check='default',
    debug=False,
    early_stop=True,
    preserve_rng_state=True,
    **kwargs,
):
    """function(*args, **kwargs): values and gradients are those of a checkpoint, the memory that of none."""
    if context_fn is not None:
        raise NotImplementedError('checkpoint(context_fn=...) is not supported')
    if use_reentrant and kwargs:
        raise ValueError(f'Unexpected keyword arguments: {",".join(kwargs)}')
    return function(*args, **kwargs)


def checkpoint_sequential(functions, segments, input, use_reentrant=None, **kwargs):
    """The functions (or a Sequential's modules) one after the other, in `segments` checkpoints."""
    if set(kwargs) - {'preserve_rng_state'}:
        raise ValueError(f'Unexpected keyword arguments: {",".join(kwargs)}')
    for function in functions:
        input = checkpoint(function, input, use_reentrant=use_reentrant)
    return input


def set_checkpoint_debug_enabled(enabled):
    """Changes nothing."""
