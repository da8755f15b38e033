"""Every cut and every flip of a byte of the golden vectors is read, or refused with its place."""

import itertools
import json
from pathlib import Path

import pytest

from vango import _core, core, html as h

VECTORS = Path(__file__).parent.parent / "vectors"


def readers():
    """Every vector of bytes with all that read it."""

    def hexes(name):
        return [(entry, bytes.fromhex(entry["hex"])) for entry in json.loads((VECTORS / name).read_text())]

    model = core.Model.from_snapshot(core.Tree(h.ul[h.li["a"], h.li["b"]]).snapshot())
    for _, data in hexes("ops.json"):
        yield data, core.decode
        yield data, model.apply
    for _, data in hexes("nodes.json"):
        yield data, core.Model.from_snapshot
        yield b"\x04\x00\x00" + data, model.apply
    for _, data in hexes("messages.json"):
        yield data, lambda data: _core.decode_messages(data, 1 << 16)
    for entry, data in hexes("event_fields.json"):
        yield data, lambda data, kind=entry["kind"]: _core.decode_fields(kind, data)
    for _, data in hexes("bad.json"):
        yield data, core.decode
        yield data, core.Model.from_snapshot
        yield data, lambda data: _core.decode_messages(data, 1 << 16)


def damaged(data):
    """Every truncation of `data`, and every flip of one byte into any other."""
    for end in range(len(data)):
        yield data[:end]
    # Long vectors are long by repetition: their first and last bytes stand for all.
    for at in itertools.chain(range(min(len(data), 96)), range(max(96, len(data) - 8), len(data))):
        for flip in range(1, 256):
            yield data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :]


@pytest.mark.slow
def test_every_cut_and_every_flip_of_every_vector_is_read_or_refused():
    tried = refused = 0
    for data, read in readers():
        for bad in damaged(data):
            tried += 1
            try:
                read(bad)
            except ValueError as error:
                refused += 1
                wrong = error
            else:
                continue
            if isinstance(wrong, core.DecodeError):
                assert 0 <= wrong.offset <= len(bad)
                assert wrong.reason
            else:
                assert str(wrong).startswith("patch ")
    assert tried > refused > 0
