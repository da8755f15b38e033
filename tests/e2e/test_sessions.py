"""Whose session is whose: tabs, copies of a page, and strangers."""

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.client import HTTPMessage

import pytest
from playwright.sync_api import BrowserContext, expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from vango import _core

from .serving import Server
from .watch import HELLO, HELLO_OK, frames_of

ERROR, PING = 0x45, 0x4E


def test_two_tabs_are_two_sessions(context: BrowserContext, stage: Server) -> None:
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(stage.url + "/drop")
    for _ in range(2):
        one.locator("#more").click()
    two.locator("#more").click()
    expect(one.locator("#count")).to_have_text("2")
    expect(two.locator("#count")).to_have_text("1")


def test_c26_a_duplicated_tab_has_a_session_of_its_own(context: BrowserContext, stage: Server) -> None:
    context.grant_permissions(["local-network-access"])  # a page that the test fulfils has no address
    one, two = context.new_page(), context.new_page()
    response = one.goto(stage.url + "/drop")
    assert response is not None
    copy = response.text()
    one.locator("#more").click()
    expect(one.locator("#count")).to_have_text("1")
    two.route(
        stage.url + "/drop", lambda route: route.fulfill(body=copy, content_type="text/html; charset=utf-8")
    )
    two.goto(stage.url + "/drop")
    expect(two.locator("#count")).to_have_text("0")
    for clicks in (1, 2, 3):
        two.locator("#more").click()
        expect(two.locator("#count")).to_have_text(str(clicks))
    one.locator("#more").click()
    expect(one.locator("#count")).to_have_text("2")


@dataclass(frozen=True)
class Served:
    """What a browser knows after one page request."""

    server: Server
    cookie: str
    meta: dict

    @contextmanager
    def socket(self, **options: object) -> Iterator[ClientConnection]:
        """A socket as the page would open it, but for `options`."""
        options = {"origin": self.server.url, "additional_headers": {"Cookie": self.cookie}} | options
        url = self.server.url.replace("http", "ws", 1) + re.sub(r"^\w+://[^/]*", "", self.meta["url"])
        with connect(url, subprotocols=["vango.1"], compression=None, **options) as socket:
            yield socket

    def hello(self, instance: str, token: str | None = None) -> bytes:
        """The first frame of a client that was just loaded as `instance`."""
        fields = [
            [1],
            [],
            token or self.meta["token"],
            self.meta["csrf"],
            instance,
            1,
            0,
            0,
            "/drop",
            0,
            0,
            "",
            [],
        ]
        return _core.encode_message(HELLO, 0, fields)


@pytest.fixture
def served(stage: Server) -> Served:
    """One page request."""
    return serve(stage)


def serve(stage: Server) -> Served:
    with urllib.request.urlopen(stage.url + "/drop") as response:
        headers: HTTPMessage = response.headers
        page = response.read().decode()
    content = re.search(r'<meta name="vango" content="([^"]*)"', page)
    assert content is not None
    return Served(stage, headers["set-cookie"].partition(";")[0], json.loads(unescape(content[1])))


def receive(socket: ClientConnection, kind: int) -> tuple:
    """The header fields of the next frame of this kind."""
    while True:
        for got, fields, _payload, _flags in frames_of(socket.recv()):
            if got == kind:
                return fields


def test_another_instance_never_takes_a_session_over(served: Served) -> None:
    with served.socket() as first, served.socket() as second:
        first.send(served.hello("first"))
        session = receive(first, HELLO_OK)[2]
        assert session == served.meta["session"]
        second.send(served.hello("second"))
        assert receive(second, HELLO_OK)[2] != session
        for socket in (first, second):
            socket.send(_core.encode_message(PING, 0, []))
            assert socket.recv() is not None


def test_the_same_instance_comes_back_to_its_session_and_the_older_socket_is_closed(served: Served) -> None:
    with served.socket() as first, served.socket() as second:
        first.send(served.hello("same"))
        session = receive(first, HELLO_OK)[2]
        second.send(served.hello("same"))
        assert receive(second, HELLO_OK)[2] == session
        with pytest.raises(ConnectionClosed) as closed:
            receive(first, HELLO_OK)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1000


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
def test_a_foreign_origin_is_refused(served: Served, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, served.socket(origin=origin):
        pass
    assert refused.value.response.status_code == 403


def refusal(socket: ClientConnection, hello: bytes) -> str:
    """Say hello, and return the kind of the error that answers before the close."""
    socket.send(hello)
    kind = receive(socket, ERROR)[0]
    with pytest.raises(ConnectionClosed):
        socket.recv()
    return kind


def test_a_session_id_alone_opens_nothing(served: Served) -> None:
    with served.socket() as socket:
        assert refusal(socket, served.hello("me", token=served.meta["session"])) == "Unauthorized"


def test_a_token_of_another_browser_opens_nothing(served: Served, stage: Server) -> None:
    with serve(stage).socket() as socket:
        assert refusal(socket, served.hello("me")) == "Unauthorized"


def test_a_forged_token_opens_nothing(served: Served) -> None:
    token = served.meta["token"]
    with served.socket() as socket:
        assert refusal(socket, served.hello("me", token=token[:-8] + "x" * 8)) == "Unauthorized"
