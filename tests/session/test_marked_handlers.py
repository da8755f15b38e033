"""What `on()` says of a handler: to the client by `data-on`, to a later session by its name."""

import anyio
import pytest
from session_pages import Buttons

from vango import component, html as h, on, signal
from vango.events import Input
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


def note(log, name):
    """Append a name."""
    log.append(name)


@pytest.mark.parametrize(
    ("handler", "told"),
    [
        (on(print), "fields"),
        (on(lambda: None, policy="latest"), "latest"),
        (on(lambda: None, prevent=True, policy="queue", offline=True), "prevent,queue,offline"),
        (on((note, [], "x"), action="sp ace,comma:é"), "action=sp%20ace%2Ccomma%3A%C3%A9"),
    ],
)
def test_the_client_is_told_in_data_on(handler, told) -> None:
    assert str(h.button(on_click=handler)) == f'<button data-on="click:{told}"></button>'


def test_marks_of_several_kinds_stand_beside_each_other() -> None:
    form = h.form(
        on_submit=on(lambda: None, action="a"),
        on_click=lambda: None,
        on_input=on(lambda: None, policy="queue"),
    )
    assert str(form) == '<form data-on="input:queue submit:prevent,action=a"></form>'


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: on(3), r"on\(\) takes a function, or \(function, argument\), not 3"),
        (lambda: on(on(print)), r"on\(\) around on\(\) is one too many"),
        (
            lambda: h.button(on_click=(on(print), 1)),
            r"on_click: on\(\) goes around the whole: write on\(\(function",
        ),
        (lambda: h.button(on_click=on(Buttons)), "on_click: .* is a component; write a function"),
    ],
)
def test_what_cannot_be_marked_is_refused(wrong, sentence) -> None:
    with pytest.raises(TypeError, match=sentence):
        wrong()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"policy": "never"}, "there is no policy 'never'; write one of queue, latest, drop"),
        ({"policy": "drop", "offline": True}, "offline=True keeps events and policy='drop' does not"),
        ({"action": "x" * 129}, "an action is a short name, at most 128 bytes"),
    ],
)
def test_options_that_cannot_be_are_refused(options, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        on(print, **options)


async def test_a_component_passes_marks_on_and_is_skipped_while_they_are_the_same() -> None:
    bodies, log = [], []
    turn, action = signal(0), signal("one")

    @component
    def Button(on_click):
        bodies.append(1)
        return h.button(on_click=on_click)["press"]

    @component
    def Page():
        now = turn()
        return Button(on_click=on(lambda: log.append(now), action=action()))

    async with Pilot(Page()) as pilot:
        turn.set(1)
        await pilot.settle()
        assert len(bodies) == 1
        await pilot.click(pilot.find("button"))
        assert log == [1]
        action.set("two")
        await pilot.settle()
        assert len(bodies) == 2
        assert pilot.find("button").attrs["data-on"] == "click:action=two"


async def lose_session(pilot, *events):
    """Send events that the server forgets, with the session that had them."""
    pilot.drop()
    for hid, kind, options in events:
        pilot.client.event(hid, kind, **options)
    pilot.registry.close(pilot.session, "test")
    await pilot.reconnect()


async def test_an_event_that_a_lost_session_left_goes_to_the_handler_of_its_name() -> None:
    log = []
    handlers = {name: on((note, log, name), action=name) for name in ("keep", "remove-1")}
    async with Pilot(Buttons(**handlers)) as pilot:
        hid = pilot.find("button").hid
        await lose_session(pilot, (hid, 0, {"action": "remove-1"}))
        assert log == ["remove-1"]
        assert pilot.client.unsettled == {}


@pytest.mark.parametrize(
    "options",
    [{}, {"action": "gone"}, {"action": "two"}],
    ids=["without a name", "nobody has the name", "two have it"],
)
async def test_an_event_without_one_heir_is_rejected_and_hits_nothing(options) -> None:
    log = []
    page = Buttons(a=on((note, log, "a"), action="two"), b=on((note, log, "b"), action="two"))
    async with Pilot(page) as pilot:
        await lose_session(pilot, (pilot.find("button").hid, 0, options))
        assert log == []
        assert pilot.client.results[1].error == "HandlerNotFound"


async def test_a_name_says_nothing_for_another_kind_of_event() -> None:
    log = []
    async with Pilot(h.div[h.button(on_dblclick=on((note, log, "x"), action="x"))["x"]]) as pilot:
        await lose_session(pilot, (pilot.find("button").hid, 0, {"action": "x"}))
        assert log == []
        assert pilot.client.results[1].error == "HandlerNotFound"


@pytest.mark.parametrize(
    ("policy", "seen"), [("queue", ["a", "b", "c"]), (None, ["a", "c"]), ("latest", ["a", "c"])]
)
async def test_inputs_that_queue_are_not_superseded_while_they_wait(policy, seen) -> None:
    go, values = anyio.Event(), []

    async def take(event: Input) -> None:
        values.append(event.value)
        if len(values) == 1:
            await go.wait()

    async with Pilot(h.div[h.input(on_input=on(take, policy=policy))]) as pilot:
        hid = pilot.find("input").hid
        await pilot.send(*[pilot.client.event(hid, 2, [[value]]) for value in "abc"])
        go.set()
        await pilot.settle()
        assert values == seen
        assert pilot.client.unsettled == {}
