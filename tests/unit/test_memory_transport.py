"""vango.transports.memory: a connection inside the process."""

import anyio
import pytest

from vango.errors import TransportBroken, TransportClosed
from vango.testing.pilot import VirtualClock
from vango.transports.memory import memory_pair

pytestmark = pytest.mark.anyio


async def test_messages_arrive_whole_and_in_order_both_ways() -> None:
    client, server = memory_pair()
    await client.send(b"one")
    await client.send(b"two")
    await server.send(b"three")
    assert [await server.receive(), await server.receive(), await client.receive()] == [
        b"one",
        b"two",
        b"three",
    ]


async def test_a_sender_waits_while_the_line_is_full() -> None:
    client, server = memory_pair(messages=1)
    sent: list[bytes] = []

    async def send() -> None:
        for data in (b"1", b"2", b"3"):
            await client.send(data)
            sent.append(data)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(send)
        await VirtualClock().settle()
        assert sent == [b"1"]
        assert await server.receive() == b"1"
        await VirtualClock().settle()
        assert sent == [b"1", b"2"]
        assert await server.receive() == b"2"


async def test_what_is_sent_at_once_waits_for_nothing_and_keeps_its_place() -> None:
    client, server = memory_pair(messages=2)
    assert client.send_now(b"1")
    await client.send(b"2")
    assert not client.send_now(b"3"), "the line is full"
    assert [await server.receive(), await server.receive()] == [b"1", b"2"]
    assert client.send_now(b"3")
    assert await server.receive() == b"3"
    await server.close(1000, "done")
    assert not client.send_now(b"late")


async def test_after_a_close_what_was_sent_before_still_arrives() -> None:
    client, server = memory_pair()
    await client.send(b"last")
    await client.close(1000, "done")
    assert await server.receive() == b"last"
    with pytest.raises(TransportClosed) as caught:
        await server.receive()
    assert (caught.value.code, caught.value.reason) == (1000, "done")
    with pytest.raises(TransportClosed):
        await server.send(b"late")


async def test_a_cut_loses_what_is_on_its_way_and_wakes_both_ends() -> None:
    client, server = memory_pair()
    ends: list[str] = []

    async def receive(transport: object, name: str) -> None:
        with pytest.raises(TransportBroken):
            await transport.receive()
        ends.append(name)

    await client.send(b"lost")
    client.cut()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(receive, client, "client")
        tasks.start_soon(receive, server, "server")
    assert sorted(ends) == ["client", "server"]
    with pytest.raises(TransportBroken):
        await client.send(b"late")


async def test_a_test_may_stand_between_the_line_and_the_receiver() -> None:
    client, server = memory_pair()
    server.on_receive = lambda data: [] if data == b"drop" else [data, data]
    for data in (b"drop", b"double"):
        await client.send(data)
    assert [await server.receive(), await server.receive()] == [b"double", b"double"]
