"""The other ways to connect, on real sockets: HTTP requests, and the blueprint profile in a browser."""

import http.client
import re

from playwright.sync_api import Browser

from vango import _core, protocol

from .serving import Server
from .test_sessions import Served, serve

MAX_BYTES = 1 << 24


def post(served: Served, connection: http.client.HTTPConnection, body: bytes, number: str = ""):
    """One request of a page that connects by HTTP; its answer, read."""
    headers = {"Content-Type": "application/vnd.vango", "Cookie": served.cookie, "Origin": served.server.url}
    if number:
        headers["Vango-Request"] = number
    path = re.sub(r"^\w+://[^/]*", "", served.meta["url"])
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    return response, response.read()


def test_c01_a_page_attaches_by_http_and_goes_on_over_a_socket(stage: Server) -> None:
    served = serve(stage)
    connection = http.client.HTTPConnection("127.0.0.1", stage.port)
    response, body = post(served, connection, served.hello("me"))
    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-store, no-transform"
    hello_ok = protocol.decode(body, MAX_BYTES)[0]
    assert hello_ok.session == served.meta["session"]
    ping = _core.encode_message(protocol.Ping.KIND, 0, [])
    response, body = post(served, connection, ping, f"{hello_ok.attachment} 1")
    assert (response.status, body) == (200, protocol.LIVENESS)
    again, same = post(served, connection, ping, f"{hello_ok.attachment} 1")
    assert (again.status, same) == (200, protocol.LIVENESS)
    with served.socket() as socket:
        socket.send(served.hello("me"))
        assert protocol.decode(socket.recv(), MAX_BYTES)[0].session == hello_ok.session
    response, body = post(served, connection, ping, f"{hello_ok.attachment} 2")
    # Told that it was replaced, or that nobody knows it any more: it takes the machine more or less than 5 s.
    assert response.headers["Vango-Close"] in ("1000", "1012")
    connection.close()


def test_a_body_that_lies_about_its_length_never_reaches_a_session(stage: Server) -> None:
    served = serve(stage)
    connection = http.client.HTTPConnection("127.0.0.1", stage.port)
    response, body = post(served, connection, bytes(20_000))
    assert response.status == 413
    assert protocol.decode(body, MAX_BYTES)[0].kind == "TooBig"
    connection.close()


def test_the_blueprint_profile_in_a_browser(browser: Browser, stage: Server) -> None:
    """A raw socket without a subprotocol attaches by the cookie, says what it has, and refetches."""
    served = serve(stage)
    page = browser.new_page()  # not watched: its frames have no headers
    name, _, value = served.cookie.partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": stage.url}])
    page.goto(stage.url + "/vango/runtime-dom.js")
    told = page.evaluate(
        """(url) => new Promise((resolve) => {
            const told = [];
            const socket = new WebSocket(new URL(url, location.origin).href.replace('http', 'ws'));
            socket.binaryType = 'arraybuffer';
            socket.onopen = () => {
                socket.send('HELLO resumable=true lastSeq=0');
                socket.send('REFETCH 0');
            };
            socket.onmessage = ({ data }) => {
                told.push(typeof data === 'string' ? data : Array.from(new Uint8Array(data)));
                if (told.length === 2) resolve(told);
            };
            socket.onclose = () => resolve(told);
        })""",
        served.meta["url"],
    )
    assert told[0] == "FULL-RESYNC"
    frame = bytes(told[1])
    ops = frame[1:] if frame[0] < 0x80 else frame[2:]
    assert ops[:3] == b"\x04\x00\x00"
    assert [patch.op for patch in _core.decode(ops)] == ["insert"]
    page.close()
