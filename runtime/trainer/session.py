"""Runs one script the way CPython's own command line would.

Loaded before the memory snapshot is taken, so nothing here may depend on the machine, the user or the run; those
come in through `begin`.
"""

import atexit
import importlib.machinery
import importlib.util
import io
import linecache
import operator
import os
import random
import signal
import sys
import time
import traceback
import types

# Modules that training scripts import: reading them from the snapshot costs nothing at run time.
import argparse  # noqa: F401
import collections  # noqa: F401
import contextlib  # noqa: F401
import copy  # noqa: F401
import csv  # noqa: F401
import dataclasses  # noqa: F401
import datetime  # noqa: F401
import functools  # noqa: F401
import glob  # noqa: F401
import gzip  # noqa: F401
import itertools  # noqa: F401
import json  # noqa: F401
import logging  # noqa: F401
import math  # noqa: F401
import pathlib  # noqa: F401
import pickle  # noqa: F401
import shutil  # noqa: F401
import string  # noqa: F401
import struct  # noqa: F401
import tempfile  # noqa: F401
import typing  # noqa: F401
import unicodedata  # noqa: F401
import zipfile  # noqa: F401

DEFAULT_SEED = 67280421310721  # of PyTorch's generators

_host = None
_hidden_files: tuple[str, ...] = ()


class TorchFinder:
    """Finds the package `torch` in one folder, and nothing else there."""

    def __init__(self, folder: str):
        self.folder = folder

    def find_spec(self, name, path=None, target=None):
        if name != 'torch':
            return None
        return importlib.machinery.PathFinder.find_spec(name, [self.folder])


def install_torch(folder: str):
    """Makes `import torch` find the package in `folder`, and imports it."""
    global _hidden_files
    # First on the path of finders: a script's own folder named torch would else shadow it.
    sys.meta_path.insert(0, TorchFinder(folder))
    _hidden_files = (os.path.join(folder, 'torch') + '/',)
    import torch  # noqa: F401


def begin(host, environment: dict, cwd: str, program: str):
    """Takes up the process's own state after the snapshot has been loaded.

    `host` has rearm(), sleep(milliseconds) -> bool (whether a signal came) and takeSignal().
    """
    global _host
    _host = host
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.executable = program
    sys.dont_write_bytecode = bool(environment.get('PYTHONDONTWRITEBYTECODE'))
    sys.path[:] = [entry for entry in sys.path if entry.startswith('/lib/')]
    linecache.clearcache()
    random.seed()  # the snapshot holds the state that was drawn when it was made
    _open_standard_streams()
    signal.signal(signal.SIGINT, _on_interrupt)
    time.sleep = _sleep
    sys.excepthook = _print_exception


def install_engine(functions, direct):
    """Makes the addon's functions the module `_engine`; `direct` makes built-in functions of them."""
    module = types.ModuleType('_engine', "The native engine's flat functions.")
    for name in dir(functions):
        if not name.startswith('_'):
            setattr(module, name, getattr(functions, name))
    module.direct = direct
    sys.modules['_engine'] = module


def _open_standard_streams():
    """Opens the three streams anew: whether they are terminals was not known when the snapshot was made."""
    for name, mode, fd in (('stdin', 'r', 0), ('stdout', 'w', 1), ('stderr', 'w', 2)):
        raw = io.FileIO(fd, mode, closefd=False)
        raw.name = f'<{name}>'
        buffer = io.BufferedReader(raw) if mode == 'r' else io.BufferedWriter(raw)
        errors = 'backslashreplace' if name == 'stderr' else 'strict'
        stream = io.TextIOWrapper(buffer, 'utf-8', errors, line_buffering=mode == 'w')
        stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, f'__{name}__', stream)


def _on_interrupt(number, frame):
    """Raises KeyboardInterrupt, but never where Python would swallow it: finalizers and weak references' callbacks."""
    while frame is not None:
        code = frame.f_code
        if code.co_name == '__del__' or code.co_filename.endswith('/weakref.py'):
            _host.rearm()
            return
        frame = frame.f_back
    raise KeyboardInterrupt


