"""The endpoint that answers a visit of a page: open a session, write the document, hand out the cookie."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

from vango.application.assets import STYLESHEET, Assets
from vango.application.config import Config
from vango.application.cookies import COOKIE, browser_of, new_browser
from vango.application.page import Live, document, headers, notice
from vango.application.tokens import Tokens
from vango.errors import Refused
from vango.routing.page import Redirect
from vango.routing.routes import Match, Routes
from vango.routing.site import Location, Site
from vango.sessions.registry import Registry
from vango.sessions.session import Session
from vango.tracebacks import shortened, told

_MOUNT = "vango.mount"


class PageEndpoint:
    """Answers for all pages of one application."""

    def __init__(self, config: Config, pages: Routes, assets: Assets, tokens: Tokens) -> None:
        """Serve `pages` as `config` says, with the client of `assets`."""
        self._config = config
        self._pages = pages
        self._assets = assets
        self._tokens = tokens

    async def respond(self, request: Request, registry: Registry) -> Response:
        """Return the page that a request asks for, or the document that says why there is none."""
        mount = mount_of(request.scope)
        path = below(mount, request.scope["path"])
        match = self._pages.match(path)
        if match is None:
            neighbour = self._neighbour(request, mount, path)
            match = None if neighbour is not None else self._pages.missing(path)
            if match is None:
                return neighbour or self.missing(mount, path)
        if isinstance(match.entry, Redirect):
            to = match.entry.leads_to(match.parameters, request.url.query)
            return RedirectResponse(quote(mount) + to, match.entry.status)
        if request.method not in ("GET", "HEAD"):
            return self._notice(mount, 405, "Pages are only read", "", {"Allow": "GET, HEAD"})
        address = address_of(request.scope)
        if len(address) > self._config.limits.path_bytes:
            return self._notice(mount, 414, "Address too long", "No page has an address of this length.")
        try:
            return await self._visit(request, registry, match, address)
        except Refused as refusal:
            wait_s = -(-refusal.retry_after_ms // 1000)
            return self._notice(mount, 503, "Not now", refusal.message, {"Retry-After": str(wait_s)})
        except Exception as error:
            return self._failed(mount, error, registry.report(error, "a visit", path=address))

    def root(self, address: str, mount: str) -> object:
        """Return the root of the page at an address of the browser's address bar, for a session made anew.

        Raises:
            Refused: There is no page.
        """
        path = below(mount, unquote(address.partition("?")[0]))
        match = self._pages.match(path) or self._pages.missing(path)
        if match is None or isinstance(match.entry, Redirect):
            raise Refused("SchemaMismatch", "There is no page at this address any more.")
        return Site(Location(address, match, match.status, mount))

    def missing(self, mount: str, path: str) -> Response:
        """Return the document that says that nothing is at `path`."""
        if path == "/favicon.ico":
            # Browsers ask for it unbidden, and would show a missing one as an error in their console.
            return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})
        return self._notice(mount, 404, "Page not found", f"There is no page at {path}.")

    async def http_error(self, request: Request, error: Exception) -> Response:
        """Return the document for an error that Starlette raises where it serves files."""
        assert isinstance(error, HTTPException)
        mount = mount_of(request.scope)
        if error.status_code == 404:
            return self.missing(mount, below(mount, request.scope["path"]))
        return self._notice(mount, error.status_code, error.detail, "", error.headers or {})

    async def _visit(self, request: Request, registry: Registry, match: Match, address: str) -> Response:
        """Open a session and return the document that holds its first paint, the error view included.

        The session waits for its socket then, unless nobody is going to look at the document.
        """
        mount = mount_of(request.scope)
        known = browser_of(request.cookies.get(COOKIE))
        browser = known or new_browser()
        peer = request.client.host if request.client else ""
        site = Site(Location(address, match, match.status, mount))
        session = registry.open(site, path=address, browser=browser, address=peer)
        if session.paint is not None:
            await session.paint.finish()
        failed = session.view.failed or site.failing
        content = self._document(session, mount, match.title).encode()
        if request.method == "HEAD" or _is_speculative(request):
            registry.close(session)
        response = HTMLResponse(
            b"" if request.method == "HEAD" else content,
            500 if failed else match.status,
            {**headers(self._config.csp), "Content-Length": str(len(content))},
        )
        if known is None:
            secure = request.scope["scheme"] == "https"
            response.set_cookie(
                COOKIE, browser, path=mount or "/", secure=secure, httponly=True, samesite="lax"
            )
        return response

    def _document(self, session: Session, mount: str, title: str | None) -> str:
        prefix = mount + self._config.prefix
        live = Live(
            url=f"{prefix}/live/{session.id}",
            session=session.id,
            epoch=session.epoch,
            rev=session.rev,
            count=session.count,
            token=self._tokens.sign(session.id, session.browser),
            dev=self._config.shows_errors,
            sockets=self._config.websocket,
        )
        head = self._config.head(mount, f"{prefix}/{self._assets.path(STYLESHEET)}", title)
        modules = [f"{prefix}/{self._assets.path(module)}" for module in self._assets.modules]
        return document(head, session.html(), live=live, modules=modules)

    def _neighbour(self, request: Request, mount: str, path: str) -> Response | None:
        """Return the way to the page whose path has one slash more or less at its end, if there is one."""
        other = path[:-1] if path.endswith("/") else path + "/"
        if other.startswith("//") or self._pages.match(other) is None:
            return None
        query = request.url.query
        return RedirectResponse(quote(mount + other) + (f"?{query}" if query else ""))

    def _failed(self, mount: str, error: Exception, reference: str) -> Response:
        details = told(error, shortened(error)) if self._config.shows_errors else ""
        message = f"The page could not be shown. Reference: {reference}"
        return self._notice(mount, 500, "Something went wrong", message, details=details)

    def _notice(
        self,
        mount: str,
        status: int,
        title: str,
        message: str,
        extra: Mapping[str, str] | None = None,
        details: str = "",
    ) -> Response:
        own = f"{mount}{self._config.prefix}/{self._assets.path(STYLESHEET)}"
        content = notice(self._config.head(mount, own, title), message, details=details)
        return HTMLResponse(content, status, {**headers(self._config.csp), **(extra or {})})


def enter(scope: Scope) -> None:
    """Note in a scope where the application is mounted, before its router changes what the scope says."""
    scope[_MOUNT] = scope.get("root_path", "").rstrip("/")


def mount_of(scope: Scope) -> str:
    """Return where the application is mounted, "" at the root."""
    mount: str = scope[_MOUNT]
    return mount


def below(mount: str, path: str) -> str:
    """Return a decoded path as the application mounted at `mount` sees it."""
    return (path[len(mount) :] if f"{path}/".startswith(f"{mount}/") else path) or "/"


def address_of(scope: Scope) -> str:
    """Return the path and the query of a request as the browser's address bar has them."""
    raw: bytes | None = scope.get("raw_path")
    path = raw.decode("latin-1").partition("?")[0] if raw else quote(scope["path"])
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


def _is_speculative(request: Request) -> bool:
    """Tell whether a browser fetches this page before anyone asked for it."""
    purpose = f"{request.headers.get('sec-purpose', '')};{request.headers.get('purpose', '')}"
    return bool({"prefetch", "prerender"} & {word.strip() for word in purpose.lower().split(";")})
