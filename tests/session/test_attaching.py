"""vango.sessions.attachment: the top of a connection, with gates that refuse and hosts that cancel."""

import anyio
import pytest
from session_pages import Buttons, Counter, answers

from vango import html as h, protocol, signal
from vango.errors import ProtocolError, Refused
from vango.request import Request
from vango.sessions.attachment import Handshake, attach
from vango.sessions.greeting import Named, Opened
from vango.testing import Client, Pilot
from vango.transports.base import Transport
from vango.transports.memory import memory_pair

pytestmark = pytest.mark.anyio

ME = Handshake("me", Request(client="here"))


class Gatekeeper:
    """Lets everybody in, unless told to raise."""

    def __init__(self, *, verify: Exception | None = None, page: Exception | None = None) -> None:
        self._verify = verify
        self._page = page

    def check_csrf(self, value: str, handshake: Handshake) -> None:
        pass

    def verify(self, token: str, handshake: Handshake) -> Named:
        if self._verify is not None:
            raise self._verify
        return Named(token)

    def token(self, session: object) -> str:
        return ""

    async def open(self, path: str, handshake: Handshake, named: Named) -> Opened:
        if self._page is not None:
            raise self._page
        return Opened(handshake.request.at(path), lambda: Counter(start=7))


async def knock(pilot, gate):
    """Say HELLO to a server with another gate, as a page whose session is gone; returns ERROR and end."""
    ours, theirs = memory_pair()
    await ours.send(Client(token="gone").hello())
    await attach(theirs, ME, pilot.registry, gate)
    (error,) = protocol.decode(b"".join(ours.receive_all()), 10_000)
    return error, ours.end


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("Unauthorized", 3000),
        ("AuthExpired", 3000),
        ("CsrfInvalid", 3000),
        ("SessionExpired", 3410),
        ("SchemaMismatch", 1008),
        ("ServerBusy", 1013),
    ],
)
async def test_c24_what_a_gate_refuses_is_told_and_closed_by_the_table(kind, code) -> None:
    async with Pilot(Counter()) as pilot:
        for gate in (
            Gatekeeper(verify=Refused(kind, "No.", retry_after_ms=700)),
            Gatekeeper(page=Refused(kind, "No.", retry_after_ms=700)),
        ):
            error, end = await knock(pilot, gate)
            assert (error.kind, error.message, error.retry_after_ms) == (kind, "No.", 700)
            assert error.scope == protocol.SCOPE_CONNECTION
            assert end.code == code
        assert len(pilot.registry.sessions) == 1
        assert pilot.reports == []


async def test_a_gate_that_fails_fails_closed_and_tells_nothing() -> None:
    async with Pilot(Counter()) as pilot:
        for gate in (Gatekeeper(verify=KeyError("secret")), Gatekeeper(page=KeyError("secret"))):
            error, end = await knock(pilot, gate)
            assert (error.kind, end.code) == ("Internal", 1011)
            assert "secret" not in error.message + error.details
        assert len(pilot.reports) == 2
        assert len(pilot.registry.sessions) == 1


async def test_a_page_whose_session_is_gone_is_made_anew_by_the_gate() -> None:
    async with Pilot(Counter()) as pilot:
        ours, theirs = memory_pair()
        client = Client(token="gone")
        await ours.send(client.hello())
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(attach, theirs, ME, pilot.registry, Gatekeeper())
            await pilot.settle()
            client.receive(b"".join(ours.receive_all()))
            ours.cut()
        assert "<output>7</output>" in client.model.html(hids=False)


async def test_when_the_host_cancels_a_connection_its_session_detaches() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        session = pilot.session
        ours, theirs = memory_pair()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(
                attach, theirs, Handshake(session.browser, Request()), pilot.registry, Gatekeeper()
            )
            await ours.send(pilot.client.hello())
            await pilot.settle()
            assert session.attachment is not None
            tasks.cancel_scope.cancel()
        assert session.attachment is None
        assert pilot.registry.statistics().detached == 1


class Odd(Transport):
    """A transport that raises what it is told to: after its first message, and when it is closed."""

    def __init__(self, inner: Transport, receive: Exception, close: Exception | None = None) -> None:
        super().__init__()
        self._inner = inner
        self._receive = receive
        self._close = close
        self._received = 0

    async def receive(self) -> bytes:
        self._received += 1
        if self._received > 1:
            raise self._receive
        return await self._inner.receive()

    async def send(self, data: bytes) -> None:
        await self._inner.send(data)

    async def close(
        self, code: int = 1000, reason: str = "", *, last: bytes = b"", retry_after_ms: int = 0
    ) -> None:
        if self._close is not None:
            raise self._close
        await self._inner.close(code, reason, last=last)


async def test_a_message_that_the_transport_refuses_is_a_fault_of_the_client() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        ours, theirs = memory_pair()
        await ours.send(pilot.client.hello())
        text = Odd(theirs, ProtocolError(0, "a text message"))
        await attach(text, Handshake(pilot.session.browser, Request()), pilot.registry, Gatekeeper())
        messages = protocol.decode(b"".join(ours.receive_all()), 10_000)
        assert messages[-1].kind == "InvalidFrame"
        assert ours.end.code == 1002
        assert not pilot.session.closed


async def test_a_transport_that_fails_in_a_way_nobody_knows_ends_its_session_and_no_other() -> None:
    async with Pilot(Counter()) as neighbour, Pilot(Counter(), beside=neighbour, connect=False) as pilot:
        session = pilot.session
        ours, theirs = memory_pair()
        await ours.send(pilot.client.hello())
        odd = Odd(theirs, ZeroDivisionError(), close=ZeroDivisionError())
        await attach(odd, Handshake(session.browser, Request()), pilot.registry, Gatekeeper())
        assert session.closed
        assert {type(report.error) for report in pilot.reports} == {ZeroDivisionError}
        await neighbour.click(neighbour.find("button", text="+"))
        assert neighbour.find("output").text == "1"


async def test_a_client_that_is_replaced_while_it_does_not_read_is_let_go_after_a_while() -> None:
    text = signal("")
    page = h.div[h.output[text], Buttons(add=lambda: text.set("x" * 100))]
    async with Pilot(page, connect=False) as pilot:
        stuck = pilot.connect_raw()
        await stuck.send(pilot.client.hello())
        for n in range(40):
            text.set(str(n))
            await pilot.settle()
        old = pilot.session.attachment
        await pilot.reconnect()
        assert pilot.session.attachment is not old
        assert pilot.find("output").text == "39"
        assert stuck.end is None
        await pilot.advance(5)
        assert stuck.end.code == 1000
        await pilot.click(pilot.find("button"))
        assert pilot.find("output").text == "x" * 100


async def test_a_take_over_between_an_event_and_its_answer_loses_nothing() -> None:
    async with Pilot(Counter()) as pilot:
        frame = pilot.client.event(pilot.find("button", text="+").hid, 0)
        old, pilot.link = pilot.link, pilot.connect_raw()
        await old.send(frame)
        await pilot.link.send(pilot.client.hello())
        await pilot.settle()
        await pilot.reconnect()
        assert pilot.find("output").text == "1"
        assert pilot.session.ledger.accepted == 1
        assert pilot.client.unsettled == {}


async def test_hello_is_answered_with_nothing_but_hello_ok_when_nothing_is_missing() -> None:
    async with Pilot(Counter(), connect=False) as pilot:
        messages, end = await answers(pilot, pilot.client.hello())
        assert [type(message) for message in messages] == [protocol.HelloOk]
        assert end is None
