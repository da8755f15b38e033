"""`toast` and `Toasts`: short messages that come, are read out, and go.

Invariants maintained here:
- the toasts of a session belong to it alone, and end with it;
- what reads pages aloud hears each toast once: the two regions are there before what comes into them;
- a toast waits while somebody points at it or is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any, Final, get_args

from vango import html as h
from vango._core import VNode, node
from vango.components.component import component
from vango.components.lists import For
from vango.components.state import signal
from vango.components.timers import interval
from vango.reactive.onlooker import refuse_early
from vango.reactive.signals import Signal
from vango.sessions.flash import Kind, take
from vango.sessions.session import Session, current_session

__all__ = ["Kind", "Toast", "Toasts", "show_flashed", "toast"]

MAX_SHOWN: Final = 20
"""Toasts of one session at once; the oldest go."""

SECONDS: Final = 6.0
"""How long a toast stays that is no error."""

_BY_KIND: Final[Any] = object()
_numbers = count(1)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Toast:
    """A message on its way; `toast()` makes one.

    Attributes:
        content: What it shows.
        kind: What it says.
        seconds: How long it stays, `None` until somebody dismisses it.
        number: Its identity.
    """

    content: VNode
    kind: Kind
    seconds: float | None
    number: int
    _among: Signal[tuple[Toast, ...]]

    def dismiss(self) -> None:
        """Take it away; nothing happens when it has gone."""
        self._among.update(lambda shown: tuple(other for other in shown if other is not self))


def toast(content: h.Child, *, kind: Kind = "info", seconds: float | None = _BY_KIND) -> Toast:
    """Show a short message in the session whose code runs: `toast("Saved", kind="success")`.

    It shows where the page has its `Toasts()`. Call it in a handler, a timer or a task of a session.

    Args:
        content: What it shows: a text, or anything else that may be a child.
        kind: `"info"`, `"success"`, `"warning"` or `"error"`. A warning or an error is read out at once, the
            others when whoever listens has a pause.
        seconds: How long it stays; `None` until somebody dismisses it. By default an error stays, and the
            others take 6 s.

    Returns:
        The toast, whose `dismiss()` takes it away.

    Raises:
        RuntimeError: No session runs.
        TypeError: `content` cannot be shown.
        ValueError: There is no such kind, or `seconds` is not above 0.
    """
    if kind not in get_args(Kind):
        raise ValueError(f"there is no toast of the kind {kind!r}; write one of {', '.join(get_args(Kind))}")
    if seconds is _BY_KIND:
        seconds = None if kind == "error" else SECONDS
    if seconds is not None and not seconds > 0:
        raise ValueError(f"toast(seconds={seconds!r}): a number above 0, or None until it is dismissed")
    session = current_session()
    refuse_early("toast(...) was called")
    if session.toasts is None:
        session.logger.warning(
            "a toast was made, and the page shows none so far: write Toasts() once, in its layout"
        )
    among = _shown_in(session)
    made = Toast(node(content), kind, seconds, next(_numbers), among)
    among.update(lambda shown: (*shown, made)[-MAX_SHOWN:])
    return made


def show_flashed(session: Session) -> None:
    """Show what `flash()` has said on the page before, where this one has a place for it."""
    if session.toasts is not None:
        for kind, text in take(session):
            toast(text, kind=kind)


@component
def Toasts(label: str = "Notifications") -> VNode:  # noqa: N802
    """Where the toasts of the session show: write it once, in the layout of the page.

    Args:
        label: What the place is called for those who do not see it.
    """
    shown = _shown_in(current_session())
    show_flashed(current_session())

    def of(*kinds: Kind) -> For:
        return For(
            lambda: [each for each in shown() if each.kind in kinds],
            key=lambda each: each.number,
            render=lambda each: Message(each, key=each.number),
        )

    return h.section(class_="vango-toasts", aria_label=label)[
        h.div(role="alert", aria_atomic="false")[of("warning", "error")],
        h.div(role="status", aria_atomic="false")[of("info", "success")],
    ]


@component
def Message(shown: Toast) -> VNode:  # noqa: N802
    """One toast, which goes when its time is over."""
    held = signal(False)
    if shown.seconds is not None and not held():
        interval(shown.seconds, shown.dismiss)
    hold, let_go = (held.set, True), (held.set, False)
    return h.div(
        class_="vango-toast",
        data_kind=shown.kind,
        data_exit="vango-leaving",
        on_pointerenter=hold,
        on_pointerleave=let_go,
        on_focus=hold,
        on_blur=let_go,
    )[
        h.div[shown.content],
        h.button(type="button", class_="vango-dismiss", aria_label="Dismiss", on_click=shown.dismiss)[
            "\u00d7"
        ],
    ]


def _shown_in(session: Session) -> Signal[tuple[Toast, ...]]:
    if session.toasts is None:
        session.toasts = Signal(())
    return session.toasts
