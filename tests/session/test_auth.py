"""AUTH (PROTOCOL 3.21): a newer token takes the place of the one that a connection was opened with."""

from __future__ import annotations

import pytest
from session_pages import Counter, answers, hello

from vango import current_session, html as h, protocol
from vango.limits import Limits
from vango.testing import Pilot
from vango.testing.client import duplicate

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("network")]


def auth(token: str) -> bytes:
    return protocol.encode(protocol.Auth(token))


async def test_s004_46_a_live_connection_goes_on_with_a_new_token_and_the_old_one_opens_nothing() -> None:
    async with Pilot(Counter()) as pilot:
        old, session = pilot.client.token, pilot.session
        new = session.new_token()
        attachment = session.attachment
        await pilot.send(auth(new))
        assert session.attachment is attachment  # without reconnecting
        await pilot.click(pilot.find("button", text="+"))
        assert pilot.find("output").text == "1"

        (error,), end = await answers(pilot, hello(pilot))
        assert isinstance(error, protocol.Error)
        assert (error.kind, end.code) == ("Unauthorized", 3000)
        assert pilot.client.token == old
        assert session.attachment is attachment  # nothing of it was touched

        pilot.client.token = new
        await pilot.reconnect()
        assert pilot.session is session
        assert pilot.client.hello_ok.mode == protocol.MODE_RESUME
        assert pilot.errors == []


async def test_until_the_new_one_is_used_both_open_the_session() -> None:
    async with Pilot(Counter()) as pilot:
        session = pilot.session
        lost, new = session.new_token(), session.new_token()
        await pilot.reconnect()
        assert pilot.session is session
        pilot.client.token = new
        await pilot.reconnect()  # its HELLO has used it
        pilot.client.token = lost
        await pilot.reconnect()
        assert [error.kind for error in pilot.errors] == ["Unauthorized"]
        assert session.attachment is not None


@pytest.mark.parametrize("what", ["another session's", "one that was replaced", "one that names nobody"])
async def test_a_token_that_opens_nothing_here_ends_the_connection_and_touches_nobody(what: str) -> None:
    async with Pilot(Counter()) as pilot, Pilot(Counter(start=7), beside=pilot) as other:
        session = pilot.session
        if what == "one that was replaced":
            token = session.new_token()
            await pilot.send(auth(session.new_token()))
        else:
            token = other.session.new_token() if what == "another session's" else "nobody"
        await pilot.send(auth(token))
        assert [error.kind for error in pilot.errors] == ["Unauthorized"]
        assert pilot.link is None
        assert session.attachment is None
        assert not session.closed  # who has the right token comes back to it
        await other.click(other.find("button", text="+"))
        assert other.find("output").text == "8"
        assert other.session.least == 0
        assert other.errors == []


async def test_the_stand_in_of_a_session_goes_on_with_its_numbers() -> None:
    async with Pilot(Counter()) as pilot:
        first = pilot.session
        pilot.client.token = first.new_token()
        await pilot.reconnect()
        pilot.registry.close(first)
        await pilot.settle()
        old = pilot.client.token
        await pilot.reconnect()
        second = pilot.session
        assert second is not first
        assert second.least == 1
        new = second.new_token()
        await pilot.send(auth(new))
        assert second.least == 2
        await pilot.reconnect()
        assert [error.kind for error in pilot.errors] == ["SessionExpired", "Unauthorized"]
        pilot.client.token = new
        await pilot.reconnect()
        assert pilot.session is second
        assert old != new


async def test_a_duplicated_tab_with_an_old_token_is_refused_too() -> None:
    async with Pilot(Counter()) as pilot:
        tab = duplicate(pilot.client)
        await pilot.send(auth(pilot.session.new_token()))
        (error,), end = await answers(pilot, tab.hello())
        assert isinstance(error, protocol.Error)
        assert (error.kind, end.code) == ("Unauthorized", 3000)


async def test_a_thousand_tokens_are_too_many_events() -> None:
    async with Pilot(Counter(), limits=Limits(events_per_s=1, event_burst=3)) as pilot:
        token = pilot.session.new_token()
        await pilot.send(*[auth(token)] * 9)
        assert [(error.kind, error.scope) for error in pilot.errors] == [("RateLimited", 2)]
        assert pilot.session.attachment is not None


@pytest.mark.networks("memory")
async def test_a_handler_makes_a_token_and_nobody_else_does() -> None:
    made: list[str] = []

    def page():
        return h.button(on_click=lambda: made.append(current_session().new_token()))["renew"]

    async with Pilot(page()) as pilot:
        await pilot.click(pilot.find("button"))
        assert made == [f"{pilot.session.id}~1"]
        session = pilot.session
        pilot.drop()
        await pilot.settle()
        with pytest.raises(RuntimeError, match="a page that is connected"):
            session.new_token()
