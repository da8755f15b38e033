"""What an application logs in the code of a page, with the session, the path and the user."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = ["SessionLogger"]

_log = logging.getLogger("vango.session")


class SessionLogger(logging.LoggerAdapter[logging.Logger]):
    """Logs as "vango.session", each record with `session`, `path` and `user`; `Session.logger` is one.

    They are those of the moment: after a navigation the path is another one. Neither the query nor anything
    that a request has proved by is among them: no cookie, no token, no header.
    """

    def __init__(self, session: Session) -> None:
        """Log for one session."""
        super().__init__(_log, {})
        self._session = session

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        """Add what the record is about to what the caller says of it."""
        request = self._session.request
        about = {
            "session": self._session.id,
            "path": request.path,
            "user": request.user.id if request.user is not None else "",
        }
        return msg, {**kwargs, "extra": {**about, **(kwargs.get("extra") or {})}}
