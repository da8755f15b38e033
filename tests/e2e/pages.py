"""The pages that the browser tests look at: one small component for each thing to be shown."""

from dataclasses import dataclass

from anyio import sleep

from vango import App, For, component, html as h, on, resource, signal, spawn, svg

app = App(title="stage")

BODIES: list[str] = []
"""One entry for each time that the body of a component of `paint` ran in this process."""


@component
def Paint():
    """Says how often its body has run, in the process, when it rendered and when it is asked."""
    BODIES.append("Paint")
    number = len(BODIES)
    total = signal(0)
    return h.main[
        h.output(id="mine")[number],
        h.output(id="total")[total],
        h.p["text ", h.b["beside"], " an element", "", "and", "a", "neighbour"],
        h.raw("<em>raw</em> html"),
        h.textarea["\nlines\n"],
        h.button(id="ask", on_click=lambda: total.set(len(BODIES)))["ask"],
    ]


@component
def Drop():
    """State on the server, and fields of which the server knows nothing."""
    count = signal(0)
    return h.main[
        h.output(id="count")[count],
        h.button(id="more", on_click=lambda: count.update(lambda n: n + 1))["+"],
        h.form(id="form")[
            h.input(id="text", aria_label="text"),
            h.textarea(id="area", aria_label="area"),
            h.select(id="select", aria_label="select")[(h.option(value=v)[v] for v in "abc")],
            h.input(id="check", type="checkbox", aria_label="check"),
        ],
    ]


@component
def Echo():
    """A field whose handler writes back what it was given, changed; and one that counts beside it."""
    text = signal("")
    return h.main[
        h.input(id="field", aria_label="text", value=text, on_input=lambda e: text.set(e.value.upper())),
        h.output(id="length")[lambda: f"{len(text())} letters"],
    ]


@component
def Beside():
    """A focused field while something else on the page changes."""
    count = signal(0)
    field = h.input(id="field", aria_label="text", on_keydown=lambda: count.update(lambda n: n + 1))
    return h.main[
        h.p["before ", count],
        lambda: [h.p(key=n)[f"row {n}"] for n in range(count())],
        field,
        h.output(id="count")[count],
    ]


@component
def Namespaces():
    """Elements that have to be made in the right namespace and land in the right parent."""
    shown = signal(False)
    rows = signal((1,))
    drawing = svg.svg(id="drawing", viewBox="0 0 9 9")[
        svg.circle(r=4),
        svg.foreignObject[h.p(id="inside")["html again"]],
    ]
    return h.main[
        h.button(id="show", on_click=lambda: shown.update(lambda on: not on))["show"],
        h.button(id="row", on_click=lambda: rows.update(lambda old: (len(old) + 1, *old)))["row"],
        lambda: drawing if shown() else None,
        h.table[h.tbody(id="tbody")[For(rows, key=lambda n: n, render=lambda n: h.tr[h.td[n]])]],
    ]


@component
def Shapes():
    """Text beside elements, fragments that grow and shrink, raw HTML that is replaced."""
    step = signal(0)
    forged = '<b data-hid="1">bold</b><!--2--><!--3[--><!--]3--><!--]9--><i>it</i>'
    return h.main(id="shapes")[
        h.p(id="beside")["step ", step, h.b(id="kept")["bold"], lambda: f" of {step()}"],
        h.p(id="fragment")["[", lambda: [h.i[n] for n in range(step() % 3)], "]"],
        h.div(id="raw")["before ", lambda: h.raw(f"{forged}<u>{step()}</u>"), h.b(id="after")["after"]],
        h.button(id="step", on_click=lambda: step.update(lambda n: n + 1))["step"],
    ]


@component
def Forged():
    """Raw HTML that closes itself, whatever its own number is."""
    step = signal(0)
    marks = "".join(f"<!--]{hid}--><!--{hid}--><!--{hid}[-->" for hid in range(1, 30))
    return h.main[
        h.div(id="raw")["before ", lambda: h.raw(f"<i>one</i>{marks}<i>two</i>{step()}"), " after"],
        h.button(id="step", on_click=lambda: step.update(lambda n: n + 1))["step"],
        h.output(id="count")[step],
    ]


