"""vango.events: what a handler receives."""

import copy
import json
import pickle
from pathlib import Path

import pytest

from vango import _core, events, html as h
from vango.errors import ProtocolError

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "event_fields.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_golden_vector(vector) -> None:
    event = events.decode_event(vector["kind"], bytes.fromhex(vector["hex"]))
    assert _core.EVENT_KINDS[event.type] == vector["kind"]
    for name, value in (vector["fields"] or {}).items():
        match name:
            case "values":
                assert event.values == tuple(value)
            case "pairs":
                assert event.form.pairs == tuple(map(tuple, value))
            case "json":
                assert event.detail == json.loads(value or "null")
            case "mods":
                held = [event.shift, event.ctrl, event.alt, event.meta]
                assert held == [bool(value & bit) for bit in (1, 2, 4, 8)]
                assert getattr(event, "repeat", False) is bool(value & 16)
            case "x" if isinstance(event, events.Resize):
                assert event.width == value
            case "y" if isinstance(event, events.Resize):
                assert event.height == value
            case _:
                assert getattr(event, name) == value


def test_each_kind_has_its_type() -> None:
    types = {name: type(events.decode_event(kind, b"")) for name, kind in _core.EVENT_KINDS.items()}
    assert types["click"] is types["dblclick"] is events.Click
    assert types["pointerdown"] is types["wheel"] is types["drop"] is events.Pointer
    assert types["input"] is events.Input
    assert types["change"] is events.Change
    assert types["submit"] is events.Submit
    assert types["keydown"] is events.Key
    assert types["scroll"] is events.Scroll
    assert types["resize"] is events.Resize
    assert types["toggle"] is types["in-view"] is events.Custom
    assert types["hook"] is events.Hook


def test_a_field_that_was_left_out_is_neutral() -> None:
    assert events.decode_event(0, b"") == events.Click("click")
    assert events.decode_event(2, b"").value == ""
    assert events.decode_event(6, b"").detail is None


def test_an_input_has_a_value_and_a_checkbox_is_on_or_off() -> None:
    text = events.decode_event(2, _core.encode_fields(2, [["hi"]]))
    assert (text.value, text.values, text.checked) == ("hi", ("hi",), True)
    assert not events.decode_event(3, _core.encode_fields(3, [[]])).checked


def test_a_form_keeps_every_value_of_a_name_in_order() -> None:
    pairs = [("tag", "a"), ("title", "x"), ("tag", "b"), ("go", "1")]
    submit = events.decode_event(4, _core.encode_fields(4, [pairs]))
    assert submit.getlist("tag") == ["a", "b"]
    assert submit["tag"] == submit.get("tag") == "a"
    assert submit.get("nothing") == ""
    assert list(submit.form) == ["tag", "title", "go"]
    assert submit.form.pairs[-1] == ("go", "1")
    with pytest.raises(KeyError):
        submit["nothing"]


@pytest.mark.parametrize(
    ("kind", "payload"), [(31, b""), (2, b"\x05"), (4, b"\x01\x01"), (8, b"\x80"), (6, b"\x01{")]
)
def test_malformed_fields_are_a_validation_error(kind, payload) -> None:
    with pytest.raises(ProtocolError) as caught:
        events.decode_event(kind, payload)
    assert caught.value.kind == "Validation"


def test_what_an_event_has_not_is_answered_with_what_it_has() -> None:
    with pytest.raises(AttributeError, match="Input has no 'target'; it has checked, type, value, values"):
        events.Input("input").target  # noqa: B018
    with pytest.raises(TypeError, match=r"an event \(Input\) cannot be shown; show what it holds"):
        h.p[events.Input("input", ("a",))]


def test_an_event_can_be_copied_and_compared() -> None:
    event = events.Input("input", ("a",))
    assert copy.deepcopy(event) == pickle.loads(pickle.dumps(event)) == event


def test_what_no_page_can_show_does_not_come_in() -> None:
    assert events.decode_event(2, _core.encode_fields(2, [["a\0b", "é"]])).values == ("a\ufffdb", "é")
    pairs = [("na\0me", "\0")]
    assert events.decode_event(4, _core.encode_fields(4, [pairs])).form.pairs == (("na\ufffdme", "\ufffd"),)
    detail = r'{"\u0000": ["\ud800x", "\ud83d\ude00", 1, null]}'
    custom = events.decode_event(6, _core.encode_fields(6, [detail]))
    assert custom.detail == {"\ufffd": ["\ufffdx", "\U0001f600", 1, None]}
    assert "x" in str(h.p[custom.detail["\ufffd"][0]])
