"""The application: pages by path, served as an ASGI application that can also be mounted in another."""

from __future__ import annotations

import inspect
import os
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args

from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from vango.application.asked import enter
from vango.application.assets import RUNTIME, Assets
from vango.application.config import RECORD_VARIABLE, Config
from vango.application.csp import Csp, csp as make_csp
from vango.application.csrf import Csrf
from vango.application.embed import Asked, Embedded
from vango.application.errands import DataCookie, ErrandEndpoint
from vango.application.files import Files, Folder
from vango.application.gate import Gatekeeper
from vango.application.half import Half, Which
from vango.application.handshakes import HandshakeQueue
from vango.application.hosts import HostPolicy
from vango.application.http import HttpEndpoint
from vango.application.identity import Expiry, Identity
from vango.application.live import Door, LiveEndpoint, PreUpgradeCheck, terms_of
from vango.application.navigator import SiteNavigator
from vango.application.origins import OriginPolicy
from vango.application.perimeter import Perimeter
from vango.application.proxies import Proxies
from vango.application.runner import Runner
from vango.application.tokens import Tokens
from vango.application.visit import PageEndpoint
from vango.clock import Clock, SystemClock
from vango.errors import ErrorReport
from vango.identity import Provider
from vango.limits import Limits
from vango.naming import require_async
from vango.routing.group import Group
from vango.routing.links import url_of
from vango.routing.page import Area, PageFunction
from vango.routing.routes import Routes
from vango.routing.table import lines
from vango.sessions.channel import ChannelHandler
from vango.sessions.hooks import SessionHook, SessionHooks
from vango.sessions.refusals import RefusalLog
from vango.sessions.registry import Registry
from vango.transports.recording import FileRecorder

_CSP = make_csp()

C = TypeVar("C", bound=ChannelHandler)
E = TypeVar("E", bound=Callable[[ErrorReport], None])
U = TypeVar("U", bound=PreUpgradeCheck)
H = TypeVar("H", bound=SessionHook)


