"""`bind=` over sessions: what each control shows and writes, and what cannot be read (F-6)."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID

import pytest

from vango import bind, component, html as h, signal
from vango.reactive.signals import Signal
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


def page_of(make: Any) -> tuple[Any, dict[str, Any]]:
    """Return a page of what `make` gives when its body runs, and where it keeps what the test looks at."""
    kept: dict[str, Any] = {}

    @component
    def Page() -> object:
        return h.main[make(kept)]

    return Page(), kept


@pytest.mark.parametrize(
    ("start", "shown", "typed", "read"),
    [
        ("a", "a", "b", "b"),
        (3, "3", "007", 7),
        (1.5, "1.5", "2e1", 20.0),
        (Decimal("1.50"), "1.50", "2.00", Decimal("2.00")),
        (date(2026, 1, 2), "2026-01-02", "2000-02-29", date(2000, 2, 29)),
        (time(8, 30), "08:30:00", "23:59", time(23, 59)),
        (time(8, 30, 1, 2345), "08:30:01.002", "23:59:00.5", time(23, 59, 0, 500_000)),
        (
            datetime(2026, 5, 6, 7, 8, 9, 123_456),
            "2026-05-06T07:08:09.123",
            "2026-05-06T07:08:09.124",
            datetime(2026, 5, 6, 7, 8, 9, 124_000),
        ),
        (
            datetime(2026, 1, 2, 3, 4),
            "2026-01-02T03:04:00",
            "2026-12-31T23:59",
            datetime(2026, 12, 31, 23, 59),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_a_field_shows_the_value_and_what_is_typed_is_read_as_its_kind(
    start, shown, typed, read
) -> None:
    def field(kept):
        kept["held"] = held = signal(start)
        return h.input(bind=held)

    page, kept = page_of(field)
    async with Pilot(page) as pilot:
        assert pilot.find("input").attrs["value"] == shown
        await pilot.event(pilot.find("input"), "input", [typed])
        assert kept["held"].peek() == read
        assert type(kept["held"].peek()) is type(start)
        assert pilot.find("input").attrs["value"] == typed, "what can be read stays as it was typed"
        kept["held"].set(start)
        await pilot.settle()
        assert pilot.find("input").attrs["value"] == shown, "the application's value is shown over it"


@pytest.mark.parametrize(
    ("start", "typed", "sentence"),
    [
        (3, "three", "write a whole number"),
        (3, "1.5", "write a whole number"),
        (1.5, "nan", "write a number"),
        (Decimal(1), "Infinity", "write a number"),
        (date(2026, 1, 2), "2026-02-30", "write a date, as 2026-12-31"),
        (time(8, 30), "25:00", "write a time, as 23:59"),
    ],
)
async def test_what_cannot_be_read_stays_is_said_and_changes_nothing(start, typed, sentence) -> None:
    def field(kept):
        kept["held"] = held = signal(start)
        kept["bound"] = bound = bind(held)
        return h.input(bind=bound), h.small[bind(held).error]

    page, kept = page_of(field)
    async with Pilot(page) as pilot:
        await pilot.event(pilot.find("input"), "input", [typed])
        assert kept["held"].peek() == start
        assert pilot.find("input").attrs["value"] == typed
        assert pilot.find("small").text == sentence
        await pilot.event(pilot.find("input"), "input", [])
        assert pilot.find("small").text == sentence, "the browser has no value for it either"
        kept["bound"].reset()
        await pilot.settle()
        assert pilot.find("small").text == ""
        assert pilot.find("input").attrs["value"] == kept["bound"].text()
        assert pilot.reports == []


async def test_a_reset_writes_the_field_though_the_server_knows_no_other_text_of_it() -> None:
    def field(kept):
        kept["held"] = held = signal(3)
        kept["bound"] = bound = bind(held)
        return h.input(type="number", bind=bound), h.output[bound.text], h.small[bound.error]

    page, kept = page_of(field)
    async with Pilot(page) as pilot:
        await pilot.event(pilot.find("input"), "input", [])
        assert pilot.find("small").text == "write a whole number"
        pilot.patches.clear()
        kept["bound"].reset()
        kept["bound"].reset()
        await pilot.settle()
        hid = pilot.find("input").hid
        (burst,) = pilot.patches
        assert [(each.name, each.value) for each in burst if each.hid == hid] == [(".value", "3")]
        kept["bound"].reset()
        await pilot.settle()
        assert pilot.patches == [], "nothing was typed"


async def test_a_reset_and_another_value_write_the_field_once() -> None:
    def field(kept):
        kept["held"] = held = signal("3")
        kept["bound"] = bound = bind(held)
        return h.input(type="number", bind=bound)

    page, kept = page_of(field)
    async with Pilot(page) as pilot:
        for value in ("4", "4"):
            await pilot.event(pilot.find("input"), "input", [])
            pilot.patches.clear()
            kept["bound"].reset()
            kept["held"].set(value)
            await pilot.settle()
            ((patch,),) = pilot.patches
            assert (patch.name, patch.value) == (".value", "4")


async def test_a_parser_of_the_application_has_its_own_words_and_empty_its_own_value() -> None:
    def even(text: str) -> int:
        if int(text) % 2:
            raise ValueError("odd")
        return int(text)

    def field(kept):
        kept["held"] = held = signal(init=lambda: 2)
        bound = bind(held, parse=even, format=lambda n: f"+{n}", empty=-2)
        return h.input(bind=bound), h.small[bound.error]

    page, kept = page_of(field)
    async with Pilot(page) as pilot:
        assert pilot.find("input").attrs["value"] == "+2"
        await pilot.event(pilot.find("input"), "input", ["3"])
        assert (kept["held"].peek(), pilot.find("small").text) == (2, "odd")
        await pilot.event(pilot.find("input"), "input", [""])
        assert (kept["held"].peek(), pilot.find("small").text) == (-2, "")


async def test_boxes_groups_and_lists_write_what_was_chosen_in_the_kind_that_is_held() -> None:
    def controls(kept):
        kept.update(done=signal(False), tags=signal(("x",)), plan=signal("free"), many=signal(["b"]))
        tags, plan, many = kept["tags"], kept["plan"], kept["many"]
        return (
            h.input(id="done", type="checkbox", bind=kept["done"]),
            [h.input(id=f"tag-{t}", type="checkbox", value=t, bind=tags) for t in "xy"],
            [h.input(id=p, type="radio", name="plan", value=p, bind=plan) for p in ("free", "paid")],
            h.select(id="one", bind=plan)[[h.option(value=p)[p] for p in ("free", "paid")]],
            h.select(id="many", multiple=True, bind=many)[[h.option(value=m, bind=many)[m] for m in "abc"]],
        )

    page, kept = page_of(controls)
    async with Pilot(page) as pilot:

        def on(name: str) -> list[str]:
            return [
                each.attrs.get("id", each.attrs.get("value"))
                for each in pilot.find_all("input", **{name: ""})
            ]

        assert on("checked") == ["tag-x", "free"]
        await pilot.event(pilot.find(id="done"), "change", ["on"])
        await pilot.event(pilot.find(id="tag-y"), "change", ["y"])
        await pilot.event(pilot.find(id="tag-x"), "change", [])
        await pilot.event(pilot.find(id="paid"), "change", ["paid"])
        await pilot.event(pilot.find(id="many"), "change", ["a", "c"])
        held = {name: each.peek() for name, each in kept.items()}
        assert held == {"done": True, "tags": ("y",), "plan": "paid", "many": ["a", "c"]}
        assert on("checked") == ["done", "tag-y", "paid"]
        assert [each.text for each in pilot.find_all("option", selected="")] == ["paid", "a", "c"]
        await pilot.event(pilot.find(id="one"), "change", ["free"])
        assert on("checked") == ["done", "tag-y", "free"], "one signal, two controls"


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset])
async def test_boxes_and_lists_write_the_values_that_they_were_given_not_their_texts(kind) -> None:
    def controls(kept):
        kept.update(tags=signal(kind([1, 2])), many=signal(kind([1, 2])))
        tags, many = kept["tags"], kept["many"]
        return (
            [h.input(id=f"tag-{i}", type="checkbox", value=i, bind=tags) for i in (1, 2, 3)],
            h.select(id="many", multiple=True, bind=many)[
                [h.option(value=i, bind=many)[i] for i in (1, 2, 3)]
            ],
        )

    page, kept = page_of(controls)
    async with Pilot(page) as pilot:
        await pilot.event(pilot.find(id="tag-1"), "change", [])
        assert kept["tags"].peek() == kind([2])
        await pilot.event(pilot.find(id="tag-3"), "change", ["3"])
        assert kept["tags"].peek() == kind([2, 3])
        await pilot.event(pilot.find(id="many"), "change", ["2", "3"])
        assert kept["many"].peek() == kind([2, 3])
        assert [each.text for each in pilot.find_all("option", selected="")] == ["2", "3"]


class Color(Enum):
    """What has a text only by `format=`."""

    RED = "red"
    BLUE = "blue"


class Size(IntEnum):
    """Numbers with names."""

    S = 1
    L = 2


class Word(str, Enum):  # noqa: UP042
    """Strings with names, whose `str()` is the name."""

    A = "a"
    B = "b"


@pytest.mark.parametrize(
    ("values", "given", "how"),
    [
        ((Color.RED, Color.BLUE), ("red", "blue"), {"parse": Color, "format": lambda color: color.value}),
        ((UUID(int=1), UUID(int=2)), (str(UUID(int=1)), str(UUID(int=2))), {"parse": UUID}),
        ((Size.S, Size.L), (Size.S, Size.L), {}),
        ((Word.A, Word.B), (Word.A, Word.B), {}),
        ((1, 2), (1, 2), {"format": lambda n: f"+{n}"}),
    ],
    ids=["enum", "uuid", "int enum", "str enum", "format alone"],
)
async def test_values_that_are_formatted_are_written_as_what_they_are(values, given, how) -> None:
    def controls(kept):
        kept.update(tags=signal([values[0]]), many=signal([values[0]]))
        tags, many = bind(kept["tags"], **how), bind(kept["many"], **how)
        return (
            [h.input(type="checkbox", value=each, bind=tags) for each in given],
            h.select(multiple=True, bind=many)[[h.option(value=each, bind=many)["x"] for each in given]],
        )

    page, kept = page_of(controls)
    async with Pilot(page) as pilot:
        boxes, select, options = (pilot.find_all("input"), pilot.find("select"), pilot.find_all("option"))
        texts = [each.attrs["value"] for each in options]
        assert ["checked" in each.attrs for each in boxes] == [True, False]
        assert ["selected" in each.attrs for each in options] == [True, False]
        await pilot.event(boxes[1], "change", [texts[1]])
        await pilot.event(boxes[0], "change", [])
        await pilot.event(select, "change", texts)
        assert kept["tags"].peek() == [values[1]]
        assert kept["many"].peek() == [*values]
        assert [*map(type, kept["many"].peek())] == [*map(type, values)]
        assert ["selected" in each.attrs for each in pilot.find_all("option")] == [True, True]


async def test_a_value_whose_option_has_left_stays_what_it_is_and_no_option_is_kept() -> None:
    def controls(kept):
        kept.update(many=signal([1, 2]), offered=signal([1, 2]))
        many = kept["many"]
        return h.select(multiple=True, bind=many)[
            lambda: [h.option(value=i, bind=many)[i] for i in kept["offered"]()]
        ]

    page, kept = page_of(controls)
    async with Pilot(page) as pilot:
        kept["offered"].set([7])
        await pilot.settle()
        await pilot.event(pilot.find("select"), "change", ["1", "7"])
        assert kept["many"].peek() == [1, 7]
        (offers,) = pilot.session.view._work.offers.values()
        assert [*offers] == ["7"]


async def test_a_slot_of_the_value_is_one_patch_and_runs_no_body() -> None:
    runs = []

    def field(kept):
        runs.append("body")
        kept["held"] = held = signal("")
        return h.input(bind=held), h.output[held]

    page, _ = page_of(field)
    async with Pilot(page) as pilot:
        pilot.patches.clear()
        await pilot.event(pilot.find("input"), "input", ["hello"])
        assert pilot.find("output").text == "hello"
        assert runs == ["body"]
        (burst,) = pilot.patches
        assert len(burst) == 2, "the value, and the text beside it"


async def test_bound_controls_of_one_session_are_not_anothers() -> None:
    def field(kept):
        return h.input(bind=signal(0))

    (one, _), (other, _) = page_of(field), page_of(field)
    async with Pilot(one) as pilot, Pilot(other, beside=pilot) as second:
        await pilot.event(pilot.find("input"), "input", ["x"])
        await second.event(second.find("input"), "input", ["2"])
        assert pilot.find("input").attrs["value"] == "x"
        assert second.find("input").attrs["value"] == "2"


class Cat:
    """Nothing that a text could be read as."""


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: h.input(bind="name"), "bind= takes a signal"),
        (lambda: h.input(bind=signal(Cat())), "cannot tell how the value of a Cat is read"),
        (lambda: h.p(bind=signal("")), "p is nothing to type into"),
        (lambda: h.input(type="submit", bind=signal("")), "an input of type submit holds no value"),
        (lambda: h.input(type="radio", value="a", bind=signal("")), "share a name"),
        (lambda: h.input(type="radio", name="a", bind=signal("")), "says what it stands for"),
        (lambda: h.input(type="checkbox", bind=signal("")), "a checkbox is bound to a bool"),
        (lambda: h.select(multiple=True, bind=signal("")), "a select with multiple is bound to a list"),
        (lambda: h.input(type="datetime-local", bind=signal(datetime.now(UTC))), "has a zone"),
        (lambda: h.input(type="time", bind=signal(time(8, tzinfo=UTC))), "has a zone"),
        (lambda: h.input(type=signal("text"), bind=signal("")), "the type of a bound input is a string"),
    ],
)
async def test_what_cannot_be_bound_says_what_to_write(make, words) -> None:
    with pytest.raises(TypeError, match=words):
        make()


async def test_a_time_in_a_zone_is_shown_as_the_page_says_and_refused_where_it_says_nothing() -> None:
    zone = timezone(timedelta(hours=2))

    def field(kept):
        kept.update(plain=signal(datetime(2026, 1, 2)), when=signal(datetime(2026, 1, 2, 23, tzinfo=UTC)))
        when = bind(
            kept["when"],
            format=lambda at: at.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
            parse=lambda text: datetime.fromisoformat(text).replace(tzinfo=zone),
        )
        return (
            h.input(id="plain", type="datetime-local", bind=kept["plain"]),
            h.input(id="when", type="datetime-local", bind=when),
            h.input(id="text", bind=signal(datetime(2026, 1, 2, 23, tzinfo=UTC))),
        )

    page, kept = page_of(field)
    async with Pilot(page) as pilot:
        assert pilot.find(id="when").attrs["value"] == "2026-01-03T01:00"
        assert pilot.find(id="text").attrs["value"] == "2026-01-02T23:00:00+00:00"
        await pilot.event(pilot.find(id="when"), "input", ["2026-01-03T02:00"])
        assert kept["when"].peek() == datetime(2026, 1, 3, 0, tzinfo=UTC)
        kept["plain"].set(datetime(2026, 1, 2, tzinfo=UTC))
        await pilot.settle()
        (report,) = pilot.reports
        assert "has a zone" in str(report.error)


async def test_a_bound_signal_may_be_read_as_none_where_empty_says_so() -> None:
    def field(kept):
        kept["held"] = held = Signal(None)
        return h.input(bind=bind(held, parse=int, empty=None))

    page, kept = page_of(field)
    async with Pilot(page) as pilot:
        assert pilot.find("input").attrs["value"] == ""
        for typed, read in (("4", 4), ("", None)):
            await pilot.event(pilot.find("input"), "input", [typed])
            assert kept["held"].peek() == read
