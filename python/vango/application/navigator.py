"""What an application tells its sessions of addresses: which of them show a page, which a browser loads."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from urllib.parse import urlsplit

from vango.application.gate import Admitted, Gatekeeper, Redirected
from vango.application.origins import normalize_origin
from vango.application.paths import local_target
from vango.guards import Outcome
from vango.sessions.ahead import Place
from vango.sessions.navigation import Elsewhere, Found, Moved, Shown, Turned
from vango.sessions.session import Session
from vango.sessions.standing import same_user
from vango.sessions.toasts import show_flashed

__all__ = ["SiteNavigator"]


class SiteNavigator:
    """The pages of one application, for sessions that go from one to the next."""

    def __init__(self, gatekeeper: Gatekeeper, *, origins: Collection[str]) -> None:
        """Show what `gatekeeper` admits.

        Args:
            gatekeeper: Decides as for a request of the page.
            origins: Other origins to which `navigate()` may lead, normalized.
        """
        self._gatekeeper = gatekeeper
        self._origins = frozenset(origins)

    async def find(self, session: Session, address: str) -> Found:
        """Return what an address shows to whoever looks at this session.

        What is refused or not there is loaded, as is another application of the host: the answer of a request
        has the right status.
        """
        mount = session.request.mount
        if session.site is None:
            return Elsewhere(address)  # parts of a page that is somebody else's
        if not f"{address.partition('?')[0]}/".startswith(f"{mount}/"):
            return Elsewhere(address)
        verdict = await self._gatekeeper.admit(address, session.request)
        match verdict:
            case Admitted(request=asked) if not same_user(asked.user, session.request.user):
                return Elsewhere(address)  # what this session holds was for somebody else
            # Who has become somebody else gets a page of their own.
            case Admitted(request=request) if same_user(session.request.user, request.user):
                return Shown(partial(self._enter, session, verdict), Place(verdict.location, request))
            case Redirected(to=to) if local_target(to):
                return Moved(to)
        return Elsewhere(address)

    def _enter(self, session: Session, admitted: Admitted) -> None:
        session.request = admitted.request
        if session.site is not None:
            session.site.go(admitted.location)
        show_flashed(session)

    def turn(self, session: Session, outcome: Outcome) -> Turned:
        """Return what becomes of the page of a session whose body has raised an outcome."""
        location = session.location.peek()
        return self._gatekeeper.turned(outcome, location.match, session.request)

    def check(self, session: Session, to: str) -> str:  # noqa: ARG002
        """Return what `navigate(to)` leads to.

        Raises:
            ValueError: It leads to where this application sends nobody.
        """
        if to.startswith("/"):
            if local_target(to):
                return to
            raise ValueError(f"{to!r}: write the path as a browser would, without // and .. in it")
        parts = urlsplit(to)
        if normalize_origin(f"{parts.scheme}://{parts.netloc}") in self._origins:
            return to
        raise ValueError(
            f"{to!r} leads out of this application: write a path that begins with a slash, or name the "
            "other origin in App(allowed_redirects=['https://example.org'])"
        )
