"""The one gate: who may have which page.

Every way to a page asks here, with the same question and the same answer: its first request, a socket or an
HTTP body that connects it, a session that is resumed or made anew, a page that is gone to. So a page that one
of them may not show, none shows.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit

from vango.application.identity import Identity, ProviderFailed
from vango.application.origins import normalize_origin
from vango.application.paths import MalformedPath, canonical, local_target
from vango.clock import Clock
from vango.guards import Forbidden, Guard, LoginRequired, NotFound, Outcome, Redirect
from vango.identity import Principal
from vango.reactive.tracking import call
from vango.request import Request, below
from vango.routing.page import ErrorPage, Redirect as Leading
from vango.routing.routes import Match, Routes, blank
from vango.routing.site import Location
from vango.sessions.navigation import Turned

__all__ = ["Admitted", "Denied", "Gatekeeper", "Redirected", "Verdict"]

_MOVED = 307
_SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class Admitted:
    """The request may have the page.

    Attributes:
        location: The page.
        request: What was asked, with who asked it and the parameters of the page.
    """

    location: Location
    request: Request


@dataclass(frozen=True, slots=True)
class Redirected:
    """The browser is to ask for another page.

    Attributes:
        to: Its path and query, as the address bar has them.
        status: 303 where a guard says so; 307 or 308 where there is another address for the same.
    """

    to: str
    status: int = _SEE_OTHER


@dataclass(frozen=True, slots=True)
class Denied:
    """The request may not have the page, or there is none.

    Attributes:
        status: 403 or 404.
        message: A sentence for the person who asked; "" where there is no page.
        request: What was asked, with who asked it.
        location: The application's own page for this, which the request may have; `None` without one.
    """

    status: int
    message: str
    request: Request
    location: Location | None = None


Verdict = Admitted | Redirected | Denied


class Gatekeeper:
    """Decides for all pages of one application.

    Attributes:
        identity: Who tells who somebody is; without it all are guests.
        redirects: Other origins to which a guard may lead, normalized.
    """

    def __init__(
        self,
        routes: Routes,
        clock: Clock,
        report: Callable[[BaseException, str], object],
        data: Callable[[Mapping[str, str]], Mapping[str, Any]] = lambda cookies: {},  # noqa: ARG005
    ) -> None:
        """Decide for the pages of `routes`, tell `report` of failures, read the `data` that cookies bring."""
        self._routes = routes
        self._clock = clock
        self._report = report
        self.identity: Identity | None = None
        self.redirects: Collection[str] = ()
        self._data = data

    async def admit(self, address: str, request: Request, *, strict: bool = False) -> Verdict:
        """Decide whether a request may have the page at an address.

        Args:
            address: Path and query as the browser's address bar has them, the mount point included.
            request: Who asks. Its own address, that of a socket for instance, does not count.
            strict: Whether a provider that fails is an error; otherwise nobody is proved to be anybody, and
                the request is a guest's.

        Raises:
            ProviderFailed: That, if `strict`.
            Exception: What a guard raised that decides nothing. Nobody may have the page then.
        """
        request = self._asked(address, request)
        try:
            spelled = canonical(address)
        except MalformedPath:
            return await self._missing(request)
        path = below(request.mount, spelled.path)
        match = self._routes.match(path)
        if match is None:
            return self._neighbour(path, request) or await self._missing(request)
        if spelled.moved:
            return Redirected(spelled.address, _MOVED)
        request = replace(request, user=await self._who(request, strict=strict), params=match.parameters)
        return await self._decide(match, request)

    async def identify(self, address: str, request: Request, *, strict: bool = False) -> Request:
        """Return a request for an address of somebody else's, with who asks; no guard of ours is asked.

        Raises:
            ProviderFailed: Nobody can tell, if `strict`.
        """
        request = self._asked(address, request)
        return replace(request, user=await self._who(request, strict=strict)).kept()

    def _asked(self, address: str, request: Request) -> Request:
        """Return a request of nobody yet, with the data that the browser brings."""
        # What a session keeps may be newer than its cookies: the browser has still to fetch them.
        data = self._data(request.cookies) if request.scope else request.data
        return replace(request.at(address), user=None, data=data)

    async def _who(self, request: Request, *, strict: bool) -> Principal | None:
        if self.identity is None:
            return None
        try:
            return await self.identity.who(request, self._clock)
        except ProviderFailed as failed:
            if strict:
                raise
            self._report(failed.__cause__ or failed, "the provider of app.auth")
            return None

    async def _decide(self, match: Match, request: Request) -> Verdict:
        for passed, guard in enumerate(match.guards):
            outcome = await _ask(guard, request)
            if outcome is not None:
                return await self._refused(outcome, match, passed, request)
        entry = match.entry
        if isinstance(entry, Leading):
            to = entry.leads_to(match.parameters, request.address.partition("?")[2])
            return Redirected(quote(request.mount) + to, entry.status)
        if isinstance(entry, ErrorPage):
            return Denied(404, "", request.kept(), _location(match, request))
        return Admitted(_location(match, request), request.kept())

    async def _refused(self, outcome: Outcome, match: Match, passed: int, request: Request) -> Verdict:
        """Return what a guard's outcome comes to; so many guards had let the request through before."""
        match outcome:
            case Redirect(to=to):
                return Redirected(self._target(to, request))
            case LoginRequired():
                address = self.identity.login_address(request) if self.identity is not None else None
                if address is not None:
                    return Redirected(address)
            case NotFound() if not isinstance(match.entry, ErrorPage):
                return await self._missing(request)
            case NotFound():
                return Denied(404, "", request.kept())
        message = outcome.message if isinstance(outcome, Forbidden) else Forbidden().message
        instead = self._routes.forbidden(match, passed)
        location = None if instead is None else _location(instead, request)
        return Denied(403, message, request.kept(), location)

    def turned(self, outcome: Outcome, match: Match, request: Request) -> Turned:
        """Return what becomes of a page that its guards have let through and its body has not.

        Raises:
            ValueError: It leads to where this application sends nobody.
        """
        login = self.identity.login_address(request) if self.identity is not None else None
        if isinstance(outcome, Redirect):
            return Turned(self._target(outcome.to, request), blank(match, ""), outcome)
        if isinstance(outcome, LoginRequired) and login is not None:
            return Turned(login, blank(match, ""), outcome)
        refusal = outcome if isinstance(outcome, Forbidden | NotFound) else Forbidden()
        found = self._routes.instead(match, request.path, refusal)
        message = refusal.message if isinstance(refusal, Forbidden) else "There is no such page."
        return Turned(None, found or blank(match, message), refusal)

    async def _missing(self, request: Request) -> Verdict:
        """Return what there is where there is no page, which has guards as any page."""
        match = self._routes.missing(request.path)
        if match is None:
            return Denied(404, "", request.kept())
        user = request.user or await self._who(request, strict=False)
        return await self._decide(match, replace(request, user=user, params=match.parameters))

    def _target(self, to: str, request: Request) -> str:
        """Return where a guard leads: what it says may have come with the request, as `?next=` does.

        Raises:
            ValueError: It is neither a path of this application nor at an origin that it has named.
        """
        if local_target(to):
            return quote(request.mount) + to
        place = urlsplit(to)
        if normalize_origin(f"{place.scheme}://{place.netloc}") in self.redirects and to.isprintable():
            return to
        raise ValueError(
            f"Redirect({to[:200]!r}): a guard leads to a path of this application; another origin has to be "
            "named in App(allowed_redirects=[...])"
        )

    def _neighbour(self, path: str, request: Request) -> Redirected | None:
        """Return the way to the page whose path has one slash more or less at its end, if there is one."""
        other = path[:-1] if path.endswith("/") else path + "/"
        if other.startswith("//") or self._routes.match(other) is None:
            return None
        mark, query = request.address.partition("?")[1:]
        return Redirected(quote(request.mount + other) + mark + query, _MOVED)


async def _ask(guard: Guard, request: Request) -> Outcome | None:
    try:
        answer = call(guard, request)
        outcome = await answer if inspect.isawaitable(answer) else answer
    except Outcome as raised:
        return raised
    except SystemExit as stop:  # it would end the task in which others are asked too
        raise RuntimeError(f"the guard {guard!r:.80} raised SystemExit") from stop
    if outcome is not None and not isinstance(outcome, Outcome):
        # `return False`, or `True`, would let everybody in.
        raise TypeError(
            f"the guard {guard!r:.80} returned {outcome!r:.40}: return None to let a request through, or "
            "Redirect(...), Forbidden() or NotFound()"
        )
    return outcome


def _location(match: Match, request: Request) -> Location:
    return Location(request.address, match, match.status, request.mount)
