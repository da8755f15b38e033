"""vango.testing: what a test of an application writes."""

import anyio
import pytest
from session_pages import Buttons, Counter

from vango import component, html as h, signal
from vango.testing import Pilot
from vango.testing.document import Page

pytestmark = pytest.mark.anyio


@component
def Todo():
    """A form, a list, a field that is echoed."""
    items = signal(())
    typed = signal("")

    def add(event):
        items.set((*items.peek(), f"{event['title']}:{','.join(event.getlist('tag'))}"))

    return h.main[
        h.input(id="echo", on_input=lambda event: typed.set(event.value), value=typed),
        h.form(on_submit=add)[
            h.input(name="title", value="nothing"),
            h.input(name="tag", value="x"),
            h.input(name="tag", value="y", type="checkbox"),
            h.input(name="off", disabled=True),
            h.textarea(name="more")["text"],
        ],
        h.ul[lambda: [h.li(class_="item odd", data_n=str(n))[item] for n, item in enumerate(items())]],
    ]


async def test_a_counter_reads_as_a_person_would_use_it() -> None:
    async with Pilot(Counter(start=3)) as pilot:
        await pilot.click(pilot.find("button", text="+"))
        assert pilot.find("output").text == "4"
        await pilot.click(pilot.find("button", text="-"))
        assert pilot.find("output").text == "3"
        ((first,), (second,)) = pilot.patches
        assert (first.op, first.text, second.text) == ("set_text", "4", "3")
        assert pilot.patches == []


async def test_wrong_use_says_what_to_write() -> None:
    with pytest.raises(RuntimeError, match="write `async with Pilot"):
        Pilot(Counter()).find("output")
    async with Pilot(Counter()) as pilot:
        with pytest.raises(TypeError, match=r"write pilot.find\('button'\)"):
            await pilot.click("button")
        with pytest.raises(TypeError, match="'klick' is no event; the events are click, dblclick"):
            await pilot.event(pilot.find("button"), "klick")


async def test_what_is_missing_because_of_an_error_is_raised_from_it() -> None:
    async with Pilot(Counter) as pilot:
        with pytest.raises(LookupError, match="there is no output in") as missing:
            pilot.find("output")
        assert "Counter is a component that was not called" in str(missing.value.__cause__)


async def test_typing_sends_each_letter_behind_what_stands_there() -> None:
    async with Pilot(Todo()) as pilot:
        await pilot.type(pilot.find(id="echo"), "ab")
        await pilot.type(pilot.find(id="echo"), "c")
        assert len(pilot.patches) == 3
        assert pilot.session.ledger.ack == 3


async def test_what_the_server_writes_replaces_what_was_typed() -> None:
    @component
    def Draft():
        draft = signal("")
        loud = signal("")
        return h.div[
            h.input(id="draft", value=draft, on_input=lambda event: draft.set(event.value)),
            h.input(id="loud", value=loud, on_input=lambda event: loud.set(event.value.upper())),
            h.button(on_click=lambda: draft.set(""))["clear"],
        ]

    async with Pilot(Draft()) as pilot:
        for text in ("m", "eggs"):
            await pilot.type(pilot.find(id="draft"), text)
            assert pilot.find(id="draft").attrs["value"] == text
            await pilot.click(pilot.find("button"))
        await pilot.type(pilot.find(id="loud"), "ab")
        assert pilot.find(id="loud").attrs["value"] == "AB"


async def test_a_form_is_sent_as_a_browser_sends_it() -> None:
    sent = []
    form = h.form(on_submit=lambda event: sent.append(event.form.pairs))[
        h.input(name="on", type="checkbox", checked=True),
        h.input(name="off", type="checkbox"),
        h.input(name="size", type="radio", value="s"),
        h.input(name="size", type="radio", value="m", checked=True),
        h.select(name="first")[h.option["a"], h.option(value="b")["B"]],
        h.select(name="chosen")[h.option["a"], h.option(value="b", selected=True)["B"]],
        h.select(name="bound", value="c")[h.option["a"], h.option["c"]],
        h.select(name="many", multiple=True)[
            h.option(selected=True)["a"], h.option["b"], h.option(selected=True)["c"]
        ],
        h.select(name="none", multiple=True)[h.option["a"]],
        h.input(type="submit", name="go", value="Go"),
        h.button(name="other", value="1")["Other"],
    ]
    async with Pilot(form) as pilot:
        await pilot.submit(pilot.find("form"))
        await pilot.submit(pilot.find("form"), go="Go", off="on")
        with pytest.raises(LookupError, match="there is no field named titel in <form"):
            await pilot.submit(pilot.find("form"), titel="x")
    fields = [
        ("on", "on"),
        ("size", "m"),
        ("first", "a"),
        ("chosen", "b"),
        ("bound", "c"),
        ("many", "a"),
        ("many", "c"),
    ]
    assert sent == [tuple(fields), (*fields, ("go", "Go"), ("off", "on"))]


async def test_a_form_is_sent_with_its_fields_as_they_stand() -> None:
    async with Pilot(Todo()) as pilot:
        await pilot.submit(pilot.find("form"))
        await pilot.submit(pilot.find("form"), title="milk")
        assert [item.text for item in pilot.find_all("li")] == ["nothing:x", "milk:x"]
        assert pilot.find("li", data_n="1").text == "milk:x"
        assert len(pilot.find_all(class_="odd")) == 2


async def test_what_is_not_there_is_an_error_that_shows_what_is() -> None:
    async with Pilot(Counter(start=3)) as pilot:
        with pytest.raises(LookupError, match=r"there is no button text='x' in .*<output>3</output>"):
            pilot.find("button", text="x")
        with pytest.raises(LookupError, match="nor anything around it listens to click"):
            await pilot.click(pilot.find("output"))


async def test_an_event_goes_to_the_nearest_listener_around() -> None:
    seen = []
    page = h.div(on_click=lambda: seen.append("outer"))[
        h.p[h.b["x"]], h.p(on_click=lambda: seen.append("inner"))["y"]
    ]
    async with Pilot(page) as pilot:
        await pilot.click(pilot.find("b"))
        await pilot.click(pilot.find("p", text="y"))
        assert seen == ["outer", "inner"]


async def test_events_while_the_network_is_gone_are_sent_when_it_is_back() -> None:
    async with Pilot(Counter()) as pilot:
        plus = pilot.find("button", text="+")
        pilot.drop()
        await pilot.settle()
        for _ in range(3):
            await pilot.click(plus)
        assert pilot.find("output").text == "0"
        await pilot.reconnect()
        assert pilot.find("output").text == "3"
        assert pilot.client.unsettled == {}


async def test_settling_waits_for_worker_threads_of_the_application() -> None:
    text = signal("")

    async def work():
        text.set(await anyio.to_thread.run_sync(lambda: "from a thread"))

    async with Pilot(h.div[h.output[text], Buttons(work=work)]) as pilot:
        await pilot.click(pilot.find("button"))
        assert pilot.find("output").text == "from a thread"


async def test_what_a_test_raises_comes_out_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        async with Pilot(Counter()):
            _ = 1 / 0


def test_html_is_read_with_its_void_elements_entities_and_comments() -> None:
    root = Page('<p data-hid="1">a<br>b<!--3-->&amp;<i class="x y">c</i></p><p data-hid="9">z</p>').root
    first, second = root.find_all("p")
    assert (first.hid, first.text, second.text) == (1, "ab&c", "z")
    assert root.find(class_="y").parent is first
    assert [element.tag for element in root.find("i").path()] == ["i", "p", ""]
