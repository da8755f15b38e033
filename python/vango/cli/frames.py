"""The frames of a recording as JSON, for people and programs to read and change, and back to the same bytes.

A frame is an object: `frame` is the class of `vango.protocol`, and beside it stand its fields, its flags by
their names, and its payload as what it is: the `ops` of a burst, the `fields` of an event, else `payload` in
hex. An op that carries a node has its bytes in `hex`, and the `html` beside them is for the eye alone.
`folded` says that the ops travelled in their shorter forms. What would not come back as the very same bytes
stays `hex` as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from typing import Any

from vango import _core, core, protocol
from vango.core import Patch
from vango.errors import ProtocolError
from vango.protocol import Diff, Event, Message

__all__ = ["bytes_of", "readable"]

Object = dict[str, Any]

_LIVENESS = "Liveness"
_FLAGS = {
    "DEFLATE": protocol.FLAG_DEFLATE,
    "MORE": protocol.FLAG_MORE,
    "CANCEL": protocol.FLAG_CANCEL,
    "ACTION": protocol.FLAG_ACTION,
}
_OP_FIELDS = ("hid", "parent", "before", "name", "value", "text", "events")
_WRITTEN_OUT = ("frame", "ops", "folded", "fields", "flags")
_CLASSES: Mapping[str, type[Message]] = {cls.__name__: cls for cls in protocol.MESSAGES.values()}


def readable(data: bytes) -> list[Object]:
    """Return a message of the transport frame by frame; `bytes_of` gives `data` again, whatever it is."""
    reader = core.FrameReader()
    try:
        bodies = reader.feed(data)
        reader.close()
    except core.DecodeError:
        return [{"hex": data.hex()}]
    frames = [_readable(body) for body in bodies]
    return frames if bytes_of(frames) == data else [{"hex": data.hex()}]


def bytes_of(frames: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the bytes of what `readable` gave, or of what was written in its form.

    Raises:
        ValueError: An object is no frame; the sentence says why.
    """
    return b"".join(map(_frame, frames))


def _readable(body: bytes) -> Object:
    frame = core.encode_frame(body)
    if not body:
        return {"frame": _LIVENESS}
    try:
        said = _object(protocol.decode_body(body))
        return said if _frame(said) == frame else {"hex": frame.hex()}
    except (ProtocolError, ValueError):
        return {"hex": frame.hex()}


def _object(message: Message) -> Object:
    said: Object = {"frame": type(message).__name__}
    for field in fields_of(message):  # type: ignore[arg-type]
        value = getattr(message, field.name)
        if field.name == "flags":
            names = [name for name, bit in _FLAGS.items() if value & bit]
            said |= {"flags": names} if names else {}
        elif field.name == "payload":
            said |= _payload(message, value)
        elif value is not None:
            said[field.name] = value
    return said


def _payload(message: Message, payload: bytes) -> Object:
    """Return a payload as what it is, where that leads back to its bytes."""
    if not payload:
        return {}
    try:
        if isinstance(message, Event):
            return {"fields": list(_core.decode_fields(message.kind, payload))}
        if isinstance(message, Diff) and not message.flags:
            ops = [_op(patch) for patch in core.decode(payload)]
            plain = b"".join(map(_op_bytes, ops))
            if plain == payload:
                return {"ops": ops}
            if _core.fold(plain) == payload:
                return {"ops": ops, "folded": True}
    except (core.DecodeError, ValueError):
        pass
    return {"payload": payload.hex()}


def _op(patch: Patch) -> Object:
    said = {name: getattr(patch, name) for name in _OP_FIELDS if getattr(patch, name) is not None}
    node = {"html": patch.html, "hex": core.encode([patch]).hex()} if patch.op == "insert" else {}
    return {"op": patch.op, **said, **node}


def _op_bytes(op: Object) -> bytes:
    if "hex" in op:
        return bytes.fromhex(op["hex"])
    return core.encode([Patch(op["op"], **{name: value for name, value in op.items() if name != "op"})])


def _frame(said: Mapping[str, Any]) -> bytes:
    """Return the bytes of one frame.

    Raises:
        ValueError: It is none.
    """
    if "hex" in said:
        return bytes.fromhex(said["hex"])
    name = said.get("frame")
    if name == _LIVENESS:
        return protocol.LIVENESS
    cls = _CLASSES.get(str(name))
    if cls is None:
        raise ValueError(f"there is no frame {name!r}: write one of {', '.join(_CLASSES)}, {_LIVENESS}")
    given = {key: value for key, value in said.items() if key not in _WRITTEN_OUT}
    try:
        flags = sum(_FLAGS[flag] for flag in said.get("flags", ()))
        if "payload" in given:
            given["payload"] = bytes.fromhex(given["payload"])
        elif "ops" in said:
            plain = b"".join(map(_op_bytes, said["ops"]))
            given["payload"] = (_core.fold(plain) if said.get("folded") else None) or plain
        elif "fields" in said:
            given["payload"] = _core.encode_fields(said["kind"], [_pairs(value) for value in said["fields"]])
        if flags:
            given["flags"] = flags
        return protocol.encode(cls(**{key: _pairs(value) for key, value in given.items()}))
    except (TypeError, KeyError) as error:
        raise ValueError(f"this is no {name}: {error}") from None


def _pairs(value: Any) -> Any:
    """Return a value as the engine takes it: JSON has no pairs, only lists of two."""
    if isinstance(value, list):
        return [tuple(item) if isinstance(item, list) else item for item in value]
    return value
