"""Streams: rows are rendered once, the window is what stands on the page, and memory stays flat (F-3)."""

from __future__ import annotations

import json
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from view_driver import Page

from vango import ErrorBoundary, component, html as h, memo
from vango.components.component import Call
from vango.components.state import signal
from vango.components.streams import Stream, stream
from vango.reactive.deferred import deferred_writes
from vango.reactive.signals import Signal


class Line:
    """An item that can be watched."""

    def __init__(self, number: int, text: str = "") -> None:
        self.id = number
        self.text = text or f"line {number}"


def lines(ran: list[int] | None = None, **options: Any) -> Stream[Line]:
    def row(line: Line) -> object:
        if ran is not None:
            ran.append(line.id)
        return h.li[line.text]

    return stream(key=lambda line: line.id, render=row, **options)


@component
def Log(rows: Stream[Line]) -> object:
    return h.ol[rows]


def shown(page: Page) -> list[str]:
    return page.html.removeprefix("<ol><li>").removesuffix("</li></ol>").split("</li><li>")


def test_rows_are_added_at_both_ends_and_in_between_and_rendered_once() -> None:
    ran: list[int] = []
    log = lines(ran, items=[Line(1), Line(2)])
    page = Page(Log(log))
    log.append(Line(3))
    log.prepend(Line(0))
    log.insert(-1, Line(9))
    page.flush()
    assert shown(page) == ["line 0", "line 1", "line 2", "line 9", "line 3"]
    log.append(Line(4))
    page.flush()
    assert sorted(ran) == [0, 1, 2, 3, 4, 9]
    assert len(ran) == 6


def test_over_the_limit_rows_leave_at_the_other_end() -> None:
    log = lines(limit=3, items=[Line(1), Line(2), Line(3)])
    page = Page(Log(log))
    log.append(Line(4))
    page.flush()
    assert shown(page) == ["line 2", "line 3", "line 4"]
    log.prepend(Line(0))
    page.flush()
    assert shown(page) == ["line 0", "line 2", "line 3"]
    log.extend(Line(n) for n in range(10, 20))
    page.flush()
    assert shown(page) == ["line 17", "line 18", "line 19"]
    assert len(log) == 3


def test_a_row_of_a_known_key_is_replaced_where_it_is_and_no_other_is_touched() -> None:
    ran: list[int] = []
    log = lines(ran, items=[Line(1), Line(2), Line(3)])
    page = Page(Log(log))
    ran.clear()
    log.append(Line(2, "two"))
    ops = page.flush()
    assert shown(page) == ["line 1", "two", "line 3"]
    assert ran == [2]
    assert len(ops) < 16


def test_rows_are_removed_and_reset() -> None:
    log = lines(items=[Line(1), Line(2), Line(3)], limit=3)
    page = Page(Log(log))
    assert log.remove(2)
    assert not log.remove(7)
    page.flush()
    assert shown(page) == ["line 1", "line 3"]
    log.reset(Line(n) for n in range(10))
    page.flush()
    assert shown(page) == ["line 7", "line 8", "line 9"]
    assert 9 in log
    assert 3 not in log
    log.reset()
    page.flush()
    assert page.html == "<ol></ol>"


def test_what_leaves_before_it_was_shown_is_never_rendered() -> None:
    ran: list[int] = []
    log = lines(ran, limit=2)
    page = Page(Log(log))
    log.extend(map(Line, range(1_000)))
    page.flush()
    assert ran == [998, 999]


def test_an_item_is_let_go_of_when_its_row_was_rendered() -> None:
    log = lines()
    page = Page(Log(log))
    line = Line(1)
    alive = weakref.ref(line)
    log.append(line)
    page.flush()
    del line
    assert alive() is None
    assert shown(page) == ["line 1"]


def test_a_stream_of_the_module_is_rendered_once_for_all_pages() -> None:
    ran: list[int] = []
    log = lines(ran, items=[Line(1)])
    first, second = Page(Log(log)), Page(Log(log))
    log.append(Line(2))
    first.flush()
    second.flush()
    assert shown(first) == shown(second) == ["line 1", "line 2"]
    assert ran == [1, 2]
    first.close()
    log.append(Line(3))
    second.flush()
    assert shown(second) == ["line 1", "line 2", "line 3"]
    second.close()
    assert log._changes._observers is None


