"""What an application tells its sessions of addresses: which of them show a page, which a browser loads."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import partial
from urllib.parse import quote, urlsplit

from vango.application.origins import normalize_origin
from vango.application.paths import MalformedPath, canonical, local_target
from vango.routing.page import Redirect
from vango.routing.routes import Routes
from vango.routing.site import Location
from vango.sessions.navigation import Elsewhere, Found, Moved, Shown
from vango.sessions.session import Session

__all__ = ["SiteNavigator"]


class SiteNavigator:
    """The pages of one application, for sessions that go from one to the next."""

    def __init__(self, routes: Routes, *, title: str, origins: Collection[str]) -> None:
        """Show the pages of `routes`.

        Args:
            routes: All pages.
            title: That of pages which have none of their own.
            origins: Other origins to which `navigate()` may lead, normalized.
        """
        self._routes = routes
        self._title = title
        self._origins = frozenset(origins)

    async def find(self, session: Session, address: str) -> Found:
        """Return what an address shows to whoever looks at this session."""
        try:
            clean = canonical(address)
        except MalformedPath:
            return Elsewhere(address)
        if clean.moved:
            return Moved(clean.address)
        mount = session.location().mount
        if not f"{clean.path}/".startswith(f"{mount}/"):
            return Elsewhere(address)  # another application of this host
        match = self._routes.match(clean.path[len(mount) :] or "/")
        if match is None:
            return Elsewhere(address)  # a file, or nothing: a load shows it with the right status
        if isinstance(match.entry, Redirect):
            return Moved(quote(mount) + match.entry.leads_to(match.parameters, address.partition("?")[2]))
        return Shown(partial(self._enter, session, Location(address, match, match.status, mount)))

    def _enter(self, session: Session, location: Location) -> None:
        session.location.set(location)
        session.outbox.emit("vango:title", json.dumps({"title": location.match.title or self._title}))

    def check(self, session: Session, to: str) -> str:  # noqa: ARG002
        """Return what `navigate(to)` leads to.

        Raises:
            ValueError: It leads to where this application sends nobody.
        """
        if to.startswith("/"):
            if local_target(to):
                return to
            raise ValueError(f"navigate({to!r}): write the path as a browser would, without // and .. in it")
        parts = urlsplit(to)
        if normalize_origin(f"{parts.scheme}://{parts.netloc}") in self._origins:
            return to
        raise ValueError(
            f"navigate({to!r}) leaves this application: write a path that begins with a slash, or name the "
            "other origin in App(allowed_redirects=['https://example.org'])"
        )
