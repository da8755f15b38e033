"""Whether the user of a connected page is still who they were: asked now and then, and when it was to end.

The question runs in the root task group, beside the stretches of the session, which never wait for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vango.errors import Refused

if TYPE_CHECKING:
    from vango.clock import Timer
    from vango.identity import Principal
    from vango.request import Request
    from vango.sessions.session import Session

__all__ = ["Standing", "Terms", "expired", "same_user"]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How an application wants its users to be checked.

    Attributes:
        again: Asks the gate once more for a session's page; raises `Refused` where it says no, anything else
            where nobody can tell.
        every_s: How often a connected page asks.
        grace_s: How long after the last answer a page goes on while nobody can tell; 0: it does not.
        action: What the client does whose user is none any more, as parameters of its ERROR.
    """

    again: Callable[[Session], Awaitable[Request]]
    every_s: float
    grace_s: float
    action: Callable[[Request], list[tuple[str, str]]]


def same_user(one: Principal | None, other: Principal | None) -> bool:
    """Tell whether two requests are of one user, or both of guests."""
    return (one and one.id) == (other and other.id)


def expired(session: Session, terms: Terms) -> Refused:
    """Return what a client is told whose user is none any more."""
    return Refused("AuthExpired", "You are not logged in any more.", parameters=terms.action(session.request))


class Standing:
    """The checks of one session while it is connected."""

    __slots__ = ("_checked", "_running", "_session", "_terms", "_timer")

    def __init__(self, session: Session, terms: Terms) -> None:
        """Begin with the answer that has let the connection in."""
        self._session = session
        self._terms = terms
        self._checked = session.registry.clock.now()
        self._running = False
        self._timer: Timer | None = None
        self._arm()

    def end(self) -> None:
        """Ask no more."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    async def check(self) -> bool:
        """Ask now; a session whose user is none any more ends. Returns whether it goes on."""
        session, terms = self._session, self._terms
        asked = session.request
        try:
            request = await terms.again(session)
        except Refused as refused:
            return self._lapse(refused.message)
        except Exception as error:
            session.report(error, "checking the user")
            if session.registry.clock.now() - self._checked >= terms.grace_s:
                return self._lapse("nobody can tell who this is")
        else:
            if not same_user(asked.user, request.user):
                return self._lapse("the user has changed")
            self._checked = session.registry.clock.now()
            if not session.closed:
                session.request = replace(session.request, user=request.user)
        return not session.closed

    def _lapse(self, reason: str) -> bool:
        session = self._session
        if not session.closed:
            session.registry.expire(session, expired(session, self._terms), reason)
        return False

    def _arm(self) -> None:
        session = self._session
        wait = self._terms.every_s
        user = session.request.user
        if user is not None and user.expires_at is not None:
            wait = min(wait, max(0.0, user.expires_at - session.registry.clock.wall()))
        self._timer = session.registry.timers.after(wait, self._due)

    def _due(self) -> None:
        if not self._running:
            self._running = True
            self._session.registry.tasks.start_soon(self._check_and_go_on)

    async def _check_and_go_on(self) -> None:
        try:
            await self.check()
        finally:
            self._running = False
        if self._timer is not None and not self._session.closed:
            self._arm()
