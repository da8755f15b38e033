"""The sockets of `vango run`: what they read they hand over at once, as the task that asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import anyio
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode

from vango.cli.server import Server, Sockets
from vango.transports.websocket import HAND_TO

name: ContextVar[str] = ContextVar("name", default="nobody's")


class Reading:
    """An application that notes by which way each message came, and as whom it was taken."""

    def __init__(self, wants: Callable[[bytes], bool] = lambda data: True) -> None:
        self.came: list[tuple[str, object]] = []
        self.task: asyncio.Task[Any] | None = None
        self.taken_by: list[tuple[asyncio.Task[Any] | None, str, float]] = []
        self.wants = wants
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.happened = asyncio.Event()

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        assert (await receive())["type"] == "websocket.connect"
        self.task = asyncio.current_task()
        name.set("the connection's")
        await send({"type": "websocket.accept"})
        scope["extensions"][HAND_TO](self.take)
        with anyio.CancelScope(deadline=anyio.current_time() + 1_000):
            while (message := await receive())["type"] == "websocket.receive":
                said = message.get("text")
                self.came.append(("received", message["bytes"] if said is None else said))
                self.happened.set()
                await self.goes_on.wait()

    def take(self, data: bytes) -> bool:
        self.taken_by.append((asyncio.current_task(), name.get(), anyio.current_effective_deadline()))
        anyio.Event()  # finds out which event loop this is
        self.happened.set()
        if self.wants(data):
            self.came.append(("taken", data))
            return True
        return False

    async def heard(self, count: int) -> list[tuple[str, object]]:
        await self.until(lambda: len(self.came) >= count)
        return self.came

    async def until(self, is_so: Callable[[], bool]) -> None:
        with anyio.fail_after(10):
            while not is_so():
                self.happened.clear()
                await self.happened.wait()


@asynccontextmanager
async def serving(app: Reading):
    config = uvicorn.Config(app, port=0, ws=Sockets, ws_ping_interval=None, lifespan="off", log_config=None)
    ready = asyncio.Event()
    server = Server(config, ready.set, ready.wait)
    running = asyncio.create_task(server.serve())
    await ready.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    async with connect(f"ws://127.0.0.1:{port}/", compression=None) as socket:
        yield socket
    server.should_exit = True
    await running


def write(socket: ClientConnection, *frames: Frame) -> None:
    """Let frames come in one piece."""
    socket.transport.write(b"".join(frame.serialize(mask=True) for frame in frames))


def binary(*messages: bytes) -> list[Frame]:
    return [Frame(Opcode.BINARY, data) for data in messages]


def test_what_takes_a_message_is_the_task_that_asked_for_it() -> None:
    async def main() -> None:
        app = Reading()
        async with serving(app) as socket:
            await socket.send(b"1")
            await socket.send(b"2")
            assert await app.heard(2) == [("taken", b"1"), ("taken", b"2")]
            for task, whose, deadline in app.taken_by:
                assert (task, whose) == (app.task, "the connection's")
                assert deadline < anyio.current_time() + 1_001
            assert asyncio.current_task() is not app.task

    asyncio.run(main())


def test_messages_keep_their_order_when_one_is_not_wanted() -> None:
    async def main() -> None:
        app = Reading(wants=lambda data: data != b"3")
        async with serving(app) as socket:
            write(socket, *binary(b"1", b"2", b"3", b"4", b"5"))
            await app.heard(5)
            await socket.send(b"6")
            assert await app.heard(6) == [
                ("taken", b"1"),
                ("taken", b"2"),
                ("received", b"3"),
                ("received", b"4"),
                ("received", b"5"),
                ("taken", b"6"),
            ]

    asyncio.run(main())


def test_nothing_overtakes_what_the_application_has_not_received() -> None:
    async def main() -> None:
        app = Reading(wants=lambda data: data == b"3")
        async with serving(app) as socket:
            app.goes_on.clear()
            await socket.send(b"1")
            await app.heard(1)
            write(socket, *binary(b"2", b"3"))
            await app.until(lambda: len(app.taken_by) == 2)
            app.goes_on.set()
            assert await app.heard(3) == [("received", b"1"), ("received", b"2"), ("received", b"3")]

    asyncio.run(main())


def test_texts_and_messages_in_parts_are_received() -> None:
    async def main() -> None:
        app = Reading()
        async with serving(app) as socket:
            await socket.send("a text")
            await app.heard(1)
            write(
                socket,
                Frame(Opcode.BINARY, b"one ", fin=False),
                Frame(Opcode.CONT, b"two"),
                *binary(b"three"),
            )
            await app.heard(3)
            assert app.came == [("received", "a text"), ("received", b"one two"), ("received", b"three")]

    asyncio.run(main())
