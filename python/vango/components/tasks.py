"""Tasks: `spawn` runs an async function beside the page, `subscribe` follows an async iterable."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterable, Awaitable, Callable, Hashable
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar

from vango.components.activities import Activity, Surroundings, begin
from vango.naming import label, name, require_function

__all__ = ["Subscription", "Task", "spawn", "subscribe"]

P = ParamSpec("P")
T = TypeVar("T")


class Task(Activity):
    """An async function that runs beside the page; `dispose()` cancels it."""

    __slots__ = ("_args", "_fn", "_kwargs", "_over")

    in_loops: ClassVar[str] = (
        "write it in a component that has a key, Row(item, key=item.id); spawn() takes none"
    )

    def __init__(
        self, around: Surroundings, fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        super().__init__(around)
        self._fn = fn
        self._args = args
        self._kwargs = kwargs
        self._over = False

    @property
    def is_over(self) -> bool:
        """Whether it has returned, raised or been cancelled."""
        return self._over or self._ended

    def _begin(self) -> Callable[[], None]:
        return self.around.host.start(self._run, name(self._fn))

    async def _run(self) -> None:
        try:
            running = self._fn(*self._args, **self._kwargs)
            if not inspect.isawaitable(running):
                raise TypeError(not_awaitable("spawn", self._fn, running))
            await running
        finally:
            self._over = True
            self.around.activities.pop(self, None)


class Subscription(Activity, Generic[T]):
    """An async iterable that is followed; `dispose()` stops it."""

    __slots__ = ("_source", "fn")

    def __init__(
        self,
        around: Surroundings,
        source: AsyncIterable[T] | Callable[[], AsyncIterable[T]],
        fn: Callable[[T], object],
    ) -> None:
        super().__init__(around)
        self._source = source
        self.fn = fn

    def renew(self, fn: Callable[[T], object]) -> None:
        """Give the items that come to `fn`."""
        self.fn = fn

    def _begin(self) -> Callable[[], None]:
        return self.around.host.start(self._run, name(self.fn))

    async def _run(self) -> None:
        source = self._source
        items = source() if callable(source) else source
        try:
            async for item in _iterable(items, source):
                result = self.fn(item)
                if inspect.isawaitable(result):
                    await result
        finally:
            self.around.activities.pop(self, None)
            close = getattr(items, "aclose", None)
            if callable(source) and close is not None:
                await close()  # it was opened for this


def spawn(fn: Callable[P, Awaitable[object]], *args: P.args, **kwargs: P.kwargs) -> Task:
    """Run `fn(*args, **kwargs)` beside the page; what it writes is shown at each of its awaits.

    In a body it runs once, from when a browser is there, and is cancelled when the scope ends; a component
    with another key runs it anew. In an effect the end of the run cancels it. In a handler it belongs to the
    session. A connection that drops does not disturb it: the page catches up when it is back.
    An error is reported and ends the task alone.

    Raises:
        RuntimeError: Neither a body, an effect nor a handler runs.
        TypeError: `fn` is no function, but a coroutine for one.
    """
    if inspect.iscoroutine(fn):
        fn.close()
        raise TypeError(
            f"spawn() takes the function and its arguments: write spawn({fn.__name__}, ...), without calling "
            f"{fn.__name__}"
        )
    require_function(fn, "spawn()", "spawn(follow, channel), without calling follow")
    return begin("spawn", Task, None, lambda around, _: Task(around, fn, args, kwargs), lambda _: None)


def subscribe(
    source: AsyncIterable[T] | Callable[[], AsyncIterable[T]],
    fn: Callable[[T], object],
    *,
    key: Hashable = None,
) -> Subscription[T]:
    """Call `fn(item)` for each item of an async iterable, one after the other.

    In a body it starts when a browser is there and ends with the scope; in an effect it ends with the run, in
    a handler with the session. An error of the iterable or of `fn` is reported and ends it.

    Args:
        source: An async iterable, or a function that opens one, which is closed at the end. A body's first
            one is followed.
        fn: A function, or an `async def`, which is awaited before the next item. In a body, the newest one is
            called.
        key: Its identity where the place alone does not tell, in a loop.

    Raises:
        RuntimeError: Neither a body, an effect nor a handler runs.
        TypeError: `source` gives no items, or `fn` is no function.
    """
    if not callable(source):
        _iterable(source, source)
    require_function(fn, "subscribe()", "subscribe(prices, show), without calling show")
    return begin(
        "subscribe",
        Subscription,
        key,
        lambda around, _: Subscription(around, source, fn),
        lambda found: found.renew(fn),
    )


def not_awaitable(use: str, fn: object, gave: object) -> str:
    """Return what to write instead of a function that `gave` nothing to await."""
    if inspect.isasyncgen(gave):
        return f"{use}({label(fn)}): {name(fn)} yields its items one by one; write {_each_item(use, fn)}"  # type: ignore[arg-type]
    return (
        f"{use}({label(fn)}): {name(fn)} gave nothing to await; write async def, and for code that blocks "  # type: ignore[arg-type]
        + (
            "await anyio.to_thread.run_sync(function, argument) in it"
            if use == "spawn"
            else f"{use}(blocking({label(fn)}))"
        )
    )


def _each_item(use: str, fn: object) -> str:
    if use == "action":
        return "an async def that sets signals: each await shows what was set before it"
    follow = f"subscribe({label(fn)}, show), which calls show(item) for each"
    rows = "; with show=log.append the rows of log = stream(key=..., render=...) keep coming"
    return follow + rows if use == "resource" else follow


def _iterable(items: Any, source: object) -> AsyncIterable[Any]:
    if not hasattr(items, "__aiter__"):
        given = f"{label(source)}() gave" if callable(source) else "it was given"
        raise TypeError(
            f"subscribe() follows what `async for` takes, and {given} {items!r:.80}; "
            "write an async def that yields the items"
        )
    found: AsyncIterable[Any] = items
    return found
