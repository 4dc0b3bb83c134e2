"""`peer.py flush|plain SCRIPT [ARGS...]` runs a script of this folder, unchanged, under PyTorch.

Lines "set THREADS ONEDNN" among its input are taken out and obeyed, so that one process can be measured in several
settings. Denormal numbers are told apart by the thread, and threads inherit it: that one is set before there are any.
On a GPU its layers compute in whole float32, as ours do.
"""

import builtins
import runpy
import sys

import torch

if sys.argv[1] == 'flush':
    torch.set_flush_denormal(True)
torch.backends.cudnn.allow_tf32 = False
sys.argv = sys.argv[2:]
read_line = builtins.input


def read_block(*prompt):
    """The next line that is the script's."""
    while (line := read_line(*prompt)).startswith('set '):
        _, threads, onednn = line.split()
        torch.set_num_threads(int(threads))
        torch.backends.mkldnn.enabled = onednn == 'on'
    return line


builtins.input = read_block
runpy.run_path(sys.argv[0], run_name='__main__')
