"""Refs and `emit` over sessions: what is asked of elements comes behind what was changed before, once."""

from typing import Any

import pytest

from vango import component, emit, html as h, ref, signal
from vango.components.refs import Rect
from vango.testing import Pilot

pytestmark = pytest.mark.anyio

SIDES = '{"x": 1, "y": 2.5, "width": 30, "height": 40}'


def page_of(make: Any) -> Any:
    """Return a page of what `make` gives when its body runs."""

    @component
    def Page() -> object:
        return h.main[make()]

    return Page()


def button(act: Any, name: str = "go") -> Any:
    return h.button(on_click=act)[name]


async def test_what_a_handler_asks_of_an_element_it_has_just_shown_comes_with_the_element() -> None:
    def field():
        box, shown = ref(), signal(False)

        def show() -> None:
            shown.set(True)
            box.focus()
            box.scroll_to(3, 4)
            box.select()
            box.scroll_into_view("center")

        return lambda: h.input(ref=box) if shown() else None, button(show)

    async with Pilot(page_of(field)) as pilot:
        await pilot.click(pilot.find("button"))
        hid = pilot.find("input").hid
        told = f'{{"hid": {hid}'
        assert sorted(pilot.client.effects) == [
            ("emit", "vango:scroll-into-view", told + ', "block": "center", "behavior": "auto"}'),
            ("emit", "vango:select", told + "}"),
            ("focus", hid),
            ("scroll", hid, 3, 4),
        ]
        assert pilot.client.bursts == 1, "in one burst"


async def test_an_element_is_measured_by_the_answer_of_the_browser() -> None:
    seen: list[object] = []

    def field():
        box = ref()

        async def measure() -> None:
            seen.append(await box.measure())

        return h.input(ref=box), button(measure)

    async with Pilot(page_of(field)) as pilot:
        await pilot.click(pilot.find("button"))
        assert seen == []
        await pilot.event(pilot.find("input"), "hook", "7", SIDES)
        assert seen == [], "nobody asked this"
        await pilot.event(pilot.find("input"), "hook", "1", SIDES)
        assert seen == [Rect(1.0, 2.5, 30.0, 40.0)]
        assert (seen[0].right, seen[0].bottom) == (31.0, 42.5)
        assert pilot.reports == []


@pytest.mark.parametrize(
    "answer", ["null", "[]", '{"x": 1}', '{"x": "1", "y": 1, "width": 1, "height": 1}', "7"]
)
async def test_an_answer_that_is_none_is_an_error_of_who_asked(answer) -> None:
    def field():
        box = ref()
        return h.input(ref=box), button(box.measure), button(lambda: None, "other")

    async with Pilot(page_of(field)) as pilot:
        await pilot.click(pilot.find("button"))
        await pilot.event(pilot.find("input"), "hook", "1", answer)
        (report,) = pilot.reports
        assert isinstance(report.error, LookupError)
        assert "left the page before it was measured" in str(report.error)
        await pilot.click(pilot.find("button", text="other"))
        assert len(pilot.reports) == 1


async def test_a_browser_that_does_not_answer_is_waited_for_five_seconds() -> None:
    def field():
        box = ref()
        return h.input(ref=box), button(box.measure)

    async with Pilot(page_of(field)) as pilot:
        await pilot.click(pilot.find("button"))
        await pilot.advance(4.9)
        assert pilot.reports == []
        await pilot.advance(0.2)
        (report,) = pilot.reports
        assert isinstance(report.error, TimeoutError)


async def test_a_ref_that_no_element_has_says_so_at_once_or_when_the_page_is_true_again() -> None:
    refs: list[Any] = []

    def field():
        box, other = ref(), signal(0)
        refs.append(box)

        def later() -> None:
            other.set(1)
            box.focus()

        return h.output[other], button(box.focus, "now"), button(later, "later")

    async with Pilot(page_of(field)) as pilot:
        for name in ("now", "later"):
            await pilot.click(pilot.find("button", text=name))
        assert [type(report.error) for report in pilot.reports] == [LookupError] * 2
        assert all("that no element of the page has" in str(report.error) for report in pilot.reports)
        assert not refs[0].mounted
        assert pilot.find("output").text == "1"
        assert pilot.client.effects == []


