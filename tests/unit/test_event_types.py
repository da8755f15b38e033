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
                assert "means" in vector
            case "mods":
                held = [event.shift, event.ctrl, event.alt, event.meta]
                assert held == [bool(value & bit) for bit in (1, 2, 4, 8)]
                assert getattr(event, "repeat", False) is bool(value & 16)
            case "x" | "y" if isinstance(event, events.Resize):
                assert getattr(event, {"x": "width", "y": "height"}[name]) == value
            case "x" | "y" if isinstance(event, events.Wheel):
                assert getattr(event, f"d{name}") == value
            case "button" if isinstance(event, events.Wheel):
                assert value == 0
            case _:
                assert getattr(event, name) == value
    for name, value in vector.get("means", {}).items():
        if name in {"points", "changed"}:
            value = tuple(events.TouchPoint(*point) for point in value)
        assert getattr(event, name) == value
        assert type(getattr(event, name)) is type(value)


TYPES = {
    events.Click: "click dblclick contextmenu auxclick",
    events.Mouse: "mousedown mouseup mousemove mouseenter mouseleave",
    events.Pointer: "pointerdown pointerup pointermove pointerenter pointerleave pointercancel",
    events.Drag: "dragstart drag dragenter dragover dragleave drop dragend",
    events.Wheel: "wheel",
    events.Touch: "touchstart touchmove touchend touchcancel",
    events.Key: "keydown keyup",
    events.Input: "input",
    events.Change: "change",
    events.Submit: "submit",
    events.Reset: "reset",
    events.Invalid: "invalid",
    events.Focus: "focus blur",
    events.Clipboard: "copy cut paste",
    events.Scroll: "scroll scrollend",
    events.Resize: "resize",
    events.Toggle: "toggle beforetoggle",
    events.Close: "close cancel",
    events.Load: "load error",
    events.Visibility: "in-view out-of-view",
    events.Animation: "animationstart animationiteration animationend animationcancel",
    events.Transition: "transitionrun transitionstart transitionend transitioncancel",
    events.Media: (
        "play playing pause waiting stalled seeking seeked timeupdate durationchange ratechange volumechange "
        "loadedmetadata loadeddata canplay ended"
    ),
    events.Named: "named",
    events.Navigate: "navigate",
    events.Hook: "hook",
}


def test_each_kind_has_its_type() -> None:
    found = {name: type(events.decode_event(kind, b"")) for name, kind in _core.EVENT_KINDS.items()}
    assert found == {name: kind for kind, names in TYPES.items() for name in names.split()}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (26, '"open"'),
        (26, "1"),
        (25, '{"text": 3}'),
        (29, "true"),
        (29, '"1"'),
        (49, "[1]"),
        (68, '{"time": "now"}'),
        (45, "[]"),
        (45, "7"),
        (45, '{"points": 3}'),
        (45, '{"points": [[1, 2]]}'),
        (45, '{"points": [[1, 2, true]]}'),
        (45, '{"changed": [3]}'),
        (45, '{"mods": "x"}'),
    ],
)
def test_json_that_is_not_of_its_event_is_a_validation_error(kind, told) -> None:
    with pytest.raises(ProtocolError) as caught:
        events.decode_event(kind, _core.encode_fields(kind, [told]))
    assert caught.value.kind == "Validation"


def test_a_field_that_was_left_out_is_neutral() -> None:
    assert events.decode_event(0, b"") == events.Click("click")
    assert events.decode_event(2, b"").value == ""
    assert events.decode_event(6, b"") == events.Focus("focus")
    assert events.decode_event(68, b"").duration == 0


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
    custom = events.decode_event(34, _core.encode_fields(34, ["x", detail]))
    assert custom.detail == {"\ufffd": ["\ufffdx", "\U0001f600", 1, None]}
    assert "x" in str(h.p[custom.detail["\ufffd"][0]])
