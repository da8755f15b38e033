"""vango's server: uvicorn, set up for sockets that live long, and stopped in the right order."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Literal

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from vango.application.app import App
from vango.application.proxies import Proxies
from vango.cli.heads import patient
from vango.cli.sockets import Sockets
from vango.clock import SystemClock
from vango.errors import Refused
from vango.limits import Limits
from vango.sessions.refusals import RefusalLog

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_BACKLOG = 2048
_GRACE_S = 5
_PING_S, _PONG_S = 25.0, 5.0
# Above our own limit, so that a message that is too long gets an answer of the protocol and not just a close.
_MESSAGE_ROOM = 4
_HOST_MESSAGE_BYTES = 16 * 2**20  # uvicorn's own default, for an application that is not only vango's


class Server(uvicorn.Server):
    """uvicorn with its order of stopping turned round.

    uvicorn closes every socket before it tells the application that it stops. Here the first signal drains
    the application, and only then uvicorn stops; a second signal does not wait.
    """

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], drain: Callable[[], Awaitable[None]]
    ) -> None:
        """Call `ready` when requests are answered, await `drain` before stopping."""
        super().__init__(config)
        self._ready = ready
        self._drain = drain
        self._draining: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application and listen."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let signals stop the server while the block runs."""
        loop = asyncio.get_running_loop()

        def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
            loop.call_soon_threadsafe(self._stop)

        before = {number: signal.signal(number, stop) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self) -> None:
        if self._draining is not None:
            self.should_exit = self.force_exit = True
        else:
            self._draining = asyncio.get_running_loop().create_task(self._drain_and_stop())

    async def _drain_and_stop(self) -> None:
        try:
            await self._drain()
        finally:
            self.should_exit = True


_IN_THE_CLEAR = Refused(
    "Unauthorized",
    "It did not come by https.",
    advice="check: https; what a proxy takes by https it says by X-Forwarded-Proto, and is named by "
    "--forwarded-allow-ips",
)


class RequireHttps:
    """Answers nothing that came in the clear: for a server that everybody can reach."""

    def __init__(self, app: ASGIApp) -> None:
        """Guard `app`."""
        self._app = app
        self._refusals = RefusalLog(SystemClock.now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what came by https, as a trusted proxy says, and refuse the rest."""
        if scope["type"] == "http" and scope["scheme"] != "https":
            self._tell("a request", scope)
            refusal = PlainTextResponse("This server answers over https only.\n", 403)
            await refusal(scope, receive, send)
        elif scope["type"] == "websocket" and scope["scheme"] != "wss":
            self._tell("a socket", scope)
            await WebSocket(scope, receive, send).close()
        else:
            await self._app(scope, receive, send)

    def _tell(self, what: str, scope: Scope) -> None:
        client = scope.get("client")
        self._refusals.tell(what, client[0] if client else "", _IN_THE_CLEAR)


def is_loopback(host: str) -> bool:
    """Tell whether `host` can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at `host` and `port`, 0 for any free one.

    Raises:
        OSError: The address is taken, not ours, or not known.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def url_of(host: str, listener: socket.socket) -> str:
    """Return the address that a person types to reach a listening socket."""
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    app: ASGIApp,
    listener: socket.socket,
    *,
    ready: Callable[[], None],
    proxies: Sequence[str] = (),
    https_only: bool = False,
    drain: bool = True,
    root_path: str = "",
) -> int:
    """Serve `app` on a listening socket until a signal stops it; return the exit status.

    Args:
        app: The application.
        listener: Where to accept connections; it is closed at the end.
        ready: Called when requests are answered.
        proxies: Addresses and networks whose forwarding headers are true.
        https_only: Whether to refuse what did not come by https.
        drain: Whether to take leave of the connected clients before stopping.
        root_path: The path that something in front takes off before it asks here, without a slash at its end.
    """
    _show_log()
    lifespan: Literal["on", "auto"]
    if isinstance(app, App):
        lifespan, message_bytes = "on", _MESSAGE_ROOM * app.config.limits.message_bytes
        take_leave = app.drain if drain else _nothing
    else:
        lifespan, message_bytes, take_leave = "auto", _HOST_MESSAGE_BYTES, _nothing
    front = Proxies(RequireHttps(app) if https_only else app, proxies)
    limits = app.config.limits if isinstance(app, App) else Limits()
    config = uvicorn.Config(
        front,
        http=patient(limits, front.trusts),  # type: ignore[arg-type]
        ws=Sockets,
        ws_max_size=message_bytes,
        ws_ping_interval=_PING_S,
        ws_ping_timeout=_PONG_S,
        ws_per_message_deflate=False,
        lifespan=lifespan,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
        root_path=root_path,
    )
    server = Server(config, ready, take_leave)
    server.run(sockets=[listener])
    return 0 if server.started else 1


def _show_log() -> None:
    """Write what vango says to stderr, unless the application has arranged its logging by itself."""
    if not logging.getLogger().handlers:
        logging.basicConfig(format="%(name)s: %(message)s")
        logging.getLogger("vango").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").addFilter(_without_the_faults_of_peers)


def _without_the_faults_of_peers(record: logging.LogRecord) -> bool:
    """Tell whether a line of uvicorn is worth writing: a peer's bad text is no failure with a traceback."""
    return not isinstance(record.exc_info, tuple) or record.exc_info[0] is not UnicodeDecodeError


async def _nothing() -> None:
    return
