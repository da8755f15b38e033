"""WebSocket frames as no browser sends them, against a real server: the RFC's faults, and ours above them."""

import socket
import struct
from contextlib import suppress
from itertools import pairwise

import pytest

from e2e.serving import Server
from vango import protocol
from vango.protocol import Error, HelloOk

from .raw import BINARY, CLOSE, CONT, PING, PONG, TEXT, Visit, Wire, frame, state_of

LIMIT = 64 * 1024

BROKEN = {
    "an unmasked frame": (frame(BINARY, b"\0", masked=False), 1002),
    "an unmasked ping": (frame(PING, masked=False), 1002),
    "an unmasked close": (frame(CLOSE, b"\x03\xe8", masked=False), 1002),
    "a reserved bit": (frame(BINARY, b"\0", reserved=4), 1002),
    "all reserved bits": (frame(BINARY, b"\0", reserved=7), 1002),
    "an unknown data frame": (frame(3, b"\0"), 1002),
    "an unknown control frame": (frame(11), 1002),
    "a ping in parts": (frame(PING, b"\0", fin=False), 1002),
    "a ping of 126 bytes": (frame(PING, bytes(126)), 1002),
    "a part of nothing": (frame(CONT, b"\0"), 1002),
    "a message inside a message": (frame(BINARY, b"\0", fin=False) + frame(BINARY, b"\0"), 1002),
    "a close of one byte": (frame(CLOSE, b"\x03"), 1002),
    "a close that may not be sent": (frame(CLOSE, struct.pack("!H", 1005)), 1002),
    "a close code of nobody": (frame(CLOSE, struct.pack("!H", 999)), 1002),
    "a close that is no UTF-8": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    "text that is no UTF-8": (frame(TEXT, b"\xff"), 1007),
    "a length of which the top bit is set": (b"\x82\xff" + b"\xff" * 8, 1009),
    "more than any message": (b"\x82\xff" + struct.pack("!Q", 1 << 40), 1009),
    "parts that are more than any message": (
        frame(BINARY, bytes(LIMIT), fin=False) + frame(CONT, bytes(LIMIT), fin=False) * 4,
        1009,
    ),
}


@pytest.mark.parametrize("greeted", [False, True], ids=["first", "after HELLO"])
@pytest.mark.parametrize("case", BROKEN)
def test_what_breaks_the_rfc_is_closed_with_its_code(server: Server, case: str, greeted: bool) -> None:
    data, code = BROKEN[case]
    visit = Visit(server)
    with Wire(server) as wire:
        if greeted:
            visit.connect(wire)
        else:
            assert visit.upgrade(wire) is None
        wire.send(data)
        heard, closed = wire.read_end()
        assert closed == code
        assert heard == []
        # Who has not read all of what came is not there to read an answer either.
        with suppress(ConnectionError):
            wire.frame(CLOSE, struct.pack("!H", closed))
        assert wire.is_over()
    with Wire(server) as wire:
        visit.connect(wire)


@pytest.mark.parametrize("greeted", [False, True], ids=["first", "after HELLO"])
@pytest.mark.parametrize(
    ("opcode", "data", "kind", "code"),
    [
        pytest.param(TEXT, b"HELLO resumable=true lastSeq=1", "InvalidFrame", 1002, id="text"),
        pytest.param(TEXT, b"", "InvalidFrame", 1002, id="empty text"),
        pytest.param(BINARY, b"\x05\x4e", "InvalidFrame", 1002, id="a frame that is cut"),
        pytest.param(BINARY, b"\x02\x66\x00", "UnknownKind", 1002, id="an unknown kind"),
        pytest.param(BINARY, bytes(LIMIT + 1), "TooBig", 1009, id="above our limit, below the server's"),
    ],
)
def test_what_breaks_our_protocol_is_told_before_it_is_closed(
    server: Server, opcode: int, data: bytes, kind: str, code: int, greeted: bool
) -> None:
    visit = Visit(server)
    with Wire(server) as wire:
        if greeted:
            visit.connect(wire)
        else:
            assert visit.upgrade(wire) is None
        wire.frame(opcode, data)
        (error,), closed = wire.read_end()
        assert isinstance(error, Error)
        assert (error.kind, error.scope, closed) == (kind, protocol.SCOPE_CONNECTION, code)


