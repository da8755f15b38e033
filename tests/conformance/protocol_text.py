"""Reads docs/PROTOCOL.md: its tables, its table of messages, and its examples in hex."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "docs" / "PROTOCOL.md").read_text()

_FENCE = re.compile(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_EXAMPLE = re.compile(r"^([0-9a-f ]+?) {4,}(.*)$")
_MESSAGE = re.compile(r"^([0-9a-f]{2}) ([A-Z_]+) (.*)$")
_FIELD = re.compile(r"^(uv|u8|hid|str|json|list uv|list str|list\(str, str\)|list\(str, uv\)) ([a-z_]+)$")
_FLAGS = {"DEFLATE": 1, "MORE": 2, "CANCEL": 4, "ACTION": 8}
_SENDERS = {"server to client": "server", "both ways": "both", "client to server": "client"}


@dataclass(frozen=True)
class Example:
    """Bytes of the text, and what it says of them.

    Attributes:
        what: How to read the bytes: "uv", "burst", "frame EVENT", ...
        lines: The bytes of each line and the words beside them.
    """

    what: str
    lines: tuple[tuple[bytes, str], ...]

    @property
    def data(self) -> bytes:
        return b"".join(data for data, _ in self.lines)

    @property
    def words(self) -> str:
        return "\n".join(words for _, words in self.lines)


def fences(language: str) -> Iterator[tuple[str, str]]:
    """What stands behind the language of each block of that language, and the block."""
    for found, title, content in _FENCE.findall(TEXT):
        if found == language:
            yield title, content


def examples() -> list[Example]:
    """All blocks marked `hex`."""
    found = []
    for what, content in fences("hex"):
        lines = []
        for line in content.splitlines():
            match = _EXAMPLE.match(line)
            assert match, f"no bytes, or not four spaces behind them: {line!r}"
            lines.append((bytes.fromhex(match[1]), match[2].strip()))
        found.append(Example(what, tuple(lines)))
    return found


def section(number: str) -> str:
    """The text of a section ("5"), or of a numbered rule ("1.8") to the next one."""
    begin = rf"^## {number}\. " if "." not in number else rf"^{re.escape(number)}\. "
    end = r"^## " if "." not in number else r"^(?:\d+\.\d+\. |## )"
    at = re.search(begin, TEXT, re.MULTILINE)
    assert at, f"there is no section {number}"
    stop = re.search(end, TEXT[at.end() :], re.MULTILINE)
    return TEXT[at.end() : at.end() + stop.start()] if stop else TEXT[at.end() :]


def tables(number: str) -> list[list[str]]:
    """The cells of all rows of the tables in a section, without their heads; code marks are taken off."""
    rows, body = [], False
    for line in section(number).splitlines():
        if not line.startswith("|"):
            body = False
        elif set(line) <= set("|-: "):
            body = True
        elif body:
            rows.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
    return rows


def messages() -> list[list[object]]:
    """The table of messages: kind, name, sender, flags, fields, whether there is a payload."""
    block = re.search(r"```\n(server to client\n.*?)```", section("2"), re.DOTALL)
    assert block
    sender, rows = "", []
    for line in re.sub(r"\n {4,}", " ", block[1]).splitlines():
        if line in _SENDERS:
            sender = _SENDERS[line]
            continue
        match = _MESSAGE.match(line)
        assert match, line
        header, _, tail = match[3].partition("|")
        words = (tail or header).split()
        flags = sum(_FLAGS[word] for word in words if word in _FLAGS)
        fields = []
        for text in re.split(r", (?![^(]*\))", header.split("any frame")[0].strip()):
            optional = text.startswith("[")
            field = _FIELD.match(text.strip("[] "))
            if text:
                assert field, f"{match[2]}: {text!r} is no field"
                fields.append([field[2], f"[{field[1]}]" if optional else field[1]])
        rows.append([int(match[1], 16), match[2], sender, flags, fields, "|" in match[3]])
    return rows
