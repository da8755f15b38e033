"""`pre_upgrade_check`, `on_session_start`, `on_session_end`: what an application says to its connections."""

from typing import Any

import pytest
from asgi_driver import refusal, request, websocket
from live_page import Visit, make_app

from vango import Request, current_request

pytestmark = pytest.mark.anyio
HTTP = {"Content-Type": "application/vnd.vango"}


@pytest.mark.parametrize("status", [403, 429, 503])
async def test_s001_35_a_connection_is_refused_with_the_status_that_the_check_gives(status: int) -> None:
    app = make_app()
    asked: list[Request] = []

    @app.pre_upgrade_check
    def check(request: Request) -> int:
        asked.append(request)
        return status

    async with app.lifespan():
        visit = await Visit.to(app)
        before = len(app.registry.sessions)
        # Before origin and cookie, of which this request has neither.
        assert await refusal(app, visit.url, {}) == (status, "This connection was refused.")
        answer = await request(app, visit.url, method="POST", headers={**visit.headers, **HTTP})
        assert answer.status == status
        assert len(app.registry.sessions) == before
        assert len(app._door._queue) == 0
    assert [each.client for each in asked] == ["192.0.2.1", "192.0.2.1"]


async def test_s001_35_who_may_come_comes() -> None:
    app = make_app()
    app.pre_upgrade_check(lambda request: None)
    async with app.lifespan():
        visit = await Visit.to(app)
        async with websocket(app, visit.url, headers=visit.headers) as socket:
            assert (await socket.event())["type"] == "websocket.accept"
            await socket.leave()


@pytest.mark.parametrize(
    ("answer", "said"),
    [(ValueError("on purpose"), "on purpose"), (False, "returned False"), (200, "returned 200")],
)
async def test_s001_35_a_check_that_cannot_tell_lets_nobody_in(answer: Any, said: str, caplog) -> None:
    app = make_app()

    @app.pre_upgrade_check
    def check(request: Request) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with app.lifespan():
        visit = await Visit.to(app)
        status, _ = await refusal(app, visit.url, visit.headers)
        assert status == 500
        assert said in caplog.text


async def test_s001_36_a_session_is_told_of_when_its_browser_comes_and_when_it_has_gone() -> None:
    app = make_app()
    told: list[tuple[str, str, str]] = []

    @app.on_session_start
    def begin(session):
        told.append(("start", session.id, current_request().headers["origin"]))

    @app.on_session_end
    def end(session):
        told.append(("end", session.id, session.path))

    async with app.lifespan():
        visit = await Visit.to(app)
        await Visit.to(app)  # which nobody connects to
        for _ in range(2):
            async with websocket(app, visit.url, headers=visit.headers) as socket:
                await socket.event()
                await socket.send(visit.client.hello())
                visit.client.receive((await socket.event())["bytes"])
                await socket.leave()
        session = visit.live["session"]
        assert told == [("start", session, "http://testserver")]
        app.registry.close(app.registry.get(session))
        assert told[1:] == [("end", session, "/")]
    assert len(told) == 2


async def test_s001_36_a_session_whose_start_fails_ends_and_says_nothing_of_its_page(caplog) -> None:
    app = make_app()

    @app.on_session_start
    def begin(session):
        raise ValueError("on purpose")

    async with app.lifespan():
        visit = await Visit.to(app)
        async with websocket(app, visit.url, headers=visit.headers) as socket:
            await socket.event()
            await socket.send(visit.client.hello())
            heard = b""
            while (event := await socket.event())["type"] == "websocket.send":
                heard += event["bytes"]
            assert event["code"] == 1011
        assert app.registry.get(visit.live["session"]) is None
        assert "on purpose" in caplog.text
        assert b"on purpose" not in heard


async def test_s001_36_an_end_that_raises_is_reported_and_the_others_are_told(caplog) -> None:
    app = make_app()
    told = []

    @app.on_session_end
    def broken(session):
        raise ValueError("on purpose")

    app.on_session_end(lambda session: told.append(session.id))
    async with app.lifespan():
        visit = await Visit.to(app)
        async with websocket(app, visit.url, headers=visit.headers) as socket:
            await socket.event()
            await socket.send(visit.client.hello())
            await socket.event()
            await socket.leave()
        app.registry.close(app.registry.get(visit.live["session"]))
    assert told == [visit.live["session"]]
    assert "on purpose" in caplog.text


@pytest.mark.parametrize("hook", ["pre_upgrade_check", "on_session_start", "on_session_end"])
def test_a_hook_is_no_async_def(hook: str) -> None:
    async def later(_):
        raise AssertionError("never called")

    with pytest.raises(TypeError, match=f"@app.{hook} takes a def of one argument"):
        getattr(make_app(), hook)(later)


def test_there_is_one_check() -> None:
    app = make_app()
    app.pre_upgrade_check(lambda request: None)
    with pytest.raises(ValueError, match="there is a pre_upgrade_check already"):
        app.pre_upgrade_check(lambda request: None)
