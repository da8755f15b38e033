"""Who looks at the page whose code runs, and what their browser asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vango.sessions.session import current_session

if TYPE_CHECKING:
    from vango.identity import Principal
    from vango.request import Request

__all__ = ["current_request", "current_user"]


def current_request() -> Request:
    """Return the request of the page whose body or handler runs.

    `current_request().query.get("tab", "open")` in a body. After a reconnect it is the request of the page as
    the newest connection proved it, with its cookies and its user.

    Raises:
        RuntimeError: No session runs here.
    """
    return current_session().request


def current_user() -> Principal | None:
    """Return who looks at the page whose body or handler runs, `None` for a guest.

    Raises:
        RuntimeError: No session runs here.
    """
    return current_session().request.user
