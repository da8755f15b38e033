"""What opens a session and what does not: the tokens of served pages."""

import pytest

from vango.application.cookies import new_browser
from vango.application.tokens import Tokens
from vango.errors import Refused

OLD, NEW, OTHER = ("a" * 32, "b" * 32, "c" * 32)
ANN, BOB = new_browser(), new_browser()


def tokens(*keys: str, process: str = "p1", assets: str = "a1", schema: str = "s1") -> Tokens:
    return Tokens(keys or (NEW,), process=process, assets=assets, schema=schema)


def refusal(verifier: Tokens, token: str, browser: str = ANN) -> str:
    with pytest.raises(Refused) as refused:
        verifier.verify(token, browser)
    return refused.value.kind


def test_a_genuine_token_names_its_session() -> None:
    assert tokens().verify(tokens().sign("session-1", ANN), ANN) == ("session-1", 0, False)


def test_a_newer_token_of_a_session_says_so() -> None:
    assert tokens().verify(tokens().sign("session-1", ANN, 7), ANN) == ("session-1", 7, False)


def test_a_token_says_whether_somebody_else_serves_the_page():
    assert tokens().verify(tokens().sign("session-1", ANN, embedded=True), ANN) == ("session-1", 0, True)


def test_a_token_survives_a_restart_with_the_same_secret() -> None:
    assert tokens(process="p2").verify(tokens(process="p1").sign("session-1", ANN), ANN) == (
        "session-1",
        0,
        False,
    )


def test_a_rotated_key_still_verifies_and_the_newest_signs() -> None:
    both = tokens(OLD, NEW)
    assert both.verify(tokens(OLD).sign("session-1", ANN), ANN) == ("session-1", 0, False)
    assert tokens(NEW).verify(both.sign("session-1", ANN), ANN) == ("session-1", 0, False)


def test_a_token_holds_neither_the_cookie_nor_a_time() -> None:
    assert ANN not in tokens().sign("session-1", ANN)
    assert tokens().sign("session-1", ANN) == tokens().sign("session-1", ANN)


def test_another_cookie_is_refused() -> None:
    assert refusal(tokens(), tokens().sign("session-1", ANN), BOB) == "Unauthorized"


# Not the last character: its low bits are padding, so two of them may stand for the same signature.
@pytest.mark.parametrize("position", [3, 10, 40, -2, -20])
def test_a_tampered_token_is_refused(position: int) -> None:
    token = tokens().sign("session-1", ANN)
    wrong = "B" if token[position] != "B" else "C"
    forged = token[:position] + wrong + token[position:][1:]
    assert refusal(tokens(), forged) == "Unauthorized"


@pytest.mark.parametrize(
    "token", ["", "~", "p1~", "p1~.", "session-1", "p1~session-1", "\N{SNOWMAN}", "p1~" + "x" * 9999]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refusal(tokens(), token) == "Unauthorized"


def test_a_token_of_another_key_is_refused_and_a_restart_is_told_from_a_forgery() -> None:
    assert refusal(tokens(NEW), tokens(OTHER).sign("session-1", ANN)) == "Unauthorized"
    assert (
        refusal(tokens(NEW, process="p2"), tokens(OTHER, process="p1").sign("session-1", ANN))
        == "SchemaMismatch"
    )


def test_a_page_of_other_assets_or_schema_has_to_be_loaded_again() -> None:
    token = tokens().sign("session-1", ANN)
    assert refusal(tokens(assets="a2"), token) == "SchemaMismatch"
    assert refusal(tokens(schema="s2"), token) == "SchemaMismatch"


def test_a_token_of_another_version_of_vango_has_its_page_loaded_again() -> None:
    older = tokens()
    signed = older._serializer.dumps(["session-1", "digest", "p1", "a1", "s1"])
    assert refusal(tokens(), f"p1~{signed}") == "SchemaMismatch"
