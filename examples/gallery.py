"""The examples as one site: `vango run examples.gallery:app`."""

import inspect
from pathlib import Path

from examples import basket, clock, counter, lists, places, signup, structure, table, todo

from vango import App, csp, html as h

app = App(title="vango examples", stylesheets=["/static/style.css"], csp=csp("hardened"))
app.static("/static", Path(__file__).parent / "static")

ABOUT = {
    "/counter": ("Counter", "One number on the server, two buttons, a patch of a few bytes for each click."),
    "/todo": ("To-do list", "A form, keyed rows and a list derived from another; Enter adds and clears."),
    "/signup": ("Sign up", "Controls bound to signals, a shortcut, a field that takes the focus back."),
    "/table": ("Table", "Thousands of keyed rows, created, swapped, updated, selected and removed."),
    "/basket": ("Basket", "A dict and a set in signals, what is computed from them, and a passing message."),
    "/places": (
        "Places",
        "Data that comes with the page, a search, something to book, and rows that keep coming.",
    ),
    "/structure": (
        "Structure",
        "Parts, conditions, choices, a dialog, an error that stays small, and toasts.",
    ),
    "/lists": ("Lists", "Rows that move, are chosen and leave, and a hundred thousand of them."),
    "/clock": ("Clock", "Nobody clicks: the server sends the time each second."),
}


def sheet(path: str, content, source):
    """What the pages of the gallery share: the way back, a heading, the example, and its source."""
    title, about = ABOUT[path]
    return h.main[
        h.nav[h.a(href="/")["← All examples"]],
        h.h1[title],
        h.p(class_="about")[about],
        content,
        h.details(class_="source")[
            h.summary["Source"],
            h.pre(tabindex=0)[h.code[inspect.getsource(source)]],
        ],
    ]


@app.page("/", title="vango examples")
def index():
    return h.main[
        h.h1["vango"],
        h.p(class_="about")["Pages written in Python, kept by the server, changed by small patches."],
        h.ul(class_="cards")[
            (h.li[h.a(href=path)[h.strong[title], h.span[about]]] for path, (title, about) in ABOUT.items())
        ],
    ]


@app.page("/counter", title="Counter")
def counter_page():
    return sheet("/counter", counter.Counter(start=3), counter)


@app.page("/todo", title="To-do list")
def todo_page():
    return sheet("/todo", todo.Todo(), todo)


@app.page("/signup", title="Sign up")
def signup_page():
    return sheet("/signup", signup.SignUp(), signup)


@app.page("/table", title="Table")
def table_page():
    return sheet("/table", table.Table(), table)


@app.page("/basket", title="Basket")
def basket_page():
    return sheet("/basket", basket.Basket(), basket)


@app.page("/places", title="Places")
async def places_page():
    return sheet("/places", places.Places(), places)


@app.page("/clock", title="Clock")
def clock_page():
    return sheet("/clock", clock.Clock(), clock)


@app.page("/structure", title="Structure")
def structure_page():
    return sheet("/structure", structure.Structure(), structure)


@app.page("/lists", title="Lists")
def lists_page():
    return sheet("/lists", lists.Lists(), lists)
