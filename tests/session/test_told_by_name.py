"""What scripts and sessions tell each other by name is bounded, and stays data (S001-31, S001-33)."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from vango import _core, channel, component, emit, events, html as h, signal
from vango.errors import ProtocolError
from vango.limits import Limits
from vango.sessions.channel import Channel
from vango.testing import Pilot

NAMED, HOOK = 32, 34


def fields(kind: int, name: str, told: str = "null") -> bytes:
    return _core.encode_fields(kind, [name] if kind == NAMED else [name, told])


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        (NAMED, "n" * 129, ""),
        (NAMED, "a\nb", ""),
        (NAMED, "a\x7fb", ""),
        (HOOK, "n" * 129, "1"),
        (HOOK, "a\x00b", "1"),
        (HOOK, "move", '"' + "x" * 8_191 + '"'),
        (HOOK, "move", '"' + "\N{EURO SIGN}" * 2_731 + '"'),
        (HOOK, "move", "9" * 5_000),
    ],
)
def test_s001_31_a_name_or_a_payload_over_its_limit_is_refused(kind: int, name: str, told: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        events.decode_event(kind, fields(kind, name, told))
    assert caught.value.kind == "Validation"


@pytest.mark.parametrize("told", ["[" * 65 + "]" * 65, '{"a":' * 65 + "1" + "}" * 65, "{", "NaN", "01", ""])
def test_s001_31_json_that_is_deep_or_none_is_refused_by_the_engine(told: str) -> None:
    payload = b"\x04move" + bytes([*_varint(len(told))]) + told.encode()
    if told == "":
        assert events.decode_event(HOOK, payload) == events.Hook("hook", "move", None)
        return
    with pytest.raises(ProtocolError) as caught:
        events.decode_event(HOOK, payload)
    assert caught.value.kind == "Validation"


def _varint(number: int) -> list[int]:
    return [number] if number < 128 else [number % 128 + 128, number // 128]


def test_s001_31_what_is_within_the_limits_arrives() -> None:
    deep = "[" * 64 + "]" * 64
    assert events.decode_event(HOOK, fields(HOOK, "n" * 128, deep)).name == "n" * 128
    whole = events.decode_event(HOOK, fields(HOOK, "m", '"' + "x" * 8_190 + '"'))
    assert len(whole.detail) == 8_190
    other = Limits(name_chars=200, detail_bytes=20_000)
    assert events.decode_event(HOOK, fields(HOOK, "n" * 200, '"' + "x" * 19_998 + '"'), other).detail


EXECUTABLE: list[Any] = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "<!--]]>--><iframe srcdoc='<script>alert(1)</script>'>",
    "\0<script>",
]


@component
def Shown():
    """Shows what came through a channel as everything that it could be mistaken for."""
    said = signal("")

    async def take(channel: Channel) -> None:
        said.set(channel.params["text"])

    channel("take", take)
    return h.div[
        h.output(title=said, data_said=said)[said],
        h.textarea[said],
        h.input(value=said, style=lambda: f"--said: {said()}"),
        h.a(href=lambda: f"/?{said()}")[said],
    ]


class Elements(HTMLParser):
    """Which elements a browser would make, and with which attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}


@pytest.mark.anyio
@pytest.mark.parametrize("text", EXECUTABLE)
async def test_s001_33_a_payload_is_data_and_never_becomes_markup(text: str) -> None:
    async with Pilot(Shown()) as pilot:
        await pilot.channel("take", {"text": text})
        markup = pilot.html()
        painted = pilot.session.html()
    for html in (markup, painted):
        made = Elements(html)
        assert [tag for tag in made.tags if tag != "vango-root"] == [
            "div",
            "output",
            "textarea",
            "input",
            "a",
        ]
        assert not any(name.startswith("on") for name in made.names)
        assert text.replace("\0", "\ufffd")[:7] in unescape(html)


@pytest.mark.parametrize("value", [{"__html__": "<b>x</b>"}, {"html": "<b>"}, 3.5j])
def test_s001_33_no_payload_is_an_object_that_brings_its_own_html(value: object) -> None:
    with pytest.raises(TypeError):
        h.p[value]


def test_s001_33_an_address_of_a_payload_runs_no_script() -> None:
    for text in ("javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "vbscript:x"):
        with pytest.raises(ValueError, match="scheme"):
            h.a(href=text)


@component
def Telling(name: str, detail: object):
    """Tells the page something."""
    return h.button(on_click=lambda: emit(name, detail))["tell"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "detail", "sentence"),
    [
        ("n" * 129, None, "128 characters at most, not 129"),
        ("a\nb", None, "no control character"),
        ("saved", "x" * 8_191, "8,193 bytes are over the limit of 8,192; a channel takes more"),
    ],
)
async def test_s001_31_a_page_is_not_told_more_than_its_limit(
    name: str, detail: object, sentence: str
) -> None:
    async with Pilot(Telling(name, detail)) as pilot:
        await pilot.click(pilot.find("button"))
    (report,) = pilot.reports
    assert isinstance(report.error, ValueError)
    assert sentence in str(report.error)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "told"), [("n" * 129, "1"), ("a\nb", "1"), ("take", '"' + "x" * 8_191 + '"')]
)
async def test_s001_31_a_channel_is_not_opened_with_more_than_its_limit(name: str, told: str) -> None:
    async with Pilot(Shown()) as pilot:
        channel, _ = pilot.client.channels.open("x", None, pilot.send)
        await pilot.send(channel.frame(_core.encode_fields(HOOK, [name, told])))
        assert channel.end is not None
        assert channel.end[0] == "InvalidFrame"
        assert pilot.session.channels == 0


@pytest.mark.anyio
async def test_s001_31_openings_count_with_the_events_of_their_session() -> None:
    async with Pilot(Shown(), limits=Limits(event_burst=3, events_per_s=1)) as pilot:
        ends = [(await pilot.channel("take", {"text": "x"})).end for _ in range(5)]
        assert [end[0] if end else "" for end in ends] == ["", "", "", "RateLimited", "RateLimited"]
        await pilot.advance(2)
        assert (await pilot.channel("take", {"text": "x"})).end[0] == ""
