"""torch.compile, torch.jit and their like: what is given, as it is, said once."""

import functools
import warnings


@functools.cache  # said once a name
def note_identity(name):
    """Says that nothing is compiled."""
    warnings.warn(f'{name}() returns what it is given: the engine runs it as it is', stacklevel=3)


def compile(
    model=None, *, fullgraph=False, dynamic=None, backend='inductor', mode=None, options=None, disable=False
):
    """The model or function itself."""
    note_identity('torch.compile')
    return (lambda function: function) if model is None else model
