"""The socket of a page, in process: what is refused before anything is accepted, and what is served."""

from typing import Any

import live_page
import pytest
from asgi_driver import Message, refusal, websocket

from vango import App, _core, html as h
from vango.application.cookies import COOKIE
from vango.limits import Limits
from vango.sessions.session import Session

pytestmark = pytest.mark.anyio

HELLO, HELLO_OK, ERROR = 0x60, 0x40, 0x45


def make_app(**settings: Any) -> App:
    app = App(**settings)
    app.page("/")(lambda: h.p["home"])
    app.page("/other")(lambda: h.p["other"])
    return app


def session_of(app: App, session_id: str) -> Session:
    session = app.registry.get(session_id)
    assert session is not None
    return session


class Visit(live_page.Visit):
    """A page whose HELLO is written field by field."""

    def hello(self, *, token: str | None = None, path: str = "/") -> bytes:
        epoch, rev = self.live["epoch"], self.live["rev"]
        fields = [
            [1], [], token or self.live["token"], self.live["csrf"], "instance-1",
            epoch, rev, 0, path, 800, 600, "UTC", [],
        ]  # fmt: skip
        return _core.encode_message(HELLO, 0, fields)


def messages(event: Message) -> dict[int, tuple[Any, ...]]:
    """What one message of the server holds, by kind."""
    assert event["type"] == "websocket.send"
    return {kind: fields for kind, _, fields, _ in _core.decode_messages(event["bytes"], 2**20)}


async def test_a_page_attaches_to_its_session() -> None:
    app = make_app()
    async with app.lifespan():
        visit = await Visit.to(app)
        async with websocket(app, visit.url, headers=visit.headers) as socket:
            assert await socket.event() == {
                "type": "websocket.accept",
                "subprotocol": "vango.1",
                "headers": [],
            }
            await socket.send(visit.hello())
            answer = messages(await socket.event())
            assert answer[HELLO_OK][2] == visit.live["session"]
            assert session_of(app, visit.live["session"]).attachment is not None
            await socket.leave()