@component
def Native():
    """What a browser does by itself, with a click handler on each."""
    clicks = signal(0)

    def click() -> None:
        clicks.update(lambda n: n + 1)

    return h.main[
        h.output(id="clicks")[clicks],
        h.input(id="check", type="checkbox", aria_label="check", on_click=click),
        h.label(id="label", for_="other", on_click=click)["other"],
        h.input(id="other", type="checkbox"),
        h.input(id="radio", type="radio", name="r", aria_label="radio", on_click=click),
        h.a(id="link", href="#there", on_click=click)["there"],
        h.p(id="there")["there"],
        h.form(id="form", on_submit=click)[h.button(id="submit")["send"]],
    ]


@dataclass(frozen=True)
class Line:
    """A row with a field of its own."""

    id: int


@component
def Rows():
    """Keyed rows, each with a field that only the browser knows."""
    lines = signal(tuple(map(Line, range(5))))

    def reverse() -> None:
        lines.update(lambda old: old[::-1])

    return h.main[
        h.button(id="reverse", on_click=reverse)["reverse"],
        h.ul(on_keydown=reverse)[
            For(
                lines,
                key=lambda line: line.id,
                render=lambda line: h.li[h.input(id=f"field{line.id}", aria_label=f"row {line.id}")],
            )
        ],
    ]


@component
def Choice():
    """A list whose options and selection change together, and a group of buttons."""
    sizes = signal(("small", "large"))
    size = signal("small")

    def more() -> None:
        sizes.set(("small", "medium", "huge"))
        size.set("huge")

    return h.main[
        h.select(id="size", aria_label="size", on_change=lambda e: size.set(e.value))[
            For(
                sizes,
                key=str,
                render=lambda name: h.option(value=name, selected=lambda: size() == name)[name],
            )
        ],
        h.output(id="chosen")[size],
        h.button(id="more", on_click=more)["more"],
        h.form(id="form", on_submit=lambda e: size.set(e.get("letter")))[
            (h.label[h.input(type="radio", name="letter", value=letter), letter] for letter in "xyz"),
            h.button(id="send", name="letter", value="button")["send"],
        ],
    ]


@component
def Fields():
    """Controls that tell the server what they say, one that does not, a number and rows."""
    text, box, size = signal("served"), signal(False), signal("b")
    clicks, rows, sent = signal(0), signal(0), signal("")
    return h.main[
        h.input(id="text", aria_label="text", value=text, on_input=lambda e: text.set(e.value)),
        h.textarea(id="area", aria_label="area", value="\nserved\r\n", on_change=lambda e: text.set(e.value)),
        h.input(
            id="box", aria_label="box", type="checkbox", checked=box, on_change=lambda e: box.set(e.checked)
        ),
        h.select(id="size", aria_label="size", value=size, on_change=lambda e: size.set(e.value))[
            (h.option(value=name)[name] for name in "abc")
        ],
        h.input(id="range", aria_label="range", type="range", on_input=lambda e: text.set(e.value)),
        h.input(id="quiet", aria_label="quiet", value="served"),
        h.form(on_submit=lambda e: sent.set(e.get("word")))[
            h.input(id="word", aria_label="word", name="word")
        ],
        h.output(id="said")[lambda: f"{text()} {box()} {size()}"],
        h.output(id="sent")[sent],
        h.button(id="click", on_click=lambda: clicks.update(lambda n: n + 1))[clicks],
        h.button(id="row", on_click=lambda: rows.update(lambda n: n + 1))["row"],
        h.ul(id="rows")[lambda: [h.li[n] for n in range(rows())]],
    ]


@component
def Buttons():
    """Nothing that could be typed into or chosen."""
    clicks, rows = signal(0), signal(0)
    return h.main[
        h.button(id="click", on_click=lambda: clicks.update(lambda n: n + 1))[clicks],
        h.button(id="row", on_click=lambda: rows.update(lambda n: n + 1))["row"],
        h.ul(id="rows")[lambda: [h.li[n] for n in range(rows())]],
    ]


@component
def Marks():
    """A counter for each thing that may become of a click that cannot be sent now."""
    counts = {name: signal(0) for name in ("save", "plain", "newest", "fleeting")}
    more = {name: (lambda count: count.update(lambda n: n + 1), count) for name, count in counts.items()}
    handlers = {
        "save": on(more["save"], action="save, and more"),
        "plain": more["plain"],
        "newest": on(more["newest"], policy="latest"),
        "fleeting": on(more["fleeting"], policy="drop"),
    }
    return h.main[
        (
            (h.button(id=name, on_click=handlers[name])[name], h.output(id=f"{name}-count")[counts[name]])
            for name in counts
        )
    ]


