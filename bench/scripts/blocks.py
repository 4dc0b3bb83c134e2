"""Steps in blocks, timed by the script itself: each line of the standard input says how many to make.

bench/lib/sides.mjs writes these lines and reads the answers.
"""

import argparse
import time
from collections import deque
from itertools import islice


def options(**defaults):
    """What the command line says: each of `defaults` by its name, and `device`."""
    parser = argparse.ArgumentParser()
    for name, default in {'device': 'cpu', **defaults}.items():
        parser.add_argument(f'--{name}', type=type(default), default=default)
    return parser.parse_args()


def serve(steps):
    """`steps`, a generator, trains one step at a time and yields its loss."""
    print('ready', flush=True)
    while True:
        try:
            count = int(input())
        except EOFError:
            return
        started = time.perf_counter()
        last = deque(islice(steps, count), maxlen=1).pop().item()
        milliseconds = 1000 * (time.perf_counter() - started) / count
        print(f'block {milliseconds:.6f} {last:.9g}', flush=True)
