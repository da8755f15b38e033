"""Handlers on their way to an element: forwarded as a prop, or marked as blocking."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeAlias, TypeVar

from vango._core import Slot, inspect_handler
from vango.naming import name
from vango.reactive.equality import Stable

P = ParamSpec("P")
R = TypeVar("R")

Handler: TypeAlias = Callable[..., Any] | tuple[Any, ...]
"""A callable, or a tuple of a callable and its first arguments."""


class Forwarder(Stable):
    """What a component gets for an `on_*` prop: always the same object, which calls the newest handler."""

    __slots__ = ("__weakref__", "target")

    def __init__(self, target: Handler) -> None:
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

    def forward(self, target: Handler) -> bool:
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
    return callable(value) and not isinstance(value, (type, Slot))


def resolve(handler: Handler) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """Return the newest function behind a handler, and the arguments that it is given first."""
    args: tuple[Any, ...] = ()
    while isinstance(handler, (tuple, Forwarder)):
        if isinstance(handler, Forwarder):
            handler = handler.target
        else:
            handler, *first = handler
            args = (*first, *args)
    return handler, args


def blocking(handler: Callable[P, R]) -> Callable[P, R]:
    """Mark a handler that waits or computes for long: it runs in a worker thread.

    Its session waits for it, no other does. The signals it writes change when it returns; until
    then only its own reads see the writes. `on_click=blocking(save)` and
    `on_click=(blocking(save), row.id)` both work.

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

    run.__vango_blocking__ = True  # type: ignore[attr-defined]
    return run
