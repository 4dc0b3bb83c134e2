"""Threads, determinism and the other switches of the whole engine."""

import torch._native as native


def get_num_threads():
    """How many threads an operation may use."""
    return native.num_threads()


def set_num_threads(num):
    """Sets how many threads an operation may use; results do not depend on it."""
    if not isinstance(num, int):
        raise TypeError(f'set_num_threads expects an int, but got {type(num).__name__}')
    native.set_num_threads(num)


def get_num_interop_threads():
    """1: operations run one after the other."""
    return 1


def set_num_interop_threads(num):
    """Accepts 1: operations run one after the other."""
    if num != 1:
        raise NotImplementedError('set_num_interop_threads() of more than 1 is not supported')


def use_deterministic_algorithms(mode, *, warn_only=False):
    """Changes nothing: every operation is deterministic."""


def are_deterministic_algorithms_enabled():
    """True: every operation is deterministic."""
    return True


def set_deterministic_debug_mode(debug_mode):
    """Changes nothing: every operation is deterministic."""


def set_float32_matmul_precision(precision):
    """Changes nothing: float32 is multiplied as float32, which every setting allows."""
    if precision not in ('highest', 'high', 'medium'):
        raise RuntimeError(f'{precision} is not one of the valid precisions: highest, high, medium')
