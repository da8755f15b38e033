"""After an event of a control is answered, the control shows what its slots hold."""

from typing import Any

import pytest

from vango import action, bind, blocking, component, effect, html as h, signal
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


def page_of(make: Any) -> tuple[Any, dict[str, Any]]:
    """Return a page of what `make` gives when its body runs, and where it keeps what the test looks at."""
    kept: dict[str, Any] = {}

    @component
    def Page() -> object:
        return h.main[make(kept)]

    return Page(), kept


async def said(
    pilot: Pilot, kind: str, values: list[str] | None, **wanted: str
) -> list[tuple[str, str | None]]:
    """Let a control say something; return what is said of properties in answer."""
    assert pilot.patches is not None
    await pilot.event(pilot.find(**wanted), kind, *([] if values is None else [values]))
    return [
        (each.name, each.value)
        for burst in pilot.patches
        for each in burst
        if (each.name or "").startswith(".")
    ]


def digits(text: str) -> str:
    """What a handler takes of a text."""
    return "".join(filter(str.isdigit, text))


async def test_what_is_rejected_is_taken_back() -> None:
    def controls(_):
        r, c, s, t, many = signal("a"), signal(False), signal("1"), signal("12"), signal(["1"])
        return (
            [
                h.input(
                    id=f"r{x}",
                    type="radio",
                    name="r",
                    value=x,
                    checked=lambda x=x: r() == x,
                    on_change=lambda e: r.set("a"),
                )
                for x in "ab"
            ],
            h.input(id="c", type="checkbox", checked=c, on_change=lambda e: c.set(False)),
            h.select(id="s", value=s, on_change=lambda e: s.set("1"))[[h.option(value=x)[x] for x in "12"]],
            h.select(id="many", multiple=True, on_change=lambda e: many.set(many()))[
                [h.option(value=x, selected=lambda x=x: x in many())[x] for x in "12"]
            ],
            h.input(id="t", value=t, on_input=lambda e: t.set(digits(e.value))),
        )

    page, _ = page_of(controls)
    async with Pilot(page) as pilot:
        assert await said(pilot, "change", ["b"], id="rb") == [(".checked", None), (".checked", "")]
        assert await said(pilot, "change", ["on"], id="c") == [(".checked", None)]
        assert await said(pilot, "change", ["2"], id="s") == [(".value", "1")]
        assert await said(pilot, "change", ["1", "2"], id="many") == [(".selected", ""), (".selected", None)]
        assert await said(pilot, "input", ["12x"], id="t") == [], "it may be taken later"
        assert await said(pilot, "input", ["123"], id="t") == [(".value", "123")]
        assert pilot.client.model.html() == pilot.session.html()


async def test_what_an_effect_takes_back_of_a_bound_field_is_shown() -> None:
    def controls(_):
        z, n, picks = signal("a"), signal(7), signal(["1"])
        effect(lambda: z.set(z().strip()))
        effect(lambda: n.set(min(n(), 7)))
        effect(lambda: picks.set(picks()[:1]))
        return (
            h.input(id="z", bind=z),
            h.input(id="n", bind=n),
            [h.input(id=f"p{x}", type="checkbox", value=x, bind=picks) for x in "12"],
        )

    page, _ = page_of(controls)
    async with Pilot(page) as pilot:
        assert await said(pilot, "input", ["a "], id="z") == [(".value", "a")]
        assert await said(pilot, "input", ["8"], id="n") == [(".value", "7")]
        assert await said(pilot, "change", ["2"], id="p2") == [(".checked", None)]


async def test_what_is_being_typed_into_a_bound_field_is_left_alone() -> None:
    def controls(_):
        return h.input(id="n", type="number", bind=bind(signal(7), empty=None))

    page, _ = page_of(controls)
    async with Pilot(page) as pilot:
        for text in ("007", "4x", "", "7"):
            assert await said(pilot, "input", [text], id="n") == [(".value", text)]
        assert await said(pilot, "input", [], id="n") == [], "no number yet"


async def test_constants_are_initial_values() -> None:
    def controls(_):
        return (
            h.input(id="t", value="a", on_input=lambda e: None),
            h.input(id="c", type="checkbox", checked=True, on_change=lambda e: None),
        )

    page, _ = page_of(controls)
    async with Pilot(page) as pilot:
        assert await said(pilot, "input", ["ab"], id="t") == []
        assert await said(pilot, "change", [], id="c") == []


async def test_a_handler_that_is_told_nothing_takes_back_no_text_but_a_box() -> None:
    def controls(_):
        t, c, on = signal("a"), signal(False), signal(False)
        return (
            h.input(id="t", value=t, on_input=lambda: None),
            h.input(id="c", type="checkbox", checked=c, on_change=lambda: None),
            h.input(id="on", type="checkbox", checked=on, on_change=lambda: on.set(not on())),
        )

    page, _ = page_of(controls)
    async with Pilot(page) as pilot:
        assert await said(pilot, "input", None, id="t") == []
        assert await said(pilot, "change", None, id="c") == [(".checked", None)]
        assert await said(pilot, "change", None, id="on") == [(".checked", "")], "said once"


async def test_a_handler_that_fails_leaves_the_text_and_takes_back_the_box() -> None:
    def fail(event):
        raise ValueError("not saved")

    def controls(_):
        t, c = signal("a"), signal(False)
        return (
            h.textarea(id="t", value=t, on_change=fail),
            h.input(id="c", type="checkbox", checked=c, on_change=fail),
        )

    page, _ = page_of(controls)
    async with Pilot(page) as pilot:
        assert await said(pilot, "change", ["a long letter"], id="t") == []
        assert await said(pilot, "change", ["on"], id="c") == [(".checked", None)]
        assert len(pilot.reports) == 2


@pytest.mark.parametrize("kind", ["async", "blocking"])
async def test_handlers_that_take_their_time_answer_when_they_are_over(kind) -> None:
    def controls(_):
        c = signal(False)

        async def later(event):
            await pilot.clock.sleep(1)
            c.set(False)

        def aside(event):
            c.set(False)

        take = later if kind == "async" else blocking(aside)
        return h.input(id="c", type="checkbox", checked=c, on_change=take)

    page, _ = page_of(controls)
    async with Pilot(page) as pilot:
        first = await said(pilot, "change", ["on"], id="c")
        if kind == "async":
            assert first == []
            await pilot.advance(1)
            first = [(each.name, each.value) for burst in pilot.patches for each in burst]
        assert first == [(".checked", None)]


async def test_what_an_action_takes_later_is_not_taken_from_who_types_it() -> None:
    def controls(_):
        t = signal("")

        async def take(event):
            await pilot.clock.sleep(1)
            t.set(event.value)

        return h.input(id="t", value=t, on_input=action(take, policy="latest"))

    page, _ = page_of(controls)
    async with Pilot(page) as pilot:
        assert await said(pilot, "input", ["a"], id="t") == []
        assert await said(pilot, "input", ["ab"], id="t") == []
        await pilot.advance(1)
        assert [(each.name, each.value) for burst in pilot.patches for each in burst] == [(".value", "ab")]