def test_handlers_slots_and_components_in_rows_work() -> None:
    seen: list[int] = []
    unit = Signal("m")

    @component
    def Opened(number: int) -> object:
        opened = signal(False)
        return h.button(id=f"b{number}", on_click=(opened.set, True))[lambda: "open" if opened() else "shut"]

    def row(line: Line) -> object:
        return h.li[
            h.a(id=f"a{line.id}", on_click=(seen.append, line.id))["go"], unit, Opened(number=line.id)
        ]

    log: Stream[Line] = stream(key=lambda line: line.id, render=row)
    page = Page(Log(log))
    log.extend([Line(1), Line(2)])
    page.flush()
    page.click("b1")
    log.prepend(Line(0))
    page.flush()
    page.click("a2")
    unit.set("k")
    page.flush()
    assert seen == [2]
    assert page.html.count("k<button") == 3
    assert [part[:4] for part in page.html.split('">')[2::2]] == ["shut", "open", "shut"]
    log.remove(1)
    page.flush()
    assert (
        page.view.scope_count == 1 + 1 + 1 + 1 + 2 * 3
    )  # root, its child, the page, the stream; per row three


def test_a_row_that_raises_goes_to_the_boundary_and_is_taken_out() -> None:
    def row(line: Line) -> object:
        return h.li[f"{10 // line.id}"]

    log: Stream[Line] = stream(key=lambda line: line.id, render=row, items=[Line(1)])
    page = Page(ErrorBoundary(Log(log), fallback=lambda error, retry: h.button(on_click=retry)["again"]))
    log.extend([Line(0), Line(2)])
    page.flush()
    assert page.html == "<button>again</button>"
    assert "stream with render=" in page.host.errors[0][0]
    page.click("again")
    assert page.html == "<ol><li>10</li><li>5</li></ol>"


def test_what_a_row_reads_wakes_nobody() -> None:
    unit = Signal("m")
    log: Stream[Line] = stream(
        key=lambda line: line.id, render=lambda line: h.li[unit()], items=[Line(1), Line(2)]
    )
    page = Page(Log(log))
    unit.set("k")
    assert page.flush() == b""


def test_in_a_body_it_is_found_again_and_uses_the_newest_functions() -> None:
    again, mark = Signal(0), ["a"]
    made: list[Any] = []

    @component
    def Body() -> object:
        again()
        word = mark[0]
        log = stream(key=lambda line: line.id, render=lambda line: h.li[f"{word}{line.id}"])
        made.append(log)
        return h.ol[log]

    page = Page(Body())
    made[0].append(Line(1))
    page.flush()
    mark[0] = "b"
    again.set(1)
    page.flush()
    assert made[0] is made[1]
    made[0].append(Line(2))
    page.flush()
    assert shown(page) == ["a1", "b2"]


@pytest.mark.parametrize("change", ["append", "prepend", "insert", "extend", "reset"])
@pytest.mark.parametrize(
    ("key", "why"),
    [
        (1.5, r"key=1\.5: a key is a str, int, bytes, UUID or a tuple of these"),
        (True, r"key=True: a key is a str, int"),
        ((1, [2]), r"key=\[2\]: a key is a str, int"),
        (None, r"key=None: each row needs one: a str, int, bytes, UUID or a tuple of these"),
        (1 << 130, r"a key is an int of at most 127 bits"),
    ],
)
def test_what_is_no_key_is_refused_where_it_comes_by_line_and_nothing_changes(
    change: str, key: Any, why: str
) -> None:
    log = lines(items=[Line(1)])
    page = Page(Log(log))
    wrong = Line(key)
    acts: dict[str, Callable[[], object]] = {
        "append": lambda: log.append(wrong),
        "prepend": lambda: log.prepend(wrong),
        "insert": lambda: log.insert(0, wrong),
        "extend": lambda: log.extend([Line(2), wrong]),
        "reset": lambda: log.reset([Line(2), wrong]),
    }
    with pytest.raises(
        (TypeError, ValueError), match=r"^stream\(key=.*<lambda> \(.*test_streams.py:\d+\)\): " + why
    ):
        acts[change]()
    assert page.flush() == b""
    assert log._keys == [1]
    log.append(Line(2))
    page.flush()
    assert shown(page) == ["line 1", "line 2"]
    assert page.errors == []


