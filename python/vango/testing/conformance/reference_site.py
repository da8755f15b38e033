"""The reference server: the reference page, and what stands around it.

Whoever tests another server writes this, too; a server that lacks a part of it is not put to the scenarios
that need it.

| path | what is there |
|---|---|
| `/` | the reference page, for everybody |
| `/second` | the reference page, another one: its number is 3 again |
| `/moved` | redirects to `/second` |
| `/member` | the reference page, for whose request has the cookie `kit=member`, and for nobody else |

| channel | what it does |
|---|---|
| `kit-echo` | sends each message back |
| `kit-token` | sends another token of the session (3.21), and ends |
"""

from __future__ import annotations

from vango.application.app import App
from vango.guards import requires
from vango.identity import Principal
from vango.request import Request
from vango.sessions.channel import Channel
from vango.sessions.session import current_session
from vango.testing.conformance.reference import reference_page

__all__ = ["MEMBER", "reference_site"]

MEMBER = "kit=member"
"""The cookie of a member."""


def reference_site(app: App) -> App:
    """Make `app` the reference server; returns it."""

    async def who(request: Request) -> Principal | None:
        return Principal(id="member") if request.cookies.get("kit") == "member" else None

    async def echo(channel: Channel) -> None:
        async for data in channel:
            await channel.send(data)

    async def token(channel: Channel) -> None:
        await channel.send(current_session().new_token().encode(), compress=False)

    app.auth(who, login=None)
    app.page("/")(reference_page)
    app.page("/second")(_second)
    app.redirect("/moved", "/second")
    app.page("/member", guards=[requires()])(_member)
    app.channel("kit-echo")(echo)
    app.channel("kit-token")(token)
    return app


def _second() -> object:
    return reference_page()


def _member() -> object:
    return reference_page()
