"""The relay of these tests changes what it is told to change, and not a byte of anything else."""

import pytest

from .relay import Relay
from .streams import Stream, kind, message, split

DIFF, EVENT = 0x42, 0x61
MASK = b"\x01\x80\xfe\x7f"


def frame(number: int, size: int, tag: int = 0) -> bytes:
    """A frame of a kind, with a body of so many bytes."""
    body = bytes([number, tag]) + bytes(size - 2)
    length = size
    head = bytearray()
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([*head, length]) + body


def request(body: bytes) -> bytes:
    return (
        b"POST /vango/live/x HTTP/1.1\r\nHost: h\r\nContent-Type: application/vnd.vango\r\n"
        b"Content-Length: %d\r\nVango-Request: a 1\r\n\r\n" % len(body)
    ) + body


UPGRADE = b"GET /vango/live/x HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n<p>42"
FRAMES = [frame(EVENT, 2), b"\0", frame(DIFF, 300), frame(DIFF, 70_000)]


@pytest.mark.parametrize("step", [1, 7, 65_536])
def test_what_nobody_changes_passes_as_it_is(step: int) -> None:
    sockets = [message(b"".join(FRAMES[:n]), mask) for n in (1, 2, 3, 4) for mask in (b"", MASK)]
    ping = b"\x89\x00"
    for stream in (
        PAGE + request(b"") + request(b"".join(FRAMES)) + PAGE,
        UPGRADE + b"".join(sockets) + ping + sockets[0],
    ):
        seen: list[bytes] = []
        passed = Stream(lambda frames, seen=seen: seen.extend(frames) or frames)
        out = b"".join(b"".join(passed.feed(stream[at : at + step])) for at in range(0, len(stream), step))
        assert out == stream
        assert {kind(one) for one in seen} == {0, EVENT, DIFF}


def fates(orders: list[str], frames: list[bytes]) -> list[bytes]:
    """What comes out when each of the first frames of a kind has its fate, a frame a message."""
    relay = Relay(0)
    for fate in orders:
        relay.order("down", DIFF, fate)
    out = [one for each in frames for one in relay._pass("down", [each])]
    relay._listener.close()
    return out


def test_each_fate_is_what_its_name_says() -> None:
    one, two, three = (frame(DIFF, 10, tag) for tag in (1, 2, 3))
    other = frame(EVENT, 10)
    assert fates([], [one, other, two]) == [one, other, two]
    assert fates(["drop"], [one, other, two]) == [other, two]
    assert fates(["double"], [other, one, two]) == [other, one, one, two]
    assert fates(["late"], [one, other, two, three]) == [other, two, one, three]
    assert fates(["again"], [one, other, two, three]) == [one, other, two, one, three]
    assert fates(["drop", "double"], [one, two, three]) == [two, two, three]


def test_a_body_that_loses_a_frame_is_as_long_as_it_says() -> None:
    one, two = frame(DIFF, 150, 1), frame(EVENT, 20)
    changed = Stream(lambda frames: [each for each in frames if kind(each) != DIFF])
    assert b"".join(changed.feed(request(one + two))) == request(two)
    assert split(two + one) == [two, one]
