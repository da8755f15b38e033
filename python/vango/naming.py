"""How a callable is called in messages: its name and the line where it was written."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import CodeType, FunctionType, GeneratorType

LOAD_FIRST = (
    "give the async function to resource(load), which calls it, and show what it gave with "
    ".match(lambda data: ...)"
)
"""What to write where something would have to wait."""


def innermost(fn: object) -> object:
    """Return the plain function behind bound methods, partials and wrappers."""
    while True:
        if isinstance(fn, functools.partial):
            fn = fn.func
        elif (inner := getattr(fn, "__wrapped__", None) or getattr(fn, "__func__", None)) is not None:
            fn = inner
        else:
            return fn


def require_function(fn: object, use: str, example: str) -> None:
    """Refuse what cannot be called where a function belongs.

    Raises:
        TypeError: `fn` cannot be called; the sentence shows `example`.
    """
    if not callable(fn):
        raise TypeError(f"{use} takes a function, not {fn!r:.80}; write {example}")


def required_arguments(fn: Callable[..., object]) -> int:
    """Return how many arguments a function must be given by position; 0 where nobody can tell."""
    if type(fn) is FunctionType and not fn.__dict__:  # a decorator's wrapper has a __wrapped__ there
        return fn.__code__.co_argcount - len(fn.__defaults__ or ())
    try:
        parameters = inspect.signature(fn).parameters.values()
    except (TypeError, ValueError):  # written in C, without a signature
        return 0
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in positional and p.default is p.empty for p in parameters)


def require_async(fn: object, use: str) -> None:
    """Refuse what cannot be awaited where an `async def` belongs.

    Raises:
        TypeError: `fn` is no `async def`; the sentence begins with `use`.
    """
    if not inspect.iscoroutinefunction(innermost(fn)):
        raise TypeError(f"{use} is served by an `async def`, and {label(fn)} is none")


ONCE = (GeneratorType, map, filter, zip)
"""What gives its items only once."""


def refuse_once(value: object, use: str) -> None:
    """Refuse what gives its items only once where they are asked for at each render.

    Raises:
        TypeError: `value` is a generator or the like; the sentence begins with `use`.
    """
    if isinstance(value, ONCE):
        kind = type(value).__name__
        raise TypeError(f"{use} is a {kind}, which gives its items only once; write a list, [... for ...]")


def site(fn: object) -> str:
    """Return `"file:line"` of a callable, or its name where it has no Python code."""
    code = _code(fn)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else label(fn)


def label(fn: object) -> str:
    """Return the bare name of a callable."""
    fn = innermost(fn)
    return getattr(fn, "__qualname__", None) or type(fn).__qualname__


def name(fn: Callable[..., object]) -> str:
    """Return `"name (file:line)"` of a callable."""
    return f"{label(fn)} ({site(fn)})" if _code(fn) is not None else label(fn)


def _code(fn: object) -> CodeType | None:
    fn = innermost(fn)
    code = getattr(fn, "__code__", None)
    if code is None:  # an object that can be called: what its class says
        code = getattr(type(fn).__dict__.get("__call__"), "__code__", None)
    return code if isinstance(code, CodeType) else None
