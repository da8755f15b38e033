"""A snapshot of fifty megabytes leaves in parts, and what the server holds does not grow while it is sent."""

import re
from pathlib import Path
from urllib.request import urlopen

import pytest

from e2e.serving import Server
from vango import core, protocol
from vango.limits import Limits
from vango.protocol import FLAG_MORE, Cont, HelloOk, Snapshot

from .conftest import TESTS
from .large_app import TEXT_BYTES, TEXTS
from .raw import BINARY, Visit, Wire

PART = Limits().part_bytes
ROOM = 64 * 1024 * 1024


def resident(server: Server) -> int:
    """The bytes of memory that the server's process has now."""
    assert server._process is not None
    status = Path(f"/proc/{server._process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


@pytest.mark.slow
def test_50_megabytes_are_sent_in_parts_of_which_two_are_held() -> None:
    with Server("hostile.large_app:app", TESTS) as server, Wire(server) as wire:
        visit = Visit(server)
        client = visit.client
        client.capabilities = ["remove_attr", "move"]
        (hello,) = protocol.decode(client.hello(), ROOM)
        fields = {name: getattr(hello, name) for name in hello.__dataclass_fields__ if name != "KIND"}
        assert visit.upgrade(wire) is None
        greeting = protocol.Hello(**{**fields, "limits": [("burst_bytes", ROOM)]})
        wire.frame(BINARY, protocol.encode(greeting))
        (hello_ok, *parts) = wire.read_messages()
        assert isinstance(hello_ok, HelloOk)
        while not parts:
            parts = wire.read_messages()
        first = parts[0]
        assert isinstance(first, Snapshot)
        held = most = resident(server)
        payload, more = [first.payload], first.flags & FLAG_MORE
        while more:
            for part in wire.read_messages():
                assert isinstance(part, Cont)
                assert len(part.payload) <= PART
                payload.append(part.payload)
                more = part.flags & FLAG_MORE
            most = max(most, resident(server))
            if len(payload) == 50:
                with urlopen(server.url + "/small") as answer:  # others are served meanwhile
                    assert answer.status == 200
        assert len(payload) >= TEXTS * TEXT_BYTES // PART
        model = core.Model.from_snapshot(b"".join(payload))
        assert model.count == first.count
        assert most - held <= 2 * PART, (held, most)
