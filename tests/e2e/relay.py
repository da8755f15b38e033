"""A TCP relay between browser and server: a test decides when the network fails, and on which frame."""

import contextlib
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, Self

from .streams import Stream, kind

Direction = Literal["up", "down"]
"""`up` is browser to server, `down` is server to browser."""


Fate = Literal["drop", "double", "late", "again", "hold", "cut"]
"""What becomes of a frame.

- `drop`: it is lost.
- `double`: it comes twice at once.
- `late`: it comes behind the next one of its kind.
- `again`: it comes, and once more behind the next one of its kind.
- `hold`: it waits, with all behind it, for `release`.
- `cut`: every connection breaks when it is there.
"""


@dataclass
class Order:
    """What is to happen to the next frame of one kind, in one direction.

    Attributes:
        met: Set when it came.
        done: Set when its fate is fulfilled: with "late" and "again", when it has gone on.
    """

    direction: Direction
    kind: int
    fate: Fate
    met: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)


class Relay:
    """Passes bytes between a port of its own and `target_port`, both on loopback.

    Everything is done by threads, so a test may call the methods while its browser works.
    Use it as a context manager; leaving closes each connection. Bytes take `delay_s` each way.
    """

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._open = {"up": threading.Event(), "down": threading.Event()}
        for gate in self._open.values():
            gate.set()
        self._orders: list[Order] = []
        self._late: list[tuple[Order, bytes]] = []
        self._cuts = False
        self.seen: Counter[tuple[Direction, int]] = Counter()
        """How many frames of each kind have come, in each direction."""
        self._refusing = False
        self.delay_s = 0.0
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop()
        for direction in self._open:
            self.release(direction)
        for thread in self._threads:
            thread.join()

    def drop(self) -> None:
        """Cut every open connection without a word; what they held back is lost."""
        with self._lock:
            victims, self._sockets = self._sockets, set()
        for victim in victims:
            with contextlib.suppress(OSError):
                victim.shutdown(socket.SHUT_RDWR)

    def refuse(self) -> None:
        """Drop every connection, and each new one as soon as it comes."""
        self._refusing = True
        self.drop()

    def accept(self) -> None:
        """Let new connections through again."""
        self._refusing = False

    def hold(self, direction: Direction) -> None:
        """Keep back the bytes of one direction, in order, until `release`."""
        self._open[direction].clear()

    def release(self, direction: Direction) -> None:
        """Send what was held back, and what follows."""
        self._open[direction].set()

    def order(self, direction: Direction, kind: int, fate: Fate) -> Order:
        """Say what becomes of the next frame of a kind."""
        order = Order(direction, kind, fate)
        with self._lock:
            self._orders.append(order)
        return order

    def _pass(self, direction: Direction, frames: list[bytes]) -> list[bytes]:
        """Return what goes on of the frames of one message, in order."""
        out = []
        with self._lock:
            for frame in frames:
                self.seen[direction, kind(frame)] += 1
                out += self._fated(direction, frame)
        return out

    def _fated(self, direction: Direction, frame: bytes) -> list[bytes]:
        mine = (direction, kind(frame))
        order = next((one for one in self._orders if (one.direction, one.kind) == mine), None)
        if order is None:
            late = [one for one in self._late if (one[0].direction, one[0].kind) == mine]
            self._late = [one for one in self._late if one not in late]
            for one, _ in late:
                one.done.set()
            return [frame, *(held for _, held in late)]
        self._orders.remove(order)
        order.met.set()
        if order.fate in ("late", "again"):
            self._late.append((order, frame))
        else:
            order.done.set()
        if order.fate == "hold":
            self.hold(direction)
        self._cuts = order.fate == "cut"
        return {"drop": [], "double": [frame, frame], "late": []}.get(order.fate, [frame])

    def _start(self, target, *args: object) -> None:
        thread = threading.Thread(target=target, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = None if self._refusing else socket.create_connection(self._target)
            except OSError:
                far = None
            if far is None:
                near.close()
                continue
            with self._lock:
                self._sockets |= {near, far}
            ends = threading.Barrier(2, action=lambda near=near, far=far: self._forget(near, far))
            self._start(self._pump, near, far, "up", ends)
            self._start(self._pump, far, near, "down", ends)

    def _forget(self, *ends: socket.socket) -> None:
        with self._lock:
            self._sockets.difference_update(ends)
        for end in ends:
            end.close()

    def _pump(
        self, source: socket.socket, sink: socket.socket, direction: Direction, ends: threading.Barrier
    ) -> None:
        stream = Stream(partial(self._pass, direction))
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                time.sleep(self.delay_s)
                messages = stream.feed(data)
                if self._cuts:
                    self._cuts = False
                    self.refuse()
                    break
                for message in messages:
                    self._open[direction].wait()
                    sink.sendall(message)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        ends.wait()
