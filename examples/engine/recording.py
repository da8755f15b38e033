"""Print a recording of the live protocol: `python recording.py FILE`, a file of frames as they were sent."""

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

from vango import core, protocol
from vango.protocol import Cont, Diff, Message, Snapshot

MAX_BURST_BYTES = 16 * 1024 * 1024


def messages(path: Path) -> Iterator[Message]:
    """Every message of the file, in order."""
    frames = core.FrameReader()
    with path.open("rb") as file:
        while data := file.read(65_536):
            yield from (protocol.decode_body(body) for body in frames.feed(data) if body)
    frames.close()


def inflated(payload: bytes) -> bytes:
    """What was deflated; a recording from elsewhere may claim anything, so no more than a burst may hold."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    data = stream.decompress(payload, MAX_BURST_BYTES)
    if not stream.eof:
        raise ValueError(f"a payload of more than {MAX_BURST_BYTES:,} bytes, or cut short")
    return data


def show(burst: Snapshot | Diff, payload: bytes) -> None:
    """One burst: the document, or what has changed in it."""
    if burst.flags & protocol.FLAG_DEFLATE:
        payload = inflated(payload)
    print(f"{type(burst).__name__} rev {burst.rev}, {burst.count} nodes")
    if isinstance(burst, Snapshot):
        print(f"    {core.Model.from_snapshot(payload).html()}")
    else:
        print(*(f"    {patch}" for patch in core.decode(payload)), sep="\n")


def main(path: Path) -> None:
    """Print it, the parts of a burst together."""
    first: Snapshot | Diff | None = None
    parts: list[bytes] = []
    for message in messages(path):
        match message:
            case Snapshot() | Diff():
                first, parts = message, [message.payload]
            case Cont() if first:
                parts.append(message.payload)
            case _:
                print(message)
                continue
        if message.flags & protocol.FLAG_CANCEL:
            first = None
        elif first and not message.flags & protocol.FLAG_MORE:
            show(first, b"".join(parts))
            first = None


main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("counter.frames"))
