"""A document whose head is sent before the data of its page is there: `@app.page(..., head_first=True)`."""

import json
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from html import unescape
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from asgi_driver import Answer, request

from vango import (
    App,
    NotFound,
    Redirect,
    head,
    html as h,
    is_first_paint,
    redirect,
    resource,
    set_cookie,
    status,
)
from vango.errors import ErrorReport
from vango.limits import Limits

pytestmark = pytest.mark.anyio

META = re.compile(r'<meta name="vango" content="(.*)">')


@asynccontextmanager
async def served(page: Callable[[], Any], **about: Any) -> AsyncIterator[tuple[App, list[ErrorReport]]]:
    """An application with one page, and what it reports."""
    reports: list[ErrorReport] = []
    app = App(on_error=reports.append)
    app.page("/", title="Early", head_first=True, **about)(page)
    app.not_found(lambda: h.h1["nothing there"])
    async with app.lifespan():
        yield app, reports


def shows(load: Callable[[], Any], also: Callable[[], object] = lambda: None) -> Callable[[], Any]:
    """A page that shows what `load` gives when it has waited."""

    async def later() -> Any:
        await anyio.lowlevel.checkpoint()
        return load()

    def page() -> object:
        also()
        data = resource(later)
        return h.main[h.h1["page"], data.match(lambda text: h.p[text], pending=lambda: h.p["waiting"])]

    return page


def live(answer: Answer) -> dict[str, Any]:
    found = META.search(answer.text)
    assert found is not None, answer.text
    return json.loads(unescape(found[1]))  # type: ignore[no-any-return]


async def test_the_document_is_the_one_that_would_have_been_sent_at_once() -> None:
    documents = []
    for early in (True, False):
        app = App()
        app.page("/", title="Early", head_first=early)(shows(lambda: "data"))
        async with app.lifespan():
            answer = await request(app, "/")
            assert answer.status == 200
            assert ("content-length" in dict(answer.headers)) == (not early)
            said = live(answer)
            assert said["count"] == app.registry.get(said["session"]).count  # type: ignore[union-attr]
            top, _, body = answer.text.partition("</head>")
            lines = [re.sub(r'content="\{.*', "", line) for line in top.splitlines()]
            documents.append((sorted(lines), body, lines[:6]))
    assert documents[0] == documents[1]
    assert "<p" in documents[0][1]
    assert "data" in documents[0][1]


async def test_what_the_first_render_says_has_its_way_and_what_comes_with_the_data_joins_the_head() -> None:
    def early() -> None:
        if is_first_paint():
            status(202)
            set_cookie("seen", "1")
        head(meta={"robots": "noindex"})

    def late() -> str:
        with pytest.raises(RuntimeError, match="lives already"):
            redirect("/elsewhere")
        return "data"

    def page() -> object:
        data = resource(load)
        early()
        if data() is not None:
            head(title="Late", description="what it is", meta={"robots": "all"})
        return h.p[lambda: data()]

    async def load() -> str:
        await anyio.lowlevel.checkpoint()
        return late()

    async with served(page) as (app, reports):
        answer = await request(app, "/")
        assert (answer.status, reports) == (202, [])
        assert any(cookie.startswith("seen=1") for cookie in answer.all("set-cookie"))
        top = answer.text.partition("</head>")[0]
        assert "<title>Early</title>" in top
        assert top.count("robots") == 1
        assert top.index("noindex") < top.index("what it is") < top.index('name="vango"')
        session = app.registry.get(live(answer)["session"])
        assert session is not None
        assert session.heads.now[0] == "Late"


async def test_what_is_decided_before_the_data_is_waited_for_is_answered_as_ever() -> None:
    def redirects() -> None:
        redirect("/elsewhere")

    def raises() -> None:
        raise NotFound

    def breaks() -> None:
        raise LookupError("broken")

    cases: list[tuple[Callable[[], None], int]] = [(redirects, 303), (raises, 404), (breaks, 500)]
    for act, expected in cases:
        async with served(shows(lambda: "data", act)) as (app, reports):
            answer = await request(app, "/")
            assert (answer.status, len(reports)) == (expected, act is breaks)


async def test_a_page_that_turns_out_to_be_none_says_so_in_its_body() -> None:
    def none() -> str:
        raise NotFound

    async with served(shows(none)) as (app, reports):
        answer = await request(app, "/")
        assert (answer.status, reports) == (200, [])
        assert "nothing there" in answer.text
        assert live(answer)["session"] in {session.id for session in app.registry.sessions}


async def test_a_page_that_leads_elsewhere_does_when_it_is_connected() -> None:
    def leads() -> str:
        raise Redirect("/other")

    async with served(shows(leads)) as (app, reports):
        answer = await request(app, "/")
        assert (answer.status, reports) == (200, [])
        session = app.registry.get(live(answer)["session"])
        assert session is not None
        assert session._navigation is not None
        assert session._navigation._trip is not None
        assert session._navigation._trip.address == "/other"


async def test_a_page_that_fails_then_is_readable_and_so_is_what_vango_itself_fails_at() -> None:
    def fails() -> str:
        raise LookupError("broken")

    async with served(shows(fails)) as (app, reports):
        answer = await request(app, "/")
        assert (answer.status, [str(report.error) for report in reports]) == (200, ["broken"])
        assert reports[0].reference in answer.text
        assert answer.text.endswith("</body></html>")
    async with served(shows(lambda: "data")) as (app, reports):

        def breaks(*_: object) -> None:
            raise OSError("the signer is away")

        app._visits._live = breaks  # type: ignore[method-assign, assignment]
        answer = await request(app, "/")
        assert (answer.status, [str(report.error) for report in reports]) == (200, ["the signer is away"])
        assert reports[0].reference in answer.text
        assert answer.text.count("</head>") == 1
        assert answer.text.endswith("</main></body></html>")
        assert len(app.registry.sessions) == 0


async def test_a_page_without_data_a_head_and_a_browser_that_looks_ahead_get_it_whole() -> None:
    async with served(lambda: h.p["at once"]) as (app, _):
        assert "content-length" in dict((await request(app, "/")).headers)
    async with served(shows(lambda: "data")) as (app, _):
        for method, headers in [("HEAD", {}), ("GET", {"Sec-Purpose": "prefetch"})]:
            answer = await request(app, "/", method, headers=headers)
            assert "content-length" in dict(answer.headers)
        assert len(app.registry.sessions) == 0


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_head_arrives_while_the_data_is_still_waited_for() -> None:
    """Over a socket, from the server that `vango run` starts."""
    import uvicorn

    there = threading.Event()
    app = App(limits=Limits(ssr_wait_s=60))

    async def load() -> str:
        await anyio.to_thread.run_sync(there.wait)
        return "the data"

    @app.page("/", title="Early", head_first=True)
    def page() -> object:
        return h.main[resource(load).match(lambda text: h.p[text])]

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [listening])
            try:
                stream = await anyio.connect_tcp("127.0.0.1", listening.getsockname()[1])
                async with stream:
                    await stream.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    heard = b""
                    while b"modulepreload" not in heard or b"stylesheet" not in heard:
                        heard += await stream.receive()
                    assert heard.startswith(b"HTTP/1.1 200")
                    assert (b"</head>" in heard, b"the data" in heard) == (False, False)
                    there.set()
                    async for data in stream:
                        heard += data
                assert b"the data" in heard
                assert b"</body></html>" in heard
            finally:
                there.set()
                server.should_exit = True
