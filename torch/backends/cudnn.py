"""torch.backends.cudnn: not there. Its switches can be set and change nothing, as in PyTorch on the CPU."""

enabled = True
benchmark = False
deterministic = False
allow_tf32 = True


def is_available():
    """False"""
    return False


def version():
    """None"""
