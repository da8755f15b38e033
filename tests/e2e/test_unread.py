"""A client on a real socket that stops reading: what the server holds for it, and where it ends."""

import json
import socket
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.protocol import State
from websockets.uri import parse_uri

from vango import protocol
from vango.testing import Client

from .flood import written
from .serving import Server
from .test_once import load

CHANGES = 1_000
WINDOW = 32 * 1024
OVERHEAD = 100  # of a burst, beside its text, and for each of its parts
NO_DEFLATE = [name for name in protocol.CAPABILITIES if name != "deflate"]


class Line:
    """A WebSocket without a thread or a buffer behind it: what nobody asks for stays on the server's side.

    Args:
        server: Where to connect.
        client: The document that connects.
        cookie: That of its browser.
    """

    def __init__(self, server: Server, client: Client, cookie: str) -> None:
        address = server.url.replace("http", "ws") + f"/vango/live/{client.token.partition('.')[0]}"
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.connect(("127.0.0.1", server.port))
        self._speaker = ClientProtocol(parse_uri(address), origin=server.url, subprotocols=["vango.1"])
        self._arrived: list[bytes] = []
        request = self._speaker.connect()
        request.headers["Cookie"] = cookie
        self._speaker.send_request(request)
        self._flush()
        while self._speaker.state is State.CONNECTING:
            self._hear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send one message."""
        self._speaker.send_binary(data)
        self._flush()

    def receive(self) -> bytes:
        """Return the next message."""
        while not self._arrived:
            self._hear()
        return self._arrived.pop(0)

    def _hear(self) -> None:
        data = self._socket.recv(65536)
        assert data, "the server has closed the connection"
        self._speaker.receive_data(data)
        events = self._speaker.events_received()
        self._arrived += [bytes(event.data) for event in events if isinstance(event, Frame)]

    def _flush(self) -> None:
        self._socket.sendall(b"".join(self._speaker.data_to_send()))


# A burst that is lost in the buffers of the kernel, one that nearly fills the window, one that fits nowhere.
@pytest.mark.parametrize("letters", [1_000, 24_000, 6_000_000])
def test_1000_changes_cost_a_client_that_does_not_read_one_window_and_a_burst(letters: int) -> None:
    burst = letters + OVERHEAD * (1 + letters // (256 * 1024))
    with Server("e2e.flood:app", Path(__file__).parents[1]) as server:
        client, cookie = load(server)
        client.capabilities = NO_DEFLATE
        changes = HTTPConnection("127.0.0.1", server.port)

        def change(number: int) -> dict[str, int]:
            changes.request("GET", f"/change/{number}/{letters}")
            held: dict[str, int] = json.loads(changes.getresponse().read())
            return held

        with Line(server, client, cookie) as line:
            line.send(client.hello())
            while not client.is_ready:
                for reply in client.receive(line.receive()):
                    line.send(reply)

            most = 0
            for number in range(1, CHANGES + 1):
                held = change(number)
                most = max(most, held["held"])
            sealed = held["rev"]
            assert sealed < CHANGES  # it does wait
            assert most <= WINDOW + burst

            unread = 0
            assert client.model is not None
            while written(CHANGES, letters) not in client.model.html():
                message = line.receive()
                if client.rev < sealed:
                    unread += len(message)
                for reply in client.receive(message):
                    line.send(reply)
            # What it had not read: in the session, in the server, in the kernel.
            assert unread <= WINDOW + burst
            assert client.rev <= sealed + 2
            assert client.refetches == 0
        changes.close()
