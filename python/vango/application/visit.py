"""The endpoint that answers a visit of a page: open a session, write the document, hand out the cookie."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from vango.application.asked import address_of, mount_of, request_of
from vango.application.assets import STYLESHEET, Assets
from vango.application.config import Config
from vango.application.cookies import (
    browser_in,
    browser_of,
    cookie_name,
    give,
    new_browser,
    session_cookie,
)
from vango.application.csp import MOST_STYLES, Csp
from vango.application.csrf import CSRF_COOKIE, Csrf
from vango.application.embed import TAG, Embedded, Parts, check
from vango.application.errands import DataCookie, set_cookies
from vango.application.files import Files
from vango.application.gate import Admitted, Denied, Gatekeeper, Redirected
from vango.application.headers import document_headers
from vango.application.hosts import normalize_host
from vango.application.page import (
    Head,
    Live,
    closing,
    connecting,
    document,
    failing,
    notice,
    opening,
)
from vango.application.tokens import Tokens
from vango.errors import Refused
from vango.guards import Forbidden, Outcome
from vango.headtags import Tag
from vango.request import Request as Asked, below
from vango.routing.page import ErrorPage, Page
from vango.routing.site import Location, Site
from vango.sessions.errands import carry
from vango.sessions.registry import Registry
from vango.sessions.reply import Reply
from vango.sessions.session import Session
from vango.tracebacks import shortened, told

log = logging.getLogger("vango")

_UNSTORED = {"Cache-Control": "no-store"}
_ICON = "/favicon.ico"


class PageEndpoint:
    """Answers for all pages of one application."""

    def __init__(
        self,
        config: Config,
        gate: Gatekeeper,
        assets: Assets,
        tokens: Tokens,
        csrf: Csrf,
        data: DataCookie,
        files: Files,
    ) -> None:
        """Serve as `config` says to whom `gate` admits, with the client of `assets`."""
        self._csrf = csrf
        self._files = files
        self._config = config
        self._gate = gate
        self._assets = assets
        self._tokens = tokens
        self._data = data
        self._has_told = False

    async def respond(self, request: Request, registry: Registry) -> Response:
        """Return the page that a request asks for, or the document that says why there is none."""
        address = address_of(request.scope)
        if len(address) > self._config.limits.path_bytes:
            return self._notice(request, 414, "Address too long", "No page has an address of this length.")
        try:
            verdict = await self._gate.admit(address, request_of(request))
            if isinstance(verdict, Redirected):
                uncached = _UNSTORED if verdict.status == 303 else None
                return RedirectResponse(verdict.to, verdict.status, uncached)
            forbidden = verdict if isinstance(verdict, Denied) and verdict.status == 403 else None
            if forbidden is not None:
                _tell(registry, forbidden.request, forbidden.message, "check: gate; a guard of the page")
            if verdict.location is None or _is_unbidden(verdict):
                if forbidden is not None:
                    return self._notice(request, 403, "Not allowed", forbidden.message)
                return self.missing(request, verdict.request.path)
            if request.method not in ("GET", "HEAD"):
                return self._notice(request, 405, "Pages are only read", "", {"Allow": "GET, HEAD"})
            return await self._visit(request, registry, verdict.location, verdict.request)
        except Refused as refusal:
            wait_s = -(-refusal.retry_after_ms // 1000)
            return self._notice(request, 503, "Not now", refusal.message, {"Retry-After": str(wait_s)})
        except Exception as error:
            return self._failed(request, error, registry.report(error, "a visit", path=address))

    def missing(self, request: Request, path: str) -> Response:
        """Return the document that says that nothing is at `path`."""
        if path == _ICON:
            # Browsers ask for it unbidden, and would show a missing one as an error in their console.
            return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})
        return self._notice(request, 404, "Page not found", f"There is no page at {path}.")

    async def http_error(self, request: Request, error: Exception) -> Response:
        """Return the document for an error that Starlette raises where it serves files."""
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return self.missing(request, below(mount_of(request.scope), request.scope["path"]))
        return self._notice(request, error.status_code, error.detail, "", error.headers or {})

    async def _visit(
        self, request: Request, registry: Registry, location: Location, asked: Asked
    ) -> Response:
        """Open a session and return the document that holds its first paint, the error view included.

        The session waits for its socket then, unless nobody is going to look at the document.
        """
        known = browser_in(request)
        browser = known or new_browser()
        site = Site(location)
        session = registry.open(site, request=asked, browser=browser)
        if _is_sent_early(session, request, location):
            return self._cookied(request, session, known, self._early(request, registry, session, location))
        if session.paint is not None:
            await session.paint.finish()
        reply, session.reply = session.reply or Reply(), None
        turned = reply.turned
        to = reply.to if turned is None else turned.to
        if turned is not None and isinstance(turned.outcome, Forbidden):
            _tell(registry, asked, turned.outcome.message, "check: page; what its body says")
        if to is not None:
            registry.close(session)
            return self._answered(RedirectResponse(to, 303, _UNSTORED), session, reply)
        if turned is not None and not isinstance(turned.instead.entry, ErrorPage):
            registry.close(session)
            return self._answered(self._refusal(request, turned.outcome, asked), session, reply)
        failed = session.view.failed or site.showing.failing
        content = self._document(session, asked.mount).encode()
        styles = self._styles(session)
        if request.method == "HEAD" or _is_speculative(request):
            registry.close(session)
        response = HTMLResponse(
            b"" if request.method == "HEAD" else content,
            500 if failed else reply.status or (location if turned is None else turned.instead).status,
            {**self._headers(request, styles), "Content-Length": str(len(content))},
        )
        return self._answered(self._cookied(request, session, known, response), session, reply)

    def _early(self, request: Request, registry: Registry, session: Session, location: Location) -> Response:
        """Return an answer whose head is sent at once, and the rest when the data of the page is there."""
        reply, session.reply = session.reply or Reply(), None
        mount = session.request.mount
        head, modules = self._head(mount, *session.heads.paint())

        async def parts() -> AsyncIterator[str]:
            yield opening(head, modules=modules)
            try:
                if session.paint is not None:
                    await session.paint.finish()
                tags = session.heads.add_to_paint()
                live = self._live(session, mount)
                rest = closing(session.html(), live=live, modules=modules, scripts=head.scripts, tags=tags)
            except Exception as error:
                reference = registry.report(error, "a visit", path=session.path)
                registry.close(session)
                rest = failing(*_failure(reference), details=self._details(error))
            yield rest

        status, headers = reply.status or location.status, self._headers(request, self._styles(session))
        response = StreamingResponse(parts(), status, headers, "text/html")
        return self._answered(response, session, reply)

    def _cookied(self, request: Request, session: Session, known: str | None, response: Response) -> Response:
        """Return an answer with the cookies of this session that its browser does not have."""
        if known is None:
            give(response, request, session_cookie(request), session.browser)
        for name, value in self._csrf_cookie(request.cookies, session.browser).items():
            give(response, request, name, value, httponly=False)
        return response

    def _refusal(self, request: Request, outcome: Outcome, asked: Asked) -> Response:
        if isinstance(outcome, Forbidden):
            return self._notice(request, 403, "Not allowed", outcome.message)
        return self.missing(request, asked.path)

    def _answered(self, response: Response, session: Session, reply: Reply) -> Response:
        """Return an answer with the cookies that bodies have set."""
        asked = session.request
        if reply.data:
            reply.cookies.append(self._data.change(asked.data))
        set_cookies(response, reply.cookies, path=asked.mount or "/", secure=asked.scheme == "https")
        return response

    def _csrf_cookie(self, cookies: Mapping[str, str], browser: str) -> dict[str, str]:
        """Return the CSRF cookie where the browser has none of its own."""
        genuine = self._csrf.is_genuine(cookies.get(CSRF_COOKIE, ""), browser)
        return {} if genuine else {CSRF_COOKIE: self._csrf.value(browser)}

    async def embed(
        self, connection: HTTPConnection, mount: str, registry: Registry, parts: Mapping[str, object]
    ) -> Embedded:
        """Open the session of a page of the host's, and return what it shows there.

        Raises:
            TypeError: There are no parts, or one has a name that means something else.
            Exception: What the first render raised and could not contain.
        """
        check(parts)
        connected = replace(request_of(connection), mount=mount)
        asked = await self._gate.identify(connected.address, connected)
        secure = asked.scheme == "https"
        name = cookie_name(secure=secure, mount=mount)
        known = browser_of(asked.cookies.get(name))
        browser = known or new_browser()
        session = registry.open(Parts(parts), request=asked, browser=browser)
        if session.paint is not None:
            await session.paint.finish()
        carry(session)
        head, live, modules = self._connection(session, mount, embeds=TAG)
        return Embedded(
            "\n".join(connecting(head, live=live, modules=modules)),
            dict(zip(parts, session.view.tree.html_children(), strict=True)),
            ({} if known else {name: browser}) | self._csrf_cookie(asked.cookies, browser),
            path=mount,
            secure=secure,
        )

    def _headers(self, request: Request, styles: Sequence[str] = ()) -> Mapping[str, str]:
        host = normalize_host(request.headers.get("host", "")) or ""
        policy = self._config.csp_header(styles)
        return document_headers(policy, self._config.headers, scheme=request.scope["scheme"], host=host)

    def _styles(self, session: Session) -> Sequence[str]:
        """Return the `style` attributes that the policy of a page has to name."""
        policy = self._config.csp
        if not isinstance(policy, Csp) or not policy.names_styles:
            return ()
        styles = session.view.tree.styles()
        if len(styles) > MOST_STYLES and not self._has_told:
            self._has_told = True
            log.warning(
                "the first paint of %s has %d different style= attributes, its policy of content names %d: "
                "the others do not show; write classes",
                session.path,
                len(styles),
                MOST_STYLES,
            )
        return styles

    def _document(self, session: Session, mount: str) -> str:
        head, live, modules = self._connection(session, mount)
        return document(head, session.html(), live=live, modules=modules)

    def _connection(
        self, session: Session, mount: str, *, embeds: str = ""
    ) -> tuple[Head, Live, Sequence[str]]:
        """Return what a document says of itself, of its session, and which modules it loads."""
        head, modules = self._head(mount, *(("", ()) if embeds else session.heads.paint()))
        return head, self._live(session, mount, embeds=embeds), modules

    def _head(self, mount: str, title: str | None, tags: Sequence[Tag]) -> tuple[Head, Sequence[str]]:
        """Return what a document says of itself, and which modules it loads."""
        prefix = mount + self._config.prefix
        own = f"{prefix}/{self._assets.path(STYLESHEET)}"
        head = self._config.head(mount, own, title, tags, address=self._files.address)
        return head, [f"{prefix}/{self._assets.path(module)}" for module in self._assets.modules]

    def _live(self, session: Session, mount: str, *, embeds: str = "") -> Live:
        """Return what a document says of its session."""
        return Live(
            url=f"{mount}{self._config.prefix}/live/{session.id}",
            session=session.id,
            epoch=session.epoch,
            rev=session.rev,
            count=session.count,
            token=self._tokens.sign(session.id, session.browser, embedded=bool(embeds)),
            csrf=self._csrf.masked(session.browser, session.id),
            dev=self._config.shows_errors,
            sockets=self._config.websocket,
            embeds=embeds,
        )

    def _failed(self, request: Request, error: Exception, reference: str) -> Response:
        title, message = _failure(reference)
        return self._notice(request, 500, title, message, details=self._details(error))

    def _details(self, error: Exception) -> str:
        return told(error, shortened(error)) if self._config.shows_errors else ""

    def _notice(
        self,
        request: Request,
        status: int,
        title: str,
        message: str,
        extra: Mapping[str, str] | None = None,
        details: str = "",
    ) -> Response:
        mount = mount_of(request.scope)
        own = f"{mount}{self._config.prefix}/{self._assets.path(STYLESHEET)}"
        head = self._config.head(mount, own, title, address=self._files.address)
        content = notice(head, message, details=details)
        return HTMLResponse(content, status, {**self._headers(request), **(extra or {})})


def _failure(reference: str) -> tuple[str, str]:
    return "Something went wrong", f"The page could not be shown. Reference: {reference}"


def _is_sent_early(session: Session, request: Request, location: Location) -> bool:
    """Tell whether a document begins before its page is whole: it wants to, and what it waits for is data."""
    page, paint, reply = location.match.entry, session.paint, session.reply
    return (
        isinstance(page, Page)
        and page.head_first
        and request.method == "GET"
        and not _is_speculative(request)
        and paint is not None
        and paint.waits
        and reply is not None
        and reply.to is None
        and reply.turned is None
        and not session.view.failed
    )


def _tell(registry: Registry, asked: Asked, message: str, advice: str) -> None:
    """Note in the log that somebody may not have a page, and what has said so."""
    registry.refusals.tell("a visit", asked.client, Refused("Unauthorized", message, advice=advice))


def _is_unbidden(verdict: Admitted | Denied) -> bool:
    """Tell whether it is the icon that browsers ask for unbidden, which is no page."""
    return isinstance(verdict, Denied) and verdict.status == 404 and verdict.request.path == _ICON


def _is_speculative(request: Request) -> bool:
    """Tell whether a browser fetches this page before anyone asked for it."""
    purpose = f"{request.headers.get('sec-purpose', '')};{request.headers.get('purpose', '')}"
    return bool({"prefetch", "prerender"} & {word.strip() for word in purpose.lower().split(";")})
