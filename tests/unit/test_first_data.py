"""Data before the first paint, over HTTP: pages wait for it, and nothing is loaded twice (F-1)."""

from __future__ import annotations

import anyio
import pytest
from asgi_driver import request

from vango import App, ErrorBoundary, component, html as h, resource
from vango.clock import VirtualClock
from vango.limits import Limits

pytestmark = pytest.mark.anyio


class Site:
    """An application whose loader waits for virtual time."""

    def __init__(self, **limits: object) -> None:
        self.clock = VirtualClock()
        self.calls: list[str] = []
        self.cancelled: list[str] = []
        self.wait_s = 0.1
        self.app = app = App(clock=self.clock, limits=Limits(**limits))  # type: ignore[arg-type]

        @component
        def Card(name: str) -> object:
            data = resource(self.load, key=name)
            return h.p[data.match(lambda value: value, pending=lambda: "one moment")]

        @app.page("/cards")
        def cards() -> object:
            return h.main[Card(name="a"), Card(name="b")]

        @app.page("/async/{name}")
        async def page(name: str) -> object:
            return h.h1[await self.load(name)]

        @app.page("/broken")
        async def broken() -> object:
            raise ValueError("on purpose")

        @app.page("/contained")
        def contained() -> object:
            return ErrorBoundary(
                resource(broken).match(lambda value: value), fallback=lambda error, _: h.p[str(error)]
            )

    async def load(self, name: str) -> str:
        self.calls.append(name)
        try:
            await self.clock.sleep(self.wait_s)
        except BaseException:
            self.cancelled.append(name)
            raise
        return f"loaded {name}"

    async def get(self, path: str, method: str = "GET", **changes: object) -> tuple[int, str]:
        """Ask for a page while time passes as it must."""
        answers = []

        async def ask() -> None:
            answers.append(await request(self.app, path, method, **changes))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            await self.clock.settle()
            while not answers:
                await self.clock.advance(0.05)
        return answers[0].status, answers[0].text


async def test_a_page_is_served_with_its_data() -> None:
    site = Site()
    async with site.app.lifespan():
        status, text = await site.get("/cards")
        assert status == 200
        assert text.count("loaded a") == text.count("loaded b") == 1
        assert "one moment" not in text
        assert sorted(site.calls) == ["a", "b"]
        assert site.clock.now() == pytest.approx(0.1)
        (session,) = site.app.registry.sessions
        assert session.paint is None
        assert session.rev == 0
        assert not session.outbox.is_pending
        assert f"&quot;count&quot;:{session.count}" in text


async def test_a_page_waits_no_longer_than_the_limit() -> None:
    site = Site()
    site.wait_s = 5
    async with site.app.lifespan():
        _, text = await site.get("/cards")
        assert text.count("one moment") == 2
        assert site.clock.now() == pytest.approx(0.3)
        await site.clock.advance(5)
        (session,) = site.app.registry.sessions
        assert session.view.dirty
        assert sorted(site.calls) == ["a", "b"]
        assert site.cancelled == []


async def test_a_page_that_waits_for_nothing_is_served_at_once() -> None:
    site = Site(ssr_wait_s=0)
    async with site.app.lifespan():
        _, text = await site.get("/cards")
        assert text.count("one moment") == 2
        assert site.clock.now() == 0


async def test_an_async_page_is_awaited_once() -> None:
    site = Site()
    async with site.app.lifespan():
        status, text = await site.get("/async/x")
        assert status == 200
        assert "loaded x</h1>" in text
        assert site.calls == ["x"]


async def test_an_async_page_that_raises_is_an_error_page() -> None:
    site = Site()
    async with site.app.lifespan():
        status, text = await site.get("/broken")
        assert status == 500
        assert "This page could not be shown" in text
        status, text = await site.get("/contained")
        assert status == 200
        assert "on purpose" in text


@pytest.mark.parametrize(
    ("method", "headers"), [("HEAD", {}), ("GET", {"sec-purpose": "prefetch;prerender"})]
)
async def test_who_only_looks_leaves_nothing_running(method: str, headers: dict[str, str]) -> None:
    site = Site()
    site.wait_s = 5
    async with site.app.lifespan():
        status, _ = await site.get("/cards", method, headers=headers)
        assert status == 200
        assert not site.app.registry.sessions
        await site.clock.settle()
        assert sorted(site.cancelled) == ["a", "b"]


async def test_visits_without_a_socket_leave_no_task() -> None:
    site = Site(waiting=10, waiting_per_address=10)
    site.wait_s = 1000
    async with site.app.lifespan():
        for _ in range(50):
            await site.get("/async/x")
        await site.clock.settle()
        assert len(site.app.registry.sessions) == 10
        assert len(site.cancelled) == 40
        await site.clock.advance(16)
        assert not site.app.registry.sessions
        assert len(site.cancelled) == 50
