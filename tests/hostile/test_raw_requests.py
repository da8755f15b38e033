"""HTTP requests as no browser sends them, against a real server: each has its status, and touches nothing."""

import gzip
import socket
import struct
import zlib

import pytest

from e2e.serving import Server
from vango import protocol
from vango.protocol import Diff, Event, HelloOk

from .raw import Response, Visit, Wire, state_of

TYPE = "Content-Type: application/vnd.vango"
BUTTON = 3
CLICK = protocol.encode(Event(1, 1, 0, BUTTON, 0))


class Caller:
    """A page that is connected by requests."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.visit = Visit(server)
        self.visit.client.epoch, self.visit.client.rev = 1, 0
        with Wire(server) as wire:
            self.name = self.visit.greet(wire)
        self.accepted = state_of(server)["accepted"]

    def send(self, wire: Wire, *headers: str, body: bytes = CLICK) -> None:
        """Send a first request of which these are all headers beside those of a browser."""
        numbered = (
            [] if any("Vango-Request" in header for header in headers) else [f"Vango-Request: {self.name} 1"]
        )
        wire.request(
            f"POST {self.visit.url} HTTP/1.1", *self.visit.headers(TYPE, *numbered, *headers), body=body
        )

    def ask(self, *headers: str, body: bytes = CLICK) -> Response:
        """Send it on a connection of its own, and read the answer."""
        with Wire(self.server) as wire:
            self.send(wire, *headers, body=body)
            return wire.response()

    def is_untouched(self) -> bool:
        """Whether nothing of it was taken, and the click still goes through."""
        if state_of(self.server)["accepted"] != self.accepted:
            return False
        answer = self.ask(f"Content-Length: {len(CLICK)}")
        return isinstance(answer.messages[0], Diff)


@pytest.fixture
def caller(server: Server) -> Caller:
    return Caller(server)


# Bodies

ENDING = {
    "gzip": (["Content-Encoding: gzip"], gzip.compress(CLICK)),
    "deflate": (["Content-Encoding: deflate"], zlib.compress(CLICK)),
    "an unknown coding": (["Content-Encoding: br, identity"], CLICK),
    "a coding behind another": (
        ["Content-Encoding: identity", "Content-Encoding: gzip"],
        gzip.compress(CLICK),
    ),
    "a gzip bomb": (["Content-Encoding: gzip"], gzip.compress(bytes(10_000_000))),
}


@pytest.mark.parametrize("case", ENDING)
def test_an_encoded_body_ends_the_attachment(caller: Caller, case: str) -> None:
    headers, body = ENDING[case]
    answer = caller.ask(*headers, f"Content-Length: {len(body)}", body=body)
    assert answer.fault == ("InvalidFrame", 1002, 400)
    assert state_of(caller.server)["accepted"] == caller.accepted


@pytest.mark.parametrize("n", ["", "{} 1"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_above_the_limit_is_refused_before_it_is_read(caller: Caller, chunked: bool, n: str) -> None:
    named = [f"Vango-Request: {n.format(caller.name)}"] if n else ["Vango-Request: "]
    headers = ["Transfer-Encoding: chunked"] if chunked else ["Content-Length: 1000000000"]
    with Wire(caller.server) as wire:
        usual = caller.visit.headers(TYPE, *named, *headers)
        wire.request(f"POST {caller.visit.url} HTTP/1.1", *usual)
        if chunked:
            for _ in range(65):
                wire.send(b"400\r\n" + bytes(1_024) + b"\r\n")
        assert wire.response().fault == ("TooBig", 1009, 413)


@pytest.mark.parametrize("chunk", [1, 3, 1_000])
def test_a_chunked_body_is_read_whatever_its_chunks(caller: Caller, chunk: int) -> None:
    parts = [CLICK[at : at + chunk] for at in range(0, len(CLICK), chunk)]
    body = (
        b"".join(b"%x;name=value\r\n%s\r\n" % (len(part), part) for part in parts)
        + b"0\r\nTrailer: x\r\n\r\n"
    )
    answer = caller.ask("Transfer-Encoding: chunked", body=body)
    assert isinstance(answer.messages[0], Diff)


MALFORMED = {
    "two lengths": (["Content-Length: 7", "Content-Length: 8"], CLICK),
    "a length that is no number": (["Content-Length: seven"], CLICK),
    "a length below zero": (["Content-Length: -1"], CLICK),
    "a length with a sign": (["Content-Length: +7"], CLICK),
    "an endless length": ([f"Content-Length: {'9' * 400}"], CLICK),
    "chunks without a size": (["Transfer-Encoding: chunked"], b"x\r\n\0\r\n0\r\n\r\n"),
    "chunks that are longer than they say": (["Transfer-Encoding: chunked"], b"1\r\n\0\0\0\r\n0\r\n\r\n"),
    "an unknown transfer": (["Transfer-Encoding: gzip, chunked"], CLICK),
    "a header without a name": ([": x", "Content-Length: 8"], CLICK),
    "a header name with a blank": (["Vango Request: x", "Content-Length: 8"], CLICK),
    "a header with a zero byte": (["X: a\0b", "Content-Length: 8"], CLICK),
    "a bare line feed in a header": (["X: a\nY", "Content-Length: 8"], CLICK),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_no_http_is_answered_and_takes_nothing(caller: Caller, case: str) -> None:
    headers, body = MALFORMED[case]
    answer = caller.ask(*headers, body=body)
    assert answer.status in (400, 413, 501)
    assert state_of(caller.server)["accepted"] == caller.accepted


def test_a_length_and_chunks_together_smuggle_nothing(caller: Caller) -> None:
    """Whichever of the two counts, what stands behind the body is a request without cookie and token."""
    inner = (
        f"POST {caller.visit.url} HTTP/1.1\r\nHost: localhost\r\n{TYPE}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    with Wire(caller.server) as wire:
        both = ["Content-Length: 5", "Transfer-Encoding: chunked", "Connection: close"]
        caller.send(wire, *both, body=b"0\r\n\r\n" + inner)
        assert wire.response().status == 400
        assert wire.is_over()
    with Wire(caller.server) as wire:
        caller.send(wire, *both[:2], body=b"0\r\n\r\n" + inner)
        assert wire.response().status in (400, 503)
        assert wire.response().fault == ("Unauthorized", 3000, 401)
    assert state_of(caller.server)["accepted"] == caller.accepted


def test_a_body_that_is_shorter_than_it_says_is_not_taken(caller: Caller) -> None:
    for reset in (False, True):
        with Wire(caller.server) as wire:
            caller.send(wire, "Content-Length: 100", body=CLICK)
            if reset:
                wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert caller.is_untouched()


def test_what_is_behind_a_body_is_another_request(caller: Caller) -> None:
    with Wire(caller.server) as wire:
        caller.send(wire, f"Content-Length: {len(CLICK)}", body=CLICK + b"and more\r\n\r\n")
        assert isinstance(wire.response().messages[0], Diff)
        assert wire.response().status == 400
        assert wire.is_over()


@pytest.mark.parametrize("n", ["", "{} 1"])
def test_no_body_at_all(caller: Caller, n: str) -> None:
    if n:
        with Wire(caller.server) as held, Wire(caller.server) as wire:
            caller.send(held, body=b"")  # neither a length nor chunks: an empty body, which is held
            caller.send(wire, f"Vango-Request: {caller.name} 2", f"Content-Length: {len(CLICK)}")
            assert held.response().body == b""
            assert isinstance(wire.response().messages[0], Diff)
    else:
        with Wire(caller.server) as wire:
            wire.request(f"POST {caller.visit.url} HTTP/1.1", *caller.visit.headers(TYPE))
            assert wire.response().fault == ("InvalidFrame", 1002, 400)


# Heads


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/json",
        "multipart/form-data",
        "application/vnd.vango2",
        "application/vnd.vango, x/y",
    ],
)
def test_another_content_type_touches_nothing(caller: Caller, content_type: str) -> None:
    with Wire(caller.server) as wire:
        headers = [f"Content-Type: {content_type}"] if content_type else []
        headers += [f"Vango-Request: {caller.name} 1", f"Content-Length: {len(CLICK)}"]
        wire.request(f"POST {caller.visit.url} HTTP/1.1", *caller.visit.headers(*headers), body=CLICK)
        answer = wire.response()
        assert (answer.status, answer.headers["Accept-Post"]) == (415, "application/vnd.vango")
    assert caller.is_untouched()


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "XYZ"]
)
def test_another_method_touches_nothing(caller: Caller, method: str) -> None:
    with Wire(caller.server) as wire:
        headers = caller.visit.headers(
            TYPE, f"Vango-Request: {caller.name} 1", f"Content-Length: {len(CLICK)}"
        )
        wire.request(f"{method} {caller.visit.url} HTTP/1.1", *headers, body=CLICK)
        answer = wire.response(method)
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert caller.is_untouched()


UNKNOWN = {
    "no number": "{}",
    "nothing": "",
    "0": "{} 0",
    "a number with a zero in front": "{} 01",
    "a number below zero": "{} -1",
    "a number that is none": "{} one",
    "two numbers": "{} 1 2",
    "another blank": "{}\t1",
    "another name": "x{} 1",
    "a number of 400 digits": "{} " + "1" * 400,
    "a list": "{0} 1, {0} 1",
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_a_request_that_names_no_attachment_touches_nothing(caller: Caller, case: str) -> None:
    headers = [f"Vango-Request:{UNKNOWN[case].format(caller.name)}", f"Content-Length: {len(CLICK)}"]
    answer = caller.ask(*headers)
    assert answer.fault == ("Rehome", 1012, 503)
    assert answer.headers["Retry-After"] == "1"
    assert caller.is_untouched()


def test_a_request_that_has_two_numbers_touches_nothing(caller: Caller) -> None:
    numbers = [f"Vango-Request: {caller.name} 1", f"Vango-Request: {caller.name} 2"]
    assert caller.ask(*numbers, f"Content-Length: {len(CLICK)}").fault == ("Rehome", 1012, 503)
    assert caller.is_untouched()


@pytest.mark.parametrize(
    "header",
    ["Origin: http://evil.example", "Origin: null", "Cookie: a=b", "Cookie: vango_session=" + "a" * 22],
)
def test_a_stranger_who_knows_the_attachment_touches_nothing(caller: Caller, header: str) -> None:
    with Wire(caller.server) as wire:
        answer = caller.visit.post(wire, CLICK, f"{caller.name} 1", header)
        assert answer.fault == ("Unauthorized", 3000, 401)
    assert caller.is_untouched()


TRICKS = {
    "names in capitals": ["VANGO-REQUEST: {} 1", "CONTENT-LENGTH: 8"],
    "blanks around a value": ["Vango-Request:    {} 1   ", "Content-Length:  8 "],
    "a hop that lies": ["Vango-Request: {} 1", "Content-Length: 8", "Connection: Vango-Request, close"],
    "a proxy that lies": [
        "Vango-Request: {} 1",
        "Content-Length: 8",
        "X-Forwarded-For: 1.2.3.4",
        "X-Forwarded-Host: x",
    ],
    "an override": ["Vango-Request: {} 1", "Content-Length: 8", "X-HTTP-Method-Override: DELETE"],
    "what a proxy may do with an answer": [
        "Vango-Request: {} 1",
        "Content-Length: 8",
        "Range: bytes=0-0",
        "If-None-Match: *",
    ],
    "an encoding for the answer": ["Vango-Request: {} 1", "Content-Length: 8", "Accept-Encoding: gzip"],
    "a question before the body": ["Vango-Request: {} 1", "Content-Length: 8", "Expect: 100-continue"],
}


@pytest.mark.parametrize("case", TRICKS)
def test_what_a_head_may_say_changes_nothing(caller: Caller, case: str) -> None:
    headers = [header.format(caller.name) for header in TRICKS[case]]
    with Wire(caller.server) as wire:
        wire.request(f"POST {caller.visit.url} HTTP/1.1", *caller.visit.headers(TYPE, *headers), body=CLICK)
        answer = wire.response()
        assert answer.status == 200
        assert isinstance(answer.messages[0], Diff)
        assert answer.headers["Cache-Control"] == "no-store, no-transform"
        assert answer.headers["Content-Encoding"] is None


# Numbers


@pytest.mark.parametrize("n", [3, 4, 99])
def test_a_number_out_of_order_ends_the_attachment(caller: Caller, n: int) -> None:
    answer = caller.ask(f"Vango-Request: {caller.name} {n}", f"Content-Length: {len(CLICK)}")
    assert answer.fault == ("InvalidFrame", 1002, 400)
    assert state_of(caller.server)["accepted"] == caller.accepted
    assert caller.ask(f"Content-Length: {len(CLICK)}").fault == ("Rehome", 1012, 503)


def test_a_number_that_comes_again_gets_the_same_answer_and_does_nothing_again(caller: Caller) -> None:
    first = caller.ask(f"Content-Length: {len(CLICK)}")
    other = protocol.encode(Event(1, 2, 1, BUTTON, 0))
    again = caller.ask(f"Content-Length: {len(other)}", body=other)
    assert first.body == again.body != b""
    assert state_of(caller.server)["accepted"] == caller.accepted + 1


def test_of_two_at_once_the_second_is_answered(caller: Caller) -> None:
    with Wire(caller.server) as first, Wire(caller.server) as second, Wire(caller.server) as third:
        caller.send(first, "Content-Length: 0", body=b"")
        while state_of(caller.server)["attached"] < 1:
            pass
        caller.send(second, "Content-Length: 0", body=b"")
        caller.send(third, f"Vango-Request: {caller.name} 2", f"Content-Length: {len(CLICK)}")
        statuses = [first.response().status, second.response().status]
        # They came by two connections, so either may have been the first one.
        assert sorted(statuses) in ([200, 409], [200, 200])
        assert isinstance(third.response().messages[0], Diff)


def test_requests_of_one_connection_wait_for_each_other(caller: Caller) -> None:
    """The second body is read when the first was answered, so the first must not be held for it."""
    with Wire(caller.server) as wire:
        caller.send(wire, f"Content-Length: {len(CLICK)}")
        caller.send(wire, f"Vango-Request: {caller.name} 2", "Content-Length: 3", body=b"\x02\x4e\x00")
        assert isinstance(wire.response().messages[0], Diff)
        assert wire.response().status == 200


def test_hello_again_ends_the_first_attachment(caller: Caller) -> None:
    with Wire(caller.server) as wire:
        answer = caller.visit.post(wire, caller.visit.client.hello())
        assert isinstance(answer.messages[0], HelloOk)
        old = caller.ask(f"Content-Length: {len(CLICK)}")
        assert old.headers["Vango-Close"] in ("1000", "1012")
        assert state_of(caller.server)["accepted"] == caller.accepted
