"""A library of several pages with layouts, redirects and error pages: `vango run examples.bookcase:app`."""

from enum import Enum
from pathlib import Path

from vango import App, NotFound, component, csp, head, html as h, signal

app = App(title="Library", stylesheets=["/static/style.css"], csp=csp("hardened"))
app.static("/static", Path(__file__).parent / "static")

BOOKS = {
    1: ("The Dispossessed", "Ursula K. Le Guin", "novel"),
    2: ("The Mythical Man-Month", "Frederick P. Brooks", "essay"),
    3: ("Invisible Cities", "Italo Calvino", "novel"),
}

NOTES = {(3, 1): "Read it twice."}


class Kind(Enum):
    """What there is to read."""

    NOVEL = "novel"
    ESSAY = "essay"


@app.layout("/")
def frame(content):
    """Around every page; it stays while a person goes from one to another."""
    return h.main[
        h.nav[
            h.a(href=app.url_for(shelf))["All books"],
            " · ",
            h.a(href=app.url_for(of_kind, kind=Kind.NOVEL))["Novels"],
            " · ",
            h.a(href=app.url_for(of_kind, kind=Kind.ESSAY))["Essays"],
        ],
        content,
    ]


@app.page("/", title="All books")
def shelf():
    """All books."""
    return h.section[h.h1["All books"], rows(BOOKS)]


@app.page("/kinds/{kind}")
def of_kind(kind: Kind):
    """Those of one kind; of another one there is no page."""
    head(title=f"Each {kind.value}")
    found = [number for number, (_, _, of) in BOOKS.items() if of == kind.value]
    return h.section[h.h1[f"Each {kind.value}"], rows(found)]


def rows(numbers):
    """Links to books."""
    return h.ul[(h.li[h.a(href=app.url_for("book", number=number))[BOOKS[number][0]]] for number in numbers)]


def known(request):
    """Let nobody through to a book that is not there."""
    return None if request.params["number"] in BOOKS else NotFound()


@app.layout("/books/{number:int}", guards=[known])
def around_book(content, number):
    """Around the pages of one book."""
    return h.article[
        h.h1[BOOKS[number][0]],
        Marks(),
        content,
    ]


@component
def Marks():
    """State of the layout: it is there on each page of the book."""
    count = signal(0)
    return h.button(on_click=lambda: count.update(lambda n: n + 1))["Marks: ", count]


@app.page("/books/{number:int}", name="book")
def about(number):
    """One book."""
    title, author, kind = BOOKS[number]
    head(
        title=lambda: f"{title} · Library",
        description=f"{title}, by {author}",
        canonical=f"https://library.example{app.url_for('book', number=number)}",
        meta={"og:title": title, "og:type": "book"},
    )
    return h.p["By ", author, ", a ", kind, ". ", h.a(href=app.url_for(notes, number=number))["Notes"]]


@app.page("/books/{number:int}/notes", title="Notes")
def notes(number):
    """What was written about it."""
    return h.p["Nobody has written about it. ", h.a(href=app.url_for("book", number=number))["Back"]]


async def note_of(number, which):
    """What a database would be asked for."""
    return NOTES.get((number, which))


@app.page("/books/{number:int}/notes/{which:int}", title="Note")
async def note(number, which):
    """One note; there may be none of this number."""
    found = await note_of(number, which)
    if found is None:
        raise NotFound()
    return h.blockquote[found]


app.redirect("/book/{number:int}", "/books/{number}", status=308)

staff = app.group("/staff", layout=lambda content: h.section(class_="staff")[h.h1["Staff"], content])


@staff.page("/", title="Staff")
def desk():
    """The first page of the group."""
    return h.p["Here the books are numbered."]


@app.not_found(title="Not found")
def lost():
    """Where there is no page: status 404."""
    return h.p["There is no such page. ", h.a(href=app.url_for(shelf))["All books"]]


@app.failed(title="That did not work")
def broken(reference, retry):
    """Where a page has raised: status 500."""
    return h.p["That did not work. Reference: ", h.code[reference], h.button(on_click=retry)["Try again"]]


@app.on_error
def tell(report):
    """What an operator is told; the page shows the reference."""
    print(f"{report.reference}: {' > '.join(report.component)}: {report.error!r}", flush=True)
