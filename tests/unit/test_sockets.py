"""The sockets of `vango run` hand over what they read: whole, at once, as the task that asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from itertools import accumulate, pairwise
from typing import Any

import anyio
import uvicorn
from hypothesis import given, strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode

from vango.cli.server import Server
from vango.cli.sockets import Edge, Sockets
from vango.transports.websocket import HAND_TO, WRITE_NOW

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
        self.writes: Callable[[bytes], bool] = lambda data: False
        self.written: list[bool] = []
        self.is_over = False

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        assert (await receive())["type"] == "websocket.connect"
        self.task = asyncio.current_task()
        name.set("the connection's")
        await send({"type": "websocket.accept"})
        self.writes = scope["extensions"][WRITE_NOW]
        scope["extensions"][HAND_TO](self.take)
        with anyio.CancelScope(deadline=anyio.current_time() + 1_000):
            while (message := await receive())["type"] == "websocket.receive":
                said = message.get("text")
                self.came.append(("received", message["bytes"] if said is None else said))
                self.happened.set()
                await self.goes_on.wait()
        self.is_over = True
        self.happened.set()

    def take(self, data: bytes) -> bool:
        self.taken_by.append((asyncio.current_task(), name.get(), anyio.current_effective_deadline()))
        anyio.Event()  # finds out which event loop this is
        self.written.append(self.writes(b"an answer"))
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
        try:
            yield socket
        finally:
            app.goes_on.set()
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


def test_a_message_that_looks_like_one_inside_another_is_a_part_of_it() -> None:
    async def main() -> None:
        app = Reading()
        async with serving(app) as socket:
            inner = binary(b"a part")[0].serialize(mask=True)
            outer = Frame(Opcode.BINARY, b"x" * 300 + inner).serialize(mask=False)
            # A mask of zeros leaves the payload as it is.
            outer = outer[:1] + bytes((outer[1] | 0x80,)) + outer[2:4] + bytes(4) + outer[4:]
            # One write is one reading: when the first message is there, so is the head of the next.
            socket.transport.write(binary(b"1")[0].serialize(mask=True) + outer[: -len(inner)])
            await app.heard(1)
            socket.transport.write(inner)
            await app.heard(2)
            await socket.send(b"3")
            assert await app.heard(3) == [("taken", b"1"), ("taken", b"x" * 300 + inner), ("taken", b"3")]

    asyncio.run(main())


def test_a_message_between_the_parts_of_another_ends_the_connection() -> None:
    async def main() -> None:
        app = Reading()
        async with serving(app) as socket:
            write(socket, *binary(b"1"), Frame(Opcode.BINARY, b"one ", fin=False))
            await app.heard(1)
            write(socket, *binary(b"2"))
            await socket.wait_closed()
            assert (app.came, socket.close_code) == ([("taken", b"1")], 1002)

    asyncio.run(main())


def test_an_answer_is_written_at_once_but_not_behind_the_close() -> None:
    async def main() -> None:
        app = Reading()
        async with serving(app) as socket:
            write(socket, *binary(b"1", b"2"))
            assert [await socket.recv(), await socket.recv()] == [b"an answer", b"an answer"]
            write(socket, *binary(b"3"), Frame(Opcode.CLOSE, b"\x03\xe8"))
            await app.until(lambda: app.is_over)
            assert (app.came[-1], app.written) == (("taken", b"3"), [True, True, False])
            assert not app.writes(b"short")

    asyncio.run(main())


FRAMES = st.builds(
    lambda opcode, length, fin: Frame(opcode, bytes(length), fin),
    st.sampled_from([Opcode.BINARY, Opcode.CONT, Opcode.TEXT]),
    st.sampled_from([0, 1, 124, 125, 126, 127, 128, 65_535, 65_536]),
    st.booleans(),
) | st.builds(Frame, st.sampled_from([Opcode.PING, Opcode.CLOSE]), st.binary(max_size=125))


@given(st.lists(FRAMES, max_size=8), st.data())
def test_the_edge_is_where_frames_end(frames: list[Frame], data: st.DataObject) -> None:
    pieces = [frame.serialize(mask=True) for frame in frames]
    wire = b"".join(pieces)
    edges = {0, *accumulate(len(piece) for piece in pieces)}
    heads = [edge + n for edge in edges for n in range(16) if edge + n <= len(wire)]
    cuts = data.draw(st.lists(st.sampled_from(heads) | st.integers(0, len(wire)), max_size=30))
    edge = Edge()
    for start, end in pairwise(sorted({0, *cuts, len(wire)})):
        edge.move(wire[start:end])
        assert edge.is_here == (end in edges)
