"""Navigation: another page in the place of the one that is there, told in the burst that shows it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from vango import _core
from vango.protocol import Diff, HelloOk, Result
from vango.testing.conformance.outcome import NotApplicable, expect_equal
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios.registry import scenario
from vango.testing.conformance.visitor import Visitor

__all__: list[str] = []  # each registers itself

_NAVIGATE = 33
_PUSH, _REPLACE, _BACK = 0, 1, 2
_LOAD = 2


def asking(visitor: Visitor, mode: int, address: str) -> bytes:
    """Return the frame that asks for a page."""
    return visitor.frame(0, _NAVIGATE, [mode, address], hid=0)


async def asked(visitor: Visitor, mode: int, address: str) -> list[tuple[Any, ...]]:
    """Ask for a page; returns the NAVs of the answer, which come in one burst that settles the event."""
    before = len(visitor.of(Diff))
    await visitor.send(asking(visitor, mode, address))
    if "HandlerNotFound" in [error for _, error in visitor.results]:
        raise NotApplicable("the server shows one page only")
    bursts = [diff for diff in visitor.of(Diff)[before:] if navs([diff])]
    expect_equal(len(bursts), 1, f"bursts with a NAV for {address} (3.22)")
    expect_equal(visitor.settled, visitor.cseq, f"the event that asked for {address}, settled (3.22)")
    return navs(bursts)


def navs(bursts: list[Diff]) -> list[tuple[Any, ...]]:
    """Return the NAVs of bursts."""
    return [
        effect[1:] for one in bursts for effect in _core.decode_effects(one.payload) if effect[0] == "nav"
    ]


@scenario(
    "C33", "a page takes the place of another in one burst, which names the address as it was asked", "3.22"
)
async def from_page_to_page(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    first, second, moved, nowhere, member = (
        urljoin(visitor.page.path, name) for name in (".", "second?a=%41", "moved", "nowhere", "member")
    )
    await visitor.click("plus")
    expect_equal(await asked(visitor, _PUSH, second), [(_PUSH, second)], "NAVs for a link (3.22)")
    expect_equal(visitor.text("number"), "3", "the number of the page that was asked for (3.22)")
    expect_equal(await asked(visitor, _BACK, first), [(_REPLACE, first)], "NAVs for going back (3.22)")
    answer = await asked(visitor, _PUSH, moved)
    landed = [urljoin(moved, path) for _, path in answer[1:]]
    expect_equal(answer[:1], [(_PUSH, moved)], "the first NAV of a redirect (3.22)")
    expect_equal(landed, [urljoin(moved, "second")], "where a redirect leads (3.22)")
    for address in (nowhere, member):
        shown = visitor.html()
        answer = await asked(visitor, _PUSH, address)
        expect_equal(answer, [(_LOAD, address)], "NAVs for what is not there, or not for a guest (3.22)")
        expect_equal(visitor.html(), shown, "the document, which stays (3.22)")
    for mode, address in ((9, second), (_PUSH, "no-slash")):
        await visitor.send(asking(visitor, mode, address))
        error = dict(visitor.results).get(visitor.cseq)
        expect_equal(error, "Validation", f"the RESULT for mode {mode} and {address!r} (3.22)")
    # The newest wins, and what it supersedes is settled.
    before = len(visitor.of(Diff))
    await visitor.send(asking(visitor, _PUSH, moved), asking(visitor, _PUSH, first))
    expect_equal(navs(visitor.of(Diff)[before:])[-1:], [(_PUSH, first)], "the NAV of the newest (3.22)")
    expect_equal(visitor.settled, visitor.cseq, "the events, settled (3.22)")
    await visitor.click("plus")
    number, session = visitor.text("number"), visitor.of(HelloOk)[0].session
    await visitor.drop()
    hello_ok = await visitor.greet(path=first)
    expect_equal(hello_ok.session, session, "the session after a navigation (3.22)")
    expect_equal(visitor.of(Result), [], "RESULTs that are sent again")
    expect_equal(visitor.text("number"), number, "the number after a reconnect (3.22)")
    await visitor.converge()
