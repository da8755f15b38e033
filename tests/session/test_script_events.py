"""`on_hook`: what scripts of the page tell, by the events that were named and no other ones."""

import pytest

from vango import component, html as h, on, ref
from vango.components.refs import Rect
from vango.events import Hook
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


def note(heard: list[Hook], event: Hook) -> None:
    """Keep what a script told."""
    heard.append(event)


def Stars(heard: list[Hook]) -> h.VNode:
    return h.main[h.div(on_hook=on((note, heard), names=("rated", "un rated")))["stars"]]


def test_the_client_is_told_the_names() -> None:
    assert str(Stars([])) == '<main><div data-on="hook:fields,names=rated|un%20rated">stars</div></main>'


async def test_what_a_script_tells_arrives_with_its_detail() -> None:
    heard: list[Hook] = []
    async with Pilot(Stars(heard)) as pilot:
        await pilot.event(pilot.find("div"), "hook", "rated", '{"stars": 4}')
        await pilot.event(pilot.find("div"), "hook", "un rated", "null")
        assert heard == [Hook("hook", "rated", {"stars": 4}), Hook("hook", "un rated", None)]


async def test_a_name_that_nobody_asked_for_reaches_no_handler() -> None:
    heard: list[Hook] = []
    async with Pilot(Stars(heard)) as pilot:
        await pilot.event(pilot.find("div"), "hook", "removed", "null")
        assert heard == []
        assert pilot.client.results[1].error == "HandlerNotFound"
        await pilot.event(pilot.find("div"), "hook", "rated", "1")
        assert [event.detail for event in heard] == [1]


async def test_an_element_that_a_ref_names_answers_for_it_besides() -> None:
    heard: list[object] = []

    @component
    def Page() -> h.VNode:
        box = ref()

        async def measure() -> None:
            heard.append(await box.measure())

        return h.main[
            h.div(ref=box, on_hook=on((note, heard), names="rated"))["stars"], h.button(on_click=measure)["?"]
        ]

    async with Pilot(Page()) as pilot:
        await pilot.click(pilot.find("button"))
        await pilot.event(pilot.find("div"), "hook", "1", '{"x": 1, "y": 2, "width": 3, "height": 4}')
        await pilot.event(pilot.find("div"), "hook", "rated", "5")
        assert heard == [Rect(1.0, 2.0, 3.0, 4.0), Hook("hook", "rated", 5)]


def test_what_is_wrong_is_said_when_the_element_is_built() -> None:
    with pytest.raises(TypeError, match=r'on_hook: say which events .*names="rated"'):
        h.div(on_hook=print)
    with pytest.raises(TypeError, match="on_click: names= belongs to on_hook"):
        h.div(on_click=on(print, names="rated"))
    for name in ("", "7", "x" * 129):
        with pytest.raises(ValueError, match="the type of an event"):
            on(print, names=[name])