async def test_one_ref_at_two_elements_asks_for_one_each() -> None:
    def field():
        box = ref()
        return h.input(ref=box), h.input(ref=box), button(box.focus)

    async with Pilot(page_of(field)) as pilot:
        await pilot.click(pilot.find("button"))
        (report,) = pilot.reports
        assert "2 elements have the same ref; make one for each" in str(report.error)


async def test_a_ref_outside_of_a_body_says_where_it_belongs() -> None:
    with pytest.raises(RuntimeError, match="belongs into a component's body"):
        ref()


async def test_refs_of_a_loop_have_keys_and_follow_their_rows() -> None:
    def rows():
        order = signal(("a", "b"))
        again = signal(0)

        def listed():
            again()
            boxes = {name: Row(name, key=name) for name in order()}
            return h.ul[list(boxes.values())]

        return listed, button(lambda: order.set(("b", "a")), "turn")

    @component
    def Row(name: str) -> object:
        box = ref()
        return h.li[h.input(ref=box, name=name), button(box.focus, name)]

    async with Pilot(page_of(rows)) as pilot:
        first = pilot.find("input", name="b").hid
        await pilot.click(pilot.find("button", text="turn"))
        await pilot.click(pilot.find("button", text="b"))
        assert pilot.client.effects == [("focus", first)]


# emit


async def test_what_is_emitted_comes_once_behind_what_was_changed_before() -> None:
    def field():
        count = signal(0)

        def save() -> None:
            count.update(lambda n: n + 1)
            emit("saved", {"id": count.peek(), "name": "ä"})

        return h.output[count], button(save)

    async with Pilot(page_of(field)) as pilot:
        await pilot.click(pilot.find("button"))
        await pilot.click(pilot.find("button"))
        assert [name for _, name, _ in pilot.client.effects] == ["saved", "saved"]
        assert pilot.find("output").text == "2"


async def test_what_is_emitted_while_nobody_is_there_comes_once_with_the_return() -> None:
    def field():
        return button(lambda: emit("saved", 1))

    async with Pilot(page_of(field)) as pilot:
        pilot.session.context.run(emit, "before")
        await pilot.settle()
        pilot.drop()
        pilot.session.context.run(emit, "while")
        await pilot.settle()
        await pilot.reconnect()
        assert [name for _, name, _ in pilot.client.effects] == ["before", "while"]
        pilot.drop()
        await pilot.reconnect()
        assert len(pilot.client.effects) == 2


async def test_a_page_that_acknowledges_nothing_is_told_64_things_and_no_more() -> None:
    def field():
        return button(lambda: [emit("tick", n) for n in range(65)])

    async with Pilot(page_of(field)) as pilot:
        await pilot.click(pilot.find("button"))
        (report,) = pilot.reports
        assert "the page has not acknowledged what it was told before; show a signal" in str(report.error)
        assert len(pilot.client.effects) == 64
        await pilot.settle()
        pilot.session.context.run(emit, "after")
        await pilot.settle()
        assert pilot.client.effects[-1][1] == "after"


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("",), ValueError, "give it a name of its own"),
        (("vango-state",), ValueError, 'those of vango begin with "vango"'),
        (("saved", {1, 2}), TypeError, "the detail goes as JSON"),
        (("saved", float("nan")), ValueError, "JSON"),
        (("saved",), RuntimeError, "no session runs here"),
    ],
)
async def test_what_cannot_be_emitted_says_why(arguments, kind, words) -> None:
    with pytest.raises(kind, match=words):
        emit(*arguments)