@pytest.mark.parametrize(
    ("changes", "sentence", "logged"),
    [
        (
            {"Origin": "http://evil.example"},
            "from another origin",
            "http://evil.example is not http://testserver",
        ),
        ({"Origin": "https://testserver"}, "from another origin", "App(trusted_proxies=[...])"),
        ({"Origin": "null"}, "from another origin", "check: origin; null is not"),
        ({"Cookie": ""}, "The session cookie is missing.", "check: cookie vango_session"),
        ({"Cookie": f"{COOKIE}=truncated"}, "The session cookie is missing.", "check: cookie vango_session"),
    ],
)
async def test_a_foreign_request_is_refused_before_it_is_accepted(
    changes: dict[str, str], sentence: str, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()
    async with app.lifespan():
        visit = await Visit.to(app)
        with caplog.at_level("INFO", "vango"):
            refused = await refusal(app, visit.url, {**visit.headers, **changes})
        assert refused[0] == 403
        assert sentence in refused[1]
        assert "check:" not in refused[1]
        assert logged in caplog.text
        assert {record.levelname for record in caplog.records} == {"INFO"}
        assert session_of(app, visit.live["session"]).attachment is None


async def test_another_subprotocol_is_refused() -> None:
    app = make_app()
    async with app.lifespan():
        visit = await Visit.to(app)
        status, sentence = await refusal(app, visit.url, visit.headers, subprotocols=["vango.2"])
        assert (status, sentence) == (426, "This server speaks the WebSocket subprotocol vango.1.")


async def test_a_server_that_cannot_answer_a_refused_upgrade_closes_it() -> None:
    app = make_app()
    async with app.lifespan(), websocket(app, "/vango/live/x", extensions={}) as socket:
        assert (await socket.event())["type"] == "websocket.close"


async def test_no_other_path_takes_a_socket() -> None:
    app = make_app()
    async with app.lifespan(), websocket(app, "/") as socket:
        assert (await socket.event())["type"] == "websocket.close"


async def test_an_allowed_origin_and_none_may_attach() -> None:
    app = make_app(allowed_origins=["https://partner.example"])
    async with app.lifespan():
        visit = await Visit.to(app)
        cookie = {"Cookie": visit.headers["Cookie"]}
        for headers in (cookie, {**cookie, "Origin": "https://partner.example"}):
            async with websocket(app, visit.url, headers=headers) as socket:
                assert (await socket.event())["type"] == "websocket.accept"


async def test_a_session_id_alone_opens_nothing() -> None:
    app = make_app()
    async with app.lifespan():
        mine, theirs = await Visit.to(app), await Visit.to(app)
        for token in ("", str(mine.live["session"]), str(theirs.live["token"]), str(mine.live["token"])[:-1]):
            async with websocket(app, mine.url, headers=mine.headers) as socket:
                await socket.event()
                await socket.send(mine.hello(token=token or "x"))
                assert messages(await socket.event())[ERROR][0] == "Unauthorized"
                close = await socket.event()
                assert (close["type"], close["code"]) == ("websocket.close", 3000)
        assert all(session.attachment is None for session in app.registry.sessions)


async def test_a_page_of_an_earlier_run_gets_a_session_in_place_where_the_secret_is_fixed() -> None:
    secret = "s" * 32
    app, later = make_app(secret=secret), make_app(secret=secret)
    async with app.lifespan():
        visit = await Visit.to(app)
    async with later.lifespan():
        async with websocket(later, visit.url, headers=visit.headers) as socket:
            await socket.event()
            await socket.send(visit.hello(path="/other"))
            session = session_of(later, messages(await socket.event())[HELLO_OK][2])
            assert session.path == "/other"
            assert "other" in session.html()
            await socket.leave()
        async with websocket(later, visit.url, headers=visit.headers) as socket:
            await socket.event()
            await socket.send(visit.hello(path="/gone"))
            assert messages(await socket.event())[ERROR][0] == "SchemaMismatch"
            assert (await socket.event())["code"] == 1008


async def test_a_page_of_an_earlier_run_is_loaded_again_where_the_secret_died_with_it() -> None:
    app, later = make_app(), make_app()
    async with app.lifespan():
        visit = await Visit.to(app)
    async with later.lifespan(), websocket(later, visit.url, headers=visit.headers) as socket:
        await socket.event()
        await socket.send(visit.hello())
        assert messages(await socket.event())[ERROR][0] == "SchemaMismatch"


async def test_text_on_the_socket_is_a_fault_of_the_peer() -> None:
    app = make_app()
    async with app.lifespan():
        visit = await Visit.to(app)
        async with websocket(app, visit.url, headers=visit.headers) as socket:
            await socket.event()
            await socket.send("HELLO resumable=true lastSeq=1")
            assert messages(await socket.event())[ERROR][0] == "InvalidFrame"
            assert (await socket.event())["code"] == 1002


async def test_sockets_that_say_nothing_are_bounded_for_each_address() -> None:
    app = make_app(limits=Limits(handshakes=2, handshakes_per_address=1))
    async with app.lifespan():
        visit = await Visit.to(app)
        async with websocket(app, visit.url, headers=visit.headers) as socket:
            assert (await socket.event())["type"] == "websocket.accept"
            status, sentence = await refusal(app, visit.url, visit.headers)
            assert (status, sentence) == (503, "Too many connections are being opened.")
            await socket.send(visit.hello())
            await socket.event()
            async with websocket(app, visit.url, headers=visit.headers) as second:
                assert (await second.event())["type"] == "websocket.accept"
        async with websocket(app, visit.url, headers=visit.headers) as socket:
            assert (await socket.event())["type"] == "websocket.accept"


async def test_a_mounted_page_attaches_where_it_is_mounted() -> None:
    app = make_app()
    async with app.lifespan():
        visit = await Visit.to(app, root_path="/shop")
        below = visit.url.removeprefix("/shop")
        async with websocket(app, below, headers=visit.headers, root_path="/shop") as socket:
            await socket.event()
            await socket.send(visit.hello(path="/shop/"))
            assert messages(await socket.event())[HELLO_OK][2] == visit.live["session"]