def _sleep(seconds, /):
    """Suspends execution for the given number of seconds; Ctrl-C ends it."""
    seconds = float(seconds) if hasattr(seconds, '__float__') else operator.index(seconds)
    if seconds < 0:
        raise ValueError('sleep length must be non-negative')
    end = time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        if left <= 0:
            return
        if _host.sleep(left * 1000):
            handler = signal.getsignal(_host.takeSignal())
            if callable(handler):
                handler(signal.SIGINT, sys._getframe())


def run(script: str, argument: str, arguments: list[str]) -> dict:
    """Runs `script` as `__main__`. Returns the exit code and what ended it, as plain values."""
    sys.argv[:] = [argument, *arguments]
    sys.path.insert(0, os.path.dirname(os.path.realpath(script)))
    main = types.ModuleType('__main__')
    main.__file__ = script
    main.__builtins__ = __builtins__
    main.__loader__ = importlib.machinery.SourceFileLoader('__main__', script)
    sys.modules['__main__'] = main
    end = _call(lambda: exec(_compile(script), main.__dict__))
    if end['exitCode'] == 0:
        end = _call(_wait_for_gpu)
    # What the interpreter does at its end, in its order.
    for finish in (atexit._run_exitfuncs, sys.stdout.flush, sys.stderr.flush):
        late = _call(finish)
        if end['exitCode'] == 0:
            end = late
    return end


def _wait_for_gpu():
    """What it still had to do may have met an error, of which nobody has read yet."""
    cuda = sys.modules.get('torch.cuda')
    if cuda is not None and cuda.is_available():
        cuda.synchronize()


def seed() -> str | None:
    """The seed of the default generator, in decimal; None where the script has not set one."""
    given = sys.modules['torch'].initial_seed()
    return None if given == DEFAULT_SEED else str(given)


def describe_model():
    """Tells the engine of the model as it is at the end, for the snapshot."""
    model = sys.modules.get('torch._model')
    if model is not None:
        model.describe()


def _compile(script: str):
    with io.open_code(script) as file:
        return compile(file.read(), script, 'exec', dont_inherit=True)


def _call(function) -> dict:
    try:
        function()
    except SystemExit as exit:
        return {'exitCode': _exit_code(exit.code), 'type': None, 'message': None}
    except BaseException as error:
        _show(error)
        # A process that Ctrl-C ended returns 128 + SIGINT.
        code = 130 if isinstance(error, KeyboardInterrupt) else 1
        return {'exitCode': code, 'type': type(error).__qualname__, 'message': str(error)}
    return {'exitCode': 0, 'type': None, 'message': None}


def _exit_code(code) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _show(error: BaseException):
    try:
        _flush(sys.stdout)
        sys.excepthook(type(error), error, error.__traceback__)
    except BaseException as second:
        print('Error in sys.excepthook:', file=sys.stderr)
        _print_exception(type(second), second, second.__traceback__)
        print('\nOriginal exception was:', file=sys.stderr)
        _print_exception(type(error), error, error.__traceback__)


def _flush(stream):
    if stream is not None and not stream.closed:
        stream.flush()


def _print_exception(kind, error, trace):
    if os.environ.get('UNROLL_TRACEBACK') != 'full':
        _hide_frames(error, set())
    traceback.print_exception(error)


def _hide_frames(error: BaseException | None, seen: set[int]):
    """Drops the frames of this file and of the torch package, here and in the exceptions behind this one."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    frames = []
    trace = error.__traceback__
    while trace is not None:
        if not _is_hidden(trace.tb_frame.f_code.co_filename):
            frames.append(trace)
        trace = trace.tb_next
    for kept in reversed(frames):
        trace = types.TracebackType(trace, kept.tb_frame, kept.tb_lasti, kept.tb_lineno)
    error.__traceback__ = trace
    _hide_frames(error.__cause__, seen)
    _hide_frames(error.__context__, seen)
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            _hide_frames(inner, seen)


def _is_hidden(file: str) -> bool:
    return file == __file__ or file.startswith(_hidden_files)
