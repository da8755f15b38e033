"""An issue board of several pages, with people and roles: `vango run examples.board.app:app`.

Everybody may read. Editors add and change issues, admins remove them. Open it in two windows: what one
person does, the others see.
"""

from pathlib import Path

from examples.board.store import PEOPLE, Issue, add, change, issues

from vango import (
    App,
    For,
    Link,
    NotFound,
    Request,
    Show,
    bind,
    component,
    csp,
    current_user,
    html as h,
    login,
    logout,
    memo,
    navigate,
    next_page,
    query_signal,
    requires,
    signal,
    toast,
)

HERE = Path(__file__).parent
app = App(title="Issues", stylesheets=["/examples/style.css", "/static/board.css"], csp=csp("hardened"))
app.static("/static", HERE / "static")
app.static("/examples", HERE.parent / "static")


# Who somebody is, and what must hold before a page is shown


@app.auth
async def who(request: Request):
    """Find the person that the browser has logged in as."""
    return PEOPLE.get(request.data.get("user", ""))


def exists(request: Request):
    """Let those issues through that are there."""
    return None if request.params["number"] in issues.peek() else NotFound()


# Around all pages


@app.layout("/")
def frame(content):
    """The head of all pages; it stays as it is while its content changes."""
    user = current_user()
    return [
        h.header(class_="top")[
            h.nav(aria_label="Main")[
                Link("/")["Issues"],
                Link("/new")["New issue"] if user and "editor" in user.roles else None,
            ],
            h.div[
                [h.span(id="user")[user.name], h.button(on_click=leave)["Log out"]]
                if user
                else Link("/login")["Log in"]
            ],
        ],
        h.main[content],
    ]


def leave():
    """Log out, in all tabs of this browser."""
    logout(to="/")


# The pages


@app.page("/", name="board")
def board():
    """All issues, those that are open first; what is searched for stands in the address."""
    words = query_signal("q", "")
    done = query_signal("done", False, push=True)
    found = memo(
        lambda: [
            issue
            for issue in sorted(issues().values(), key=lambda issue: -issue.id)
            if issue.done == done() and words().lower() in f"{issue.title} {issue.text}".lower()
        ]
    )

    def row(issue: Issue):
        return h.li[
            h.a(href=app.url_for(detail, number=issue.id))[issue.title],
            h.small[f"#{issue.id} by {issue.author}"],
        ]

    return [
        h.h1["Issues"],
        h.div(class_="filter", role="search")[
            h.input(type="search", aria_label="Search", placeholder="Search", bind=words),
            h.label[h.input(type="checkbox", bind=done), " done"],
        ],
        h.ul(class_="issues")[For(found, key=lambda issue: issue.id, render=row)],
        Show(lambda: not found(), h.p(class_="about")["There is no such issue."]),
    ]


@app.page("/issues/{number:int}", title="Issue", guards=[exists])
def detail(number):
    """One issue, as long as it is there."""
    user = current_user()
    roles = user.roles if user else ()

    def remove():
        issue = issues.pop(number, None)
        if issue is not None:
            toast(f"{issue.title}: removed")
        navigate("/")

    def show():
        issue = issues().get(number)
        if issue is None:
            return h.p(class_="about")["Somebody has removed this issue."]
        return h.article[
            h.h1[issue.title],
            h.p(class_="about")[f"#{issue.id} by {issue.author}, {'done' if issue.done else 'open'}"],
            h.p(class_="text")[issue.text],
            h.div(class_="actions")[
                h.button(on_click=lambda: change(number, done=not issue.done))[
                    "Open again" if issue.done else "Done"
                ]
                if "editor" in roles
                else None,
                h.a(href=app.url_for(edit, number=number))["Change"] if "editor" in roles else None,
                h.button(class_="quiet", on_click=remove)["Remove"] if "admin" in roles else None,
            ],
        ]

    return show


@app.page("/issues/{number:int}/edit", title="Change an issue", guards=[requires("editor"), exists])
def edit(number):
    """The form of an issue that is there."""
    issue = issues.peek()[number]

    def save(title: str, text: str):
        change(number, title=title, text=text)
        navigate(app.url_for(detail, number=number))

    return [h.h1["Change an issue"], IssueForm(title=issue.title, text=issue.text, on_save=save)]


@app.page("/new", title="New issue", guards=[requires("editor")])
def new():
    """The form of an issue to come."""

    def save(title: str, text: str):
        user = current_user()
        issue = add(title, text, user.name if user else "")
        navigate(app.url_for(detail, number=issue.id))

    return [h.h1["New issue"], IssueForm(on_save=save)]


@component
def IssueForm(on_save, title="", text=""):
    """Title and text; whoever leaves with something unsaved is asked."""
    new_title, new_text = signal(title), signal(text)
    error = signal("")
    saved = signal(False)

    def save():
        if not new_title().strip():
            error.set("An issue needs a title.")
            return
        saved.set(True)
        on_save(new_title().strip(), new_text().strip())

    def warning():
        changed = not saved() and (new_title(), new_text()) != (title, text)
        return "Leave without saving?" if changed else None

    return h.form(class_="issue", on_submit=save, data_leave=warning)[
        h.label[
            "Title", h.input(name="title", bind=bind(new_title), autofocus=True, aria_describedby="error")
        ],
        h.label["Text", h.textarea(name="text", rows=6, bind=bind(new_text))],
        h.p(id="error", role="alert")[error],
        h.button["Save"],
    ]


@app.page("/login", title="Log in")
def log_in():
    """An example has no passwords; here a real application checks one."""
    return [
        h.h1["Who are you?"],
        h.ul(class_="issues")[
            (
                h.li[
                    h.button(on_click=lambda name=name: login(name, to=next_page()))[person.name],
                    h.small[", ".join(sorted(person.roles)) or "reads only"],
                ]
                for name, person in PEOPLE.items()
            )
        ],
    ]


@app.not_found
def lost():
    """Where nothing is."""
    return [h.h1["There is nothing here"], h.p[h.a(href="/")["All issues"]]]


@app.forbidden
def refused():
    """Where somebody may not go."""
    return [h.h1["This is not for you"], h.p["Ask Ada for the role that it needs."]]
