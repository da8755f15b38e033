"""Who may have a session: a page of its own browser, its user, its newest token."""

from __future__ import annotations

from dataclasses import replace

from vango import protocol
from vango.protocol import Channel, HelloOk, Snapshot
from vango.testing.conformance.outcome import expect, expect_equal
from vango.testing.conformance.reference_site import MEMBER
from vango.testing.conformance.server import Server
from vango.testing.conformance.server_scenarios.channels import opening
from vango.testing.conformance.server_scenarios.registry import scenario
from vango.testing.conformance.visitor import Visitor

__all__: list[str] = []  # each registers itself

_FOREIGN = "https://elsewhere.example"
_NEEDS_AUTH = {"Unauthorized", "CsrfInvalid"}


@scenario(
    "C24",
    "a HELLO from elsewhere opens nothing: CSRF value, origin, cookie; who is attached stays so",
    "3.14",
)
async def elsewhere(server: Server) -> None:
    first = await Visitor.arrive(server)
    await first.click("plus")
    stranger = await server.visit()
    tries = {
        "no CSRF value": ("", first.page, {"csrf": ""}),
        "another CSRF value": ("", first.page, {"csrf": "AAAA"}),
        "the CSRF value of another browser": ("", first.page, {"csrf": stranger.meta.get("csrf", "")}),
        "the token of another browser": ("", first.page, {"token": stranger.meta["token"]}),
        "a token that is not genuine": ("", first.page, {"token": first.page.meta["token"][:-2]}),
        "the cookie of another browser": ("", replace(first.page, cookie=stranger.cookie), {}),
        "no cookie": ("", replace(first.page, cookie=""), {}),
        "a foreign origin": (_FOREIGN, first.page, {}),
    }
    for what, (origin, page, changes) in tries.items():
        other = Visitor(server, page, first.instance)
        await other.knock(origin=origin, **changes)
        expect_equal(other.of(HelloOk), [], f"HELLO_OKs with {what} (3.14)")
        expect_equal(other.of(Snapshot), [], f"SNAPSHOTs with {what} (3.14)")
        # A refused upgrade says nothing; where something is said, it is this.
        expect(set(other.errors) <= _NEEDS_AUTH, f"{_NEEDS_AUTH} for {what} (5)", other.errors)
        expect(other.code is not None, f"the end of a connection with {what} (5)", "it goes on")
        await first.rest()
        expect_equal(first.code, None, f"the close code of who was attached, after {what} (3.14)")
    await first.click("plus")
    expect_equal(first.text("number"), "5", "the number of who was attached")


@scenario("C25", "who is logged in no more is refused, and finds the session again when they are", "3.14, 5")
async def logged_out(server: Server) -> None:
    page = await server.visit(MEMBER, "/member")
    visitor = Visitor(server, page)
    visitor.epoch = visitor.rev = 0
    await visitor.greet()
    await visitor.click("plus")
    await visitor.drop()
    logged_out = "; ".join(pair for pair in page.cookie.split("; ") if pair != MEMBER)
    visitor.page = replace(page, cookie=logged_out)
    for _ in range(2):
        await visitor.knock()
        expect_equal(visitor.errors, ["Unauthorized"], "ERRORs for who is logged in no more (3.14)")
        expect_equal(visitor.code, 3000, "the close code (5)")
        expect_equal(visitor.kinds, ["Error"], "all that they get (3.14)")
    visitor.page = page
    await visitor.greet()
    await visitor.click("plus")
    expect_equal(visitor.text("number"), "5", "the number of who has come back")


@scenario(
    "C32", "AUTH gives a connection another token: it opens the session, and the one before no more", "3.21"
)
async def another_token(server: Server) -> None:
    visitor = await Visitor.arrive(server)
    await visitor.send(opening(1, "kit-token"))
    (token, *_) = [one.payload.decode() for one in visitor.of(Channel) if one.payload] or [""]
    expect(token, "a token by the channel kit-token, as on the reference server", visitor.kinds)
    old = visitor.page
    visitor.page = replace(old, meta={**old.meta, "token": token})
    said = len(visitor.messages)
    await visitor.send(protocol.encode(protocol.Auth(token)))
    answers = [one for one in visitor.messages[said:] if not isinstance(one, Channel)]
    expect_equal(answers, [], "answers to AUTH where all is well (3.21)")
    await visitor.click("plus")
    expect_equal(visitor.text("number"), "4", "the number on the connection, which goes on (3.21)")
    await visitor.drop()
    await visitor.knock(token=old.meta["token"])
    expect_equal(visitor.errors, ["Unauthorized"], "ERRORs for the token that was replaced (3.21)")
    hello_ok = await visitor.greet()
    expect_equal(hello_ok.mode, protocol.MODE_RESUME, "mode with the new token (3.21)")
    await visitor.send(protocol.encode(protocol.Auth(token[:-2])))
    expect_equal((visitor.errors[:1], visitor.code), (["Unauthorized"], 3000), "what a bad token gets (3.21)")
    await visitor.greet()
    await visitor.click("plus")
    expect_equal(visitor.text("number"), "5", "the number of the session, which stays (3.21)")
