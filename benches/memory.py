"""Row 7: memory of an idle connected session, as growth of the server from 500 to 2,500."""

import asyncio
import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import psutil
from websockets.asyncio.client import ClientConnection, connect

from benches.report import Figure, table
from benches.served import served
from vango import protocol

# Connections at which the server is weighed.
SMALL, LARGE = (500, 2_500), (25, 125)
META = re.compile(r"""<meta name="vango" content=(["'])(.*?)\1""", re.DOTALL)


def main() -> None:
    """Measure bare connections, counters and tables, a fresh server for each."""
    bare = asyncio.run(growth("bare", SMALL))
    counter = asyncio.run(growth("counter", SMALL))
    rows = asyncio.run(growth("rows", LARGE))
    table(
        "memory of an idle connected session (growth of the server's RSS)",
        Figure("bare connection of the same server", "KiB", [bare]),
        Figure("vango counter", "KiB", [counter]),
        Figure("vango table of 1,000 rows", "KiB", [rows]),
        goal="counter <= 64 KiB over a bare connection, table <= 400 kB",
    )
    print(f"  a counter costs {counter - bare:.1f} KiB over a bare connection")
    print(f"  counters in a GiB, everything counted: {1024 * 1024 / counter:,.0f}  (goal 5,000, aim 10,000)")


async def growth(kind: str, weighed: tuple[int, int]) -> float:
    """KiB that each further connection adds to the server."""
    with served() as (address, process):
        sockets: list[ClientConnection] = []
        alive: list[asyncio.Task[None]] = []
        sizes = []
        for goal in weighed:
            while len(sockets) < goal:
                opened = await asyncio.gather(*(open_one(address, kind) for _ in range(25)))
                alive += [asyncio.create_task(answer(socket)) for socket in opened]
                sockets += opened
            sizes.append(await settled(process))
        for task in alive:
            task.cancel()
        for socket in sockets:
            socket.transport.abort()
    return (sizes[1] - sizes[0]) / (weighed[1] - weighed[0]) / 1024


async def answer(socket: ClientConnection) -> None:
    """Give a sign of life whenever the server asks for one, as a browser does."""
    async for _ in socket:
        await socket.send(protocol.LIVENESS)


async def settled(process: psutil.Process) -> int:
    """The server's RSS once its CPU is idle for a second."""
    while await asyncio.to_thread(process.cpu_percent, 1.0) > 2:
        pass
    return int(process.memory_info().rss)


async def open_bare(address: str) -> ClientConnection:
    """A WebSocket whose server side only waits."""
    return await connect(f"ws://{urlsplit(address).netloc}/plain/ws", compression=None, ping_interval=None)


async def open_one(address: str, kind: str) -> ClientConnection:
    """A connection of one kind: bare, or the page of this name."""
    return await (open_bare(address) if kind == "bare" else open_page(address, f"/{kind}"))


async def open_page(address: str, path: str) -> ClientConnection:
    """A page and its socket, as a browser has them."""
    netloc = urlsplit(address).netloc
    host, port = netloc.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {netloc}\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    found, cookie = META.search(body), re.search(r"set-cookie: ([^;\r\n]+)", head, re.IGNORECASE)
    assert found is not None
    assert cookie is not None
    meta: dict[str, Any] = json.loads(unescape(found[2]))
    socket = await connect(
        f"ws://{netloc}{meta['url']}",
        subprotocols=["vango.1"],
        origin=f"http://{netloc}",
        additional_headers={"Cookie": cookie[1]},
        compression=None,
        ping_interval=None,
    )
    await socket.send(protocol.encode(hello(meta, path)))
    await socket.recv()
    return socket


def hello(meta: dict[str, Any], path: str) -> protocol.Hello:
    """The first message of a browser that adopted the page."""
    return protocol.Hello(
        versions=[1],
        capabilities=["remove_attr", "move"],
        token=meta["token"],
        csrf=meta["csrf"],
        instance=meta["session"][::-1],
        epoch=meta["epoch"],
        rev=meta["rev"],
        settled=0,
        path=path,
        width=1280,
        height=720,
        time_zone="UTC",
        limits=[],
    )
