"""Two builds of an application behind one address, as while a deploy rolls over its servers.

The token of a page names its build: of the same one any server gives it a session in place, of another one it
is told to load itself again; whatever it gets then belongs together.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import anyio
import pytest

from vango import App, protocol
from vango.clock import VirtualClock
from vango.protocol import Error, HelloOk

from .faults import click, make_app
from .lines import LINES, Line, line_to

pytestmark = pytest.mark.anyio

SECRET = "a secret that all servers of the deploy share"
OLD, NEW = {"title": "before"}, {"title": "after"}


@asynccontextmanager
async def servers(*builds: dict[str, str]) -> AsyncIterator[tuple[VirtualClock, list[App]]]:
    """Servers of these builds, which run at the same time."""
    clock = VirtualClock()
    async with AsyncExitStack() as stack:
        apps = [make_app(clock=clock, secret=SECRET, **build) for build in builds]
        for app in apps:
            await stack.enter_async_context(app.lifespan())
        yield clock, apps


async def go_on(line: Line, app: App) -> None:
    """Say HELLO as the page would, to whichever server the address leads now."""
    line.app = app
    await line.greet()


@pytest.mark.parametrize("way", LINES)
@pytest.mark.parametrize(("own", "other"), [(OLD, NEW), (NEW, OLD)], ids=["old page", "new page"])
async def test_a_page_of_another_build_is_told_to_load_itself_again(way: str, own: dict, other: dict) -> None:
    async with servers(own, other) as (clock, (first, second)), line_to(way, first, clock) as line:
        await line.greet()
        assert line.is_connected
        await go_on(line, second)
        (error,) = line.heard
        assert isinstance(error, Error)
        assert (error.kind, line.code) == ("SchemaMismatch", 1008)
        assert line.status in (None, 409)
        assert len(second.registry.sessions) == 0
        # The page that it loads then is of the build that serves it, and attaches.
        async with line_to(way, second, clock) as anew:
            await anew.greet()
            assert anew.is_connected
        # Where the address leads back to the first one, the first page goes on.
        await go_on(line, first)
        assert isinstance(line.heard[0], HelloOk)
        assert line.heard[0].session == line.visit.live["session"]


@pytest.mark.parametrize("way", LINES)
async def test_a_page_of_the_same_build_goes_on_with_any_server_of_it(way: str) -> None:
    async with servers(OLD, OLD, NEW) as (clock, (first, second, _)), line_to(way, first, clock) as line:
        await line.greet()
        await line.say(click())
        assert line.session.ledger.accepted == 1
        line.visit.client.epoch, line.visit.client.rev = 1, 1
        line.app = second
        await line.greet(settled=1)
        hello_ok = line.heard[0]
        assert isinstance(hello_ok, HelloOk)
        assert (hello_ok.mode, hello_ok.epoch, hello_ok.last) == (protocol.MODE_SNAPSHOT, 2, 1)
        assert len(second.registry.sessions) == 1
        await line.say(click(cseq=2, epoch=2))
        assert line.wrongs == []


@pytest.mark.parametrize("way", LINES)
async def test_a_server_that_is_replaced_sends_its_pages_to_the_next_one(way: str) -> None:
    async with servers(OLD, OLD) as (clock, (first, second)), line_to(way, first, clock) as line:
        await line.greet()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(first.drain)
            await line.wait(0.1)
            (goodbye,) = [message for message in line.heard if isinstance(message, protocol.GoAway)]
            assert goodbye.reason == "Draining"
            await line.say(protocol.encode(protocol.Bye("drained")))
            assert (line.code, line.wrongs) == (1000, [])
            await line.clock.advance(1)
        await go_on(line, second)
        assert isinstance(line.heard[0], HelloOk)
        assert line.is_connected
