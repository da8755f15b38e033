"""An async function, or its coroutine, where nothing waits: the message says what to write, and where."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from view_driver import Page

from vango import (
    CycleError,
    For,
    component,
    effect,
    html as h,
    memo,
    on_cleanup,
    on_mount,
    selector,
    signal,
    stream,
)
from vango.reactive.signals import Signal

FILE = r"test_async_where_sync_is_needed\.py:\d+"


async def load(*_: object) -> int:
    return 1


async def show(row: int) -> object:
    return h.p[row]


def errors(body: Callable[[], Any]) -> list[str]:
    """Return what went wrong on a page with this body; a coroutine that is dropped unawaited fails."""

    @component
    def Body() -> object:
        return body()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = Page(Body())
        page.close()
    return [f"{where}: {error}" for where, error in page.host.errors]


def do(fn: Callable[[], object]) -> None:
    """Call and return nothing, as a statement does."""
    fn()


RESOURCE = (
    r"give the async function to resource\(load\), which calls it, and show what it gave with \.match\("
)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (lambda: load(), rf"load\(\) is a coroutine, and neither a body nor a slot can wait; {RESOURCE}"),
        (
            lambda: h.p[lambda: load()],
            rf"load\(\) is a coroutine, and neither a body nor a slot .*{RESOURCE}",
        ),
        (lambda: h.p[load], rf"is async, and a child cannot wait; {RESOURCE}"),
        (lambda: h.p(title=load), rf"is async, and an attribute cannot wait; {RESOURCE}"),
        (lambda: For([1], key=str, render=show), rf"show\(\) is a coroutine, .*{RESOURCE}"),
        (
            lambda: h.p[memo(load)],
            rf"a memo cannot wait: load .*{FILE}\) is an async def; write resource\(load",
        ),
        (lambda: h.p[memo(lambda: load())], rf"slot of a Memo in .*load\(\) is a coroutine.*{RESOURCE}"),
        (lambda: do(lambda: effect(load)), r"an effect cannot wait: .*effect\(lambda: spawn\(load\)\)"),
        (lambda: do(lambda: effect(lambda: load())), r"returned a coroutine, .*write spawn\(function, arg"),
        (lambda: do(lambda: on_mount(load)), r"on_mount\(\) cannot wait for load .*write spawn\(load\)"),
        (lambda: do(lambda: on_cleanup(load)), r"on_cleanup\(\) cannot wait for load .*write spawn\(use\)"),
        (lambda: do(lambda: on_cleanup(lambda: load())), r"the cleanup .* returned a coroutine; write spawn"),
        (
            lambda: signal(init=load),
            r"signal\(init=load\) cannot wait for an async def; write resource\(load",
        ),
        (lambda: h.p[lambda: selector(load)(1)], r"a memo cannot wait: load"),
        (
            lambda: stream(key=str, render=show),
            rf"a row cannot wait: show .*{FILE}\) is an async def; load fi",
        ),
        (
            lambda: do(lambda: signal(0).set(load())),
            r"was given the coroutine load\(\); write await load\(\)",
        ),
        (
            lambda: do(lambda: signal(0).update(load)),
            r"was given the coroutine load\(\); write await load\(\)",
        ),
    ],
)
def test_the_message_says_what_to_write(body: Callable[[], Any], says: str) -> None:
    (error,) = errors(body)
    assert re.search(says, error), error
    assert re.search(FILE, error), error


def test_a_component_is_no_async_def() -> None:
    with pytest.raises(
        TypeError, match=rf"load .*{FILE}\) is an async def, but a body cannot wait; write def, and"
    ):
        component(load)


def test_a_body_that_writes_what_it_reads_names_the_line_of_the_write() -> None:
    @component
    def Body() -> object:
        rows = signal(["a"])
        rows.append(str(len(rows)))
        return h.p["x"]

    page = Page(Body())
    (error,) = page.errors
    line = Body.fn.__code__.co_firstlineno + 3
    assert error.endswith(
        f"because each render writes what it reads ({__file__}:{line}); "
        "write in a handler or an effect, or compute the value with memo()"
    )


def test_memos_that_need_each_other_are_named_with_their_lines() -> None:
    first: Any = memo(lambda: second() + 1)
    second: Any = memo(lambda: first() + 1)
    with pytest.raises(
        RuntimeError, match=rf"memos need each other: .*{FILE}\) -> .*{FILE}\) -> .*; let one of"
    ):
        first()


def test_effects_that_wake_each_other_are_named_with_their_lines() -> None:
    one, two, shown = Signal(0), Signal(0), []

    def there() -> None:
        two.set(one() + 1)

    def back() -> None:
        one.set(two() + 1)

    effects = [effect(lambda: shown.append(one()) or shown.append(two())), effect(there)]
    ways = [rf"\S+{to} \(\S*{FILE}\)" for to in ("there", "back")]
    with pytest.raises(
        CycleError,
        match=r"^effects keep writing what they read, 100 rounds so far: "
        rf"({ways[0]} -> {ways[1]}|{ways[1]} -> {ways[0]}); read with \.peek\(\)",
    ):
        effects.append(effect(back))
    assert len(shown) > 100
    for each in effects:
        each.dispose()
