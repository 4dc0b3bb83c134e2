"""Lists PyTorch's public names: `python test/golden/make_names.py` writes names.json, which test_names.py goes through.

A name is public where it has no underscore in front, is no module, and is PyTorch's own.
"""

import json
import types
from pathlib import Path

import torch
import torch.utils.data
from torch import nn, optim

PLACES = {
    'torch': torch,
    'torch.Tensor': torch.Tensor,
    'torch.nn': nn,
    'torch.nn.functional': nn.functional,
    'torch.nn.init': nn.init,
    'torch.optim': optim,
    'torch.optim.lr_scheduler': optim.lr_scheduler,
    'torch.utils.data': torch.utils.data,
}
# Helpers that PyTorch's own modules import from one another.
HELPERS = set(
    """
    BroadcastingList1 BroadcastingList2 BroadcastingList3 DType Future IO Any Callable ClassVar Optional Union TypeVar
    TYPE_CHECKING annotations boolean_dispatch handle_torch_function has_torch_function has_torch_function_unary
    has_torch_function_variadic reproducibility_notes sparse_support_notes tf32_notes overload cast
    assert_int_or_pair factory_kwargs
    """.split()
)


def is_public(place, name):
    if name.startswith('_') or name in HELPERS:
        return False
    member = getattr(place, name)
    if isinstance(member, types.ModuleType):
        return False
    owner = getattr(member, '__module__', None) or 'torch'
    return str(owner).startswith('torch') or isinstance(place, type)


def main():
    names = {
        path: ' '.join(sorted(name for name in dir(place) if is_public(place, name)))
        for path, place in PLACES.items()
    }
    Path(__file__).with_name('names.json').write_text(json.dumps(names, indent=1) + '\n')
    print({path: len(text.split()) for path, text in names.items()})


if __name__ == '__main__':
    main()
