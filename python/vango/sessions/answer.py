"""The answer that a first paint becomes part of: its status, its cookies, or where it leads instead.

A body says it while the page is being rendered for a request. When the page lives, the answer has gone, and
each of these raises and names what does the same then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vango.guards import is_status_of_page
from vango.reactive.tracking import current
from vango.sessions.session import current_session

if TYPE_CHECKING:
    from vango.sessions.reply import Reply
    from vango.sessions.session import Session

__all__ = ["checked", "is_first_paint", "next_page", "redirect", "status"]


def is_first_paint() -> bool:
    """Tell whether the page whose body runs is being rendered for a request.

    Raises:
        RuntimeError: No session runs here.
    """
    return current_session().reply is not None


def status(code: int) -> None:
    """Answer the request of the page with this status: `status(404)` where a body finds nothing to show.

    Args:
        code: 200 to 599, but not that of a redirect.

    Raises:
        RuntimeError: The page lives already, so the answer has gone.
        ValueError: No page has such a status.
    """
    if not is_status_of_page(code):
        raise ValueError(f"status({code!r}): write the status of an answer with a page, 404 for instance")
    _reply(f"status({code})", "show what there is, or navigate('/elsewhere') in a handler").status = code


def redirect(to: str) -> None:
    """Lead the request of the page elsewhere: `redirect("/projects")` in a body.

    Args:
        to: A path of this application, or an address that `App(allowed_redirects=[...])` allows.

    Raises:
        RuntimeError: The page lives already, so the answer has gone.
        ValueError: It leads to where this application sends nobody.
    """
    reply = _reply(f"redirect({to!r})", f"navigate({to!r}) in a handler")
    reply.to = checked(current_session(), to)


def checked(session: Session, to: str) -> str:
    """Return where something leads.

    Raises:
        ValueError: To where this application sends nobody.
    """
    navigator = session.registry.navigator
    if navigator is None:
        raise RuntimeError("this session shows no pages of an application, so it leads nowhere")
    leads = navigator.check(session, to)
    return session.request.mount + leads if leads.startswith("/") else leads


def next_page(default: str = "/") -> str:
    """Return where `?next=` of the page leads, to which `requires(...)` has led its guest from there.

    Args:
        default: What it is where there is none, or none that stays in this application.
    """
    session = current_session()
    to = session.request.query.get("next", "")
    if not to.startswith("/"):
        return default
    try:
        checked(session, to)
    except ValueError:
        return default
    return to


def _reply(use: str, instead: str) -> Reply:
    session = current_session()
    if session.reply is None or current.frame.body is None:
        raise RuntimeError(f"{use} is for a body in the first paint; this page lives already: {instead}")
    return session.reply
