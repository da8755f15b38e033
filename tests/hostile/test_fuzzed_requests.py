"""Requests of any method, path, query, headers, cookies and body: each has an answer, none more than its own.

In process, so that thousands of them cost seconds, and as an ASGI server hands them over; and over a socket,
where they may be no HTTP at all. The attacker knows all of a victim's page, its token and its CSRF
value, but not its cookie.
"""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from asgi_driver import Answer, request
from hypothesis import HealthCheck, example, given, settings, strategies as st
from live_page import Visit

from e2e.serving import Server
from vango import App, Forbidden, csp, current_request, html as h, query_signal, requires
from vango.application.cookies import COOKIE, new_browser
from vango.limits import Limits

from .raw import Wire, is_healthy

VICTIM = "192.0.2.77"
MARK = "what-only-the-victim-may-read"
SERVER_FAULTS = (b"Traceback", b'File "', b"site-packages")
# Who was refused, and by what, stands in the log. What is missing, or the wrong method, is nobody's fault.
REFUSALS = frozenset({400, 401, 403, 413, 414, 415, 431})


def make_app(folder: Path) -> App:
    """An application that shows whatever it is told, to whom it belongs."""
    # The victim's page waits for its socket as long as the tests take.
    limits = Limits(sessions_per_address=100_000, waiting=100_000, adopt_s=3_600.0)
    app = App(csp=csp("hardened"), limits=limits)
    app.static("/static", folder)
    app.redirect("/old/{rest:path}", "/item/{rest}")

    @app.page("/")
    def home():
        asked = current_request()
        mine = MARK if asked.client == VICTIM else "nothing"
        return h.main[h.button(on_click=lambda: None)[mine], h.pre[repr(dict(asked.query))]]

    @app.page("/item/{rest:path}")
    def item(rest):
        return h.p(title=rest)[rest]

    @app.page("/number/{n:int}")
    def number(n):
        return h.p[n]

    @app.page("/search")
    def search():
        words = query_signal("q", "")
        count = query_signal("n", 0)
        return [h.input(value=words), h.p[words], h.p[count]]

    @app.page("/echo")
    def echo():
        asked = current_request()
        return h.ul[[h.li[f"{name}: {value}"] for name, value in asked.headers.items()]]

    @app.page("/private", guards=[requires("member")])
    def private():
        return h.p[MARK]

    @app.page("/never", guards=[lambda request: Forbidden()])
    def never():
        return h.p[MARK]

    return app


class Target:
    """The application, running, and a victim's page of it."""

    def __init__(self, app: App, call: Callable[..., Any]) -> None:
        self.app = app
        self._call = call
        self.answers: list[Answer] = []
        self.victim: Visit = call(self._visit)

    async def _visit(self) -> Visit:
        """Load the page that shows the victim what is theirs."""
        visit = await Visit.to(self.app, client=(VICTIM, 1))
        session = self.app.registry.get(visit.live["session"])
        assert session is not None
        assert MARK in session.html()
        return visit

    def ask(self, path: str, method: str, headers: dict[str, str], body: bytes) -> Answer:
        """Send one request."""
        return self._call(self._ask, path, method, headers, body)

    async def _ask(self, path: str, method: str, headers: dict[str, str], body: bytes) -> Answer:
        return await request(self.app, path, method, body=[body], headers=headers)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    base = tmp_path_factory.mktemp("site")
    (base / "secret.txt").write_text(MARK)
    folder = base / "static"
    folder.mkdir()
    (folder / "site.css").write_text("p {}")
    (folder / ".env").write_text(MARK)
    (folder / "out.txt").symlink_to(base / "secret.txt")
    app = make_app(folder)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.lifespan()):
        yield Target(app, portal.call)


SAFE = "abcXYZ0189-._~!$&'()*+,;=:@%/"
ODD_ONES = r".. . // %2e%2e %2f %5c %00 %0d%0a %c0%af %ff % %zz \ | ^ [ <b>"
ODD = ODD_ONES.split()
NAMES = [
    "",
    "static",
    "site.css",
    ".env",
    "out.txt",
    "item",
    "number",
    "search",
    "echo",
    "private",
    "never",
    "old",
]
NAMES += ["vango", "client", "live", "errand", "runtime-dom.js", "ready", "favicon.ico", "1", "-1", "9" * 40]
SEGMENT = st.sampled_from(NAMES + ODD) | st.text(SAFE, max_size=12)
QUERIES = "q= n= & = ? # 1 %00 %ff %d800 + next=//evil.example a"
QUERY = st.lists(st.sampled_from(QUERIES.split()), max_size=8).map("".join)
PATH = st.builds(
    lambda parts, query: "/" + "/".join(parts) + (f"?{query}" if query else ""),
    st.lists(SEGMENT, max_size=6),
    QUERY,
)
METHOD = st.sampled_from(
    ["GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW", "get"]
)
HEADER_NAMES = [
    *(
        "Host",
        "Origin",
        "Cookie",
        "Content-Type",
        "Content-Length",
        "Content-Encoding",
        "Vango-Request",
        "Range",
    ),
    *(
        "If-None-Match",
        "If-Modified-Since",
        "If-Range",
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Referer",
    ),
    *(
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "Forwarded",
        "X-Original-URL",
        "X-Rewrite-URL",
    ),
    *(
        "X-HTTP-Method-Override",
        "Sec-Purpose",
        "Purpose",
        "Sec-Fetch-Site",
        "X-CSRF-Token",
        "Upgrade",
        "Expect",
    ),
    *("Authorization", "Transfer-Encoding", "TE", "Connection"),
]
HEADER_VALUES = [
    *(
        "",
        "*",
        "null",
        "evil.example",
        "http://evil.example",
        "http://testserver",
        "testserver:80",
        "[::1]",
        "a b",
    ),
    *(
        "bytes=0-0",
        "bytes=5-1",
        "bytes=-99999999999999999999",
        "bytes=0-,0-,0-,0-",
        "items=1",
        'W/"x"',
        '"x", *',
    ),
    *(
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Thu, 99 Foo 0000",
        "gzip",
        "application/vnd.vango",
        "text/html; charset=x",
    ),
    *("127.0.0.1", "for=127.0.0.1;proto=https", "prefetch", "vango_session=" + "a" * 22, "vango_data=x.y.z"),
    *(
        f"{COOKIE}={new_browser()}; {COOKIE}={new_browser()}",
        "a=\x7f\xff",
        "x" * 40_000,
        "1",
        "-1",
        "9" * 400,
        "x 1",
    ),
]
HEADERS = st.dictionaries(
    st.sampled_from(HEADER_NAMES),
    st.sampled_from(HEADER_VALUES) | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
    max_size=4,
)
BODY = st.binary(max_size=60) | st.sampled_from([b"", b"x" * 70_000])
# How long an input takes to make says how busy the machine is, and nothing of what is tested.
LOADED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
MANY = settings(max_examples=400, suppress_health_check=LOADED)


