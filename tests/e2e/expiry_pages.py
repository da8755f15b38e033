"""Pages whose user ceases to be one: each application does something else about it.

A user is whoever has the cookie "user", as long as nobody has asked for `/out`.
"""

from __future__ import annotations

from typing import Any

from vango import App, Principal, Request, html as h, requires

gone: set[str] = set()


def application(on_expiry: Any) -> App:
    """An application with a page for users, a login page, and one that ends all logins."""

    async def who(request: Request) -> Principal | None:
        user = request.cookies.get("user")
        return Principal(id=user) if user and user not in gone else None

    app = App(title="Members")
    app.auth(who, check_every_s=0.2, on_expiry=on_expiry)
    app.page("/")(lambda: h.h1["Everybody"])
    app.page("/members", guards=[requires()])(lambda: h.h1["Members"])
    app.page("/login")(lambda: h.h1["Log in"])
    app.page("/bye")(lambda: h.h1["Goodbye"])

    @app.page("/out/{user}")
    def out(user: str) -> object:
        gone.add(user)
        return h.h1["Out"]

    return app


reloading = application("reload")
navigating = application("navigate")
telling = application("event")
own = application(lambda request: "/bye?from=" + request.path[1:])
