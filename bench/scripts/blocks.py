"""Steps in blocks, timed by the script itself: each line of the standard input says how many to make.

bench/lib/sides.mjs writes these lines and reads the answers.
"""

import time
from collections import deque
from itertools import islice


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
