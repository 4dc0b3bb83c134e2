"""torch.backends.cuda: not there."""


def is_available():
    """False"""
    return False


def is_built():
    """False"""
    return False


class matmul:
    """Switches for CUDA's products, which change nothing here."""

    allow_tf32 = False
