"""Handlers on their way to an element: forwarded as a prop, or marked as blocking."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType, MethodType
from typing import Any, ParamSpec, TypeAlias, TypeVar, cast

from vango._core import Marked, Slot, inspect_handler
from vango.components.threads import Blocking
from vango.naming import name
from vango.reactive.equality import Stable

P = ParamSpec("P")
R = TypeVar("R")

Bare: TypeAlias = Callable[..., Any] | tuple[Any, ...]
"""A callable, or a tuple of a callable and its first arguments."""

Handler: TypeAlias = Bare | Marked
"""What `on_click=` takes: a bare handler, or one with marks, as `on()` makes them."""


class Forwarder(Stable):
    """What a component gets for an `on_*` prop: always the same object, which calls the newest handler."""

    __slots__ = ("__weakref__", "target")

    def __init__(self, target: Bare) -> None:
        self.target = target

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the newest handler and return what it gives."""
        target = self.target
        if isinstance(target, tuple):
            return target[0](*target[1:], *args, **kwargs)
        return target(*args, **kwargs)

    @property
    def __wrapped__(self) -> Callable[..., Any]:
        """The newest handler, by which everybody sees how many arguments it takes."""
        target = self.target
        return functools.partial(target[0], *target[1:]) if isinstance(target, tuple) else target

    def forward(self, target: Bare) -> bool:
        """Call `target` from now on; return whether it takes the event as the last one did."""
        if target is self.target:
            return True
        same = inspect_handler(self.target) == inspect_handler(target)
        self.target = target
        return same


def is_handler(value: object) -> bool:
    """Return whether a prop is something to call when an event comes."""
    if type(value) is tuple:
        value = value[0] if value else None
    return (callable(value) and not isinstance(value, (type, Slot))) or isinstance(value, Marked)


def refuse_unrun(result: object, *, in_thread: bool = False) -> None:
    """Refuse what a handler returned if it is code that nobody is going to run.

    Args:
        result: What it returned.
        in_thread: Whether it ran in a worker thread, where no coroutine is awaited either.

    Raises:
        TypeError: It is; the sentence says what to write.
    """
    if isinstance(result, (FunctionType, MethodType)):
        raise TypeError(
            f"a handler returned {name(result)} without calling it; give that function itself as the handler"
        )
    if isinstance(result, (GeneratorType, AsyncGeneratorType)):
        raise TypeError(
            f"the handler {result.__qualname__} is a generator, which nobody runs; write an async def that "
            "sets signals and awaits: each await shows what was set before it"
        )
    if in_thread and isinstance(result, CoroutineType):
        result.close()
        raise TypeError(
            f"{result.__qualname__} is an async def and does not block; give it as it is, without blocking()"
        )


def resolve(handler: Handler) -> tuple[Callable[..., Any], tuple[Any, ...], bool]:
    """Return the newest function behind a handler, what it is given first, and whether it may change."""
    if type(handler) is FunctionType:
        return handler, (), False
    args: tuple[Any, ...] = ()
    forwarded = False
    while isinstance(handler, (tuple, Forwarder, Marked)):
        if isinstance(handler, Forwarder):
            forwarded = True
            handler = handler.target
        elif isinstance(handler, Marked):
            handler = handler.handler
        else:
            handler, *first = handler
            args = (*first, *args)
    return handler, args, forwarded


def is_blocking(handler: object) -> bool:
    """Return whether a function was marked by `blocking`, also inside a partial."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    return bool(getattr(handler, "__vango_blocking__", False))


def blocking(handler: Callable[P, R]) -> Blocking[P, R]:
    """Mark a plain function that waits or computes for long: it runs in a worker thread.

    The signals it writes change when it returns; until then only its own reads see the writes.
    As a handler, `on_click=blocking(save)` or `on_click=(blocking(save), row.id)`, its session waits for it,
    no other does. In `resource(blocking(load))` and `action(blocking(store))` nobody waits.

    Raises:
        TypeError: `handler` is an `async def`, which never blocks.
    """
    if inspect.iscoroutinefunction(handler):
        raise TypeError(
            f"{name(handler)} is an async def and does not block; give it as it is, without blocking()"
        )
    if not callable(handler):
        raise TypeError(
            f"blocking({handler!r}): give a function; with arguments, write (blocking(function), argument)"
        )

    @functools.wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return handler(*args, **kwargs)

    marked = cast("Blocking[P, R]", run)
    marked.__vango_blocking__ = True
    return marked
