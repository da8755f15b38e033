"""A TCP relay between browser and server, so that a test decides when the network fails."""

import contextlib
import socket
import threading
from typing import Literal, Self

Direction = Literal["up", "down"]
"""`up` is browser to server, `down` is server to browser."""


class Relay:
    """Passes bytes between a port of its own and `target_port`, both on loopback.

    Everything is done by threads, so a test may call the methods while its browser works.
    Use it as a context manager; leaving closes each connection.
    """

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._open = {"up": threading.Event(), "down": threading.Event()}
        for gate in self._open.values():
            gate.set()
        self._refusing = False
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
        self, source: socket.socket, sink: socket.socket, direction: str, ends: threading.Barrier
    ) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._open[direction].wait()
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        ends.wait()
