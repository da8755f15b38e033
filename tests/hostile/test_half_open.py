"""Peers that are there and say nothing, or are gone without a word: given up by the deadlines of section 6.

The server's deadlines are fractions of a second here. No test measures time: each waits for what has to come.
"""

import pytest

from e2e.serving import Server
from vango import protocol
from vango.protocol import Diff, Error, HelloOk, Ping

from .raw import BINARY, CONT, KEY, Visit, Wire, frame, state_of

GOING_AWAY = 1001


def wait_until_alone(server: Server) -> None:
    """Return when no session of the server is connected."""
    while state_of(server)["attached"]:
        pass  # each look is a request


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(frame(BINARY, b"\0")[:3], id="a part of a frame"),
        pytest.param(
            frame(BINARY, b"\0", fin=False) + frame(CONT, b"\0", fin=False), id="parts of a message"
        ),
    ],
)
def test_a_peer_that_falls_silent_is_asked_and_then_given_up(impatient: Server, rest: bytes) -> None:
    wait_until_alone(impatient)
    visit = Visit(impatient)
    with Wire(impatient) as wire:
        visit.connect(wire)
        wire.send(rest)
        heard, code = wire.read_end()
        assert [type(message) for message in heard] == [Ping]
        assert code == GOING_AWAY
        wait_until_alone(impatient)
    with Wire(impatient) as wire:
        # It was the connection that died: the session is still there, and goes on.
        assert visit.connect(wire).session == visit.meta["session"]


def test_a_peer_that_answers_is_kept(impatient: Server) -> None:
    visit = Visit(impatient)
    with Wire(impatient) as wire:
        visit.connect(wire)
        for _ in range(3):
            assert wire.read_messages() == [Ping()]
            wire.frame(BINARY, protocol.LIVENESS)
        wire.frame(BINARY, visit.click())
        while not isinstance((message := wire.read_messages()[0]), Diff):
            assert message == Ping()
            wire.frame(BINARY, protocol.LIVENESS)
        assert message.ack == 1


@pytest.mark.parametrize("early", [False, True], ids=["nothing", "HELLO before the socket was open"])
def test_a_socket_without_hello_is_told_to_try_again(hasty: Server, early: bool) -> None:
    """What is sent before the upgrade is answered is lost, as RFC 6455, 4.1, lets a server expect."""
    visit = Visit(hasty)
    with Wire(hasty) as wire:
        upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        upgrade += [f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Protocol: vango.1"]
        hello = frame(BINARY, visit.client.hello()) if early else b""
        wire.request(f"GET {visit.url} HTTP/1.1", *visit.headers(*upgrade), body=hello)
        assert wire.response("GET").status == 101
        (error,), code = wire.read_end()
        assert isinstance(error, Error)
        assert (error.kind, error.scope, code) == ("ServerBusy", protocol.SCOPE_CONNECTION, 1013)


@pytest.mark.parametrize("greeted", [False, True], ids=["HELLO", "a later one"])
@pytest.mark.parametrize("head", ["Content-Length: 9", "Transfer-Encoding: chunked"])
def test_a_body_that_never_ends_is_told_to_try_again(hasty: Server, head: str, greeted: bool) -> None:
    visit = Visit(hasty)
    with Wire(hasty) as wire, Wire(hasty) as other:
        numbered = [f"Vango-Request: {visit.greet(other)} 1"] if greeted else []
        usual = ["Content-Type: application/vnd.vango", head, *numbered]
        wire.request(
            f"POST {visit.url} HTTP/1.1",
            *visit.headers(*usual),
            body=b"1\r\n\0\r\n"[: 8 if "T" in head else 1],
        )
        answer = wire.response()
        assert answer.fault == ("ServerBusy", 1013, 503)
        assert answer.headers["Retry-After"] == "1"


def test_an_attachment_that_nobody_comes_back_to_is_given_up(impatient: Server) -> None:
    wait_until_alone(impatient)
    visit = Visit(impatient)
    with Wire(impatient) as wire:
        name = visit.greet(wire)
        assert state_of(impatient)["attached"] == 1
        wait_until_alone(impatient)
        answer = visit.post(wire, b"\0", f"{name} 1")
        # Whoever comes within the last 5 s of it is told that it has ended, and after that is unknown.
        assert answer.headers["Vango-Close"] in ("1001", "1012")
        assert answer.status == 503
        (hello_ok, *_) = visit.post(wire, visit.client.hello()).messages
        assert isinstance(hello_ok, HelloOk)
        assert hello_ok.session == visit.meta["session"]


def test_a_held_request_is_answered_with_a_question_before_its_client_is_given_up(impatient: Server) -> None:
    wait_until_alone(impatient)
    visit = Visit(impatient)
    with Wire(impatient) as wire:
        name = visit.greet(wire)
        n = 1
        while not (heard := visit.post(wire, b"", f"{name} {n}").messages) or not isinstance(heard[0], Ping):
            n += 1  # the snapshot that HELLO asked for
        wait_until_alone(impatient)
