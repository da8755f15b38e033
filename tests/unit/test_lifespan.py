"""Who starts what an application's sessions run in, where nobody told it about a lifespan."""

import asyncio
from contextvars import ContextVar

import anyio
import pytest
from asgi_driver import request

from vango import App, component, html as h

NAMES: ContextVar[str] = ContextVar("names", default="nobody")


def make_app() -> App:
    app = App()

    @component
    def Name() -> object:
        return h.p[NAMES.get()]

    app.page("/")(Name)
    return app


def test_on_asyncio_the_first_requests_start_it_in_the_background() -> None:
    app = make_app()

    async def visits() -> list[int]:
        answers = await asyncio.gather(*(request(app, "/") for _ in range(3)))
        assert len(app.registry.sessions) == 3
        return [answer.status for answer in answers]

    assert asyncio.run(visits()) == [200, 200, 200]
    # The loop has ended and what ran in it too; another loop starts anew.
    assert asyncio.run(visits()) == [200, 200, 200]


def test_a_session_does_not_inherit_the_context_of_a_request() -> None:
    app = make_app()

    async def visit() -> str:
        NAMES.set("the first visitor")
        return (await request(app, "/")).text

    assert "nobody" in asyncio.run(visit())


def test_on_trio_a_request_without_a_lifespan_says_what_to_write() -> None:
    app = make_app()
    with pytest.raises(RuntimeError, match=r"write `async with app\.lifespan\(\):` around the server"):
        anyio.run(request, app, "/", backend="trio")


@pytest.mark.anyio
async def test_a_server_that_runs_the_lifespan_is_all_it_needs() -> None:
    app = make_app()
    said: list[str] = []
    asked, started = anyio.Event(), anyio.Event()
    messages = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        kind = next(messages)
        if kind == "lifespan.shutdown":
            await asked.wait()
        return {"type": kind}

    async def send(message: dict[str, str]) -> None:
        said.append(message["type"])
        started.set()

    async with anyio.create_task_group() as group:
        group.start_soon(app, {"type": "lifespan", "state": {}}, receive, send)
        await started.wait()
        assert (await request(app, "/")).status == 200
        asked.set()
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
