"""Every truncation of every golden vector of messages, first and after HELLO, over each transport.

It has no effect and ends its own connection.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from session_pages import Counter, answers, hello

from vango import protocol
from vango.protocol import Error, HelloOk, Message
from vango.testing import Pilot

VECTORS = Path(__file__).parents[1] / "vectors"
LONG = 64


def length_of(data: bytes) -> tuple[int, int] | None:
    """The `uv` at the beginning of `data` and how many bytes it takes, `None` where it is none (1.1)."""
    number = 0
    for at, byte in enumerate(data[:8]):
        number |= (byte & 0x7F) << 7 * at
        if byte < 0x80:
            overlong = at > 0 and byte == 0
            return None if overlong or number >= 1 << 53 else (number, at + 1)
    return None


def is_cut(data: bytes) -> bool:
    """Whether `data` is not made of whole frames, so that nothing may come of it, whatever they say (1.2)."""
    while data:
        length = length_of(data)
        if length is None or sum(length) > len(data):
            return True
        data = data[sum(length) :]
    return False


def beginnings() -> Iterator[bytes]:
    """Each beginning of each vector, once; a long vector is long by repetition, so its middle is left out."""
    seen = set()
    for name in ("messages.json", "bad.json"):
        for vector in json.loads((VECTORS / name).read_text()):
            data = bytes.fromhex(vector["hex"])
            for end in {*range(1, min(len(data), LONG) + 1), *range(max(1, len(data) - 8), len(data) + 1)}:
                if data[:end] not in seen:
                    seen.add(data[:end])
                    yield data[:end]


CUTS, WHOLE = [], []
for each in beginnings():
    (CUTS if is_cut(each) else WHOLE).append(each)


@pytest.fixture
def cuts(anyio_backend_name: str) -> list[bytes]:
    """What is read is read by the same code over each loop: there, a part of them."""
    return CUTS if anyio_backend_name == "asyncio" else CUTS[::7]


def check(said: Message, end: object) -> None:
    """An ERROR says what is wrong, and the close says it again."""
    assert isinstance(said, Error)
    assert (said.origin, said.scope) == (protocol.ORIGIN_CLIENT, protocol.SCOPE_CONNECTION)
    assert said.kind in ("InvalidFrame", "UnknownKind", "TooBig")
    assert end.code == protocol.RULES[said.kind].close


async def check_neighbours(*pilots: Pilot) -> None:
    """Other sessions, and this one, go on as if nothing had been."""
    for pilot in pilots:
        if pilot.link is None:
            await pilot.reconnect()
        await pilot.click(pilot.find("button", text="+"))
        assert pilot.find("output").text == "1"
        assert pilot.reports == []


def test_every_vector_is_cut_in_many_places() -> None:
    assert len(CUTS) > 1_000
    for vector in json.loads((VECTORS / "messages.json").read_text()):
        assert bytes.fromhex(vector["hex"])[:-1] in CUTS


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.usefixtures("network")
async def test_as_the_first_message(cuts: list[bytes]) -> None:
    async with Pilot(Counter()) as neighbour, Pilot(Counter(), beside=neighbour, connect=False) as pilot:
        for cut in cuts:
            (said,), end = await answers(pilot, cut)
            check(said, end)
        assert (pilot.session.instance, pilot.session.attachment) == ("", None)
        await check_neighbours(neighbour, pilot)


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.usefixtures("network")
async def test_after_hello(cuts: list[bytes]) -> None:
    async with Pilot(Counter()) as neighbour, Pilot(Counter(), beside=neighbour, connect=False) as pilot:
        greeting = hello(pilot)
        for cut in cuts:
            (hello_ok, said), end = await answers(pilot, greeting, cut)
            assert isinstance(hello_ok, HelloOk)
            check(said, end)
        assert (pilot.session.rev, pilot.session.ledger.accepted, pilot.session.attachment) == (0, 0, None)
        await check_neighbours(neighbour, pilot)


@pytest.mark.anyio
@pytest.mark.usefixtures("network")
async def test_what_happens_to_be_whole_reaches_no_other_session() -> None:
    async with Pilot(Counter()) as neighbour, Pilot(Counter(), beside=neighbour, connect=False) as pilot:
        greeting = hello(pilot)
        for whole in WHOLE:
            for messages in ([whole], [greeting, whole]):
                link = pilot.connect_raw()
                for message in messages:
                    if link.end is None:
                        await link.send(message)
                        await pilot.settle()
                link.cut()
                await pilot.settle()
        await check_neighbours(neighbour)
