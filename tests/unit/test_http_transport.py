"""vango.transports.http: requests by their numbers, bodies and answers in their order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from vango.clock import VirtualClock
from vango.errors import ProtocolError, TransportClosed
from vango.protocol import RULES
from vango.transports.http import Answer, HttpTransport

pytestmark = pytest.mark.anyio


class Line:
    """A transport, and what its requests were answered with."""

    def __init__(self, tasks: anyio.abc.TaskGroup) -> None:
        self.transport = HttpTransport()
        self.answers: list[tuple[int, Answer | None]] = []
        self.sent: list[bytes] = []
        self.closed = False
        self._tasks = tasks
        self._clock = VirtualClock()

    async def post(self, n: int, body: bytes | None = b"") -> None:
        """Send request `n`; a body of `None` does not come."""
        request = self.transport.enter(n)
        assert request is not None
        if body is not None:
            self.transport.deliver(request, body)
        self._tasks.start_soon(self._wait, request, request.times)
        await self._clock.settle()

    async def _wait(self, request, time) -> None:
        answer = await self.transport.answer(request, time)
        self.answers.append((request.n, answer))

    async def settle(self) -> None:
        """Let all tasks come to rest."""
        await self._clock.settle()

    async def send(self, data: bytes) -> None:
        """Let the server send, and settle."""
        self._tasks.start_soon(self._send, data)
        await self._clock.settle()

    async def _send(self, data: bytes) -> None:
        await self.transport.send(data)
        self.sent.append(data)

    async def close(self, *args, **last) -> None:
        """Let the server close, and settle."""
        self._tasks.start_soon(self._close, args, last)
        await self._clock.settle()

    async def _close(self, args, last) -> None:
        await self.transport.close(*args, **last)
        self.closed = True

    @property
    def bodies(self) -> list[tuple[int, bytes | None]]:
        return [(n, answer and answer.body) for n, answer in self.answers]


@asynccontextmanager
async def line() -> AsyncIterator[Line]:
    async with anyio.create_task_group() as tasks:
        yield Line(tasks)
        tasks.cancel_scope.cancel()


async def test_the_newest_request_waits_for_something_to_send() -> None:
    async with line() as http:
        await http.post(0, b"hello")
        assert await http.transport.receive() == b"hello"
        assert http.bodies == []
        await http.send(b"ok")
        assert http.bodies == [(0, b"ok")]
        assert http.answers[0][1].status == 200
        assert http.sent == [b"ok"]


async def test_an_older_request_is_answered_as_soon_as_a_newer_one_is_received() -> None:
    async with line() as http:
        await http.post(0)
        await http.transport.receive()
        await http.post(1, b"click")
        assert http.bodies == []  # who is not read is not given room to say more
        assert await http.transport.receive() == b"click"
        await http.settle()
        assert http.bodies == [(0, b"")]
        await http.send(b"burst")
        assert http.bodies == [(0, b""), (1, b"burst")]


async def test_what_is_sent_while_no_request_is_open_waits_for_one() -> None:
    async with line() as http:
        await http.send(b"burst")
        assert http.sent == []
        await http.post(0)
        assert http.bodies == [(0, b"burst")]
        assert http.sent == [b"burst"]


async def test_a_send_that_is_cancelled_is_not_sent_later() -> None:
    async with line() as http:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(http.transport.send, b"late")
            await VirtualClock().settle()
            tasks.cancel_scope.cancel()
        await http.post(0)
        assert http.bodies == []


async def test_bodies_are_taken_and_answers_given_in_the_order_of_the_numbers() -> None:
    async with line() as http:
        await http.post(0, b"0")
        await http.send(b"ok")
        await http.post(2, b"2")
        await http.send(b"burst")
        assert http.bodies == [(0, b"ok")]
        await http.post(1, b"1")
        assert [await http.transport.receive() for _ in range(3)] == [b"0", b"1", b"2"]
        assert http.bodies == [(0, b"ok"), (1, b"burst")]
        await http.send(b"more")
        assert http.bodies[-1] == (2, b"more")


async def test_a_request_whose_body_is_on_its_way_holds_nothing_up_and_is_not_answered() -> None:
    async with line() as http:
        await http.post(0)
        await http.post(1, None)
        assert http.bodies == []
        await http.send(b"a")
        assert http.bodies == [(0, b"a")]
        await http.send(b"b")
        assert http.bodies == [(0, b"a")]
        await http.post(1, b"1")
        assert http.bodies == [(0, b"a"), (1, b"b"), (1, b"b")]


async def test_a_repeated_request_gets_the_same_bytes_and_its_body_is_not_taken_twice() -> None:
    async with line() as http:
        await http.post(0, b"0")
        await http.send(b"ok")
        await http.post(0, b"0 again")
        assert http.bodies == [(0, b"ok"), (0, b"ok")]
        await http.post(1, b"1")
        assert [await http.transport.receive() for _ in range(2)] == [b"0", b"1"]


async def test_a_request_that_is_repeated_while_it_is_open_is_answered_once() -> None:
    async with line() as http:
        await http.post(0, b"0")
        for _ in range(50):
            await http.post(0, b"0")
        assert http.answers == [(0, None)] * 50
        await http.send(b"ok")
        assert http.bodies[50:] == [(0, b"ok")]


async def test_two_answers_are_kept_for_repeats_and_no_more() -> None:
    async with line() as http:
        for n in range(4):
            await http.post(n)
            await http.send(b"%d" % n)
        await http.post(2)
        await http.post(3)
        assert http.bodies[4:] == [(2, b"2"), (3, b"3")]
        assert http.transport.enter(1) is None


async def test_a_request_whose_answer_is_forgotten_takes_no_last_words() -> None:
    async with line() as http:
        for n in range(4):
            await http.post(n)
            await http.send(b"%d" % n)
        await http.close(1000, last=b"bye")
        assert http.transport.enter(1) is None
        assert not http.closed


@pytest.mark.parametrize("n", [3, 4, 10**14])
async def test_a_third_open_request_or_a_gap_is_refused(n) -> None:
    async with line() as http:
        await http.post(0)
        await http.post(1)
        with pytest.raises(ProtocolError) as refused:
            http.transport.enter(n)
        assert refused.value.kind == "InvalidFrame"


async def test_a_fault_is_received_behind_the_bodies_that_came_before_it() -> None:
    async with line() as http:
        await http.post(0, b"0")
        http.transport.fail(ProtocolError(0, "too long", "TooBig"))
        http.transport.fail(ProtocolError(0, "another"))
        assert await http.transport.receive() == b"0"
        with pytest.raises(ProtocolError, match="too long"):
            await http.transport.receive()


@pytest.mark.parametrize("kind", RULES)
async def test_the_end_is_told_to_all_open_requests_with_the_status_of_its_kind(kind) -> None:
    async with line() as http:
        await http.post(0)
        await http.post(1, None)
        await http.close(1002, kind, last=b"ERROR", retry_after_ms=7)
        assert http.closed
        first, second = (answer for _, answer in sorted(http.answers))
        assert first == Answer(b"ERROR", 1002, kind, 7)
        assert second == Answer(b"", 1002, kind, 7)
        assert first.status == second.status == RULES[kind].http


@pytest.mark.parametrize(("code", "status"), [(1000, 200), (1001, 503), (1011, 503)])
async def test_an_end_without_an_error_has_a_status_too(code, status) -> None:
    async with line() as http:
        await http.post(0)
        await http.close(code)
        assert (http.answers[0][1].body, http.answers[0][1].status) == (b"", status)


async def test_an_end_that_nobody_hears_waits_for_the_next_request() -> None:
    async with line() as http:
        await http.close(3410, "SessionExpired", last=b"ERROR")
        assert not http.closed
        with pytest.raises(ProtocolError):
            http.transport.enter(0)
        assert (await http.transport.ended()).body == b"ERROR"
        await VirtualClock().settle()
        assert http.closed
        await http.close(1000)
        assert (await http.transport.ended()).kind == "SessionExpired"


async def test_after_the_end_nothing_is_received_or_sent() -> None:
    async with line() as http:
        await http.post(0)
        http.transport.cut()
        assert (await http.transport.ended()).status == 503
        for act in (http.transport.receive(), http.transport.send(b"x")):
            with pytest.raises(TransportClosed):
                await act


async def test_who_waits_for_a_body_or_for_a_request_hears_of_the_end() -> None:
    async with line() as http:
        ends = []

        async def expect(act) -> None:
            with pytest.raises(TransportClosed) as closed:
                await act
            ends.append(closed.value.code)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(expect, http.transport.receive())
            tasks.start_soon(expect, http.transport.send(b"x"))
            await VirtualClock().settle()
            http.transport.cut()
        assert ends == [1001, 1001]
