"""What an application wants to be told of its sessions: that one begins, and that it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = ["SessionHook", "SessionHooks"]

SessionHook: TypeAlias = "Callable[[Session], object]"


@dataclass(slots=True)
class SessionHooks:
    """The hooks of one application, in the order in which they were registered.

    Attributes:
        start: Called when a browser connects to a session for the first time.
        end: Called when such a session has ended.
    """

    start: list[SessionHook] = field(default_factory=list)
    end: list[SessionHook] = field(default_factory=list)

    def begin(self, session: Session) -> None:
        """Tell that a session begins; one of which a hook raises ends at once."""
        try:
            for hook in self.start:
                session.within(lambda hook=hook: hook(session))  # type: ignore[misc]
        except Exception as error:
            session.fail(error, "on_session_start")

    def finish(self, session: Session) -> None:
        """Tell that a session has ended; what one hook raises is reported, and the others are told."""
        for hook in self.end:
            try:
                session.within(lambda hook=hook: hook(session))  # type: ignore[misc]
            except Exception as error:
                session.report(error, "on_session_end")
