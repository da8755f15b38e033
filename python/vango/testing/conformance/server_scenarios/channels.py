"""Channels: bytes beside the page, of which what is wrong ends one channel and nothing else."""

from __future__ import annotations

import json
import zlib

from vango import _core, protocol
from vango.protocol import Channel
from vango.testing.conformance.outcome import NotApplicable, expect, expect_equal
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios.registry import scenario
from vango.testing.conformance.visitor import Visitor

__all__ = ["opening"]

_FORM = _core.EVENT_KINDS["hook"]  # whose fields have the form of an opening and of an end


def opening(number: int, name: str, params: object = None) -> bytes:
    """Return the frame that opens a channel."""
    text = "" if params is None else json.dumps(params)
    return protocol.encode(Channel(number, _core.encode_fields(_FORM, [name, text])))


def frame(number: int, payload: bytes = b"", flags: int = 0) -> bytes:
    """Return a frame of a channel that is open."""
    return protocol.encode(Channel(number, payload, flags))


def messages(visitor: Visitor, number: int) -> list[bytes]:
    """Return the messages of a channel that have come."""
    came = [one for one in visitor.of(Channel) if one.id == number and one.payload]
    return [
        zlib.decompress(one.payload, wbits=-15) if one.flags & protocol.FLAG_DEFLATE else one.payload
        for one in came
        if not one.flags & protocol.FLAG_CANCEL
    ]


def ends(visitor: Visitor) -> dict[int, str]:
    """Return the channels that the server has ended, and the kind of error."""
    return {
        one.id: str(_core.decode_fields(_FORM, one.payload)[0]) if one.payload else ""
        for one in visitor.of(Channel)
        if one.flags & protocol.FLAG_CANCEL
    }


@scenario("C31", "channels carry messages in order, both ways; what is wrong with one ends that one", "3.20")
async def beside_the_page(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    terms = dict(visitor.of(protocol.HelloOk)[0].limits)
    if "channels" not in terms:
        raise NotApplicable("HELLO_OK names no limit of channels, so none may be opened")
    await visitor.send(opening(1, "kit-echo"), frame(1, b"one"), frame(1, b"two"))
    expect_equal(messages(visitor, 1), [b"one", b"two"], "what the channel kit-echo sends back (3.20)")
    taken = [one for one in visitor.of(Channel) if one.id == 1 and not one.payload]
    expect_equal(len(taken), 2, "messages that the server says it has taken (3.20)")
    await visitor.send(frame(1), frame(1), frame(1))
    expect_equal(ends(visitor), {1: "InvalidFrame"}, "the end of who takes what was not sent (3.20)")
    await visitor.send(opening(2, "kit-echo"))
    await visitor.send(opening(3, "nothing is called so"))
    await visitor.send(opening(5, "kit-echo"), frame(5, b"last words"), frame(5, flags=protocol.FLAG_CANCEL))
    await visitor.send(frame(5, b"too late"))
    wrong = {1: "InvalidFrame", 2: "InvalidFrame", 3: "HandlerNotFound"}
    expect_equal({number: ends(visitor).get(number) for number in wrong}, wrong, "the ends (3.20)")
    expect_equal(messages(visitor, 5)[1:], [], "what a channel that has ended is told (3.20)")
    # The server holds back at the window of what is not taken, and says so to who does not.
    most, size = terms["channel_bytes"], 16_384
    await visitor.send(opening(7, "kit-echo"))
    for _ in range(most // size):
        await visitor.send(frame(7, b"x" * size))
    held = sum(map(len, messages(visitor, 7)))
    expect(held <= most + size, f"at most {most} bytes and one message that are not taken (3.20)", held)
    await visitor.click("plus")
    expect_equal((visitor.text("number"), visitor.code), ("4", None), "the page, which goes on (3.20)")
    await visitor.send(*[opening(number, "kit-echo") for number in range(9, 9 + 2 * terms["channels"], 2)])
    expect("QueueFull" in ends(visitor).values(), "QueueFull for one channel too many (3.20)", ends(visitor))
    await visitor.click("plus")
    expect_equal((visitor.text("number"), visitor.code), ("5", None), "the page, which still goes on (3.20)")
