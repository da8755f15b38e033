"""The binding of the outbox and of deflate: what Python sees. The properties are proved in Rust."""

import zlib

import pytest

from vango import core, html as h
from vango._core import Outbox, Tree, decode_effects, inflate

BOUNDS = {"ring_bursts": 100, "ring_bytes": 1 << 18, "window_bytes": 1 << 15, "part_bytes": 1 << 16}


def test_a_flush_becomes_one_frame():
    tree, outbox = Tree(h.p["0"]), Outbox(1, **BOUNDS)
    assert outbox.attach(0, deflate=True, templates=False, texts=False, lower=False, burst_bytes=1 << 24)
    outbox.push(core.encode(tree.commit(h.p["1"])))
    assert (outbox.is_pending, outbox.held_bytes, outbox.rev, outbox.epoch) == (True, 4, 0, 1)
    assert outbox.seal(tree, 5)
    assert outbox.take() == bytes([11, 0x42, 0, 1, 0, 1, 5, 2, 1, 2, 1]) + b"1"
    assert outbox.take() == b""
    assert not outbox.seal(tree, 5)
    assert (outbox.rev, outbox.kept, outbox.is_partial) == (1, 1, False)
    outbox.acknowledge(1)
    assert outbox.held_bytes == 0


def test_a_burst_that_is_too_large_is_a_value_error():
    tree, outbox = Tree(h.p["x" * 100]), Outbox(1, **BOUNDS)
    outbox.attach(None, deflate=False, templates=False, texts=False, lower=False, burst_bytes=50)
    with pytest.raises(ValueError, match=r"burst_bytes: a burst of \d+ bytes, and its client takes 50"):
        outbox.seal(tree, 0)


def test_a_part_holds_something():
    with pytest.raises(ValueError, match="part_bytes is above 0"):
        Outbox(1, **{**BOUNDS, "part_bytes": 0})


def test_no_more_is_owed_than_a_client_acknowledges():
    outbox = Outbox(1, **BOUNDS)
    assert all(outbox.emit("name", "{}") for _ in range(64))
    assert not outbox.emit("name", "{}")
    assert not outbox.nav(0, "/")


def deflated(data: bytes) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(data) + deflater.flush()


def test_inflating_has_a_limit():
    bomb = deflated(bytes(100_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(core.DecodeError, match="inflates to more than the limit"):
        inflate(bomb, 1_000_000)
    assert inflate(deflated(b"abc"), 3) == b"abc"
    with pytest.raises(core.DecodeError, match="limit"):
        inflate(deflated(b"abc"), 2)
    with pytest.raises(core.DecodeError, match="behind the end"):
        inflate(deflated(b"abc") + b"x", 10)
    with pytest.raises(core.DecodeError, match="does not end"):
        inflate(deflated(b"abc")[:-1], 10)


def test_effects_are_read_behind_a_snapshot_too():
    tree = Tree(h.p["0"])
    outbox = Outbox(1, **BOUNDS)
    outbox.attach(None, deflate=False, templates=False, texts=False, lower=False, burst_bytes=1 << 24)
    outbox.emit("saved", "[1]")
    assert outbox.seal(tree, 0)
    payload = outbox.take()[7:]
    assert payload.startswith(tree.snapshot())
    assert decode_effects(payload, snapshot=True) == [("emit", "saved", "[1]")]
    with pytest.raises(core.DecodeError):
        decode_effects(b"\x21\x05abc")
