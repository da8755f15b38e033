"""The pages under measurement: vango's counter and the same page written by hand, on one server.

Both are served cross-origin isolated, so that a page times itself with a clock of 5 us.
"""

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import anyio
from examples.table import Row, Table, row_source
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from benches.isolated import Isolated
from vango import App, For, component, html as h, signal
from vango.limits import Limits

live = App(
    title="Counter",
    # A page that clicks by script is faster than any hand.
    limits=Limits(
        waiting_per_address=1_000, handshakes_per_address=1_000, events_per_s=1e5, event_burst=100_000
    ),
)


@component
def Counter(start: int = 0):
    """The counter of the README."""
    count = signal(start)
    return h.div(class_="counter")[
        h.button(on_click=lambda: count.update(lambda n: n - 1))["-"],
        h.output[count],
        h.button(on_click=lambda: count.update(lambda n: n + 1))["+"],
    ]


@live.page("/counter")
def counter():
    """Serve the counter."""
    return Counter(start=0)


@live.page("/walk/{number:int}")
def walk(number: int):
    """A page of 300 paragraphs that leads to the next one, with a load and without."""
    return h.main[
        h.h1[number],
        h.a(id="next", href=f"/walk/{number + 1}")["next"],
        h.a(id="load", href=f"/walk/{number + 1}", data_reload=True)["load"],
        [h.p(class_="line")[f"paragraph {n} of page {number}"] for n in range(300)],
    ]


@live.page("/fetched/{number:int}")
async def fetched(number: int):
    """The same page, whose data is 50 ms away."""
    await anyio.sleep(0.05)
    return h.main[
        h.h1[number],
        h.a(id="next", href=f"/fetched/{number + 1}")["next"],
        [h.p(class_="line")[f"paragraph {n} of page {number}"] for n in range(300)],
    ]


@component
def Rows():
    """A table of 1,000 rows with two handlers each, in the markup of the js-framework-benchmark."""
    rows = signal(init=lambda: [(i, f"pretty red chair {i}") for i in range(1_000)])

    def select(row: int) -> None:
        rows.update(lambda items: [item for item in items if item[0] == row])

    def remove(row: int) -> None:
        rows.update(lambda items: [item for item in items if item[0] != row])

    def row(item: tuple[int, str]):
        number, label = item
        return h.tr(key=number)[
            h.td(class_="col-md-1")[number],
            h.td(class_="col-md-4")[h.a(class_="lbl", on_click=(select, number))[label]],
            h.td(class_="col-md-1")[
                h.a(class_="remove", on_click=(remove, number))[
                    h.span(class_="remove glyphicon glyphicon-remove", aria_hidden="true")
                ]
            ],
            h.td(class_="col-md-6"),
        ]

    return h.table[h.tbody[For(rows, key=lambda item: item[0], render=row)]]


@live.page("/rows")
def table():
    """Serve the rows."""
    return Rows()


@live.page("/table")
def benchmark():
    """Serve the table of the examples, with all operations of the js-framework-benchmark."""
    return Table()


PLAIN = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Counter</title>
<script type="module" src="/plain.js"></script>
<div class="counter"><button>-</button><output>0</output><button>+</button></div></html>"""


ROW = (
    '<tr><td class="col-md-1"> </td><td class="col-md-4"><a class="lbl"> </a></td><td class="col-md-1">'
    '<a class="remove"><span class="remove glyphicon glyphicon-remove" aria-hidden="true"></span></a></td>'
    '<td class="col-md-6"></td></tr>'
)
BUTTONS = "".join(
    f'<button id="{name}">{name}</button>' for name in ("run", "add", "update", "clear", "swaprows")
)
PLAIN_TABLE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Table</title>
<script type="module" src="/plain_table.js"></script><template>{ROW}</template>
<section><div>{BUTTONS}</div><table><tbody id="tbody"></tbody></table></section></html>"""


async def plain_table(_: Request) -> Response:
    """The table that somebody writes who needs just this one."""
    return HTMLResponse(PLAIN_TABLE)


async def table_socket(ws: WebSocket) -> None:
    """Its server side: it keeps the rows, and says of a change what the page needs to make it."""
    await ws.accept()
    source = row_source()
    rows: list[Row] = []

    def make() -> list[tuple[int, str]]:
        new = list(islice(source, 1_000))
        rows.extend(new)
        return [(row.id, row.label) for row in new]

    try:
        while True:
            name, *picked = json.loads(await ws.receive_text())
            news: object = None
            match name:
                case "run":
                    rows.clear()
                    news = make()
                case "add":
                    news = make()
                case "update":
                    rows[::10] = [replace(row, label=f"{row.label} !!!") for row in rows[::10]]
                    news = [(index * 10, row.label) for index, row in enumerate(rows[::10])]
                case "select":
                    news = picked[0]
                case "remove":
                    news = picked[0]
                    rows[:] = [row for row in rows if row.id != news]
                case "swaprows":
                    rows[1], rows[998] = rows[998], rows[1]
                    news = (1, 998)
                case "clear":
                    rows.clear()
            await ws.send_text(json.dumps([name, news]))
    except WebSocketDisconnect:
        pass


async def table_script(_: Request) -> Response:
    """Its script."""
    return FileResponse(Path(__file__).parent / "plain_table.js", media_type="text/javascript")


async def plain(_: Request) -> Response:
    """The page that somebody writes who needs just this one."""
    return HTMLResponse(PLAIN)


async def script(_: Request) -> Response:
    """Its script."""
    return FileResponse(Path(__file__).parent / "plain.js", media_type="text/javascript")


async def socket(ws: WebSocket) -> None:
    """Its server side."""
    await ws.accept()
    count = 0
    try:
        while True:
            count += json.loads(await ws.receive_text())["by"]
            await ws.send_text(json.dumps({"count": count}))
    except WebSocketDisconnect:
        pass


app = Isolated(
    Starlette(
        routes=[
            Route("/plain", plain),
            Route("/plain.js", script),
            WebSocketRoute("/plain/ws", socket),
            Route("/plain_table", plain_table),
            Route("/plain_table.js", table_script),
            WebSocketRoute("/plain_table/ws", table_socket),
            Mount("/", live),
        ],
        lifespan=lambda _: live.lifespan(),
    )
)
