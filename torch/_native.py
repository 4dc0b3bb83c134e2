"""The engine's flat functions, with its errors raised as Python's own.

Every name asked of this module becomes a function of the `_engine` module: tensors are integer handles
(0: none), sequences their count and then their elements, scalars a kind and a value. The engine itself is
looked up at the first call and not at import, so that an interpreter with torch imported can be kept as a
memory snapshot; from then on the attributes are built-in functions (runtime/trainer/direct-calls.ts).
"""

import builtins
import importlib
import sys

from pyodide.ffi import JsException, create_proxy

_wanted = []  # the names of functions that were asked for before the engine was there
_when_connected = []  # what is done once it is
_slow = {}  # name -> what takes arguments that built-in functions do not read


class _LinAlgError(RuntimeError):
    """A matrix does not have what was asked of it."""


_own = {'_LinAlgError': _LinAlgError}


def _failure(name, message):
    """The Python exception that an error of the engine stands for."""
    if _raised:
        return _raised.pop()
    kind = _own.get(name) or getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return kind(message)
    return RuntimeError(f'{name}: {message}')


def fail(name, message):
    """Raises what an error of the engine stands for."""
    failure = _failure(name, message)
    try:
        raise failure from failure.__cause__
    finally:
        del failure  # whose traceback holds this frame, and with it the tensors of all that are running


def _through_proxy(function):
    """The engine's function, called through its proxy: it takes text, large integers and functions too."""

    def call(*arguments):
        try:
            return function(*arguments)
        except JsException as error:
            name, message = error.name, error.message
        fail(name, message)

    return call


def _connect():
    """Makes the engine's functions this module's attributes."""
    engine = importlib.import_module('_engine')
    engine.bind_script(create_proxy(answer_engine))
    known = (int, float, True, False, None)
    make = engine.direct(id(sys.modules[__name__]), id(fail), *map(id, known))

    def bind(name):
        function = getattr(engine, name, None)
        if function is None:
            globals()[name] = _missing(name)
        else:
            _slow[name] = _through_proxy(function)
            make(name, id(_slow[name]))

    for name in _wanted:
        bind(name)
    for act in _when_connected:
        act()
    _bind.append(bind)


_bind = []  # makes the function of a name, once the engine is there


def when_connected(act):
    """Calls `act()` once the functions are the engine's own."""
    _when_connected.append(act)


def _function(name):
    """What stands for the engine's function of this name until the first call."""

    def call(*arguments):
        if not _bind:
            _connect()
        return globals()[name](*arguments)

    call.__name__ = call.__qualname__ = name
    _wanted.append(name)
    return call


def answer_engine(ask, number, *handles):
    """What the engine calls from within its functions: torch/_callbacks.py puts its own in this place."""
    return _answer[0](ask, number, *handles)


_answer = []  # the one function that answers
_raised = []  # what it raised, to be raised again by the call that was under way


def answer_with(function):
    """Lets `function(ask, number, *handles)` answer the engine; it returns a number, and may raise."""

    def answer(ask, number, *handles):
        try:
            return function(ask, number, *handles)
        except BaseException as error:
            _raised.append(error)
            return -1

    _answer[:] = [answer]


def _missing(name):
    def native(*_):
        raise NotImplementedError(f'{name}: this engine has no such operation')

    return native


def __getattr__(name):
    if name.startswith('__'):
        raise AttributeError(name)
    if _bind:
        _bind[0](name)
    else:
        globals()[name] = _function(name)
    return globals()[name]
