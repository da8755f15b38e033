"""Users: a login page, a page for members, one for admins, a file, and a way out.

Run it: vango run examples.members:app
"""

from __future__ import annotations

from vango import (
    App,
    Principal,
    Request,
    csp,
    current_user,
    download,
    html as h,
    login,
    logout,
    next_page,
    requires,
    signal,
)

app = App(title="Members", csp=csp("hardened"))

PASSWORD = "secret"  # noqa: S105
ROLES = {"ada": {"admin"}, "bob": set()}


async def who(request: Request) -> Principal | None:
    """Tell who somebody is; an application of yours asks its database."""
    name = request.data.get("user")
    return Principal(id=name, name=name.title(), roles=frozenset(ROLES[name])) if name in ROLES else None


app.auth(who)


@app.layout("/")
def frame(content):
    user = current_user()
    return h.main[
        h.nav[h.a(href="/")["Home"], " ", h.a(href="/members")["Members"], " ", h.a(href="/admin")["Admin"]],
        h.p(id="who")[user.name if user else "Guest"],
        h.button(id="logout", on_click=lambda: logout(to="/"))["Log out"] if user else None,
        content,
    ]


@app.page("/")
def home():
    return h.h1["Everybody may read this"]


@app.page("/login")
def login_page():
    wrong = signal("")

    def submit(event):
        name = event["name"].lower()
        if name in ROLES and event["password"] == PASSWORD:
            login(name, to=next_page())
        else:
            wrong.set("That is not right: try ada or bob, with the password secret.")

    return h.form(on_submit=submit)[
        h.h1["Log in"],
        h.label["Name ", h.input(name="name", autocomplete="username")],
        h.label["Password ", h.input(name="password", type="password", autocomplete="current-password")],
        h.button["Log in"],
        h.p(role="alert")[wrong],
    ]


@app.page("/members", guards=[requires()])
def members():
    return h.section[
        h.h1["For members"],
        h.button(
            id="file",
            on_click=lambda: download("name\nada\nbob\n", filename="members.csv", media_type="text/csv"),
        )["All members as a file"],
    ]


@app.page("/admin", guards=[requires("admin")])
def admin():
    return h.h1["For admins"]
