"""A small library: a list that is searched, a page for each book, and notes that are not lost by a click."""

from enum import Enum

from vango import App, Link, csp, html as h, navigate, query_signal, signal

BOOKS = {
    1: ("The Left Hand of Darkness", "Ursula K. Le Guin", 1969),
    2: ("Solaris", "Stanisław Lem", 1961),
    3: ("Kindred", "Octavia E. Butler", 1979),
    4: ("Roadside Picnic", "Arkady and Boris Strugatsky", 1972),
    5: ("The Dispossessed", "Ursula K. Le Guin", 1974),
}
NOTES: dict[int, str] = {}


class Order(Enum):
    """By what the list is sorted."""

    TITLE = "title"
    YEAR = "year"


app = App(title="Library", csp=csp("hardened"))


@app.layout("/")
def frame(content):
    """Stays mounted, whichever page it shows."""
    return h.div(data_transition=True)[
        h.nav[Link("/")["Books"], " ", Link("/about")["About"]],
        content,
    ]


@app.page("/")
def books():
    """Everything in the address: it can be sent to somebody, and back undoes it."""
    search = query_signal("q", "")
    order = query_signal("order", Order.TITLE, push=True, debounce_s=0)

    def found():
        column = 0 if order() is Order.TITLE else 2
        wanted = search().lower()
        matching = [(number, book) for number, book in BOOKS.items() if wanted in book[0].lower()]
        return sorted(matching, key=lambda each: each[1][column])

    def turn():
        order.set(Order.YEAR if order() is Order.TITLE else Order.TITLE)

    return h.main[
        h.h1["Books"],
        h.input(id="search", aria_label="Search", bind=search),
        h.button(id="order", on_click=turn)["By ", lambda: order().value],
        h.ul[lambda: [h.li[h.a(href=f"/books/{number}")[book[0]]] for number, book in found()]],
    ]


@app.page("/books/{number:int}")
def book(number: int):
    """One book. What is typed and not saved is not left by mistake."""
    if number not in BOOKS:
        return h.main[h.h1["No such book"], h.p[h.a(href="/")["All books"]]]
    title, author, year = BOOKS[number]
    note = signal(NOTES.get(number, ""))

    def unsaved():
        return "Leave without saving your note?" if note() != NOTES.get(number, "") else None

    def save():
        NOTES[number] = note()
        navigate("/")

    return h.main[
        h.h1[title],
        h.p[f"{author}, {year}"],
        h.section(data_leave=unsaved)[
            h.textarea(id="note", aria_label="Note", bind=note),
            h.button(id="save", on_click=save)["Save"],
        ],
    ]


@app.page("/about")
def about():
    """A page like any other."""
    return h.main[h.h1["About"], h.p["Five books, and no page is loaded twice."]]
