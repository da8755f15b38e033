"""Channels, AUTH and GOAWAY of the client in plain Python, against vango's server over memory and by hand."""

from __future__ import annotations

import anyio
import pytest

from vango import Channel
from vango.sessions.drain import drain
from vango.testing.conformance.hosted import HostedServer
from vango_client.connection import Connection
from vango_client.line import Close, Connect, Send, Tell
from vango_client.page import Page

pytestmark = pytest.mark.anyio


class Tab:
    """The client, joined to a server in this process."""

    def __init__(self, server: HostedServer, page: object) -> None:
        self._server = server
        self._served = page
        self.connection = Connection(Page.parse(page.html, page.path), chance=lambda: 0.5)
        self.told: list[Tell] = []
        self.links: dict[int, object] = {}
        self.connects: list[tuple[float, list[tuple[str, str]]]] = []

    @property
    def now(self) -> float:
        """The time."""
        return self._server.clock.now()

    async def settle(self) -> None:
        """Carry messages until nothing moves."""
        for _ in range(50):
            actions = self.connection.take_actions()
            for action in actions:
                match action:
                    case Connect(link, _, parameters):
                        self.connects.append((self.now, parameters))
                        self.links[link] = await self._server.connect(self._served)
                        self.connection.opened(link, self.now)
                    case Send(link, data) if link in self.links:
                        await self.links[link].send(data)
                    case Close(link):
                        self.links.pop(link, None)
                    case Tell():
                        self.told.append(action)
            await self._server.settle()
            came = False
            for link, end in list(self.links.items()):
                for data in end.received():
                    came = True
                    self.connection.received(link, data, self.now)
                if end.code is not None and self.links.pop(link, None):
                    self.connection.closed(link, self.now, end.code)
                    came = True
            if not actions and not came:
                return

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, deadline by deadline."""
        end = self.now + seconds
        while self.connection.deadline <= end:
            await self._server.advance(max(0.0, self.connection.deadline - self.now))
            self.connection.tick(self.now)
            await self.settle()
        await self._server.advance(end - self.now)
        await self.settle()

    def of(self, name: str) -> list[dict[str, object]]:
        """What was told under a name."""
        return [tell.detail for tell in self.told if tell.name == name]


async def arrive(server: HostedServer) -> Tab:
    """Load the page and connect."""
    tab = Tab(server, await server.visit())
    tab.connection.start(tab.now)
    await tab.settle()
    assert tab.connection.ready
    return tab


async def echo(channel: Channel) -> None:
    async for data in channel:
        await channel.send(data)


async def flood(channel: Channel) -> None:
    for _ in range(channel.params):
        await channel.send(b"the same words again and again, " * 100)


async def fail(channel: Channel) -> None:
    raise ValueError("on purpose")


@pytest.mark.parametrize("transport", ["memory", "websocket", "http"])
async def test_channels(transport: str) -> None:
    async with HostedServer(transport) as server:
        for handler in (echo, flood, fail):
            server.app.channel(handler.__name__)(handler)
        tab = await arrive(server)
        connection = tab.connection
        one, many = connection.channel("echo", None, tab.now), connection.channel("flood", 40, tab.now)
        bad, none = connection.channel("fail", {"a": 1}, tab.now), connection.channel("nobody", None, tab.now)
        assert (one, many, bad, none) == (1, 3, 5, 7)
        for n in range(300):  # more than fit at once
            assert connection.say(one, b"%d" % n, tab.now)
        connection.hang_up(one, tab.now)
        assert not connection.say(one, b"late", tab.now)
        await tab.settle()
        came = tab.of("message")
        assert [one["data"] for one in came if one["channel"] == many] == [
            b"the same words again and again, " * 100
        ] * 40
        ended = {one["channel"]: one["error"] for one in tab.of("ended")}
        assert ended == {many: "", bad: "HandlerFailed", none: "HandlerNotFound"}
        assert connection.state == "connected"
        assert len(server.reports) == 1


async def test_what_is_echoed_comes_in_its_order_and_channels_end_with_the_connection() -> None:
    async with HostedServer() as server:
        server.app.channel("echo")(echo)
        tab = await arrive(server)
        channel = tab.connection.channel("echo", None, tab.now)
        for n in range(600):
            tab.connection.say(channel, b"%d" % n, tab.now)
        await tab.settle()
        assert [one["data"] for one in tab.of("message")] == [b"%d" % n for n in range(600)]
        for link in list(tab.links.values()):
            link.cut()
        await tab.settle()
        assert tab.of("ended") == [{"channel": channel, "error": "Lost", "data": None}]
        await tab.pass_time(2)
        assert tab.connection.channel("echo", None, tab.now) == 1


async def test_a_new_token_takes_the_place_of_the_old_one() -> None:
    async with HostedServer() as server:
        tab = await arrive(server)
        (session,) = server.app.registry.sessions
        token = session.new_token()
        tab.connection.refresh(token, tab.now)
        await tab.settle()
        assert (tab.connection.state, session.least) == ("connected", 1)
        for link in list(tab.links.values()):
            link.cut()
        await tab.settle()
        await tab.pass_time(2)
        assert tab.connection.state == "connected"
        assert list(server.app.registry.sessions) == [session]
        tab.connection.refresh("forged", tab.now)
        await tab.settle()
        assert tab.connection.state == "needs-auth"


async def test_goaway_is_followed_by_bye_and_a_return_within_the_bounds() -> None:
    async with HostedServer() as server, anyio.create_task_group() as tasks:
        tab = await arrive(server)
        began = tab.now
        tasks.start_soon(drain, server.app.registry)
        await tab.settle()
        await server.advance(0.1)
        await tab.settle()
        assert tab.connection.state == "disconnected"
        (least, most) = server.app.config.limits.return_ms
        assert began + least / 1000 <= tab.connection.deadline <= began + most / 1000 + 0.1
        assert tab.connection.channel("echo", None, tab.now) == 0
        await tab.pass_time(3)
        assert len(tab.connects) == 2
