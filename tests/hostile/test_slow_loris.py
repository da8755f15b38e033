"""Connections that say next to nothing: bounded in time and in number, while a page goes on."""

from __future__ import annotations

import select
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

import pytest

from e2e.serving import Server

from .conftest import TESTS
from .raw import BINARY, Visit, Wire, Witness, frame, is_healthy

MANY = 30
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"z" * 100_000
TURN_S = 0.05


@pytest.fixture(scope="module")
def crowded() -> Iterator[Server]:
    """The counter, with little patience for the head of a request, and room for eight of them."""
    with Server("hostile.raw_app:crowded", TESTS) as server:
        yield server


@pytest.fixture(scope="module")
def full() -> Iterator[Server]:
    """The counter, with room for eight connections of each kind, and all the patience there is."""
    with Server("hostile.raw_app:full", TESTS) as server:
        yield server


@contextmanager
def wires(server: Server, count: int) -> Iterator[list[Wire]]:
    """So many connections."""
    with ExitStack() as stack:
        yield [stack.enter_context(Wire(server)) for _ in range(count)]


def ended(lines: Sequence[Wire], *, wait_s: float) -> list[Wire]:
    """Those that the server has ended, waiting for one if there is none."""
    readable, _, _ = select.select([line.socket for line in lines], [], [], wait_s)
    return [line for line in lines if line.socket in readable and line.is_over()]


def drip(lines: Sequence[Wire], text: bytes) -> Iterator[int]:
    """Send `text` byte by byte over each line until the server has ended all; yields how many are left."""
    left = list(lines)
    for n in range(len(text)):
        for line in left:
            with suppress(BrokenPipeError, ConnectionResetError):  # it is readable then
                line.send(text[n : n + 1])
        over = ended(left, wait_s=TURN_S)
        left = [line for line in left if line not in over]
        yield len(left)
        if not left:
            return
    raise AssertionError(f"{len(left)} connections were never ended")


@pytest.mark.parametrize("asked_before", [False, True], ids=["the first request", "a later one"])
def test_heads_that_drip_are_ended_while_a_page_goes_on(crowded: Server, asked_before: bool) -> None:
    with Witness(crowded) as witness, wires(crowded, 5) as lines:
        if asked_before:
            for line in lines:
                line.request("GET /state HTTP/1.1", "Host: 127.0.0.1")
                assert line.response("GET").status == 200
        for _ in drip(lines, HEAD):
            assert witness.is_served()
        assert is_healthy(crowded)


def test_who_says_nothing_at_all_is_ended(crowded: Server) -> None:
    with wires(crowded, 3) as lines:
        assert all(line.is_over() for line in lines)


def test_of_too_many_that_are_waited_for_the_oldest_makes_way(full: Server) -> None:
    with Witness(full) as witness, wires(full, MANY) as lines:
        for line in lines:
            line.send(b"GET / HTTP/1.1\r\n")
        assert all(line.is_over() for line in lines[: MANY - 8])
        assert witness.is_served()
        # A ninth one that asks at once is answered, at the cost of one that does not.
        with Wire(full) as good:
            good.request("GET /vango/ready HTTP/1.1", "Host: 127.0.0.1")
            assert good.response("GET").body == b"ready\n"
        kept = lines[-7:]
        assert ended(kept, wait_s=0) == []
        for line in kept:
            line.send(b"Host: 127.0.0.1\r\n\r\n")
            assert line.response("GET").status == 200


def test_sockets_whose_hello_drips_are_ended_while_a_page_goes_on(hasty: Server) -> None:
    visit = Visit(hasty)
    with Witness(hasty) as witness, wires(hasty, 5) as lines:
        for line in lines:
            assert visit.upgrade(line) is None
        hello = frame(BINARY, visit.client.hello() + b"z" * 10_000)
        told = 0
        left = list(lines)
        for n in range(len(hello)):
            for line in left:
                line.send(hello[n : n + 1])
            assert witness.is_served()
            readable, _, _ = select.select([line.socket for line in left], [], [], TURN_S)
            for line in [line for line in left if line.socket in readable]:
                (error,), code = line.read_end()
                assert (error.kind, code) == ("ServerBusy", 1013)
                left.remove(line)
                told += 1
            if not left:
                break
        assert told == 5
    assert is_healthy(hasty)


def test_sockets_that_wait_with_their_hello_are_counted(full: Server) -> None:
    with Witness(full) as witness, ExitStack() as stack:
        visit = Visit(full)
        for _ in range(8):
            assert visit.upgrade(stack.enter_context(Wire(full))) is None
        refused = visit.upgrade(stack.enter_context(Wire(full)))
        assert refused is not None
        assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
        assert witness.is_served()
    assert is_healthy(full)
