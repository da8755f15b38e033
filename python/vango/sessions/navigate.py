"""`navigate`: what code of a page says to go to another one."""

from __future__ import annotations

from urllib.parse import urljoin

from vango.reactive.onlooker import refuse_early
from vango.reactive.tracking import current
from vango.sessions.session import Session, current_session

__all__ = ["navigate"]


def navigate(to: str, *, replace: bool = False, scroll: bool = True) -> None:
    """Show another page of the application in the session whose code runs: `navigate("/issues/3")`.

    Call it in a handler, an effect, a timer or a task. The page is shown when its guards have let it through
    and its data is there; what was navigated to before and has not arrived is given up. Layouts that both
    pages have stay as they are.

    Args:
        to: Path, query and fragment as a link has them; `"?page=2"` is the same page with another query. An
            address of another origin is loaded, if `App(allowed_redirects=[...])` names that origin.
        replace: Whether the browser's history gets no new entry: back leads past the page that is left.
        scroll: Whether the new page begins at its top and takes the focus. Without it both stay.

    Raises:
        RuntimeError: No session runs here, it shows no pages of an application, or a body runs.
        ValueError: It leads to where this application sends nobody.
    """
    if current.frame.body is not None:
        raise RuntimeError(
            "navigate() belongs into a handler or an effect; a page that always leads elsewhere is "
            "app.redirect(...), or has a guard that returns Redirect(...)"
        )
    session = current_session()
    refuse_early(f"navigate({to!r:.80}) was called")
    navigator = session.registry.navigator
    if navigator is None:
        raise RuntimeError("this session shows no pages of an application, so there is nowhere to go")
    address = navigator.check(session, urljoin(session.path, to) if to[:1] in ("", "?", "#") else to)
    if current.writes is not None:  # a blocking handler, in a thread of its own
        session.dispatch(_go, session, address, replace, scroll)
    else:
        _go(session, address, replace, scroll)


def _go(session: Session, address: str, replace: bool, scroll: bool) -> None:
    if address.startswith("/"):
        session.navigation.go(address, replace=replace, scroll=scroll)
    else:
        session.navigation.leave(address)
