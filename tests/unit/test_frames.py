"""Frames out of a stream, and the messages in them, for who carries bytes without a session."""

import pytest

from vango import core, protocol
from vango.errors import ProtocolError

BODIES = [b"", b"x" * 127, b"y" * 128, b"z" * 20_000, b""]
STREAM = b"".join(core.encode_frame(body) for body in BODIES)


@pytest.mark.parametrize("piece", [1, 2, 3, 130, 1_000, len(STREAM)])
def test_frames_are_whole_however_the_stream_was_cut(piece: int) -> None:
    reader = core.FrameReader()
    got: list[bytes] = []
    for at in range(0, len(STREAM), piece):
        got += reader.feed(STREAM[at : at + piece])
    reader.close()
    assert got == BODIES


def test_a_length_is_a_uv() -> None:
    assert core.encode_frame(b"") == b"\x00"
    assert core.encode_frame(b"a" * 127)[:2] == b"\x7fa"
    assert core.encode_frame(b"a" * 128)[:3] == b"\x80\x01a"


def test_a_frame_above_the_limit_is_refused_when_its_length_is_known() -> None:
    reader = core.FrameReader(max_frame_bytes=3)
    assert reader.feed(b"\x03abc\x04") == [b"abc"]
    for _ in range(2):
        with pytest.raises(core.DecodeError, match="byte 4: a frame longer than the limit") as caught:
            reader.feed(b"")
        assert caught.value.offset == 4
    with pytest.raises(core.DecodeError, match="byte 4"):
        reader.close()


def test_a_stream_that_ends_inside_a_frame() -> None:
    reader = core.FrameReader()
    assert reader.feed(b"\x01a\x02b") == [b"a"]
    with pytest.raises(core.DecodeError, match="byte 2: the stream ends inside a frame"):
        reader.close()


def test_what_is_no_stream() -> None:
    with pytest.raises(TypeError):
        core.FrameReader(3)  # type: ignore[misc]
    with pytest.raises(OverflowError):
        core.FrameReader(max_frame_bytes=-1)
    with pytest.raises(TypeError):
        core.FrameReader().feed("text")  # type: ignore[arg-type]
    with pytest.raises(core.DecodeError, match="a number of more than 8 bytes"):
        core.FrameReader().feed(b"\x80" * 8)


def test_a_message_without_its_length() -> None:
    diff = protocol.Diff(1, 2, 3, 4, 5, b"\x03\x01")
    (body,) = core.FrameReader().feed(protocol.encode(diff))
    assert protocol.decode_body(body) == diff
    event = protocol.Event(1, 2, 3, 4, 0, "buy", b"", protocol.FLAG_ACTION)
    (body,) = core.FrameReader().feed(protocol.encode(event))
    assert protocol.decode_body(body) == event


@pytest.mark.parametrize(
    ("body", "kind", "offset"),
    [(b"", "InvalidFrame", 0), (b"\x7f\x00", "UnknownKind", 0), (b"\x42\x80", "InvalidFrame", 1)],
)
def test_a_body_that_is_no_message(body: bytes, kind: str, offset: int) -> None:
    with pytest.raises(ProtocolError) as caught:
        protocol.decode_body(body)
    assert (caught.value.kind, caught.value.offset) == (kind, offset)


def test_frames_are_whole_wherever_a_stream_is_cut_in_three() -> None:
    stream = b"".join(core.encode_frame(body) for body in (b"", b"x" * 130, b"yz", b""))
    for first in range(len(stream) + 1):
        for second in range(first, len(stream) + 1):
            reader = core.FrameReader()
            got = (
                reader.feed(stream[:first]) + reader.feed(stream[first:second]) + reader.feed(stream[second:])
            )
            reader.close()
            assert got == [b"", b"x" * 130, b"yz", b""]
