"""The engine's flat functions, with its errors raised as Python's own.

Every name asked of this module becomes a function of the `_engine` module: tensors are integer handles
(0: none), sequences their count and then their elements, scalars a kind and a value. The engine itself is
looked up at the first call and not at import, so that an interpreter with torch imported can be kept as a
memory snapshot.
"""

import builtins
import importlib

from pyodide.ffi import JsException, create_proxy

_bound = []  # what to call for each function once the engine is there


def _translated(error):
    """The Python exception an error of the engine stands for."""
    kind = getattr(builtins, error.name, None)
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return kind(error.message)
    return RuntimeError(f'{error.name}: {error.message}')


def _connect():
    engine = importlib.import_module('_engine')
    engine.bind_script(create_proxy(answer_engine))
    for bind in _bound:
        bind(engine)


def _function(name):
    def native(*arguments):
        _connect()
        return native(*arguments)

    def bind(engine):
        nonlocal native
        native = getattr(engine, name, None) or _missing(name)

    def call(*arguments):
        try:
            return native(*arguments)
        except JsException as error:
            failure = _raised.pop() if _raised else _translated(error)
        raise failure from failure.__cause__

    call.__name__ = call.__qualname__ = name
    _bound.append(bind)
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
    function = _function(name)
    globals()[name] = function
    return function
