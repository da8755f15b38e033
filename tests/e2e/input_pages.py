"""Pages for the tests of events and inputs: what a server hears, and controls that are bound to signals."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

import anyio

from vango import App, bind, blocking, component, current_session, effect, emit, html as h, on, ref, signal
from vango._core import EVENT_KINDS
from vango.events import DomEvent, Hook

app = App(title="inputs")

POINTING = [
    "click",
    "dblclick",
    "contextmenu",
    "auxclick",
    "mousedown",
    "mouseup",
    "mousemove",
    "mouseenter",
    "mouseleave",
    "pointerdown",
    "pointerup",
    "pointermove",
    "pointerenter",
    "pointerleave",
    "pointercancel",
    "wheel",
    "touchstart",
    "touchmove",
    "touchend",
    "touchcancel",
]
DRAGGING = ["dragstart", "drag", "dragend"]
DROPPING = ["dragenter", "dragover", "dragleave", "drop"]
TYPING = ["input", "change", "focus", "blur", "keydown", "keyup", "copy", "cut", "paste", "invalid"]
MOVING = [name for name in EVENT_KINDS if name.startswith(("animation", "transition"))]
MEDIA = [name for name, kind in EVENT_KINDS.items() if 61 <= kind <= 75]


@component
def Heard():
    """One element for each family of events; `#heard` shows, by kind, what the newest handler was given."""
    heard: Any = signal({})

    def note(name: str, event: DomEvent) -> None:
        told = {"class": type(event).__name__, **asdict(event)}
        if name == "submit":
            told["form"] = event.form.pairs
        heard.update(lambda old: {**old, name: told})

    def hears(*names: str) -> dict[str, Any]:
        return {f"on_{name.replace('-', '_')}": (note, name) for name in names}

    return h.main[
        h.pre(id="heard")[lambda: json.dumps(heard())],
        h.div(id="area", **hears(*POINTING))["area"],
        h.div(id="source", draggable="true", **hears(*DRAGGING))["drag me"],
        h.div(id="target", **hears(*DROPPING))["here"],
        h.form(id="form", **hears("submit", "reset"))[
            h.input(id="word", name="word", required=True, aria_label="word", **hears(*TYPING)),
            h.input(id="age", name="age", type="number", aria_label="age", **hears()),
            h.button(id="send", name="go", value="1")["send"],
            h.button(id="clear", type="reset")["clear"],
        ],
        h.div(id="box", **hears("scroll", "scrollend", "resize"))[(h.p[n] for n in range(50))],
        h.details(id="details", **hears("toggle"))[h.summary(id="summary")["more"], "of it"],
        h.button(id="opener", popovertarget="popover")["open"],
        h.div(id="popover", popover="auto", **hears("beforetoggle"))["hello"],
        h.dialog(id="dialog", **hears("cancel", "close"))[
            h.form(method="dialog")[h.button(value="yes")["yes"]]
        ],
        h.img(id="image", alt="", **hears("load", "error")),
        h.div(id="mover", **hears(*MOVING))["moves"],
        h.video(id="video", muted=True, **hears(*MEDIA)),
        h.p(id="seen", **hears("in-view", "out-of-view"))["seen"],
    ]


@component
def Modified():
    """Handlers that say more than their function does; each adds its name to `#log`."""
    log = signal(())
    shown = signal(True)

    def note(name: str) -> None:
        log.update(lambda old: (*old, name))

    def says(name: str, **options: Any) -> Any:
        return on((note, name), **options)

    return h.main(on_click=says("main"), on_keydown=says("main key"))[
        # What a press makes it say must not move what is still under the pointer.
        h.output(id="log", style="display: block; height: 4em")[lambda: " ".join(log())],
        h.div(id="self", on_click=says("self", self=True))[h.b(id="inside-self")["inside"], " beside"],
        h.button(id="once", on_click=says("once", once=True))["once"],
        h.div(id="captures", on_click=says("captures", capture=True))[
            h.button(id="captured", on_click=says("captured"))["captured"]
        ],
        h.div(on_click=says("swallows", capture=True, stop=True))[
            h.button(id="swallowed", on_click=says("swallowed"))["swallowed"]
        ],
        h.div(on_toggle=says("toggles", capture=True))[h.details[h.summary(id="summary")["more"], "of it"]],
        h.button(id="stops", on_click=says("stops", stop=True))["stops"],
        h.button(id="hide", on_click=lambda: shown.update(lambda now: not now))["hide"],
        lambda: (
            h.div(
                id="menu",
                on_click=says("outside", outside=True),
                on_keydown=says("save", window=True, keys=("mod+s", "?"), prevent=True),
                on_resize=says("resized", window=True),
            )["menu"]
            if shown()
            else None
        ),
        h.input(
            id="field",
            aria_label="field",
            on_keydown=says("enter", keys=("Enter", "shift+Tab", "Space", "Escape")),
        ),
        h.a(id="link", href="#there", on_click=says("link", prevent=True))["link"],
        h.a(id="free", href="#free", on_click=says("free"))["free"],
        h.button(id="slow", on_click=says("slow", debounce=60_000))["slow"],
        h.div(id="calm", on_pointermove=says("calm", throttle=60_000))["calm"],
    ]


@component
def Once():
    """What is heard once: what a browser has a way of its own with, and what is observed; `#log` names it."""
    log = signal(())

    def hears(name: str) -> Any:
        return on(lambda: log.update(lambda old: (*old, name)), once=True)

    return h.main[
        h.output(id="log", style="display: block; height: 4em")[lambda: " ".join(log())],
        h.form(on_submit=hears("submit"))[h.input(id="word", name="word", aria_label="word")],
        h.div(id="target", on_drop=hears("drop"))["here"],
        h.div(id="box", style="width: 50px", on_in_view=hears("view"), on_resize=hears("size"))["box"],
        h.button(id="click", on_click=lambda: log.update(lambda old: (*old, "click")))["click"],
    ]


@component
def Late():
    """Nothing says more of a click than that it is heard, until there are links, copies of one."""
    log = signal(())
    links = signal(())

    def note(name: str) -> None:
        log.update(lambda old: (*old, name))

    return h.main(on_click=(note, "main"))[
        h.p(id="plain")["plain"],
        h.output(id="log")[lambda: " ".join(log())],
        h.button(id="more", on_click=lambda: links.update(lambda old: (*old, len(old), len(old) + 1)))[
            "more"
        ],
        lambda: [
            h.p(key=n)[
                h.a(id=f"late{n}", href=f"#{n}", on_click=on((note, f"link {n}"), prevent=True))["link"]
            ]
            for n in links()
        ],
    ]


@component
def Moved():
    """What is moved and turned without end, and a click; `#log` says what the handlers were given."""
    log = signal(())

    def note(*what: object) -> None:
        log.update(lambda old: (*old, what))

    return h.main[
        h.div(
            id="area",
            style="height: 200px",
            on_pointermove=lambda event: note("move", event.x),
            on_wheel=lambda event: note("wheel", event.dy),
            on_click=lambda: note("click"),
        )["area"],
        h.pre(id="log")[lambda: json.dumps(log())],
    ]


@component
def Debounced():
    """A field that is told late, and what follows it."""
    draft, sent = signal(""), signal(())
    return h.main[
        h.form(id="form", on_submit=lambda: sent.update(lambda old: (*old, draft())))[
            h.input(id="draft", aria_label="draft", bind=bind(draft, debounce=60_000)),
            h.button(id="send")["send"],
        ],
        h.button(id="click", on_click=lambda: sent.update(lambda old: (*old, f"click {draft()}")))["click"],
        h.input(id="other", aria_label="other"),
        h.output(id="said")[draft],
        h.output(id="sent")[lambda: " | ".join(sent())],
    ]


LEFT: list[str] = []
"""What the pages that were left have told at last."""


@component
def Left():
    """Tells a late field only when the page goes; `/told` shows what was told, in whichever session."""
    draft = signal("")

    def keep() -> None:
        if draft():
            LEFT.append(draft())

    effect(keep)
    return h.input(id="draft", aria_label="draft", bind=bind(draft, debounce=60_000))


@component
def Told():
    """What `Left` was told."""
    return h.output(id="told")[" ".join(LEFT)]


@component
def Bound():
    """A control of each kind, bound, and what its signal holds beside it."""
    name, note, plain = signal("a"), signal("n"), signal("e")
    age, price, day, hour = signal(3), signal(1.5), signal(date(2026, 1, 2)), signal(time(8, 30))
    level, done, tags = signal(5), signal(False), signal(("x",))
    color, size, many, maybe = signal("red"), signal("s"), signal(["b"]), signal(None)
    counted, moment = bind(age), signal(datetime(2026, 5, 6, 7, 8, 9, 123_456))
    shared = {
        "name": name, "note": note, "age": age, "price": price, "day": day, "hour": hour, "level": level,
        "done": done, "tags": tags, "color": color, "size": size, "many": many, "maybe": maybe,
        "plain": plain,
    }  # fmt: skip
    optional: Any = bind(maybe, parse=int, empty=None)

    def reset() -> None:
        name.set("reset")
        note.set("")
        age.set(0)
        day.set(date(2000, 2, 29))
        done.set(True)
        tags.set(("y", "z"))
        color.set("blue")
        size.set("m")
        many.set(["a", "c"])
        plain.set("again")

    return h.main[
        h.input(id="name", aria_label="name", bind=name),
        h.textarea(id="note", aria_label="note", bind=note),
        h.input(id="age", aria_label="age", bind=counted),
        h.output(id="error")[counted.error],
        h.input(id="number", aria_label="number", type="number", bind=optional),
        h.output(id="number-error")[optional.error],
        h.input(id="price", aria_label="price", inputmode="decimal", bind=price),
        h.input(id="day", aria_label="day", type="date", bind=day),
        h.input(id="hour", aria_label="hour", type="time", bind=hour),
        h.input(id="level", aria_label="level", type="range", min=0, max=9, bind=level),
        h.input(id="done", aria_label="done", type="checkbox", bind=done),
        [h.input(id=f"tag-{tag}", aria_label=tag, type="checkbox", value=tag, bind=tags) for tag in "xyz"],
        [
            h.input(id=f"color-{one}", aria_label=one, type="radio", name="color", value=one, bind=color)
            for one in ("red", "green", "blue")
        ],
        h.select(id="size", aria_label="size", bind=size)[[h.option(value=one)[one] for one in "sml"]],
        h.select(id="many", aria_label="many", multiple=True, bind=many)[
            [h.option(value=one, bind=many)[one] for one in "abc"]
        ],
        h.input(id="moment", aria_label="moment", type="datetime-local", bind=moment),
        h.div(id="plain", contenteditable="plaintext-only", bind=plain),
        h.button(id="reset", on_click=reset)["reset"],
        h.button(id="reset-number", on_click=optional.reset)["reset the number"],
        h.pre(id="held")[lambda: json.dumps({key: _plain(one()) for key, one in shared.items()})],
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, time)) else value


@component
def Chat():
    """Enter sends and empties the field; a clock and an upper-case echo write beside it."""
    draft, lines, loud = signal(""), signal(()), signal("")

    def send() -> None:
        lines.update(lambda old: (*old, draft()))
        draft.set("")

    return h.main[
        h.input(id="draft", aria_label="draft", bind=draft, on_keydown=on(send, keys="Enter")),
        h.output(id="length")[lambda: f"{len(draft())} letters"],
        h.ul(id="lines")[lambda: [h.li[line] for line in lines()]],
        h.input(
            id="loud", aria_label="loud", value=loud, on_input=lambda event: loud.set(event.value.upper())
        ),
        h.output(id="heard")[loud],
        h.button(id="overwrite", on_click=lambda: draft.set("by the application"))["overwrite"],
    ]


@component
def Refusing():
    """Controls whose handlers do not take what they are told, or not all of it."""
    count = signal(0)
    radio, box, one, many = signal("a"), signal(False), signal("1"), signal(("1",))
    trimmed = signal("a")

    def trim() -> None:
        if trimmed() != trimmed().strip():
            heard()
            trimmed.set(trimmed().strip())

    def heard() -> None:
        count.update(lambda old: old + 1)

    def refuse(_: Any) -> None:
        heard()

    effect(trim)
    return h.main[
        [
            h.input(
                id=f"radio-{each}", aria_label=each, type="radio", name="radio", value=each,
                checked=lambda each=each: radio() == each, on_change=refuse,
            )
            for each in "ab"
        ],
        h.input(id="box", aria_label="box", type="checkbox", checked=box, on_change=refuse),
        h.select(id="list", aria_label="list", value=one, on_change=refuse)[
            [h.option(value=each)[each] for each in "12"]
        ],
        h.select(id="many", aria_label="many", multiple=True, on_change=refuse)[
            [h.option(value=each, selected=lambda each=each: each in many())[each] for each in "12"]
        ],
        h.input(id="trimmed", aria_label="trimmed", bind=trimmed),
        h.output(id="count")[count],
    ]  # fmt: skip


@component
def Overlap():
    """A change that is saved slowly, and a form that is sent meanwhile; each has its mark."""
    gates = {name: signal(False) for name in ("change", "submit")}
    saved, sent, saving = signal(""), signal(""), signal(False)
    opened: dict[str, anyio.Event] = {}

    async def wait(name: str) -> None:
        opened[name] = anyio.Event()
        gates[name].set(True)
        await opened[name].wait()
        gates[name].set(False)

    async def save(event: Any) -> None:
        await wait("change")
        saved.set(event.value)

    async def send(event: Any) -> None:
        saving.set(True)
        await wait("submit")
        sent.set(event.get("city"))
        saving.set(False)

    return h.main[
        h.form(id="form", on_submit=on(send, pending=True))[
            h.input(
                id="city", name="city", aria_label="city", readonly=saving, on_change=on(save, pending=True)
            ),
            h.button(id="send", disabled=saving)["send"],
        ],
        h.output(id="saved")[saved],
        h.output(id="sent")[sent],
        [
            h.button(
                id=f"finish-{name}", disabled=lambda gate=gate: not gate(), on_click=(_finish, opened, name)
            )[name]
            for name, gate in gates.items()
        ],
    ]


def _finish(opened: dict[str, anyio.Event], name: str) -> None:
    opened[name].set()


@component
def Many():
    """A form with several values of a name, files, and two buttons."""
    told = signal(())
    return h.form(id="form", on_submit=lambda event: told.set(event.form.pairs))[
        h.select(id="tags", name="tag", aria_label="tags", multiple=True)[
            [h.option(value=one)[one] for one in "abc"]
        ],
        [h.input(id=f"box-{one}", aria_label=one, type="checkbox", name="box", value=one) for one in "xy"],
        h.input(id="files", name="file", aria_label="files", type="file", multiple=True),
        h.button(id="save", name="how", value="save")["save"],
        h.button(id="drop", name="how", value="drop")["drop"],
        h.pre(id="told")[lambda: json.dumps(told())],
    ]


@component
def Refs():
    """Elements that handlers speak of."""
    first, second, list_, hidden = ref(), ref(), ref(), ref()
    shown, said = signal(False), signal("")

    def show() -> None:
        shown.set(True)
        hidden.focus()

    async def measure() -> None:
        rect = await list_.measure()
        said.set(f"{rect.x:g} {rect.y:g} {rect.width:g} {rect.height:g}")

    def attempt(act: Callable[[], object]) -> None:
        try:
            act()
            said.set("done")
        except (LookupError, RuntimeError) as error:
            said.set(str(error))

    async def attempt_later() -> None:
        try:
            await hidden.measure()
        except LookupError as error:
            said.set(str(error))

    session = current_session()
    effect(second.focus)
    return h.main[
        h.input(id="first", aria_label="first", value="some text", ref=first),
        h.input(id="second", aria_label="second", ref=second),
        lambda: h.input(id="hidden", aria_label="hidden", ref=hidden) if shown() else None,
        h.div(id="list", ref=list_)[(h.p(id=f"row{n}")[n] for n in range(60))],
        h.output(id="said")[said],
        h.button(id="focus", on_click=first.focus)["focus"],
        h.button(id="select", on_click=lambda: (first.focus(), first.select()))["select"],
        h.button(id="show", on_click=show)["show"],
        h.button(id="hide", on_click=lambda: shown.set(False))["hide"],
        h.button(id="gone", on_click=(attempt, hidden.focus))["gone"],
        h.button(id="gone-later", on_click=attempt_later)["gone later"],
        h.button(id="thread", on_click=blocking(lambda: attempt(first.focus)))["thread"],
        h.button(id="dispatched", on_click=blocking(lambda: session.dispatch(first.focus)))["dispatched"],
        h.button(id="scroll", on_click=lambda: list_.scroll_to(0, 120))["scroll"],
        h.button(id="view", on_click=lambda: list_.scroll_into_view("end"))["view"],
        h.button(id="measure", on_click=measure)["measure"],
        h.button(id="emit", on_click=lambda: (emit("saved", {"id": [1, None]}), said.set("emitted")))["emit"],
        h.button(id="emit-thread", on_click=blocking(lambda: emit("saved", "thread")))["emit"],
    ]


@component
def Written():
    """Texts that are edited without a control; one is written in capitals by the server."""
    loud, rich, secret = signal("a"), signal("one"), signal("")
    said = signal(())

    def shout(event: Any) -> None:
        loud.set(event.value.upper())

    return h.main[
        h.div(id="loud", contenteditable="plaintext-only", on_input=shout, **{".value": loud}),
        h.div(id="rich", contenteditable=True, bind=rich),
        h.button(id="say", on_click=lambda: said.update(lambda old: (*old, rich())))["say"],
        h.input(id="secret", type="password", aria_label="secret", bind=secret),
        h.output(id="length")[lambda: len(secret())],
        h.pre(id="held")[lambda: json.dumps([loud(), rich(), said()])],
    ]


@component
def Opened():
    """What people open and mute, bound to signals by its events; `#told` counts these."""
    opened, muted, told = signal(False), signal(False), signal(0)

    def take(state: Any, now: bool) -> None:
        state.set(now)
        told.update(lambda old: old + 1)

    return h.main[
        h.details(id="details", open=opened, on_toggle=lambda event: take(opened, event.open))[
            h.summary(id="summary")["more"], "of it"
        ],
        h.video(id="video", muted=muted, on_volumechange=lambda event: take(muted, event.muted)),
        h.button(id="switch", on_click=lambda: (opened.update(_other), muted.update(_other)))["switch"],
        h.output(id="told")[told],
        h.output(id="state")[lambda: f"{opened()} {muted()}"],
    ]


def _other(now: bool) -> bool:
    return not now


@component
def Order():
    """Lists whose options change, and whose choices are cleared, when the form is sent."""
    offered, one, many, sent = signal(("a", "b", "c")), signal("b"), signal(("b",)), signal("")

    def send() -> None:
        sent.set(f"{one()} {'+'.join(many())}")
        offered.update(lambda old: tuple(name + name[0] for name in old[:2]))
        one.set("")
        many.set(())

    def options(**bound: Any) -> Any:
        return lambda: [h.option(value=name, key=name, **bound)[name] for name in offered()]

    return h.form(id="form", on_submit=send)[
        h.select(id="one", aria_label="one", bind=one)[h.option(value="")["none"], options()],
        h.select(id="many", aria_label="many", multiple=True, bind=many)[options(bind=many)],
        h.button(id="send")["send"],
        h.output(id="sent")[sent],
    ]


@component
def Scripted():
    """Elements that listen to the events of scripts."""
    heard = signal(())

    def note(where: str, event: Hook) -> None:
        if event.name == "ready":
            return
        heard.update(lambda known: (*known, [where, event.name, event.detail]))

    return h.main(on_hook=on((note, "main"), names=("rated", "silent")))[
        h.div(
            id="stars",
            on_hook=on((note, "stars"), names=("rated", "silent", "to:hide", "ready"), prevent=True),
        )[h.b(id="inside")["inside"]],
        h.i(id="beside")["beside"],
        h.pre(id="heard")[lambda: json.dumps(heard())],
    ]


for _path, _component in {
    "/heard": Heard,
    "/modified": Modified,
    "/once": Once,
    "/late": Late,
    "/debounced": Debounced,
    "/moved": Moved,
    "/left": Left,
    "/told": Told,
    "/bound": Bound,
    "/chat": Chat,
    "/refusing": Refusing,
    "/overlap": Overlap,
    "/many": Many,
    "/opened": Opened,
    "/order": Order,
    "/written": Written,
    "/refs": Refs,
    "/scripted": Scripted,
}.items():
    app.page(_path, title=_path)(_component)
