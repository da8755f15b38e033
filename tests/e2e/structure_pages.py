"""The pages of `test_structure.py`: what stands on a page, and how it comes, moves and goes."""

from vango import App, ErrorBoundary, For, Show, Window, component, html as h, memo, on, signal, svg

app = App(title="structure")

ROWS = 100_000


@component
def Long():
    """100,000 rows, of which those in view are on the page."""
    back, few = signal(False), signal(False)
    rows = memo(lambda: range(30 if few() else ROWS)[:: -1 if back() else 1])
    return h.main[
        h.button(id="sort", on_click=lambda: back.update(lambda on: not on))["sort"],
        h.button(id="few", on_click=lambda: few.update(lambda on: not on))["few"],
        h.output(id="state")[lambda: f"{len(rows())} {'back' if back() else 'forth'}"],
        For(
            rows,
            key=lambda n: n,
            render=lambda n: h.div(class_="row", style="height:20px;overflow:hidden")[h.button[f"row {n}"]],
            window=Window(row_height=20, height=400, overscan=20, label="Numbers"),
        ),
    ]


@component
def Ledger():
    """A table of 100,000 rows whose heights are not what was estimated."""
    return For(
        range(ROWS),
        key=lambda n: n,
        render=lambda n, index: h.tr[h.td(style=f"height:{20 + n % 3 * 10}px;padding:0")[f"{index}: {n}"]],
        window=Window(
            row_height=30,
            height=300,
            label="Ledger",
            class_="ledger",
            around=lambda rows: h.table[h.thead[h.tr[h.th["number"]]], h.tbody[rows]],
        ),
    )


@component
def Moved():
    """Keyed rows that hold what a browser does not like to move."""
    shown = signal(tuple(range(4)))
    ways = {
        "reverse": lambda now: now[::-1],
        "filter": lambda now: now[1:],
        "sort": lambda _: (2, 0, 3, 1),
    }
    return h.main[
        [h.button(id=name, on_click=(shown.update, way))[name] for name, way in ways.items()],
        h.output(id="order")[lambda: " ".join(map(str, shown()))],
        h.ul[
            For(
                shown,
                key=lambda n: n,
                render=lambda n: h.li(id=f"row{n}")[
                    h.input(aria_label=f"field {n}"), h.iframe(title=f"frame {n}", width=20, height=20)
                ],
            )
        ],
    ]


@component
def Parents():
    """One key, under one parent or under another."""
    right = signal(False)
    item = h.li(key="item")[h.input(id="field", aria_label="field")]
    return h.main[
        h.button(id="go", on_click=lambda: right.update(lambda on: not on))["go"],
        h.ul(id="left")[lambda: None if right() else item],
        h.ul(id="right")[lambda: item if right() else None],
    ]


@component
def Clicks(name: str):
    """A child with state, and with a slot of its own."""
    count = signal(0)
    return h.button(id=name, on_click=lambda: count.update(lambda n: n + 1))[lambda: f"{name} {count()}"]


@component
def Around():
    """A parent that renders again after its child did."""
    times = signal(0)
    shown = [h.p[f"line {n}"] for n in range(times() % 3)]
    return h.main[
        h.button(id="again", on_click=lambda: times.update(lambda n: n + 1))[f"again {times()}"],
        shown,
        h.section[Clicks("child"), h.p[f"text {times()}"]],
    ]


@component
def Attributes():
    """Attributes in all their forms, of which each comes and goes."""
    step = signal(0)

    def on() -> bool:
        return step() % 2 == 1

    return h.main[
        h.button(id="step", on_click=lambda: step.update(lambda n: n + 1))["step"],
        h.output(id="count")[step],
        h.div(
            id="slots",
            class_=lambda: ["static", "on" if on() else None],
            title=lambda: "" if on() else None,
            hidden=on,
            data_some_name=lambda: "data" if on() else None,
            aria_label=lambda: "label" if on() else None,
            style=lambda: {"color": "red", "--size": "2px"} if on() else {"color": "red"},
        ),
        lambda: h.div(
            id="body",
            class_={"static": True, "on": on()},
            title="" if on() else None,
            hidden=on(),
            data_some_name="data" if on() else None,
            aria_label="label" if on() else None,
            style="color: red; --size: 2px" if on() else "color: red",
        ),
    ]


@component
def Kinds():
    """What needs a namespace, or a content of its own."""
    shown = signal(False)
    element = h.Tag("x-box")(id="custom", size="2")[h.b["inside"]]
    formula = h.Tag("math")(id="math")[h.Tag("mi")["x"]]
    drawing = svg.svg(id="svg", viewBox="0 0 9 9")[svg.circle(r=4), svg.path(d="M0 0")]
    parts = (
        element,
        formula,
        drawing,
        h.table[h.tbody[h.tr(id="tr")[h.td["cell"]]]],
        h.Tag("template")(id="template"),
    )
    return h.main[
        h.button(id="show", on_click=lambda: shown.update(lambda on: not on))["show"],
        lambda: parts if shown() else None,
    ]


