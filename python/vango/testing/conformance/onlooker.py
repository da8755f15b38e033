"""The kit's client of the blueprint profile: it receives bursts of ops 01 to 05 and counts them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from vango import _core
from vango._core import DecodeError, Model
from vango.testing.conformance.outcome import Mismatch, expect, expect_equal
from vango.testing.conformance.server import BlueprintLink, ServedPage, Server

__all__ = ["Onlooker"]

T = TypeVar("T")

_REPLACE_ROOT = b"\x04\x00\x00"
_UNDERSTOOD = {"set_text", "set_attr", "remove", "insert", "set_events"}
_STEP_S = 0.25


class Onlooker:
    """Somebody who looks at a page without being able to do anything.

    Attributes:
        frames: How many bursts have come, in all connections.
        bursts: The ops of each burst of this connection.
        told: The texts of this connection.
        model: The document, `None` before anything is known of it.
    """

    def __init__(self, server: Server, page: ServedPage) -> None:
        self.server = server
        self.page = page
        self.link: BlueprintLink | None = None
        self.frames = 0
        self.bursts: list[bytes] = []
        self.told: list[str] = []
        self.model: Model | None = None

    async def connect(self, hello: str = "") -> None:
        """Open a socket, and say HELLO, or nothing."""
        self.link = await self.server.listen(self.page)
        self.bursts, self.told = [], []
        await self.say(hello)

    async def come_back(self, *, resumable: bool = True) -> None:
        """Open a socket and say what has come."""
        await self.connect(f"HELLO resumable={str(resumable).lower()} lastSeq={self.frames}")

    async def say(self, text: str) -> None:
        """Say something, if it is anything, and take what has come."""
        if text and self.link is not None:
            await self.link.say(text)
        await self.rest()

    async def rest(self) -> None:
        """Settle and take what has come."""
        await self.server.settle()
        for message in self.link.heard() if self.link is not None else ():
            if isinstance(message, str):
                self.told.append(message)
            else:
                self._take(message)

    async def wait(self, until: Callable[[], object], seconds: float, what: str) -> None:
        """Let time pass until something holds; after so many seconds it must."""
        for _ in range(int(seconds / _STEP_S)):
            if until():
                return
            await self.server.advance(_STEP_S)
            await self.rest()
        raise Mismatch(what, f"not within {seconds:g} s; {self.told} and {len(self.bursts)} bursts came")

    async def leave(self) -> None:
        """Lose the connection."""
        if self.link is not None:
            self.link.cut()
        await self.server.settle()

    @property
    def code(self) -> int | None:
        """How the server has closed, `None` while it is there."""
        return self.link.code if self.link is not None else None

    def html(self) -> str:
        """Return the document; "" before anything is known of it."""
        return self.model.html() if self.model is not None else ""

    def _take(self, frame: bytes) -> None:
        length, at = 0, 0
        while at < len(frame):
            length |= (frame[at] & 0x7F) << 7 * at
            at += 1
            if frame[at - 1] < 0x80:
                break
        ops = frame[at:]
        expect_equal(length, len(ops), "the length in front of a burst, which is a message of its own (4)")
        expect(ops, "no empty frame (4)", frame)
        self.frames += 1
        self.bursts.append(ops)
        if self.told[-1:] == ["FULL-RESYNC"] and ops.startswith(_REPLACE_ROOT):
            self.told[-1] = "FULL-RESYNC, answered"
            self.model = _read(lambda: Model.from_snapshot(ops[len(_REPLACE_ROOT) :]))
        else:
            _understood(ops)
            if self.model is not None:
                model = self.model
                _read(lambda: model.apply(ops))


def _understood(ops: bytes) -> None:
    """Check that a burst holds ops 01 to 05 and nothing else."""
    kinds = {patch.op for patch in _read(lambda: _core.decode(ops))}
    kinds |= {str(effect[0]) for effect in _core.decode_effects(ops)}
    expect(kinds <= _UNDERSTOOD, "ops 01 to 05 only (1.7, 4)", sorted(kinds - _UNDERSTOOD))


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except (DecodeError, ValueError) as error:
        raise Mismatch("a burst that can be applied (1.6, 4)", str(error)) from None
