"""A good click while bad handshakes come at half the rate at which the server can refuse them."""

import asyncio
import re
import subprocess
import sys
import time
from urllib.parse import urlsplit
from urllib.request import urlopen

from websockets.asyncio.client import ClientConnection

from benches.memory import open_page, settled
from benches.report import Figure, table
from benches.served import served
from vango import protocol
from vango.protocol import Diff, Event

CLICKS = 400
CONNECTIONS = 8
SECONDS = 6.0
PLUS = re.compile(r'<button data-hid="(\d+)"[^>]*>\+<')


def main() -> None:
    """Click on an idle server, find out how many handshakes it refuses a second, click under half of them."""
    asyncio.run(measure())


async def measure() -> None:
    """Print both sides and what became of sessions and memory."""
    with served() as (address, process):
        socket = await open_page(address, "/counter")
        clicker = Clicker(socket, await asyncio.to_thread(plus, address))
        await clicker.click(50)
        before = await settled(process)
        idle = await clicker.click(CLICKS)
        with flood(address, 0.0) as running:
            assert running.stdout is not None
            await asyncio.to_thread(running.wait)
            most = float(running.stdout.read().split()[-1])
        with flood(address, most / 2) as running:
            assert running.stdout is not None
            await asyncio.to_thread(running.stdout.readline)
            busy = await clicker.click(CLICKS)
            assert running.poll() is None, "the clicks took longer than what was to disturb them"
            await asyncio.to_thread(running.wait)
            reached = float(running.stdout.read())
        after = await settled(process)
    calm, rough = Figure("idle", "ms", idle), Figure("under bad handshakes", "ms", busy)
    table("a click by a socket", calm, rough, goal="p95 <= x 5")
    quiet, loud = calm.percentile(95), rough.percentile(95)
    print(f"  p95 {quiet:.3g} ms idle, {loud:.3g} ms under {reached:,.0f} a second, x {loud / quiet:.3g}")
    print(f"  at most the server refuses {most:,.0f} a second")
    print(f"  memory of the server: {before / 2**20:.1f} MiB before, {after / 2**20:.1f} MiB after")


def plus(address: str) -> int:
    """Return the hid of the button that counts up, which every counter has."""
    with urlopen(address + "/counter") as page:
        (button,) = PLUS.findall(page.read().decode())
    return int(button)


class Clicker:
    """A page whose button is clicked, one click after the other has shown."""

    def __init__(self, socket: ClientConnection, button: int) -> None:
        self._socket = socket
        self._button = button
        self._cseq = self._rev = 0

    async def click(self, times: int) -> list[float]:
        """Return how long each click took to its burst, in ms, one each 10 ms."""
        took = []
        for _ in range(times):
            took.append(await self._once())
            await asyncio.sleep(0.01)
        return took

    async def _once(self) -> float:
        self._cseq += 1
        event = Event(1, self._cseq, self._rev, self._button, 0)
        began = time.perf_counter()
        await self._socket.send(protocol.encode(event))
        while True:
            data = await self._socket.recv()
            assert isinstance(data, bytes)
            for message in protocol.decode(data, 1 << 20):
                if isinstance(message, Diff):
                    self._rev = message.rev
                    return (time.perf_counter() - began) * 1000


def flood(address: str, rate: float) -> subprocess.Popen[str]:
    """Send bad handshakes from another process, so many a second, 0 for as many as are answered."""
    command = [sys.executable, "-m", "benches.handshakes", address, str(rate)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def bad(address: str, rate: float) -> float:
    """Send them over connections that are kept; return how many were refused a second."""
    host, port = urlsplit(address).netloc.split(":")
    body = bytes(range(64))
    head = [
        "POST /vango/live/nobody HTTP/1.1",
        f"Host: {host}:{port}",
        f"Origin: {address}",
        "Cookie: vango_session=AAAAAAAAAAAAAAAAAAAAAA",
        "Content-Type: application/vnd.vango",
        f"Content-Length: {len(body)}",
    ]
    request = "\r\n".join([*head, "", ""]).encode() + body
    began = time.perf_counter()

    async def one(first: int) -> int:
        reader, writer = await asyncio.open_connection(host, int(port))
        done = 0
        while time.perf_counter() - began < SECONDS:
            due = began + (first + done * CONNECTIONS) / rate if rate else 0.0
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(request)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 4"), answer
            length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            done += 1
        writer.close()
        return done

    return sum(await asyncio.gather(*(one(first) for first in range(CONNECTIONS)))) / SECONDS


if __name__ == "__main__":
    print("begins", flush=True)
    print(asyncio.run(bad(sys.argv[1], float(sys.argv[2]))))
