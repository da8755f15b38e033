"""Toasts: shown from handlers, read out by their kind, gone when their time is over."""

import gc
import weakref
from typing import Any

import pytest

from vango import Toasts, blocking, component, html as h, on_cleanup, toast
from vango.sessions.toasts import MAX_SHOWN, SECONDS
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


def page(**handlers: Any) -> object:
    """A page with toasts and a button for each handler."""
    return h.main[Toasts(), [h.button(id=name, on_click=fn)[name] for name, fn in handlers.items()]]


def shown(pilot: Pilot, role: str = "status") -> list[str]:
    region = pilot.find("div", role=role)
    return [each.text for each in region.find_all("div", class_="vango-toast")]


async def press(pilot: Pilot, name: str) -> None:
    await pilot.click(pilot.find(id=name))


async def test_a_toast_shows_and_goes_when_its_time_is_over() -> None:
    async with Pilot(page(save=lambda: toast("Saved", kind="success", seconds=3))) as pilot:
        assert shown(pilot) == []
        await press(pilot, "save")
        assert shown(pilot) == ["Saved\u00d7"]
        assert pilot.find(class_="vango-toast").attrs["data-kind"] == "success"
        await pilot.advance(2)
        await press(pilot, "save")
        await pilot.advance(1)
        assert len(shown(pilot)) == 1
        await pilot.advance(2)
        assert shown(pilot) == []
        assert pilot.errors == []


async def test_an_error_stays_until_it_is_dismissed_and_interrupts_who_listens() -> None:
    async with Pilot(page(fail=lambda: toast("Failed", kind="error"), say=lambda: toast("x"))) as pilot:
        await press(pilot, "fail")
        await press(pilot, "say")
        assert (shown(pilot, "alert"), shown(pilot)) == (["Failed\u00d7"], ["x\u00d7"])
        await pilot.advance(SECONDS)
        assert (shown(pilot, "alert"), shown(pilot)) == (["Failed\u00d7"], [])
        await pilot.advance(3_600)
        await pilot.click(pilot.find("button", aria_label="Dismiss"))
        assert shown(pilot, "alert") == []


async def test_it_waits_while_somebody_points_at_it_or_is_in_it() -> None:
    async with Pilot(page(say=lambda: toast("x", seconds=5))) as pilot:
        for enter, leave in (("pointerenter", "pointerleave"), ("focus", "blur")):
            await press(pilot, "say")
            await pilot.advance(4)
            await pilot.event(pilot.find(class_="vango-toast"), enter)
            await pilot.advance(60)
            assert shown(pilot) == ["x\u00d7"]
            await pilot.event(pilot.find(class_="vango-toast"), leave)
            await pilot.advance(4)
            assert shown(pilot) == ["x\u00d7"]
            await pilot.advance(1)
            assert shown(pilot) == []


async def test_what_made_it_can_take_it_away() -> None:
    made: list[Any] = []
    async with Pilot(
        page(say=lambda: made.append(toast("x", seconds=None)), take=lambda: made[0].dismiss())
    ) as pilot:
        await press(pilot, "say")
        await pilot.advance(3_600)
        assert shown(pilot) == ["x\u00d7"]
        await press(pilot, "take")
        await press(pilot, "take")
        assert shown(pilot) == []


async def test_a_handler_in_a_thread_and_one_that_is_async_can_say_something() -> None:
    async def later() -> None:
        toast("async")

    async with Pilot(page(thread=blocking(lambda: toast("thread")), later=later)) as pilot:
        await press(pilot, "thread")
        await press(pilot, "later")
        assert shown(pilot) == ["thread\u00d7", "async\u00d7"]


async def test_content_may_be_elements_with_handlers_and_is_escaped() -> None:
    pressed: list[int] = []
    undo = h.button(id="undo", on_click=lambda: pressed.append(1))["Undo"]
    async with Pilot(page(say=lambda: toast(["<b>Removed</b> ", undo]))) as pilot:
        await press(pilot, "say")
        assert "&lt;b&gt;Removed&lt;/b&gt;" in pilot.html()
        await press(pilot, "undo")
        assert pressed == [1]


async def test_too_many_push_the_oldest_out() -> None:
    def many() -> None:
        for n in range(MAX_SHOWN + 5):
            toast(str(n))

    async with Pilot(page(many=many)) as pilot:
        await press(pilot, "many")
        assert shown(pilot) == [f"{n}\u00d7" for n in range(5, MAX_SHOWN + 5)]


async def test_one_session_never_hears_of_another() -> None:
    async with Pilot(page(say=lambda: toast("mine"))) as one, Pilot(page()) as other:
        await press(one, "say")
        assert (len(shown(one)), shown(other)) == (1, [])


async def test_a_toast_that_nobody_shows_waits_for_a_place_to() -> None:
    @component
    def Body() -> object:
        on_cleanup(lambda: None)
        toast("from a body")
        return h.p["x"]

    async with Pilot(h.main[Body(), Toasts()]) as pilot:
        assert shown(pilot) == ["from a body\u00d7"]


async def test_a_session_that_ends_is_freed_with_its_toasts() -> None:
    held: list[Any] = []

    def say() -> None:
        thing = type("Thing", (), {})()
        held.append(weakref.ref(thing))
        toast(h.button(on_click=(lambda thing: None, thing))["x"], seconds=None)

    async with Pilot(page(say=say)) as pilot:
        await press(pilot, "say")
        gc.collect()
        assert held[0]() is not None
    del pilot
    gc.collect()
    assert held[0]() is None


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"kind": "warn"},
            ValueError,
            "no toast of the kind 'warn'; write one of info, success, warning, error",
        ),
        ({"seconds": 0}, ValueError, r"toast\(seconds=0\): a number above 0, or None"),
        ({"content": b"bytes"}, TypeError, "cannot be shown"),
    ],
)
async def test_bad_arguments_say_what_to_write(arguments: dict, error: type, message: str) -> None:
    caught: list[BaseException] = []

    def say() -> None:
        try:
            toast(**{"content": "x", **arguments})
        except Exception as problem:
            caught.append(problem)

    async with Pilot(page(say=say)) as pilot:
        await press(pilot, "say")
        assert shown(pilot) == []
    with pytest.raises(error, match=message):
        raise caught[0]


def test_without_a_session_it_says_where_it_belongs() -> None:
    with pytest.raises(RuntimeError, match="no session runs here"):
        toast("x")


async def test_a_toast_that_the_page_has_no_place_for_is_said_in_the_log_once(caplog: Any) -> None:
    async with Pilot(h.button(id="say", on_click=lambda: toast("x"))) as pilot:
        await press(pilot, "say")
        await press(pilot, "say")
    assert [record.message.count("write Toasts() once") for record in caplog.records] == [1]
