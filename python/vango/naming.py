"""How a callable is called in messages: its name and the line where it was written."""

from __future__ import annotations

import functools
from collections.abc import Callable


def innermost(fn: object) -> object:
    """Return the plain function behind bound methods, partials and wrappers."""
    while True:
        if isinstance(fn, functools.partial):
            fn = fn.func
        elif (inner := getattr(fn, "__wrapped__", None) or getattr(fn, "__func__", None)) is not None:
            fn = inner
        else:
            return fn


def site(fn: object) -> str:
    """Return `"file:line"` of a callable, or its name where it has no Python code."""
    code = getattr(innermost(fn), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else label(fn)


def label(fn: object) -> str:
    """Return the bare name of a callable."""
    fn = innermost(fn)
    return getattr(fn, "__qualname__", None) or type(fn).__qualname__


def name(fn: Callable[..., object]) -> str:
    """Return `"name (file:line)"` of a callable."""
    code = getattr(innermost(fn), "__code__", None)
    return f"{label(fn)} ({site(fn)})" if code is not None else label(fn)
