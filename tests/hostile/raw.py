"""A real server spoken to byte by byte: nothing here mends what a test writes (RFC 6455, RFC 9112)."""

from __future__ import annotations

import base64
import http.client
import json
import re
import socket
import struct
from html import unescape
from typing import NamedTuple, Self
from urllib.request import Request, urlopen

from e2e.serving import Server
from vango import protocol
from vango.protocol import Diff, HelloOk, Message, Result
from vango.testing import Client

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = base64.b64encode(bytes(range(16))).decode()
MASK = b"\x37\xfa\x21\x3d"
GUARD_S = 60
"""Nothing here waits for so long; a server that hangs fails the test instead of the run."""
MAX_BYTES = 1 << 24


class Response(NamedTuple):
    """An answer of the server, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def messages(self) -> list[Message]:
        """The frames that it holds."""
        assert self.headers["Content-Type"] == "application/vnd.vango"
        return protocol.decode(self.body, MAX_BYTES)

    @property
    def fault(self) -> tuple[str, int, int]:
        """Kind, close code and status of an answer that ends a connection."""
        return self.messages[-1].kind, int(self.headers["Vango-Close"]), self.status


class Wire:
    """A TCP connection to a server."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=GUARD_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def request(self, line: str, *headers: str, body: bytes = b"") -> None:
        """Send the head of a request, and what comes behind it."""
        self.send("\r\n".join([line, *headers, "", ""]).encode("latin-1") + body)

    def response(self, method: str = "POST") -> Response:
        """Read one answer."""
        answer = http.client.HTTPResponse(_Reading(self._file), method=method)
        answer.begin()
        return Response(answer.status, answer.headers, answer.read())

    def frame(
        self, opcode: int, data: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True
    ) -> None:
        """Send one WebSocket frame."""
        self.send(frame(opcode, data, fin=fin, reserved=reserved, masked=masked))

    def read_frame(self) -> tuple[int, bytes]:
        """Read one WebSocket frame of the server: its opcode and its data."""
        first, second = self._take(2)
        assert not second & 0x80, "a server masks nothing"
        length = second & 0x7F
        if length > 125:
            size = 2 if length == 126 else 8
            length = int.from_bytes(self._take(size))
        assert first & 0x80, "a server of ours sends whole messages"
        return first & 0x7F, self._take(length)

    def read_messages(self) -> list[Message]:
        """Read one message of the server."""
        opcode, data = self.read_frame()
        assert opcode == BINARY, (opcode, data)
        return protocol.decode(data, MAX_BYTES)

    def read_end(self) -> tuple[list[Message], int]:
        """Read all that comes until the close frame; returns the messages and the code."""
        heard: list[Message] = []
        while True:
            opcode, data = self.read_frame()
            if opcode == CLOSE:
                return heard, int.from_bytes(data[:2])
            heard += protocol.decode(data, MAX_BYTES)

    def is_over(self) -> bool:
        """Whether the server has nothing more to say and has hung up; waits for that."""
        try:
            return self._file.read(1) == b""
        except ConnectionResetError:
            return True

    def _take(self, count: int) -> bytes:
        data = self._file.read(count)
        assert len(data) == count, f"the connection ended after {data!r}"
        return data


class _Reading:
    """What `HTTPResponse` asks of a socket: a file, which it may close and which goes on."""

    def __init__(self, file: object) -> None:
        self._file = file

    def makefile(self, mode: str) -> object:
        return _Open(self._file)


class _Open:
    def __init__(self, file: object) -> None:
        self._file = file

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def close(self) -> None:
        """The connection goes on."""


def frame(
    opcode: int, data: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True
) -> bytes:
    """One WebSocket frame of a client."""
    head = bytes([fin << 7 | reserved << 4 | opcode])
    bit = masked << 7
    if len(data) < 126:
        head += bytes([bit | len(data)])
    elif len(data) < 1 << 16:
        head += bytes([bit | 126]) + struct.pack("!H", len(data))
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", len(data))
    if not masked:
        return head + data
    return head + MASK + bytes(byte ^ MASK[at % 4] for at, byte in enumerate(data))