@pytest.mark.parametrize("piece", [1, 2, 7, 50])
def test_parts_of_any_size_are_one_message(server: Server, piece: int) -> None:
    visit = Visit(server)
    with Wire(server) as wire:
        assert visit.upgrade(wire) is None
        hello = visit.client.hello()
        parts = [hello[at : at + piece] for at in range(0, len(hello), piece)]
        wire.frame(BINARY, b"", fin=False)
        for part in parts:
            wire.frame(CONT, part, fin=False)
            wire.frame(PING, b"between")
        wire.frame(CONT)
        pongs = 0
        while (received := wire.read_frame())[0] == PONG:
            assert received[1] == b"between"
            pongs += 1
        assert isinstance(protocol.decode(received[1], LIMIT)[0], HelloOk)
        assert pongs == len(parts)


def sized(visit: Visit, size: int) -> bytes:
    """A click of so many bytes, most of them fields that nobody asked for."""
    head = (
        len(protocol.encode(protocol.Event(1, 1, 0, visit.button, 0, payload=bytes(LIMIT // 2)))) - LIMIT // 2
    )
    return protocol.encode(protocol.Event(1, 1, 0, visit.button, 0, payload=bytes(size - head)))


@pytest.mark.parametrize("parts", [1, 2, 100])
@pytest.mark.parametrize("over", [0, 1])
def test_the_cap_counts_the_parts_together(server: Server, parts: int, over: int) -> None:
    visit = Visit(server)
    with Wire(server) as wire:
        visit.connect(wire)
        data = sized(visit, LIMIT + over)
        assert len(data) == LIMIT + over
        cuts = [len(data) * n // parts for n in range(parts + 1)]
        for n, (begin, end) in enumerate(pairwise(cuts)):
            wire.frame(CONT if n else BINARY, data[begin:end], fin=n == parts - 1)
        if over:
            (error,), code = wire.read_end()
            assert (error.kind, code) == ("TooBig", 1009)
        else:
            assert wire.read_messages()[0].ack == 1


def test_one_byte_at_a_time(server: Server) -> None:
    visit = Visit(server)
    slow = Wire(server)
    whole = slow.send
    slow.send = lambda data: [whole(data[at : at + 1]) for at in range(len(data))]
    with slow as wire:
        visit.connect(wire)
        wire.frame(BINARY, visit.click())
        assert wire.read_messages()[0].ack == 1


def test_many_messages_at_once(server: Server) -> None:
    visit = Visit(server)
    with Wire(server) as wire:
        visit.connect(wire)
        wire.send(b"".join(frame(BINARY, visit.click()) for _ in range(150)))
        ack = 0
        while ack < 150:
            ack = wire.read_messages()[-1].ack


@pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
@pytest.mark.parametrize("cut", [0, 1, 3, 8])
def test_a_peer_that_goes_in_the_middle_of_a_frame_is_forgotten(
    server: Server, cut: int, reset: bool
) -> None:
    visit = Visit(server)
    attached = state_of(server)["attached"]
    with Wire(server) as wire:
        visit.connect(wire)
        assert state_of(server)["attached"] == attached + 1
        wire.send(frame(BINARY, visit.click())[:cut])
        if reset:
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    while state_of(server)["attached"] > attached:
        pass  # each look is a request, and the server hears of the end between two of them
    with Wire(server) as wire:
        visit.connect(wire)
        assert visit.client.hello_ok is not None
        assert visit.client.hello_ok.last == 0


def test_a_client_that_never_reads_costs_the_server_nothing(server: Server) -> None:
    visit = Visit(server)
    with Wire(server) as wire:
        visit.connect(wire)
        before = state_of(server)["peak_kib"]
        question = frame(BINARY, protocol.encode(protocol.Ping()))
        again = frame(BINARY, protocol.encode(protocol.Refetch(1, 0, "again")))
        for _ in range(100):
            wire.send(question * 900 + again * 100)
        assert state_of(server)["peak_kib"] - before < 4 * 1024
