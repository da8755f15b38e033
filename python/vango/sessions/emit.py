"""Events for the scripts of a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vango.payloads import check_told
from vango.reactive.onlooker import refuse_early
from vango.reactive.tracking import current
from vango.sessions.session import current_session

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = ["emit"]


def emit(name: str, detail: object = None) -> None:
    """Tell scripts of the page something: they get a `CustomEvent` at the window.

    `emit("saved", {"id": 3})` is heard by `addEventListener("saved", ({ detail }) => ...)`. It comes when the
    page shows what was changed before, once, also where the connection is lost in between.

    Args:
        name: Of the event, not beginning with "vango".
        detail: Anything that JSON can hold.

    Raises:
        RuntimeError: No session runs here, or its page has not acknowledged 64 of these.
        TypeError: `detail` is not for JSON.
        ValueError: `name` is empty or vango's own, passes `Limits.name_chars` or cannot be shown; or `detail`
            holds no number, or passes `Limits.detail_bytes`.
    """
    if not name or name.startswith("vango"):
        raise ValueError(f'emit({name!r}, ...): give it a name of its own; those of vango begin with "vango"')
    try:
        told = json.dumps(detail, allow_nan=False)
    except TypeError as error:
        raise TypeError(f"emit({name!r}, ...): the detail goes as JSON, and {error}") from None
    session = current_session()
    try:
        check_told(name, told, session.limits)
    except ValueError as error:
        raise ValueError(f"emit({name[:80]!r}, ...): {error}") from None
    refuse_early(f"emit({name!r}, ...) was called")
    if current.writes is not None:  # a blocking handler, in a thread of its own
        session.dispatch(_emit, session, name, told)
    else:
        _emit(session, name, told)


def _emit(session: Session, name: str, told: str) -> None:
    if not session.outbox.emit(name, told):
        raise RuntimeError(
            f"emit({name!r}, ...): the page has not acknowledged what it was told before; show a signal"
        )
    session.wake()
