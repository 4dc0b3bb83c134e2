"""torch.Size, torch.device and the two words for memory layout."""

import re

import torch._native as native


class Size(tuple):
    """The sizes of a tensor, one a dimension."""

    __slots__ = ()

    def numel(self):
        """The number of elements of a tensor of these sizes."""
        count = 1
        for size in self:
            count *= size
        return count

    def __repr__(self):
        return f'torch.Size([{", ".join(map(str, self))}])'

    def __getitem__(self, index):
        value = tuple.__getitem__(self, index)
        return Size(value) if isinstance(index, slice) else value

    def __add__(self, other):
        return Size(tuple.__add__(self, tuple(other)))

    def __reduce__(self):
        return Size, (tuple(self),)

    __str__ = __repr__
    __module__ = 'torch'


_KNOWN_DEVICES = (
    'cpu',
    'cuda',
    'mps',
    'xpu',
    'xla',
    'meta',
    'hpu',
    'mtia',
    'vulkan',
    'ipu',
    'mkldnn',
    'opencl',
)


class device:
    """Where a tensor lies: `cpu`, or `cuda`, the GPU that the run was started with. Others can only be named."""

    __slots__ = ('index', 'type')
    __module__ = 'torch'

    def __init__(self, type, index=None):
        if isinstance(type, device):
            type, index = type.type, type.index
        if isinstance(type, int):
            type, index = 'cuda', type
        if not isinstance(type, str):
            raise TypeError(f"device(): argument 'type' must be str, not {type.__class__.__name__}")
        parts = re.fullmatch(r'([a-z]+)(?::(\d+))?', type)
        if not parts or parts[1] not in _KNOWN_DEVICES:
            raise RuntimeError(
                f'Expected one of {", ".join(_KNOWN_DEVICES)} device type at start of device string: {type}'
            )
        self.type = parts[1]
        self.index = int(parts[2]) if parts[2] else index

    def __repr__(self):
        return f"device(type='{self.type}'" + ('' if self.index is None else f', index={self.index}') + ')'

    def __str__(self):
        return self.type if self.index is None else f'{self.type}:{self.index}'

    def __eq__(self, other):
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self):
        return hash((self.type, self.index))

    def __reduce__(self):
        return device, (self.type,) if self.index is None else (self.type, self.index)

    def __enter__(self):
        """New tensors lie here, where nothing else is said."""
        _before.append(_default[:])
        set_default_device(self)
        return self

    def __exit__(self, *_):
        _default[:] = _before.pop()


CPU = device('cpu')
GPU = device('cuda', 0)


_default = [CPU, 0]  # where new tensors lie unless told otherwise, and the engine's number of that
_before = []  # what it was before each `with device:` that goes on


def set_default_device(device_):
    """Where new tensors lie unless told otherwise; None: on the processor.

    @raises RuntimeError where the device is not there
    """
    wanted = CPU if device_ is None else device(device_)
    _default[:] = wanted, placed(wanted)


def get_default_device():
    """Where new tensors lie unless told otherwise."""
    chosen = _default[0]
    return GPU if chosen.type == 'cuda' else chosen


def placed(given):
    """The engine's number of the device that a `device` argument names, None the default one.

    @raises RuntimeError where it is not there
    """
    if given is None:
        return _default[1]
    asked = given if isinstance(given, device) else device(given)
    if asked.type == 'cpu':
        return 0
    gpu = native.accelerator()
    if gpu and asked.type == 'cuda' and asked.index in (None, 0):
        return gpu
    if gpu:
        raise RuntimeError(f"device '{asked}' is not available: this run computes on 'cpu' and 'cuda:0'")
    raise RuntimeError(
        f"device '{asked}' is not available: tensors are computed on 'cpu' "
        '(torch.cuda.is_available() and its like say False; `unroll devices` names the GPUs there are, and '
        '--device gpu chooses one)'
    )


class layout:
    """torch.strided, the one layout there is."""

    __module__ = 'torch'

    def __repr__(self):
        return 'torch.strided'

    def __reduce__(self):
        return 'strided'


class memory_format:
    """torch.contiguous_format and torch.preserve_format."""

    __module__ = 'torch'

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f'torch.{self.name}'

    def __reduce__(self):
        return self.name


strided = layout()
contiguous_format = memory_format('contiguous_format')
preserve_format = memory_format('preserve_format')


def check_layout(given):
    """Refuses a `layout` argument other than torch.strided."""
    if given is not None and given is not strided:
        raise NotImplementedError(f'layout {given} is not supported: tensors are strided')


def check_memory_format(given):
    """Refuses a `memory_format` argument other than the contiguous and the preserving one."""
    if given is not None and given is not contiguous_format and given is not preserve_format:
        raise NotImplementedError(f'memory_format {given} is not supported')