@component
def Raw():
    """Nothing but raw HTML, which says of itself that it is live."""
    forged = '<b id="forged" data-hid="2" data-ev="1" data-on="click:fields">x</b>'
    return h.raw(f'<main data-hid="1" data-ev="1">{forged}</main>')


@component
def Around():
    """Raw HTML that says that it listens, inside an element that does."""
    clicks = signal(0)
    forged = '<b id="forged" data-hid="2" data-ev="1" data-on="click:prevent,fields">x</b>'
    return h.main[
        h.div(on_click=lambda: clicks.update(lambda n: n + 1))[h.raw(forged)], h.output(id="clicks")[clicks]
    ]


@component
def Copies():
    """Rows that are alike, of all that a copy of one could get wrong."""
    rows = signal(0)

    def row(n: int):
        return h.li(key=n, class_=f"row{n}", style=f"width: {n}px")[
            h.input(type="checkbox", checked=n % 2 == 0),
            h.input(class_="value", value=f"value {n}"),
            h.source(src=f"/none/{n}"),
            h.button(on_click=lambda: rows.update(lambda n: n + 20))[f"more {n}"],
            svg.svg(width=n)[svg.circle(r=n)],
            "a text",
            f" beside {n}",
            "",
            h.b,
        ]

    return h.main[
        h.button(id="more", on_click=lambda: rows.update(lambda n: n + 20))["more"],
        h.ul(id="copies")[For(lambda: range(rows()), key=lambda n: n, render=row)],
    ]


@component
def Burst():
    """10,000 texts that change together."""
    step = signal(0)
    return h.main[
        h.button(id="step", on_click=lambda: step.update(lambda n: n + 1))["step"],
        h.div(id="cells")[(h.i[lambda n=n: str(n + step())] for n in range(10_000))],
    ]


STEP = signal(0)
ORDERS = ("abcd", "dabc", "bd", "xbydz")


@component
def Shared():
    """What all who look at it have in common: rows that move, an attribute that comes and goes."""
    return h.main[
        h.button(id="step", on_click=lambda: STEP.update(lambda n: n + 1))["step"],
        h.output(id="count", title=lambda: "odd" if STEP() % 2 else None)[STEP],
        h.ul(id="rows")[lambda: [h.li(key=letter)[letter] for letter in ORDERS[STEP() % len(ORDERS)]]],
    ]


LOADED: list[str] = []
"""One entry for each call of the loader of `loads` in this process."""


async def load(name: str) -> str:
    """Say how often this was loaded; what is late does not come with the page."""
    LOADED.append(name)
    number = LOADED.count(name)
    if name == "late":
        await sleep(0.6)
    return f"{name} {number}"


@component
def Loads():
    """Data that comes with the page and behind it, and a task that a dropped connection does not end."""
    asked = signal("")
    done = signal(0)

    def shown(text: str) -> object:
        return h.b[text]

    async def work() -> None:
        for _ in range(30):
            await sleep(0.05)
            done.update(lambda n: n + 1)

    return h.main[
        (
            h.output(id=name)[
                resource(load, key=name).match(lambda text: h.b[text], pending=lambda: h.i["..."])
            ]
            for name in ("soon", "late")
        ),
        h.button(
            id="ask", on_click=lambda: asked.set(" ".join(map(str, map(LOADED.count, ("soon", "late")))))
        )["?"],
        h.output(id="asked")[asked],
        h.button(id="work", on_click=lambda: spawn(work))["work"],
        h.output(id="done")[done],
    ]


for _path, _component in {
    "/paint": Paint,
    "/drop": Drop,
    "/echo": Echo,
    "/beside": Beside,
    "/namespaces": Namespaces,
    "/shapes": Shapes,
    "/forged": Forged,
    "/native": Native,
    "/rows": Rows,
    "/choice": Choice,
    "/fields": Fields,
    "/buttons": Buttons,
    "/marks": Marks,
    "/raw": Raw,
    "/around": Around,
    "/burst": Burst,
    "/shared": Shared,
    "/loads": Loads,
    "/copies": Copies,
}.items():
    app.page(_path, title=_path)(_component)