def judge(target: Target, asked: Callable[[], Answer], caplog: pytest.LogCaptureFixture) -> Answer:
    """Hold an answer against what holds for all of them."""
    caplog.clear()
    target.app._refusals._told.clear()  # each example is the first of its kind
    answer = asked()
    assert 200 <= answer.status < 500 or answer.status == 503, answer.text
    assert MARK.encode() not in answer.body
    assert not any(fault in answer.body for fault in SERVER_FAULTS)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    if answer.status in REFUSALS and answer.all("accept-post") == []:
        assert any("check: " in line for line in caplog.messages), (answer.status, answer.text)
    for name, value in answer.headers:
        assert re.fullmatch(r"[a-z0-9-]+", name)
        assert value.isprintable()
    for place in answer.all("location"):
        assert re.fullmatch(r"/(?![/\\]).*", place)
    return answer


@MANY
@given(path=PATH, method=METHOD, headers=HEADERS, body=BODY)
@example(path="/search?q=%00", method="GET", headers={}, body=b"")
@example(path="/search?q=%ed%a0%80", method="GET", headers={}, body=b"")
@example(path="/echo", method="GET", headers={"X-Odd": "\xff\x7f"}, body=b"")
@example(path="/old/%2f%2fevil.example", method="GET", headers={}, body=b"")
@example(path="/old//evil.example", method="GET", headers={}, body=b"")
@example(path="/static/site.css", method="GET", headers={"Range": "bytes=5-1"}, body=b"")
def test_any_request_has_an_answer(
    target: Target,
    caplog: pytest.LogCaptureFixture,
    path: str,
    method: str,
    headers: dict[str, str],
    body: bytes,
) -> None:
    caplog.set_level("INFO", logger="vango")
    judge(target, lambda: target.ask(path, method, headers, body), caplog)


@MANY
@given(
    headers=HEADERS, body=BODY, place=st.sampled_from(["live", "errand"]), said=st.booleans(), data=st.data()
)
def test_who_knows_all_of_a_page_but_its_cookie_gets_nothing_of_it(
    target: Target,
    caplog: pytest.LogCaptureFixture,
    headers: dict[str, str],
    body: bytes,
    place: str,
    said: bool,
    data: st.DataObject,
) -> None:
    caplog.set_level("INFO", logger="vango")
    victim = target.victim
    own = {"Content-Type": "application/vnd.vango", "Origin": "http://testserver"}
    own["Cookie"] = data.draw(st.sampled_from([f"{COOKIE}={new_browser()}", f"{COOKIE}=", "a=b"]))
    ticket = data.draw(st.sampled_from([victim.live["session"], victim.live["token"], "x.y.z", "~"]))
    path = victim.url if place == "live" else f"/vango/errand/{ticket}"
    body = victim.client.hello() if said else body
    headers = {name: value for name, value in headers.items() if name != "Cookie"}
    answer = judge(target, lambda: target.ask(path, "POST", {**own, **headers}, body), caplog)
    assert answer.status != 200
    session = target.app.registry.get(victim.live["session"])
    assert session is not None
    assert (session.attachment, session.ledger.accepted) == (None, 0)


LINES = rb"Host: 127.0.0.1|Host: |Content-Length: 5|Transfer-Encoding: chunked|Upgrade: websocket"
WORDS = (
    rb"GET|POST| |/|*|http://evil.example/|HTTP/1.1|HTTP/9.9|HTTP/1.0|Cookie: |%00|:|5|abcde|\r\n|\n|\0|\xff"
)
PIECE = st.sampled_from(
    [word.decode("unicode_escape").encode("latin-1") for word in WORDS.split(b"|")]
    + [line + b"\r\n" for line in LINES.split(b"|")]
)
RAW = st.lists(PIECE | st.binary(max_size=8), max_size=14).map(b"".join)


@settings(max_examples=60, suppress_health_check=LOADED)
@given(data=RAW)
def test_any_bytes_on_a_socket_leave_the_server_as_it_was(server: Server, data: bytes) -> None:
    with Wire(server) as wire:
        wire.send(data)
        wire.socket.shutdown(socket.SHUT_WR)
        heard = b""
        with suppress(ConnectionResetError):  # what came after the last answer was not read
            while part := wire.socket.recv(1 << 16):
                heard += part
    assert not any(fault in heard for fault in SERVER_FAULTS)
    assert not re.match(rb"HTTP/1.1 500", heard)


def test_the_server_is_well_after_all_that(server: Server) -> None:
    assert is_healthy(server)