def test_what_is_refused() -> None:
    async def late(line: Line) -> None: ...

    with pytest.raises(
        TypeError, match=r"stream\(render=...\) takes a function, not None; write render=lambda"
    ):
        stream(key=lambda line: line.id, render=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"a row cannot wait: .*late .*test_streams.py:\d+\) is an async def"):
        stream(key=lambda line: line.id, render=late)
    with pytest.raises(ValueError, match="a window of 1 to 100,000 rows"):
        lines(limit=0)
    log = lines(items=[Line(1)])
    with pytest.raises(ZeroDivisionError):
        log.extend([Line(2), Line(3)] if 1 // 0 else [])
    with pytest.raises(AttributeError):
        log.extend([Line(2), object()])  # type: ignore[list-item]
    assert 2 not in log
    with deferred_writes(), pytest.raises(RuntimeError, match=r"session.dispatch\(log.append, row\)"):
        log.append(Line(2))
    with pytest.raises(RuntimeError, match="a memo only computes"):
        memo(lambda: log.append(Line(2)))()
    assert 2 not in log


class StreamModel(RuleBasedStateMachine):
    """A stream beside a list of keys that is cut by the same rules."""

    LIMIT = 4

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[int, str] = {}
        self.count = 0
        self.log = lines(limit=self.LIMIT)
        self.page = Page(Log(self.log))

    def _line(self, key: int) -> Line:
        self.count += 1
        return Line(key, f"{key}.{self.count}")

    def _put(self, at: int, line: Line) -> None:
        rows = list(self.model.items())
        if line.id in self.model:
            self.model[line.id] = line.text
            return
        if at < 0:
            at = max(0, len(rows) + at)
        rows.insert(at, (line.id, line.text))
        if len(rows) > self.LIMIT:
            rows = rows[:-1] if at == 0 else rows[1:]
        self.model = dict(rows)

    @rule(key=st.integers(0, 8))
    def append(self, key: int) -> None:
        line = self._line(key)
        self.log.append(line)
        self._put(len(self.model), line)

    @rule(key=st.integers(0, 8), at=st.integers(-6, 6))
    def insert(self, key: int, at: int) -> None:
        line = self._line(key)
        self.log.insert(at, line)
        self._put(at, line)

    @rule(key=st.integers(0, 8))
    def remove(self, key: int) -> None:
        assert self.log.remove(key) == (self.model.pop(key, None) is not None)

    @rule(keys=st.lists(st.integers(0, 8), max_size=7))
    def reset(self, keys: list[int]) -> None:
        new = [self._line(key) for key in keys]
        self.log.reset(new)
        self.model = {line.id: line.text for line in new[-self.LIMIT :]}

    @rule()
    def flush(self) -> None:
        self.page.flush()
        assert "".join(f"<li>{text}</li>" for text in self.model.values()) in self.page.html

    @invariant()
    def keys(self) -> None:
        assert self.log._keys == list(self.model)
        assert self.log._known == set(self.model)


TestStreamModel = StreamModel.TestCase
TestStreamModel.settings = settings(max_examples=50)


def test_memory_is_flat_over_a_hundred_thousand_rows() -> None:
    """In a process of its own, whose peak nothing else has raised."""
    program = Path(__file__).parent / "stream_program.py"
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["counts"] == [2 + 200 * 2]  # the root, the list, and each row with its text
    assert told["client_count"] == 2 + 200 * 2
    assert told["last"].endswith("99999")
    assert told["grown_bytes"] < 4 * 1024 * 1024  # of 16 MB that went through


def test_the_description_of_a_page_keeps_it() -> None:
    log = lines()
    assert isinstance(Log(log), Call)
    assert bool(log)
    assert repr(log).startswith("<stream of 0 rows, lines.<locals>.row (")
