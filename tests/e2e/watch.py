"""What a browser said while a test ran: complaints, and the frames on its sockets."""

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError, WebSocket

from vango import _core

HELLO_OK, SNAPSHOT, DIFF, RESULT, HELLO, EVENT, REFETCH = 0x40, 0x41, 0x42, 0x44, 0x60, 0x61, 0x63

REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@dataclass(frozen=True)
class Frame:
    """One frame of the protocol, as it passed a socket."""

    sent: bool
    kind: int
    fields: tuple
    payload: bytes
    flags: int


def frames_of(data: bytes) -> Iterator[tuple[int, tuple, bytes, int]]:
    """The kind, header fields, payload and flags of each frame in one message."""
    for kind, flags, fields, payload in _core.decode_messages(data, 1 << 24):
        yield kind, fields, payload, flags


@dataclass
class Watch:
    """Everything that a browser context complained about, and each frame of its sockets."""

    problems: list[str] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    sockets: list[WebSocket] = field(default_factory=list)
    _allowed: list[re.Pattern[str]] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        """Listen to every page that `context` will open."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("page", lambda page: page.on("websocket", self._socket))

    def allow(self, pattern: str) -> None:
        """Expect complaints that match: what a browser says about a network that the test cut."""
        self._allowed.append(re.compile(pattern))

    def received(self, kind: int) -> list[Frame]:
        """The frames of this kind that the server sent, in order."""
        return [frame for frame in self.frames if frame.kind == kind and not frame.sent]

    def sockets_only(self, page: Page) -> None:
        """Keep `page` off HTTP, over which a page whose socket failed says HELLO too (PROTOCOL 3.17).

        A watch sees no frames there; so a test that counts them calls this before it cuts a connection.
        """
        page.route("**/vango/live/*", lambda route: route.abort())

    def wait(self, page: Page, until: Callable[[], object]) -> None:
        """Wait for a frame after which `until` is true."""
        while not until():
            if self.sockets and not self.sockets[-1].is_closed():
                self.sockets[-1].wait_for_event("framereceived")
            else:
                page.wait_for_event("websocket")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._problem(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _error(self, error: WebError) -> None:
        self._problem(f"page error: {error.error}")

    def _problem(self, text: str) -> None:
        if not any(pattern.search(text) for pattern in self._allowed):
            self.problems.append(text)

    def _socket(self, websocket: WebSocket) -> None:
        self.sockets.append(websocket)
        websocket.on("framereceived", lambda data: self._frame(False, data))
        websocket.on("framesent", lambda data: self._frame(True, data))

    def _frame(self, sent: bool, data: str | bytes) -> None:
        if isinstance(data, str):
            self.problems.append(f"a text message on the socket: {data!r}")
            return
        with suppress(_core.DecodeError) if sent else nullcontext():  # a test may send what is none
            self.frames.extend(Frame(sent, *frame) for frame in frames_of(data))
