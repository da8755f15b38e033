"""A view without a session: a host with timers that tests turn by hand, and a page that is clicked."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from vango._core import EVENT_KINDS, Model
from vango.components.view import Target, View
from vango.limits import Limits


class FakeHost:
    """Counts wakes, keeps errors, and lets a test fire the timers."""

    def __init__(self, *, debug: bool = False) -> None:
        self.debug = debug
        self.wakes = 0
        self.errors: list[tuple[str, BaseException]] = []
        self.timers: dict[int, tuple[float, Callable[[], object]]] = {}
        self.tasks: dict[str, Callable[[], Any]] = {}
        self.limits = Limits()
        self._next = 0

    def wake(self) -> None:
        self.wakes += 1

    def within(self, fn: Callable[[], object]) -> object:
        return fn()

    def every(self, seconds: float, callback: Callable[[], object]) -> Callable[[], None]:
        self._next += 1
        number = self._next
        self.timers[number] = (seconds, callback)
        return lambda: self.timers.pop(number, None) and None

    def after(self, seconds: float, callback: Callable[[], object]) -> Callable[[], None]:
        return self.every(seconds, callback)

    def start(
        self,
        run: Callable[[], Any],
        name: str,
        failed: Callable[[BaseException], object] | None = None,
        *,
        for_paint: bool = False,
    ) -> Callable[[], None]:
        self.tasks[name] = run
        return lambda: self.tasks.pop(name, None) and None

    def now(self) -> float:
        return 0.0

    def report(self, error: BaseException, where: str, component: tuple[str, ...] = ()) -> str:
        self.errors.append((where, error))
        return f"E{len(self.errors)}"

    def tick(self) -> None:
        """Fire every timer once."""
        for _, callback in list(self.timers.values()):
            callback()


class Page:
    """A mounted view with the document of its client beside it.

    After each flush the document, which only ever saw the ops, must equal the tree.
    """

    def __init__(self, root: object, *, debug: bool = False, live: bool = True) -> None:
        self.host = FakeHost(debug=debug)
        self.view = View(root, self.host)
        self.view.mount()
        self.model = Model.from_snapshot(self.view.tree.snapshot())
        if live:
            self.view.go_live()

    @property
    def html(self) -> str:
        """What the client shows, without the element around it."""
        html = self.model.html(hids=False)
        return html.removeprefix("<vango-root>").removesuffix("</vango-root>")

    @property
    def errors(self) -> list[str]:
        return [str(error) for _, error in self.host.errors]

    def flush(self) -> bytes:
        """Flush, apply the ops to the client's document, and compare."""
        ops = self.view.flush()
        self.model.apply(ops)
        assert self.view.tree.html() == self.model.html()
        return ops

    def settle(self) -> None:
        """Flush until nothing is due: an effect may have written."""
        while self.view.dirty:
            self.flush()

    def target(self, text: str, kind: str = "click") -> Target:
        """Return the handler of the element that shows `text` or has it as its id."""
        target = self.view.target(self.find(text), EVENT_KINDS[kind])
        assert target is not None, f"{text!r} does not listen to {kind}"
        return target

    def find(self, text: str) -> int:
        """Return the hid of the innermost element that shows `text` or has it as its id."""
        found = [hid for hid, shown, name in _elements(self.view.html()) if text in (shown, name)]
        assert found, f"{text!r} is not on the page: {self.html}"
        return found[-1]

    def fire(self, text: str, kind: str = "click", event: object = None) -> Any:
        """Run a handler and flush."""
        target = self.target(text, kind)
        result = target.fn(*target.args, event) if target.takes_event else target.fn(*target.args)
        self.flush()
        return result

    def click(self, text: str) -> Any:
        return self.fire(text)

    def close(self) -> None:
        self.view.close()


class _Elements(HTMLParser):
    _VOID = frozenset({"br", "hr", "img", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[Any]] = []
        self._open: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.found.append([int(named["data-hid"] or 0), "", named.get("id")])
        if tag not in self._VOID:
            self._open.append(len(self.found) - 1)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for index in self._open:
            self.found[index][1] += data


def _elements(html: str) -> list[tuple[int, str, str | None]]:
    parser = _Elements()
    parser.feed(re.sub(r"<!--.*?-->", "", html))
    return [(hid, text, name) for hid, text, name in parser.found]
