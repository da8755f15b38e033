"""Ten thousand handshakes that are none: each is refused for its reason, none makes a session or stays."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice

import pytest

from e2e.serving import Server
from vango import protocol
from vango.protocol import Ack, Hello

from .raw import Response, Visit, Wire, Witness, state_of

MANY = 10_000
CLICK_EVERY = 500
"""Handshakes; a good client says something meanwhile, or it would be taken for dead on a slow machine."""


def hello_of(visit: Visit) -> Hello:
    """The HELLO that the page would say."""
    (message,) = protocol.decode(visit.client.hello(), 1 << 20)
    assert isinstance(message, Hello)
    return message


def faults(visit: Visit, other: Visit) -> dict[str, tuple[bytes, list[str], set[str]]]:
    """Bodies and headers of HELLOs by what is wrong with them, and the kinds of the answers."""
    good = hello_of(visit)
    text = protocol.encode(good)
    noise = random.Random(7).randbytes(200)

    def said(**changes: object) -> bytes:
        return protocol.encode(replace(good, **changes))

    return {
        "another origin": (text, ["Origin: http://evil.example"], {"Unauthorized"}),
        "an opaque origin": (text, ["Origin: null"], {"Unauthorized"}),
        "no cookie": (text, ["Cookie: "], {"Unauthorized"}),
        "the cookie of another browser": (text, [f"Cookie: {other.cookie}"], {"Unauthorized"}),
        "a cookie that is cut": (text, [f"Cookie: {visit.cookie[:-3]}"], {"Unauthorized"}),
        "the token of another page": (said(token=other.meta["token"]), [], {"Unauthorized"}),
        "a token that was changed": (said(token=good.token[:-8] + "x" * 8), [], {"Unauthorized"}),
        "no token": (said(token=""), [], {"Unauthorized"}),
        "no CSRF value": (said(csrf=""), [], {"CsrfInvalid"}),
        "the CSRF value of another browser": (said(csrf=other.meta["csrf"]), [], {"CsrfInvalid"}),
        "a page that is none": (said(path="/nowhere"), [], {"SchemaMismatch"}),
        "no version": (said(versions=[]), [], {"VersionNotSupported"}),
        "no instance": (said(instance=""), [], {"InvalidFrame"}),
        "a HELLO that is cut": (text[:-5], [], {"InvalidFrame"}),
        "something else first": (protocol.encode(Ack(1, 0, 0)), [], {"InvalidFrame"}),
        "noise": (noise, [], {"InvalidFrame", "UnknownKind", "TooBig"}),
    }


@pytest.fixture
def ask(server: Server) -> Iterator[Callable[[Visit, bytes, list[str]], Response]]:
    """Send one request over a connection that is used again and again, as long as the server lets it."""
    wires = [Wire(server)]

    def ask(visit: Visit, body: bytes, headers: list[str]) -> Response:
        answer = visit.post(wires[-1], body, "", *headers)
        if answer.headers["Connection"] == "close":
            wires.append(Wire(server))
        return answer

    yield ask
    for wire in wires:
        wire.__exit__()


@pytest.mark.slow
def test_ten_thousand_bad_handshakes_make_no_session_and_leave_nothing(
    server: Server, witness: Witness, ask
) -> None:
    visit, other = Visit(server), Visit(server)
    kinds = faults(visit, other)
    for name, (body, headers, wanted) in kinds.items():
        kind, _, status = ask(visit, body, headers).fault
        assert kind in wanted, name
        assert 400 <= status < 500, name
    before = state_of(server)
    for n, (body, headers, _) in enumerate(islice(cycle(kinds.values()), MANY)):
        assert ask(visit, body, headers).status >= 400
        if n % CLICK_EVERY == 0:
            assert witness.is_served()
    after = state_of(server)
    assert (after["attached"], after["detached"]) == (before["attached"], before["detached"])
    assert after["accepted"] - before["accepted"] == MANY // CLICK_EVERY
    # Its peak: what a refused handshake costs is gone when the next one comes.
    assert after["peak_kib"] - before["peak_kib"] < 4_096
    # And the page that was slandered all the time is still one that can be used.
    with Wire(server) as wire:
        assert visit.greet(wire)