class App(Group):
    """An application of pages: `@app.page("/")` on a function, then `vango run module:app`.

    It is an ASGI application. A server that runs its lifespan needs nothing more; a host that mounts it
    enters `app.lifespan`, and where nobody does, on asyncio, the first request starts what it needs.
    """

    def __init__(
        self,
        *,
        title: str = "",
        stylesheets: Sequence[str] = (),
        scripts: Sequence[str] = (),
        secret: str | Sequence[str] | None = None,
        debug: bool | None = None,
        limits: Limits | None = None,
        allowed_hosts: Sequence[str] = (),
        canonical_host: str = "",
        allowed_origins: Sequence[str] = (),
        allowed_redirects: Sequence[str] = (),
        trusted_proxies: Sequence[str] = (),
        prefix: str = "/vango",
        lang: str = "en",
        csp: Csp | str | None = _CSP,
        headers: Mapping[str, str | None] = MappingProxyType({}),
        blueprint: Literal["serve", "refuse"] = "serve",
        websocket: bool = True,
        prefetch: bool = True,
        on_error: Callable[[ErrorReport], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Check the settings and read the client; nothing runs yet.

        Args:
            title: The title of pages that have none of their own.
            stylesheets: Addresses after vango's own; one that begins with `/` is a path of this application.
            scripts: Addresses of ES modules, written alike, which every page loads after vango's own.
            secret: What signs the tokens of pages: a key of 32 characters or more, or several, oldest first.
                Without it `VANGO_SECRET` (keys with commas between them), else a key that dies with the
                process, and with it the way back for open pages.
            debug: Whether pages show tracebacks and load the tap; without it, whether `vango dev` runs this.
            limits: Every bound.
            allowed_hosts: The names that this server answers to, as `example.com`, `*.example.com` or `*`.
                Without any: every name, but on loopback only those of loopback.
            canonical_host: Which of them visitors are sent to who ask for another one.
            allowed_origins: Origins besides the server's own whose pages may open a socket.
            allowed_redirects: Other origins to which `navigate()` and guards may lead.
            trusted_proxies: Addresses and networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are true.
            prefix: Where the client and the sockets live.
            lang: The language of the pages.
            csp: The `Content-Security-Policy` of the pages: `vango.csp()` with changes, or its text, or
                `None` if something in front sends one.
            headers: Further headers of the pages, or others in place of vango's; `None` takes one away.
            blueprint: Whether to serve sockets that ask for no subprotocol: clients that only receive.
            websocket: Whether to serve sockets at all; without, pages live by HTTP alone.
            prefetch: Whether pages are rendered when somebody points at a link, before they go there.
            on_error: Called with each error that was contained; without it they are logged.
            clock: The time; a test gives its own.

        Raises:
            TypeError: One string stands where several belong.
            ValueError: A setting could never work; the sentence says what to write.
        """
        self.config = Config(
            title=title,
            stylesheets=stylesheets,
            scripts=scripts,
            secret=secret,
            debug=debug,
            limits=limits or Limits(),
            allowed_hosts=allowed_hosts,
            canonical_host=canonical_host,
            allowed_origins=allowed_origins,
            allowed_redirects=allowed_redirects,
            trusted_proxies=trusted_proxies,
            prefix=prefix,
            lang=lang,
            csp=csp,
            headers=headers,
            blueprint=blueprint,
            websocket=websocket,
            prefetch=prefetch,
        )
        self._clock = clock or SystemClock()
        self._on_error = on_error
        self._hooks = SessionHooks()
        self._refusals = RefusalLog(self._clock.now)
        assets = Assets(debug=self.config.shows_errors)
        keys = self.config.keys
        tokens = Tokens(
            keys,
            process=secrets.token_urlsafe(6),
            assets=assets.version,
            schema=self.config.schema,
        )
        bounds = self.config.limits
        queue = HandshakeQueue(total=bounds.handshakes, per_address=bounds.handshakes_per_address)
        self._channels: dict[str, ChannelHandler] = {}
        self._pages = Routes()
        super().__init__(self._pages, Area())
        data = DataCookie(keys)
        self._gate = Gatekeeper(
            self._pages, self._clock, lambda error, where: self.registry.report(error, where), data.read
        )
        self._gate.redirects = self.config.redirects
        origins = OriginPolicy(self.config.origins)
        self._csrf = Csrf(keys, origins, self._refusals.tell)
        self._files = Files(hashes=not self.config.shows_errors)
        self._visits = PageEndpoint(self.config, self._gate, assets, tokens, self._csrf, data, self._files)
        self._door = Door(tokens=tokens, csrf=self._csrf, origins=origins, queue=queue, gatekeeper=self._gate)
        self._sockets = LiveEndpoint(self._door, blueprint=blueprint == "serve", websocket=websocket)
        self._requests = HttpEndpoint(self._door)
        self._errands = ErrandEndpoint(self._door, data, keys, prefix)
        self._runner = Runner(self._make_registry)
        self._router = Router(
            [
                Route(f"{prefix}/client/{{version}}/{{name}}", assets.file),
                Route(f"{prefix}/{RUNTIME}", assets.runtime),
                Route(f"{prefix}/ready", self._ready),
                WebSocketRoute(f"{prefix}/live/{{session}}", self._socket),
                Route(f"{prefix}/live/{{session}}", self._request, methods=["POST"]),
                Route(f"{prefix}/errand/{{ticket}}", self._errand, methods=["GET", "POST"]),
            ],
            redirect_slashes=False,
            default=self._default,
            lifespan=self.lifespan,
        )
        handled = ExceptionMiddleware(self._router, handlers={HTTPException: self._visits.http_error})
        hosts = HostPolicy(self.config.allowed_hosts)
        perimeter = Perimeter(handled, hosts, self.config, self._refusals)
        self._asgi: ASGIApp = Proxies(perimeter, self.config.trusted_proxies)

    def auth(
        self,
        provider: Provider,
        *,
        login: str | None = "/login",
        host_login: str | None = None,
        check_every_s: float = 60.0,
        timeout_s: float = 5.0,
        fail: Literal["closed", "open"] = "closed",
        grace_s: float = 300.0,
        on_expiry: Expiry = "reload",
    ) -> None:
        """Say who tells who somebody is.

        ```python
        async def who(request):
            row = await accounts.by_cookie(request.cookies.get("sid"))
            return Principal(id=str(row.id), name=row.name, roles=row.roles) if row else None

        app.auth(who)
        ```
        `vango.integrations` has providers for Starlette's authentication and Django's sessions.

        It is asked by every way to a page: for each request, when a page connects, each time it comes back,
        and every `check_every_s` while a page of a user is connected. A page goes on only with the user that
        it was served to; when there is none any more, or another one, the session ends. A provider that
        raises, takes longer than `timeout_s` or returns something else proves nothing: who asks is a guest
        then, and the page of a user does not come back.

        Args:
            provider: An `async def` that takes a `Request` and returns a `Principal`, or `None` for a guest.
            login: The page to which `requires(...)` leads guests, with `?next=`; `None` for a 403.
            host_login: In its place, a login page of the host in which this application is mounted: its path
                as browsers have it. `next` names the whole path, too.
            check_every_s: How often a connected page of a user asks.
            timeout_s: How long an answer may take.
            fail: Whether a connected page ends when nobody can tell ("closed"), or goes on ("open") for
                `grace_s` after the last answer. A page that comes back is never let in by that.
            grace_s: At most 900.
            on_expiry: What a page does whose user is none any more: "reload" itself, once; "navigate" to
                `login`; "event": nothing but `vango-error` at the window, for a script of the application; or
                a function of the request that returns a path to go to, or `None` to reload.

        Raises:
            RuntimeError: It was called before.
            TypeError: The provider is no `async def`.
            ValueError: A value could never work.
        """
        if self._gate.identity is not None:
            raise RuntimeError("app.auth(...) was called twice; one provider may ask several others")
        self._gate.identity = Identity(
            provider=provider,
            login=login,
            host_login=host_login,
            check_every_s=check_every_s,
            timeout_s=timeout_s,
            fail=fail,
            grace_s=grace_s,
            on_expiry=on_expiry,
        )

    def url_for(
        self, target: str | PageFunction, query: Mapping[str, Any] | None = None, /, **parameters: Any
    ) -> str:
        """Return the address of a page: `app.url_for("project", id=3)`, `app.url_for(project, id=3)`.

        Values are quoted, and in the code of a page the address begins with the place where the application
        is mounted.

        Args:
            target: The name of a page, or its function.
            query: What stands behind the question mark, `{"tab": "open"}`.
            **parameters: Those of its path.

        Raises:
            LookupError: There is no such page.
            ValueError: The parameters are not those of the path, or a value is none that it can hold.
        """
        return url_of(self._pages, target, query, parameters)

    def routes(self) -> list[str]:
        """Return a table of all routes, as `vango routes` prints it."""
        mounted = [route.path for route in self._router.routes if isinstance(route, Mount)]
        return list(
            lines(self._pages, [f"{self.config.prefix}/client", f"{self.config.prefix}/live", *mounted])
        )

    def on_error(self, function: E) -> E:
        """Call the function below with each error that was contained.

        ```python
        @app.on_error
        def report(error: ErrorReport):
            sentry_sdk.capture_exception(error.error, tags={"reference": error.reference})
        ```
        The page shows the `reference`; the report has the error, the components around it, the handler, the
        session and the number of the event. Without it errors are logged. It runs on the loop, so it hands on
        what takes long; what it raises is logged.

        Raises:
            ValueError: There is one already.
            TypeError: It is an `async def`, or no function.
        """
        if self._on_error is not None:
            raise ValueError("there is an on_error already; call both from one")
        _require_plain(function, "on_error")
        self._on_error = function
        return function

    def pre_upgrade_check(self, function: U) -> U:
        """Ask the function below of each connection, before anything is kept of it.

        ```python
        @app.pre_upgrade_check
        def check(request: Request):
            return 429 if limiter.is_over(request.client) else None
        ```
        It takes the request of a page that wants to connect, by socket or by HTTP, of which nothing is proved
        yet, and returns `None` to go on with it, or the status to refuse it with, from 400 to 599. It runs on
        the loop, so it must be short; what it raises refuses with 500.

        Raises:
            ValueError: There is one already.
            TypeError: It is an `async def`, or no function.
        """
        if self._door.before is not None:
            raise ValueError("there is a pre_upgrade_check already; call both from one")
        _require_plain(function, "pre_upgrade_check")
        self._door.before = function
        return function

    def on_session_start(self, function: H) -> H:
        """Call the function below when a browser connects to a session for the first time.

        ```python
        @app.on_session_start
        def begin(session: Session):
            log.info("%s looks at %s", session.request.client, session.path)
        ```
        It runs in the session, before its page hears anything: `current_request()` has cookies and user. What
        it raises ends the session. Several are called in their order.

        Raises:
            TypeError: It is an `async def`, or no function.
        """
        _require_plain(function, "on_session_start")
        self._hooks.start.append(function)
        return function

    def on_session_end(self, function: H) -> H:
        """Call the function below when a session that a browser was connected to has ended.

        It takes the session, whose page and signals are gone. What it raises is reported.

        Raises:
            TypeError: It is an `async def`, or no function.
        """
        _require_plain(function, "on_session_end")
        self._hooks.end.append(function)
        return function

    def channel(self, name: str) -> Callable[[C], C]:
        """Register the `async` function below as what serves the channels of this name.

        ```python
        @app.channel("echo")
        async def echo(channel):
            async for data in channel:
                await channel.send(data)
        ```
        A page opens one by `channel("echo", params)` of `/vango/runtime-dom.js`. The function runs in the
        session of the page, whose signals it may set, and the channel ends when it returns. It is cancelled
        when the connection is lost while the channel is open. What it raises is reported, and the page told.

        Args:
            name: What the page asks for.

        Raises:
            ValueError: The name is empty or taken.
            TypeError: There is no name, or what it stands for is no `async def`.
        """
        if not isinstance(name, str):
            raise TypeError(
                f"a channel needs its name: write @app.channel('feed'), not @app.channel on {name!r:.80}"
            )
        if not name or name in self._channels:
            raise ValueError(f"the channel {name!r} {'is there already' if name else 'has no name'}")

        def register(function: C) -> C:
            require_async(function, f"@app.channel({name!r})")
            self._channels[name] = function
            return function

        return register

    def static(
        self,
        path: str,
        directory: str | os.PathLike[str],
        *,
        manifest: str | os.PathLike[str] | None = None,
    ) -> None:
        """Serve the files of `directory` below `path`; `app.asset` gives their addresses.

        Neither dotfiles nor what a link leads out of the directory are served, and a type is told by the
        name of the file alone.

        Args:
            path: Where they are, as `"/static"`.
            directory: What is served.
            manifest: A file of a build tool that says what it made of which file: an object of names, or
                Vite's manifest. What it names is kept by browsers for ever.

        Raises:
            ValueError: The path has no leading slash or is taken, the directory does not exist, or the
                manifest cannot be read.
        """
        if not path.startswith("/") or path == "/" or path.endswith("/"):
            raise ValueError(
                f"files need a path of their own: write app.static('/static', ...), not {path!r}"
            )
        if not os.path.isdir(directory):
            raise ValueError(f"there is no directory {os.fspath(directory)!r} to serve at {path!r}")
        if any(folder.path == path for folder in self._files.folders):
            raise ValueError(f"there are files at {path!r} already")
        folder = Folder(path, directory, manifest)
        self._files.folders.append(folder)
        self._router.routes.append(Mount(path, folder))

    def asset(self, name: str) -> str:
        """Return the address of a file of `app.static`: `h.img(src=app.asset("logo.png"))`.

        The address holds a hash of the file, so browsers keep it for ever and ask for another one when it
        changes; under `vango dev` it is the plain one. The addresses of `App(stylesheets=, scripts=)` that
        are files of `app.static` get theirs by themselves.

        Args:
            name: The file, below its directory; of several folders the first that has it counts.

        Raises:
            LookupError: No folder has it.
            TypeError: `name` is no text.
        """
        return self._files.asset(name)

    async def embed(self, request: Asked, *, mount: str = "", **parts: object) -> Embedded:
        """Open one session for a page of the host's, and return its live parts as HTML.

        ```python
        @host.get("/")
        async def front(request: Request):
            live = await app.embed(request, mount="/shop", shelf=Shelf(), basket=Basket())
            page = templates.get_template("front.html").render(live=live)
            return live.finish(HTMLResponse(page))
        ```
        The template shows `{{ live.head }}` in its head and each part, `{{ live.shelf }}`, once in its body.
        All parts belong to one session and may share signals. Who may have the page decides the host, at each
        load; a session that is gone makes the browser load the page again.

        Args:
            request: The host's request, of Starlette, FastAPI or Django under ASGI.
            mount: Where this application is mounted in the host, "" at its root.
            parts: What is shown, by the names under which the template finds it.

        Raises:
            TypeError: There are no parts; one is called as something else of a template; or the request
                did not come by ASGI.
            ValueError: `mount` is no path like "/shop".
        """
        scope = getattr(request, "scope", None)
        if not isinstance(scope, MutableMapping):
            raise TypeError(f"app.embed({request!r:.80}, ...): a request that came by ASGI is needed")
        if mount and (not mount.startswith("/") or mount.endswith("/")):
            raise ValueError(f"mount={mount!r}: write a path like '/shop', without a slash at its end")
        await self._runner.ensure()
        outer = str(scope.get("root_path", "")).rstrip("/")
        return await self._visits.embed(HTTPConnection(scope), outer + mount, self.registry, parts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of the ASGI server."""
        if scope["type"] != "lifespan":
            enter(scope)
            await self._runner.ensure()
        await self._asgi(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self, host: object = None) -> AsyncIterator[None]:  # noqa: ARG002
        """Run what sessions need while the block runs; for a host that mounts this application.

        `Starlette(routes=[Mount("/app", app)], lifespan=app.lifespan)` is all that a Starlette host writes.
        """
        async with self._runner.running():
            yield

    def only(self, which: Which) -> ASGIApp:
        """Return one half of this application, for a host that mounts the halves apart.

        ```python
        host = Starlette(
            routes=[
                Mount("/shop/vango", app.only("live")),
                Mount("/shop", app.only("pages"), middleware=[Middleware(GZipMiddleware)]),
            ],
            lifespan=app.lifespan,
        )
        ```
        Both belong to one place in the host, here `/shop`: the live half is mounted there or at the prefix
        below it, and browsers have to reach it. With `app.embed` alone, a host needs no pages of this
        application.

        Args:
            which: `"pages"` and files; or `"live"`, all below the prefix: sockets, requests in their place,
                the client, and what a balancer asks. What belongs to the other half is answered with 404.

        Raises:
            ValueError: There is no such half.
        """
        if which not in get_args(Which):
            raise ValueError(f"app.only({which!r}): write 'pages' or 'live'")
        return Half(self, which, self.config.prefix)

    async def drain(self) -> None:
        """Take in no more sockets and let the connected clients leave: what a server awaits before it stops.

        `/vango/ready` answers 503 from now on, so that a balancer sends nobody any more. Clients finish what
        they began and come back a moment later, to whoever serves then. It takes `limits.drain_s` and
        `limits.goodbye_s` at most; who is still there is cut off.
        """
        self._door.is_open = False
        await self._runner.drain()

    @property
    def csrf(self) -> Csrf:
        """What protects the plain requests of a host and their forms; pages are protected by themselves."""
        return self._csrf

    @property
    def has_users(self) -> bool:
        """Whether `app.auth` was called."""
        return self._gate.identity is not None

    @property
    def registry(self) -> Registry:
        """All sessions of the application.

        Raises:
            RuntimeError: It does not run.
        """
        return self._runner.registry

    async def _default(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what is neither of the client, nor a socket, nor a file: a page."""
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).close()
            return
        response = await self._visits.respond(Request(scope, receive, send), self.registry)
        await response(scope, receive, send)

    async def _socket(self, socket: WebSocket) -> None:
        await self._sockets.serve(socket, self.registry)

    async def _request(self, request: Request) -> Response:
        return await self._requests.respond(request, self.registry)

    async def _errand(self, request: Request) -> Response:
        return await self._errands.respond(request, self.registry)

    async def _ready(self, request: Request) -> Response:  # noqa: ARG002
        """Say whether this server takes in clients: what a balancer asks."""
        is_open = self._door.is_open
        text, status = ("ready\n", 200) if is_open else ("draining\n", 503)
        return PlainTextResponse(text, status, {"Cache-Control": "no-store"})

    def _make_registry(self) -> Registry:
        self._door.is_open = True
        folder = os.environ.get(RECORD_VARIABLE)
        registry = Registry(
            clock=self._clock,
            limits=self.config.limits,
            debug=self.config.shows_errors,
            on_error=self._on_error,
            recorder=FileRecorder(folder, self._clock.now) if folder and self.config.shows_errors else None,
            channels=self._channels,
            navigator=SiteNavigator(self._gate, origins=self.config.redirects),
            prefetch=self.config.prefetch,
            title=self.config.title or "vango",
            websocket=self.config.websocket,
        )
        registry.errand = self._errands.address
        registry.hooks = self._hooks
        registry.refusals = self._refusals
        if self._gate.identity is not None:
            registry.terms = terms_of(self._gate, self._gate.identity)
        return registry


def _require_plain(function: object, what: str) -> None:
    """Refuse what cannot be called at once."""
    if not callable(function) or inspect.iscoroutinefunction(function):
        raise TypeError(f"@app.{what} takes a def of one argument, not {function!r:.80}")
