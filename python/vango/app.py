"""The application: pages by path, served as an ASGI application that can also be mounted in another."""

from __future__ import annotations

import logging
import os
import secrets
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import quote, unquote

from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, Router, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from vango.assets import RUNTIME, STYLESHEET, Assets
from vango.clock import Clock, SystemClock
from vango.config import Config
from vango.errors import ErrorReport, Refused
from vango.limits import Limits
from vango.live import LiveEndpoint
from vango.page import DEFAULT_CSP, Live, document, headers, notice
from vango.registry import Registry
from vango.routing import Match, Page, PageFunction, Routes
from vango.security import COOKIE, HandshakeQueue, Tokens, browser_of, new_browser
from vango.session import Session

F = TypeVar("F", bound=PageFunction)

log = logging.getLogger("vango")


class App:
    """An application of pages: `@app.page("/")` on a function, then `vango run module:app`.

    It is an ASGI application. A server that runs its lifespan needs nothing more; a host that mounts it
    enters `app.lifespan`, and where nobody does, on asyncio, the first request starts what it needs.
    """

    def __init__(
        self,
        *,
        title: str = "",
        stylesheets: Sequence[str] = (),
        secret: str | Sequence[str] | None = None,
        debug: bool | None = None,
        limits: Limits | None = None,
        allowed_origins: Sequence[str] = (),
        trusted_proxies: Sequence[str] = (),
        prefix: str = "/vango",
        lang: str = "en",
        csp: str | None = DEFAULT_CSP,
        on_error: Callable[[ErrorReport], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Check the settings and read the client; nothing runs yet.

        Args:
            title: The title of pages that have none of their own.
            stylesheets: Addresses after vango's own; one that begins with `/` is a path of this application.
            secret: What signs the tokens of pages: a key of 32 characters or more, or several, oldest first.
                Without it `VANGO_SECRET` (keys with commas between them), else a key that dies with the
                process, and with it the way back for open pages.
            debug: Whether pages show tracebacks; without it, whether `vango dev` runs this.
            limits: Every bound.
            allowed_origins: Origins besides the server's own whose pages may open a socket.
            trusted_proxies: Addresses and networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are true.
            prefix: Where the client and the sockets live.
            lang: The language of the pages.
            csp: The `Content-Security-Policy` of the pages, `None` if something in front sends one.
            on_error: Called with each error that was contained; without it they are logged.
            clock: The time; a test gives its own.

        Raises:
            TypeError: One string stands where several belong.
            ValueError: A setting could never work; the sentence says what to write.
        """
        self.config = Config(
            title=title,
            stylesheets=stylesheets,
            secret=secret,
            debug=debug,
            limits=limits or Limits(),
            allowed_origins=allowed_origins,
            trusted_proxies=trusted_proxies,
            prefix=prefix,
            lang=lang,
            csp=csp,
        )
        self._clock = clock or SystemClock()
        self._on_error = on_error or _log_report
        self._debug = self.config.shows_errors
        self._pages = Routes()
        self._assets = Assets()
        self._tokens = Tokens(
            self.config.keys,
            process=secrets.token_urlsafe(6),
            assets=self._assets.version,
            schema=self.config.schema,
        )
        self._live = LiveEndpoint(
            tokens=self._tokens,
            origins=self.config.origins,
            queue=HandshakeQueue(
                total=self.config.limits.handshakes, per_address=self.config.limits.handshakes_per_address
            ),
        )
        self._runner = Runner(self._make_registry)
        self._router = Router(
            [
                Route(f"{prefix}/client/{{version}}/{{name}}", self._assets.file),
                Route(f"{prefix}/{RUNTIME}", self._assets.runtime),
                WebSocketRoute(f"{prefix}/live/{{session}}", self._socket),
            ],
            redirect_slashes=False,
            default=self._default,
            lifespan=self.lifespan,
        )
        handled = ExceptionMiddleware(self._router, handlers={HTTPException: self._http_error})
        self._asgi: ASGIApp = handled
        if trusted_proxies:
            self._asgi = ProxyHeadersMiddleware(handled, list(trusted_proxies))  # type: ignore[arg-type, assignment]

    def page(self, path: str, *, title: str | None = None, status: int = 200) -> Callable[[F], F]:
        """Register the function below as the page at `path`.

        The function is called for each visit and returns what the page shows. `{name}` and `{name:int}` in
        the path (any convertor of Starlette) are its parameters. The first page that matches is shown.

        Args:
            path: The path below the place where the application is mounted.
            title: The title of the document.
            status: The HTTP status, for a page that stands for those not found.

        Raises:
            ValueError: The path is malformed or taken.
            TypeError: The function is asynchronous or does not take the path's parameters.
        """

        def register(function: F) -> F:
            self._pages.add(Page(path, function, title, status))
            return function

        return register

    def static(self, path: str, directory: str | os.PathLike[str]) -> None:
        """Serve the files of `directory` below `path`.

        Raises:
            ValueError: The path has no leading slash, or the directory does not exist.
        """
        if not path.startswith("/") or path == "/":
            raise ValueError(f"files need a path of their own: write app.static('/static', ...), not {path!r}")
        if not os.path.isdir(directory):
            raise ValueError(f"there is no directory {os.fspath(directory)!r} to serve at {path!r}")
        self._router.routes.append(Mount(path, StaticFiles(directory=directory)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of the ASGI server."""
        if scope["type"] != "lifespan":
            await self._runner.ensure()
        await self._asgi(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self, host: object = None) -> AsyncIterator[None]:  # noqa: ARG002
        """Run what sessions need while the block runs; for a host that mounts this application.

        `Starlette(routes=[Mount("/app", app)], lifespan=app.lifespan)` is all that a Starlette host writes.
        """
        async with self._runner.running():
            yield

    @property
    def registry(self) -> Registry:
        """All sessions of the application.

        Raises:
            RuntimeError: It does not run.
        """
        return self._runner.registry

    # Requests

    async def _default(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).close()
            return
        response = self._respond(Request(scope, receive, send))
        await response(scope, receive, send)

    def _respond(self, request: Request) -> Response:
        mount = request.scope.get("root_path", "")
        path = _below(mount, request.scope["path"])
        match = self._pages.match(path)
        if match is None:
            return self._redirect(request, mount, path) or self._notice(
                mount, 404, "Page not found", f"There is no page at {path}."
            )
        if request.method not in ("GET", "HEAD"):
            return self._notice(
                mount, 405, "Method not allowed", "A page is read, not written to.", {"Allow": "GET, HEAD"}
            )
        address = _address(request.scope)
        if len(address) > self.config.limits.path_bytes:
            return self._notice(mount, 414, "Address too long", "No page has an address of this length.")
        try:
            return self._render(request, match, mount, address)
        except Refused as refusal:
            wait = {"Retry-After": str(-(-refusal.retry_after_ms // 1000))}
            return self._notice(mount, 503, "Not now", refusal.message, wait)
        except Exception as error:
            return self._failed(mount, address, error)

    def _redirect(self, request: Request, mount: str, path: str) -> Response | None:
        """Return the way to the page whose path has one slash more or less at its end, if there is one."""
        other = path[:-1] if path.endswith("/") else path + "/"
        if other.startswith("//") or self._pages.match(other) is None:
            return None
        query = request.url.query
        return RedirectResponse(quote(mount + other) + (f"?{query}" if query else ""))

    def _render(self, request: Request, match: Match, mount: str, address: str) -> Response:
        """Open a session and return the document that holds its first render.

        It waits for its socket then, unless the request was one whose document nobody looks at.
        """
        known = browser_of(request.cookies.get(COOKIE))
        browser = known or new_browser()
        client = request.client.host if request.client else ""
        session = self.registry.open(match.root(), path=address, browser=browser, address=client)
        content = self._document(session, match.page, mount).encode()
        if request.method == "HEAD" or _is_speculative(request):
            self.registry.close(session, "nobody looks at this page")
        length = {"Content-Length": str(len(content))}
        body = b"" if request.method == "HEAD" else content
        response = HTMLResponse(body, match.page.status, {**headers(self.config.csp), **length})
        if known is None:
            secure = request.scope["scheme"] == "https"
            response.set_cookie(COOKIE, browser, path=mount or "/", httponly=True, samesite="lax", secure=secure)
        return response

    def _document(self, session: Session, page: Page, mount: str) -> str:
        prefix = mount + self.config.prefix
        live = Live(
            url=f"{prefix}/live/{session.id}",
            session=session.id,
            epoch=session.epoch,
            rev=session.rev,
            count=session.count,
            token=self._tokens.sign(session.id, session.browser),
            dev=self._debug,
        )
        head = self.config.head(mount, f"{prefix}/{self._assets.path(STYLESHEET)}", page.title)
        modules = [f"{prefix}/{self._assets.path(module)}" for module in self._assets.modules]
        return document(head, session.html(), live=live, modules=modules)

    def _notice(
        self, mount: str, status: int, title: str, message: str, extra: dict[str, str] | None = None, details: str = ""
    ) -> Response:
        head = self.config.head(mount, f"{mount}{self.config.prefix}/{self._assets.path(STYLESHEET)}", title)
        content = notice(head, message, details=details)
        return HTMLResponse(content, status, {**headers(self.config.csp), **(extra or {})})

    def _failed(self, mount: str, address: str, error: Exception) -> Response:
        reference = self._report(address, error)
        details = "".join(traceback.format_exception(error)) if self._debug else ""
        message = f"The page could not be shown. Reference: {reference}"
        return self._notice(mount, 500, "Something went wrong", message, details=details)

    def _report(self, address: str, error: Exception) -> str:
        reference = secrets.token_hex(4)
        self._on_error(ErrorReport(reference, "the function of a page", error, "", address))
        return reference

    async def _http_error(self, request: Request, error: Exception) -> Response:
        """Answer for files and hosts' routes what a missing page is answered."""
        assert isinstance(error, HTTPException)
        mount = request.scope.get("app_root_path", request.scope.get("root_path", ""))
        return self._notice(mount, error.status_code, error.detail, "", dict(error.headers or {}))

    # Sockets

    async def _socket(self, socket: WebSocket) -> None:
        mount = socket.scope.get("root_path", "")
        await self._live.serve(socket, self.registry, lambda address: self._root(mount, address))

    def _root(self, mount: str, address: str) -> object:
        """Return the root of the page at an address of the browser's address bar.

        Raises:
            Refused: There is none, or its function failed.
        """
        match = self._pages.match(_below(mount, unquote(address.partition("?")[0])))
        if match is None:
            raise Refused("SchemaMismatch", "There is no page at this address any more.")
        try:
            return match.root()
        except Exception as error:
            raise Refused("Internal", f"The page failed. Reference: {self._report(address, error)}") from error

    def _make_registry(self) -> Registry:
        return Registry(
            clock=self._clock, limits=self.config.limits, debug=self._debug, on_error=self._on_error
        )


def _below(mount: str, path: str) -> str:
    """Return a decoded path as the application mounted at `mount` sees it."""
    return (path[len(mount) :] if path.startswith(mount + "/") or path == mount else path) or "/"


def _address(scope: Scope) -> str:
    """Return path and query as the browser's address bar has them."""
    raw: bytes | None = scope.get("raw_path")
    path = raw.decode("latin-1").partition("?")[0] if raw else quote(scope["path"])
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


def _is_speculative(request: Request) -> bool:
    """Tell whether the browser fetches this page before anyone asked for it."""
    purpose = f"{request.headers.get('sec-purpose', '')};{request.headers.get('purpose', '')}"
    return bool({"prefetch", "prerender"} & {word.strip() for word in purpose.lower().split(";")})


def _log_report(report: ErrorReport) -> None:
    log.error("%s failed (reference %s, %s)", report.where, report.reference, report.path, exc_info=report.error)
