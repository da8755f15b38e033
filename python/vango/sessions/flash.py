"""Flash messages: said on one page, shown once on the next, in whatever way that comes.

They travel in the data of the browser, a signed cookie, so they outlive a load, a login and a redirect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from vango.sessions.errands import FLASHED, SessionData, session_data

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = ["Kind", "flash", "take"]

Kind: TypeAlias = Literal["info", "success", "warning", "error"]
"""What a message says: it decides its looks, and whether it interrupts who listens."""

_MOST = 5


def flash(text: str, *, kind: Kind = "info") -> None:
    """Say something that shows once, where the next page has its `Toasts()`.

    ```python
    def save():
        store(...)
        flash("Saved", kind="success")
        navigate("/projects")
    ```
    In a handler before `navigate`, `login` or `logout`, and in a body before `redirect`. The next page may be
    loaded or navigated to, in this tab or in another one of this browser; the newest five are kept.

    Args:
        text: What is shown, some 300 characters at most: it is part of a cookie until then.
        kind: As in `toast`.

    Raises:
        RuntimeError: No session runs here; or it is a body of a page that lives already.
        TypeError: It is no text.
        ValueError: There is no such kind; or the data of the browser has no room for it.
    """
    if not isinstance(text, str):
        raise TypeError(f"flash({text!r:.40}): what outlives a page is a text; toast() shows anything else")
    if kind not in get_args(Kind):
        raise ValueError(f"flash(kind={kind!r}): write one of {', '.join(get_args(Kind))}")
    data = session_data()
    data[FLASHED] = [*data.get(FLASHED, []), [kind, text]][-_MOST:]


def take(session: Session) -> list[tuple[Kind, str]]:
    """Return what was said on the page before, and forget it; nothing where nobody looks at this one."""
    data = session.request.data.get(FLASHED)
    if not data or (session.reply is not None and not _is_looked_at(session)):
        return []
    del SessionData(session)[FLASHED]
    return [(kind, text) for kind, text in data]


def _is_looked_at(session: Session) -> bool:
    """Tell whether this paint is for somebody, and not for a browser that may never show it."""
    headers = session.request.headers
    ahead = f"{headers.get('sec-purpose', '')} {headers.get('purpose', '')}".lower()
    return session.request.method == "GET" and "prefetch" not in ahead and "prerender" not in ahead