class Visit:
    """A page that was loaded from a server, and what its browser knows then.

    Attributes:
        client: What its script is on the wire; the served page is not parsed, so it asks for a snapshot.
        cookie: That of its browser.
    """

    def __init__(self, server: Server, path: str = "/") -> None:
        self.server = server
        with urlopen(server.url + path) as answer:
            page = answer.read().decode()
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        found = re.search('<meta name="vango" content="([^"]*)"', page)
        assert found is not None
        self.meta = json.loads(unescape(found[1]))
        self.client = Client(token=self.meta["token"], csrf=self.meta["csrf"], path=path)
        self.client.acks = False

    @property
    def url(self) -> str:
        """The path of its live address."""
        return str(self.meta["url"])

    def headers(self, *others: str) -> list[str]:
        """What a browser sends with each request; one of `others` takes the place of its namesake."""
        usual = [
            f"Host: 127.0.0.1:{self.server.port}",
            f"Origin: {self.server.url}",
            f"Cookie: {self.cookie}",
        ]
        named = {other.partition(":")[0].lower() for other in others}
        return [one for one in usual if one.partition(":")[0].lower() not in named] + [
            other for other in others if not other.endswith(": ")
        ]

    def upgrade(self, wire: Wire, *others: str) -> Response | None:
        """Ask for a socket; returns the answer, `None` where the socket is open."""
        usual = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        usual += [f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Protocol: vango.1"]
        named = {other.partition(":")[0].lower() for other in others}
        kept = [one for one in usual if one.partition(":")[0].lower() not in named]
        wire.request(f"GET {self.url} HTTP/1.1", *self.headers(*kept, *others))
        answer = wire.response("GET")
        return None if answer.status == 101 else answer

    def connect(self, wire: Wire) -> HelloOk:
        """Open a socket and say HELLO; the page is known then, and may be clicked on."""
        assert self.upgrade(wire) is None
        wire.frame(BINARY, self.client.hello())
        while not self.client.is_ready:
            opcode, data = wire.read_frame()
            assert opcode == BINARY
            for reply in self.client.receive(data):
                wire.frame(BINARY, reply)
        assert self.client.hello_ok is not None
        return self.client.hello_ok

    def click(self) -> bytes:
        """The frame of the next click on the first button."""
        return self.client.event(self.button, 0)

    @property
    def button(self) -> int:
        """The hid of the first button."""
        assert self.client.model is not None
        found = re.search(r'<button[^>]* data-hid="(\d+)"', self.client.model.html())
        assert found is not None
        return int(found[1])

    def post(self, wire: Wire, body: bytes, n: str = "", *others: str) -> Response:
        """Send one request as it should be, but for `others`, and read its answer."""
        numbered = [f"Vango-Request: {n}"] if n else []
        usual = ["Content-Type: application/vnd.vango", f"Content-Length: {len(body)}", *numbered]
        named = {other.partition(":")[0].lower() for other in others}
        kept = [one for one in usual if one.partition(":")[0].lower() not in named]
        wire.request(f"POST {self.url} HTTP/1.1", *self.headers(*kept, *others), body=body)
        return wire.response()

    def greet(self, wire: Wire) -> str:
        """Say HELLO by a request; returns the name of the attachment."""
        (hello_ok, *_) = self.post(wire, self.client.hello()).messages
        assert isinstance(hello_ok, HelloOk)
        return hello_ok.attachment


def state_of(server: Server) -> dict[str, int]:
    """What the server counts: the page `/state` of `raw_app`, rendered and forgotten."""
    with urlopen(Request(server.url + "/state", headers={"Sec-Purpose": "prefetch"})) as answer:
        found = re.search(r"<output[^>]*>(.*?)</output>", answer.read().decode())
    assert found is not None
    return dict(json.loads(unescape(found[1])))


class Witness:
    """A good client on a socket."""

    def __init__(self, server: Server) -> None:
        self._wire = Wire(server)
        self._visit = Visit(server)
        self._visit.connect(self._wire)
        self._clicks = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.__exit__()

    def is_served(self) -> bool:
        """Whether a click of it has its effect."""
        self._clicks += 1
        return _clicked(self._visit, self._wire) == self._clicks


def is_healthy(server: Server) -> bool:
    """Whether a new page connects and a click on it has its effect, by both ways."""
    with Wire(server) as wire:
        visit = Visit(server)
        visit.connect(wire)
        by_socket = _clicked(visit, wire) == 1
    with Wire(server) as wire:
        visit = Visit(server)
        name = visit.greet(wire)
        (diff,) = visit.post(wire, protocol.encode(protocol.Event(1, 1, 0, 3, 0)), f"{name} 1").messages
        visit.post(wire, protocol.encode(protocol.Bye("")), f"{name} 2")
    return by_socket and isinstance(diff, Diff) and diff.ack == 1


def _clicked(visit: Visit, wire: Wire) -> int:
    """Click, wait for the effect, and return what the button says."""
    client = visit.client
    wire.frame(BINARY, visit.click())
    bursts = client.bursts
    while client.bursts == bursts:
        opcode, data = wire.read_frame()
        assert opcode == BINARY
        for reply in client.receive(data):
            wire.frame(BINARY, reply)
        assert not any(isinstance(result, Result) and result.error for result in client.results.values())
    wire.frame(BINARY, client.acknowledge())
    assert client.model is not None
    shown = re.search(r"<button[^>]*>(\d+)<", client.model.html())
    assert shown is not None
    return int(shown[1])
