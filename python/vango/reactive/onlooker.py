"""Code that only looks: it runs before anybody has asked for what it shows, and has no effect on anything.

A context says so, not a frame: what such code starts, tasks and threads too, only looks as well.

Invariant: it writes signals that were made in that context, and no others.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextvars import Context, ContextVar
from types import FrameType
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    from vango.reactive.tracking import Source

__all__ = ["Onlooker", "onlooker", "only_looks", "refuse_early"]

_LOOPS = ("anyio", "asyncio", "trio")


class Onlooker:
    """Stands for the code of one context until that may have effects.

    Attributes:
        is_free: Whether it may.
    """

    __slots__ = ("_made", "_refuse", "is_free")

    def __init__(self, context: Context, refuse: Callable[[str], Exception]) -> None:
        """Let the code of a context only look; `refuse` gives the error for what has an effect."""
        self._made: WeakSet[Source[Any]] = WeakSet()
        self._refuse = refuse
        self.is_free = False
        context.run(onlooker.set, self)

    def free(self) -> None:
        """Somebody has asked for what it shows: from now on it is like any other code."""
        self.is_free = True
        self._made = WeakSet()

    def made(self, source: Source[Any]) -> None:
        """Hear of a signal of its own."""
        if not self.is_free:
            self._made.add(source)

    def check(self, source: Source[Any]) -> None:
        """Hear that a signal is about to be written.

        Raises:
            Exception: It is not of its own making.
        """
        if not self.is_free and source not in self._made:
            raise self._refuse(f"{_caller()} writes a signal that others have")

    def refuse(self, what: str) -> None:
        """Hear of something that has an effect.

        Raises:
            Exception: It may have none yet.
        """
        if not self.is_free:
            raise self._refuse(what)


onlooker: ContextVar[Onlooker | None] = ContextVar("vango.reactive.onlooker", default=None)
"""Whose code runs; `None` for code that may have effects."""


def _caller() -> str:
    """Return the line of the application that runs, or what stands for it where the loop runs."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        module = frame.f_globals.get("__name__", "").partition(".")[0]
        if module in _LOOPS:
            break
        if module != "vango":
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return "a thread of it"


def only_looks() -> bool:
    """Tell whether the code that runs may have no effect yet."""
    looking = onlooker.get()
    return looking is not None and not looking.is_free


def refuse_early(what: str) -> None:
    """Refuse what has an effect in code that only looks.

    Args:
        what: What it did, as the beginning of a sentence.

    Raises:
        Exception: It runs here.
    """
    looking = onlooker.get()
    if looking is not None:
        looking.refuse(what)
