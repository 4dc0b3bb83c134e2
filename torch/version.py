"""Which PyTorch this speaks like."""

__version__ = '2.13.0+unroll'
cuda = None
hip = None
git_version = 'unroll'
debug = False
