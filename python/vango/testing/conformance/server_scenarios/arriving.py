"""Loading, attaching, coming back: who a client is, and how it catches up."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from vango import protocol
from vango.protocol import Diff, Error, HelloOk, Result, Snapshot
from vango.testing.conformance.outcome import NotApplicable, expect, expect_equal
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios.registry import scenario
from vango.testing.conformance.visitor import Visitor

__all__: list[str] = []  # each registers itself

_VOLATILE = ("session", "attachment")  # what differs from one run to the next


@scenario(
    "C01", "the served page is rev 0: HELLO is answered by RESUME, the first DIFF leads from 0 to 1", "3.2"
)
async def served_page(server: Server) -> None:
    visitor = Visitor(server, await server.visit())
    hello_ok = await visitor.greet()
    expect_equal(
        (hello_ok.mode, hello_ok.epoch, hello_ok.rev, hello_ok.last), (0, 1, 0, 0), "RESUME at rev 0 (3.2)"
    )
    await visitor.click("plus")
    expect_equal(visitor.of(Snapshot), [], "SNAPSHOTs (3.2)")
    diffs = [(diff.epoch, diff.base, diff.rev, diff.ack) for diff in visitor.of(Diff)]
    expect_equal(diffs, [(1, 0, 1, 1)], "epoch, base, rev and ack of the first DIFF")
    await visitor.converge()
    expect_equal(visitor.text("number"), "4", "the number after one click")


@scenario("C02", "one session, played again on every transport, gives the same frames", "3.16")
async def same_stream(server: Server) -> None:
    if len(server.transports) < 2:
        raise NotApplicable("the server is reached by one transport only")
    streams = {}
    for transport in server.transports:
        visitor = Visitor(server, await server.visit())
        await visitor.greet(transport=transport)
        visitor.acks = False
        await visitor.click("plus", "reverse")
        await visitor.send(visitor.frame("fail"), visitor.frame("plus"))
        await visitor.refetch(visitor.find("rows").hid)
        await visitor.send(protocol.encode(protocol.Ping()))
        streams[transport] = [_constant(message) for message in visitor.messages]
    first = streams.pop(server.transports[0])
    for transport, stream in streams.items():
        expect_equal(stream, first, f"the frames over {transport} beside {server.transports[0]} (3.16)")


def _constant(message: Any) -> tuple[object, ...]:
    """Return what of a message must be the same in each run."""
    names = [field.name for field in fields(message) if field.name not in _VOLATILE]
    values = tuple(getattr(message, name) for name in names)
    is_report = isinstance(message, Result) and message.error == "HandlerFailed"
    return type(message).__name__, *(values[:-1] if is_report else values)


@scenario("C04", "bursts that were lost come again after a reconnect, or one that stands for all", "3.1")
async def replay(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click(*["plus"] * 4)
    rev, epoch, before = visitor.rev, visitor.epoch, visitor.text("number")
    for _ in range(4):
        if visitor.link is not None:
            await visitor.link.send(visitor.frame("plus"))
            await server.settle()
    await visitor.drop()
    expect_equal(
        (visitor.rev, visitor.text("number")), (rev, before), "what the client knows before it is back"
    )
    hello_ok = await visitor.greet()
    expect_equal((hello_ok.epoch, hello_ok.last), (epoch, 8), "epoch and last (3.1, 2.1)")
    if server.ring == 0:
        expect_equal(hello_ok.mode, protocol.MODE_SNAPSHOT, "mode with a ring of 0 (3.1)")
    elif server.ring:
        expect_equal(hello_ok.mode, protocol.MODE_RESUME, "mode with bursts in the ring (3.1)")
    if hello_ok.mode == protocol.MODE_RESUME:
        expect_equal(visitor.of(Snapshot), [], "SNAPSHOTs after RESUME (2.3)")
        expect(0 < len(visitor.of(Diff)) <= 4, "the lost bursts, or one for all of them", visitor.kinds)
    expect(visitor.rev >= hello_ok.rev, f"the rev that HELLO_OK announced, {hello_ok.rev} (2.3)", visitor.rev)
    expect_equal(visitor.text("number"), "11", "the number after eight clicks")
    await visitor.converge()


@scenario("C05", "who has missed what is no longer kept gets a SNAPSHOT of the same epoch", "3.1")
async def snapshot(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus")
    epoch, rev = visitor.epoch, visitor.rev
    await visitor.lose(visitor.frame("plus"))
    visitor.rev = 0  # it says that it knows the served page only
    hello_ok = await visitor.greet(epoch=epoch, rev=0)
    visitor.rev = 0
    expect_equal((hello_ok.epoch, hello_ok.last), (epoch, 2), "epoch and last")
    expect(hello_ok.rev > rev, f"a rev above {rev}, which was used (2.1)", hello_ok.rev)
    expect_equal(visitor.text("number"), "5", "the number after two clicks")
    await visitor.converge()


@scenario(
    "C06",
    "after a restart the view is another: a SNAPSHOT of a higher epoch, and nothing of the old one",
    "3.14",
)
async def restarted(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.click("plus", "plus")
    epoch = visitor.epoch
    await server.restart()
    hello_ok = await visitor.greet()
    expect_equal(hello_ok.mode, protocol.MODE_SNAPSHOT, "mode")
    expect(hello_ok.epoch > epoch, f"an epoch above {epoch} (3.14)", hello_ok.epoch)
    expect_equal(
        {message.epoch for message in visitor.of(Diff)} - {hello_ok.epoch}, set(), "DIFFs of the old epoch"
    )
    await visitor.click("plus")
    expect_equal(visitor.text("number"), "4", "the number of the new view after one click")
    await visitor.drop()
    expect_equal((await visitor.greet()).session, hello_ok.session, "the session after another drop (3.14)")


@scenario(
    "C22", "no version in common is VersionNotSupported with those there are; one of several is taken", "3.19"
)
async def versions(server: Server) -> None:
    visitor = Visitor(server, await server.visit())
    await visitor.connect()
    await visitor.send(visitor.hello(versions=[99]))
    expect_equal(visitor.errors, ["VersionNotSupported"], "ERRORs (3.19)")
    expect_equal(list(visitor.of(Error)[0].supported), [protocol.VERSION], "supported (2.6)")
    expect_equal(visitor.code, 1008, "the close code (5)")
    hello_ok = await visitor.greet(versions=[99, protocol.VERSION])
    expect_equal(hello_ok.version, protocol.VERSION, "the version in use (3.19)")


@scenario("C26", "a duplicated tab gets a session of its own, and both live on", "3.14")
async def duplicated(server: Server) -> None:
    first = await Visitor.arrive(server)
    await first.click("plus")
    second = Visitor(server, first.page, "instance-of-the-kit-2")
    hello_ok = await second.greet()
    expect(hello_ok.session != first.of(HelloOk)[0].session, "a session of its own (3.14)", hello_ok.session)
    await second.click("plus", "plus", "plus")
    for _ in range(6):
        await server.advance(10)
        await first.send(protocol.LIVENESS)
        await second.send(protocol.LIVENESS)
    await first.click("plus")
    await second.click("plus")
    expect_equal((first.code, second.code), (None, None), "the close codes of both")
    expect_equal((first.text("number"), second.text("number")), ("5", "7"), "the numbers of both")
