"""Asking for a socket in every wrong way (RFC 6455, section 4): refused before anything is accepted."""

import base64
import hashlib

import pytest

from e2e.serving import Server

from .raw import KEY, Visit, Wire, state_of

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

REFUSED = {
    "version 12": (["Sec-WebSocket-Version: 12"], {400, 426}),
    "version 14": (["Sec-WebSocket-Version: 14"], {400, 426}),
    "no version": (["Sec-WebSocket-Version: "], {400, 426}),
    "a version that is no number": (["Sec-WebSocket-Version: thirteen"], {400, 426}),
    "two versions": (["Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"], {400, 426}),
    "no key": (["Sec-WebSocket-Key: "], {400}),
    "a short key": ([f"Sec-WebSocket-Key: {base64.b64encode(bytes(15)).decode()}"], {400}),
    "a long key": ([f"Sec-WebSocket-Key: {base64.b64encode(bytes(17)).decode()}"], {400}),
    "a key that is not base64": (["Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!!!"], {400}),
    "two keys": ([f"Sec-WebSocket-Key: {KEY}", f"Sec-WebSocket-Key: {KEY}"], {400}),
    "no upgrade": (["Upgrade: "], {400, 405, 426}),
    "an upgrade to something else": (["Upgrade: h2c"], {400, 405, 426}),
    "a connection that stays": (["Connection: keep-alive"], {400, 405, 426}),
    "another subprotocol": (["Sec-WebSocket-Protocol: vango.2"], {426}),
    "another origin": (["Origin: http://evil.example"], {403}),
    "two origins": (["Origin: http://127.0.0.1", "Origin: http://evil.example"], {400, 403}),
    "an opaque origin": (["Origin: null"], {403}),
    "no cookie": (["Cookie: "], {403}),
    "a cookie that is cut": (["Cookie: vango_session=short"], {403}),
    "no host": (["Host: "], {400, 403}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_upgrade_is_refused_by_a_status(server: Server, case: str) -> None:
    others, statuses = REFUSED[case]
    visit = Visit(server)
    with Wire(server) as wire:
        answer = visit.upgrade(wire, *others)
        assert answer is not None
        assert answer.status in statuses
        if answer.status == 426 and "Version" in others[0]:
            assert answer.headers["Sec-WebSocket-Version"] == "13"
    with Wire(server) as wire:
        visit.connect(wire)  # the page itself has lost nothing


@pytest.mark.parametrize("line", ["POST {} HTTP/1.1", "PUT {} HTTP/1.1", "GET /elsewhere HTTP/1.1"])
def test_another_method_or_path_opens_no_socket(server: Server, line: str) -> None:
    visit = Visit(server)
    upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    with Wire(server) as wire:
        headers = visit.headers(*upgrade, f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Protocol: vango.1")
        wire.request(line.format(visit.url), *headers)
        assert 400 <= wire.response("GET").status < 500


def test_an_accepted_socket_proves_that_the_key_was_read_and_compresses_nothing_by_itself(
    server: Server,
) -> None:
    visit = Visit(server)
    with Wire(server) as wire:
        offered = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        offered += [f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Protocol: other, vango.1"]
        offered += ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"]
        wire.request(f"GET {visit.url} HTTP/1.1", *visit.headers(*offered))
        answer = wire.response("GET")
        assert answer.status == 101
        expected = base64.b64encode(hashlib.sha1((KEY + GUID).encode()).digest()).decode()
        assert answer.headers["Sec-WebSocket-Accept"] == expected
        assert answer.headers["Sec-WebSocket-Protocol"] == "vango.1"
        assert answer.headers["Sec-WebSocket-Extensions"] is None


def test_a_head_without_end_is_not_read_for_ever(server: Server) -> None:
    before = state_of(server)["peak_kib"]
    with Wire(server) as wire:
        wire.send(b"GET / HTTP/1.1\r\n")
        refused = False
        for n in range(4_096):
            try:
                wire.send(f"X-{n}: {'x' * 1_000}\r\n".encode())
            except (BrokenPipeError, ConnectionResetError):
                refused = True
                break
        assert refused or wire.response("GET").status in (400, 431)
    assert state_of(server)["peak_kib"] - before < 8 * 1024