@component
def Foreign():
    """A container into which others put nodes of theirs."""
    rows = signal((0, 1, 2))
    ways = {
        "push": lambda now: (*now, max(now) + 1),
        "shift": lambda now: now[1:],
        "turn": lambda now: now[::-1],
        "front": lambda now: (max(now) + 1, *now),
    }
    return h.main[
        [h.button(id=name, on_click=(rows.update, way))[name] for name, way in ways.items()],
        h.ul(id="box")[For(rows, key=lambda n: n, render=lambda n: h.li[n])],
        h.output(id="said")[lambda: " ".join(map(str, rows()))],
    ]


@component
def Exits():
    """Rows and a whole view that go by a transition."""
    rows = signal((0, 1, 2, 3))
    view = signal("list")

    def drop(n: int) -> None:
        rows.update(lambda now: tuple(row for row in now if row != n))

    return h.main[
        h.button(id="add", on_click=lambda: rows.update(lambda now: (*now, len(now) + 10)))["add"],
        h.button(id="go", on_click=lambda: view.set("other" if view() == "list" else "list"))["go"],
        Show(
            lambda: view() == "list",
            lambda: h.section(id="list", data_exit="leaving")[
                h.ul[
                    For(
                        rows,
                        key=lambda n: n,
                        render=lambda n: h.li(id=f"row{n}", data_exit="leaving")[
                            f"row {n} ", h.button(on_click=(drop, n), aria_label=f"drop {n}")["x"]
                        ],
                    )
                ]
            ],
            h.section(id="other")["another view"],
        ),
        h.output(id="left")[lambda: " ".join(map(str, rows()))],
    ]


@component
def Fragile(name: str):
    """Raises when it is told to, in its first render or in a later one."""
    broken = signal(False)
    if broken():
        raise ValueError(f"{name} broke")
    return h.p[h.button(id=f"break-{name}", on_click=(broken.set, True))[f"{name} is fine"]]


@component
def Crash():
    """A child in a boundary, and a page around it that can break as well."""
    broken = signal(False)
    if broken():
        raise ValueError("the page broke")
    return h.main[
        Clicks("beside"),
        ErrorBoundary(
            Fragile("child"),
            fallback=lambda error, retry: h.p(id="fallback")[
                str(error), h.button(id="retry", on_click=retry)["retry"]
            ],
        ),
        h.button(id="break", on_click=(broken.set, True))["break the page"],
    ]


@component
def Opened():
    """What people open and close, with and without the server saying so, and a count that patches it."""
    count = signal(0)
    said, box = signal(True), signal(False)
    return h.main[
        h.button(id="count", on_click=lambda: count.update(lambda n: n + 1))["count"],
        h.details(id="free")[h.summary["free"], h.p[count], h.input(aria_label="in it")],
        h.details(id="said", open=said, class_=lambda: f"n{count()}")[h.summary["said"], h.p[count]],
        h.button(id="hide", on_click=(said.set, False))["hide"],
        h.button(id="show", on_click=(said.set, True))["show"],
        h.button(id="open", on_click=(box.set, True))["open"],
        h.dialog(
            id="box", open=box, aria_label="box", class_=lambda: f"n{count()}", on_close=(box.set, False)
        )[h.form(method="dialog")[h.p[count], h.button["done"]],],
        h.dialog(id="modal", aria_label="modal")[h.p[count], h.form(method="dialog")[h.button["done"]]],
        h.output(id="state")[lambda: f"{said()} {box()}"],
    ]


@component
def Copies():
    """Rows that are alike: they travel as an example and its copies."""
    rows = signal(())
    chosen, outside = signal(""), signal(0)

    def count() -> None:
        outside.update(lambda times: times + 1)

    def row(item: tuple[int, str]):
        number, word = item
        return h.li[
            h.b(class_="word", on_click=(chosen.set, f"{word} {number}"))[h.i[word]],
            h.b(class_="menu", on_click=on(count, outside=True))["menu"],
        ]

    return h.main[
        h.h1["copies"],
        [
            h.button(id=word, on_click=(rows.set, [(n, word) for n in range(20)]))[word]
            for word in ("one", "two")
        ],
        h.output(id="chosen")[chosen],
        h.output(id="outside")[outside],
        h.ul[For(rows, key=lambda item: item[0], render=row)],
    ]


for _path, _component in {
    "/copies": Copies,
    "/long": Long,
    "/ledger": Ledger,
    "/moved": Moved,
    "/parents": Parents,
    "/around": Around,
    "/attributes": Attributes,
    "/kinds": Kinds,
    "/foreign": Foreign,
    "/exits": Exits,
    "/crash": Crash,
    "/opened": Opened,
}.items():
    app.page(_path, title=_path)(_component)
