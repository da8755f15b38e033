"""A list of which only the rows in view are on the page.

Invariants maintained here:
- the session holds the rows of the window, and of the list no more than the application gives;
- what stands in front of and behind the window is the padding of one element, so the scroll bar is that
  of the whole list, and rows may be `tr` or `li` without foreign elements among them;
- the window moves in steps: most scroll events render nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vango import html as h
from vango._core import VNode
from vango.components.scope import Scope
from vango.components.states import as_node, run_body
from vango.naming import name
from vango.reactive.signals import Memo, Signal

if TYPE_CHECKING:
    from vango.components.lists import For
    from vango.events import Scroll

__all__ = ["Window"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What of a long list is on the page: `For(rows, ..., window=Window(row_height=32, height=480))`.

    The list brings its own scrolling element, `div.vango-window`, which takes the focus, so that the keys of
    the keyboard scroll it, and when a row with the focus leaves.

    Where rows are of different heights, `row_height` is an estimate, the mean at best: the scroll bar is
    then as right as that, and it is the browser's scroll anchoring that keeps the rows in view from jumping.

    Attributes:
        row_height: CSS pixels of a row.
        height: CSS pixels of the scrolling element.
        overscan: Rows beyond each edge, there before they are seen; by default as many as are in view.
        label: What the list is called for those who do not see it.
        around: Gives what stands between the scrolling element and the rows:
            `lambda rows: h.table[h.tbody[rows]]`.
        class_: Further classes of the scrolling element.
    """

    row_height: float
    height: float = 480
    overscan: int | None = None
    label: str = ""
    around: Callable[[h.Child], h.Child] | None = None
    class_: str = ""

    def __post_init__(self) -> None:
        """Check the measures.

        Raises:
            ValueError: A measure is not above 0, or `overscan` is negative.
        """
        for what, measure in (("row_height", self.row_height), ("height", self.height)):
            if not 0 < measure < math.inf:
                raise ValueError(f"Window({what}={measure!r}): a number of CSS pixels above 0")
        if self.overscan is not None and self.overscan < 0:
            raise ValueError(f"Window(overscan={self.overscan!r}): a number of rows, 0 or more")

    @property
    def in_view(self) -> int:
        """How many rows can be seen at once, parts of rows counted."""
        return math.ceil(self.height / self.row_height) + 1

    @property
    def beyond(self) -> int:
        """How many rows beyond each edge are there."""
        return self.in_view if self.overscan is None else self.overscan

    @property
    def step(self) -> int:
        """By how many rows the window moves at once."""
        return max(1, self.beyond // 2)

    @property
    def rows(self) -> int:
        """How many rows are on the page, at most."""
        return self.in_view + 2 * self.beyond + self.step

    def first_at(self, y: float) -> int:
        """Return the first row of the window when the list is scrolled to `y`."""
        top = math.floor(max(0.0, y) / self.row_height) - self.beyond
        return max(0, top // self.step * self.step)


class WindowScope(Scope):
    """A mounted list with a window."""

    __slots__ = ("_first", "_items", "_wanted")

    def __init__(self, parent: Scope, call: For) -> None:
        """Make a window at the top of a list."""
        super().__init__(parent.work, parent, call)
        self._wanted = Signal(0)  # what was scrolled to; the list may have become shorter since
        self._items: Memo[Sequence[Any]] = Memo(self._items_now, same=_never)
        self._first = Memo(self._first_now)

    @property
    def name(self) -> str:
        """The row function, with file and line."""
        return f"For(window=...) with render={name(self.thing.row)}"

    def continues(self, thing: object) -> bool:
        """Any list with a window continues the one at its path."""
        return type(thing) is type(self.thing) and thing.window is not None  # type: ignore[attr-defined]

    def receive(self, thing: For) -> bool:
        """Render again: functions may have captured something else."""
        self.thing = thing
        self._items = Memo(self._items_now, same=_never)
        self._first = Memo(self._first_now)
        return True

    def _evaluate(self) -> VNode:
        return run_body(self._frame, (), {}, as_node)

    def _frame(self) -> VNode:
        window: Window = self.thing.window
        rows: object = self.thing.part(self._rows, self._first)
        if window.around is not None:
            rows = window.around(rows)  # type: ignore[arg-type]
        return h.div(
            class_=["vango-window", window.class_ or None],
            role="region" if window.label else None,
            aria_label=window.label or None,
            tabindex=0,
            style=f"height:{_px(window.height)}",
            on_scroll=self._scrolled,
        )[h.div(style=self._padding)[rows]]

    def _items_now(self) -> Sequence[Any]:
        given = self.thing.items()
        return given if isinstance(given, Sequence) else list(given)

    def _first_now(self) -> int:
        window: Window = self.thing.window
        return max(0, min(self._wanted(), len(self._items()) - window.rows))

    def _rows(self) -> Sequence[Any]:
        first = self._first()
        return self._items()[first : first + self.thing.window.rows]

    def _padding(self) -> str:
        window: Window = self.thing.window
        first = self._first()
        behind = max(0, len(self._items()) - first - window.rows)
        return f"padding:{_px(first * window.row_height)} 0 {_px(behind * window.row_height)}"

    def _scrolled(self, event: Scroll) -> None:
        self._wanted.set(self.thing.window.first_at(event.y))


def _never(old: object, new: object) -> bool:  # noqa: ARG001
    """Say that a list may hold something else: nobody compares 100,000 rows."""
    return False


def _px(length: float) -> str:
    """Return a length of CSS, exact to what browsers lay out."""
    return f"{length:.2f}".rstrip("0").rstrip(".") + "px"
