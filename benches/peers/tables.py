"""The table as other frameworks write it: `python -m benches.peers.tables NAME PORT`.

It runs by the Python of the peers, which knows nothing of vango. Each page has a button for every operation,
of a class with its name, and rows whose links have the classes `lbl` and `remove`.
"""

import sys
from collections.abc import Callable
from itertools import count

from benches.peers.counters import serve
from benches.peers.operations import Row, Rows, rows as rows_from

NAMES = ("run", "add", "update", "clear", "swaprows")
starts = count(1, 1_000)


def make() -> Rows:
    """Return a thousand new rows."""
    return rows_from(next(starts), 1_000)


def changed(rows: Rows, name: str) -> Rows:
    """Return the rows after the operation of a button."""
    new = rows.copy()
    match name:
        case "run":
            new = make()
        case "add":
            new += make()
        case "update":
            new[::10] = [row._replace(label=f"{row.label} !!!") for row in new[::10]]
        case "clear":
            new = []
        case "swaprows":
            new[1], new[998] = new[998], new[1]
    return new


def selected(rows: Rows, number: int) -> Rows:
    """Return the rows with one selected."""
    return [
        row._replace(selected=row.id == number) if row.selected != (row.id == number) else row for row in rows
    ]


def without(rows: Rows, number: int) -> Rows:
    """Return the rows without one."""
    return [row for row in rows if row.id != number]


def reactpy(port: int) -> None:
    """Serve ReactPy's."""
    from reactpy import component, html as h, use_state
    from reactpy.backend.starlette import configure
    from starlette.applications import Starlette

    @component
    def table():  # type: ignore[no-untyped-def]
        rows, set_rows = use_state([])

        def button(name: str):  # type: ignore[no-untyped-def]
            act = lambda _: set_rows(lambda old: changed(old, name))  # noqa: E731
            return h.button({"class_name": name, "on_click": act}, name)

        def row(item: Row):  # type: ignore[no-untyped-def]
            select = lambda _: set_rows(lambda old: selected(old, item.id))  # noqa: E731
            remove = lambda _: set_rows(lambda old: without(old, item.id))  # noqa: E731
            return h.tr(
                {"key": item.id, "class_name": "danger" if item.selected else ""},
                h.td({"class_name": "col-md-1"}, str(item.id)),
                h.td({"class_name": "col-md-4"}, h.a({"class_name": "lbl", "on_click": select}, item.label)),
                h.td(
                    {"class_name": "col-md-1"},
                    h.a(
                        {"class_name": "remove", "on_click": remove},
                        h.span({"class_name": "glyphicon glyphicon-remove", "aria_hidden": "true"}),
                    ),
                ),
                h.td({"class_name": "col-md-6"}),
            )

        return h.section(h.div(map(button, NAMES)), h.table(h.tbody(map(row, rows))))

    app = Starlette()
    configure(app, table)
    serve(app, port)


def pyview(port: int) -> None:
    """Serve pyview's."""
    from pyview import LiveView, PyView, defaultRootTemplate
    from pyview.template import LiveRender, LiveTemplate
    from pyview.vendor.ibis import Template
    from starlette.staticfiles import StaticFiles

    buttons = "".join(f'<button class="{name}" phx-click="{name}">{name}</button>' for name in NAMES)
    page = LiveTemplate(
        Template(
            f"<section><div>{buttons}</div><table><tbody>"
            "{% for row in rows %}"
            '<tr class="{% if row.selected %}danger{% endif %}"><td class="col-md-1">{{row.id}}</td>'
            '<td class="col-md-4"><a class="lbl" phx-click="select" phx-value-id="{{row.id}}">{{row.label}}'
            '</a></td><td class="col-md-1"><a class="remove" phx-click="remove" phx-value-id="{{row.id}}">'
            '<span class="glyphicon glyphicon-remove" aria-hidden="true"></span></a></td>'
            '<td class="col-md-6"></td></tr>'
            "{% endfor %}</tbody></table></section>"
        )
    )

    class Table(LiveView):  # type: ignore[type-arg]
        async def mount(self, socket):  # type: ignore[no-untyped-def]
            socket.context = {"rows": []}

        async def handle_event(self, event, payload, socket):  # type: ignore[no-untyped-def]
            rows = socket.context["rows"]
            if event == "select":
                rows = selected(rows, int(payload["id"]))
            elif event == "remove":
                rows = without(rows, int(payload["id"]))
            else:
                rows = changed(rows, event)
            socket.context["rows"] = rows

        async def render(self, assigns, meta):  # type: ignore[no-untyped-def]
            return LiveRender(page, assigns, meta)

    app = PyView()
    app.mount("/static", StaticFiles(packages=[("pyview", "static")]))
    app.rootTemplate = defaultRootTemplate()
    app.add_live_view("/", Table)
    serve(app, port)


def nicegui(port: int) -> None:
    """Serve NiceGUI's, which changes its elements one by one where it can."""
    from nicegui import app, ui
    from nicegui.element import Element

    from benches.isolated import Isolated

    @ui.page("/")
    def table() -> None:
        rows: Rows = []
        shown: dict[int, tuple[Element, ui.label]] = {}

        def add(row: Row) -> None:
            with ui.element("tr") as line:
                with ui.element("td").classes("col-md-1"):
                    ui.label(str(row.id))
                with ui.element("td").classes("col-md-4"), ui.element("a").classes("lbl") as link:
                    link.on("click", lambda: select(row.id), args=[])
                    label = ui.label(row.label)
                with ui.element("td").classes("col-md-1"), ui.element("a").classes("remove") as link:
                    link.on("click", lambda: remove(row.id), args=[])
                    ui.element("span").classes("glyphicon glyphicon-remove")
                ui.element("td").classes("col-md-6")
            shown[row.id] = line, label

        def act(name: str) -> None:
            old, rows[:] = rows.copy(), changed(rows, name)
            if name in {"run", "clear"}:
                shown.clear()
                body.clear()
            if name == "update":
                for row in rows[::10]:
                    shown[row.id][1].text = row.label
            elif name == "swaprows":
                shown[rows[1].id][0].move(target_index=1)
                shown[rows[998].id][0].move(target_index=998)
            else:
                with body:
                    for row in rows if name == "run" else rows[len(old) :]:
                        add(row)

        def select(number: int) -> None:
            for row in rows:
                if row.selected:
                    shown[row.id][0].classes(remove="danger")
            rows[:] = selected(rows, number)
            shown[number][0].classes("danger")

        def remove(number: int) -> None:
            rows[:] = without(rows, number)
            shown.pop(number)[0].delete()

        for name in NAMES:
            ui.button(name, on_click=lambda name=name: act(name)).classes(name)
        with ui.element("table"):
            body = ui.element("tbody")

    app.add_middleware(Isolated)
    ui.run(host="127.0.0.1", port=port, reload=False, show=False, show_welcome_message=False)


PEERS: dict[str, Callable[[int], None]] = {"reactpy": reactpy, "pyview": pyview, "nicegui": nicegui}

if __name__ in {"__main__", "__mp_main__"}:
    PEERS[sys.argv[1]](int(sys.argv[2]))
