"""What opens a session and what does not: tokens, origins, cookies, secrets, the queue before HELLO."""

import pytest

from vango.application.security import (
    HandshakeQueue,
    Tokens,
    browser_of,
    check_secret,
    new_browser,
    normalize_origin,
    origin_allowed,
)
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
    assert tokens().verify(tokens().sign("session-1", ANN), ANN) == ("session-1", 0)


def test_a_newer_token_of_a_session_says_so() -> None:
    assert tokens().verify(tokens().sign("session-1", ANN, 7), ANN) == ("session-1", 7)


def test_a_token_survives_a_restart_with_the_same_secret() -> None:
    assert tokens(process="p2").verify(tokens(process="p1").sign("session-1", ANN), ANN) == ("session-1", 0)


def test_a_rotated_key_still_verifies_and_the_newest_signs() -> None:
    both = tokens(OLD, NEW)
    assert both.verify(tokens(OLD).sign("session-1", ANN), ANN) == ("session-1", 0)
    assert tokens(NEW).verify(both.sign("session-1", ANN), ANN) == ("session-1", 0)


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


def test_the_cookie_has_128_random_bits_and_one_shape() -> None:
    assert len({new_browser() for _ in range(100)}) == 100
    assert browser_of(ANN) == ANN
    assert [
        browser_of(cookie) for cookie in (None, "", ANN[:-1], ANN + "a", ANN[:-1] + "/", ANN[:-1] + "\n")
    ] == [None] * 6


def test_a_secret_is_one_long_key_or_several() -> None:
    assert check_secret(NEW) == (NEW,)
    assert check_secret([OLD, NEW]) == (OLD, NEW)
    for secret in ("short", "", [], [NEW, "short"]):
        with pytest.raises(ValueError, match=r"at least 32 characters; make one with"):
            check_secret(secret)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.com", "https://example.com:443"),
        ("https://example.com/", "https://example.com:443"),
        ("HTTPS://Example.COM:443", "https://example.com:443"),
        ("http://example.com", "http://example.com:80"),
        ("http://example.com:8080", "http://example.com:8080"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example", "https://xn--bcher-kva.example:443"),
        ("null", None),
        ("", None),
        ("example.com", None),
        ("https://", None),
        ("file:///etc/passwd", None),
        ("ws://example.com", None),
        ("https://user@example.com", None),
        ("https://example.com/page", None),
        ("https://example.com?x", None),
        ("https://example.com#x", None),
        ("https://example.com:port", None),
        ("https://example.com:99999", None),
        ("https://exa mple.com", None),
        ("https://[::1", None),
    ],
)
def test_origins_are_compared_by_scheme_host_and_port(text: str, expected: str | None) -> None:
    assert normalize_origin(text) == expected


ALLOWED = {"https://partner.example:443"}


@pytest.mark.parametrize(
    ("origins", "scheme", "host", "expected"),
    [
        ([], "http", "example.com", True),
        (["http://example.com"], "http", "example.com", True),
        (["http://example.com"], "http", "example.com:80", True),
        (["https://example.com"], "https", "EXAMPLE.com", True),
        (["http://127.0.0.1:8000"], "http", "127.0.0.1:8000", True),
        (["https://partner.example"], "https", "example.com", True),
        (["http://partner.example"], "https", "example.com", False),
        (["http://example.com"], "https", "example.com", False),
        (["https://example.com"], "http", "example.com", False),
        (["http://example.com:8080"], "http", "example.com", False),
        (["http://evil.example"], "http", "example.com", False),
        (["http://example.com.evil.example"], "http", "example.com", False),
        (["http://sub.example.com"], "http", "example.com", False),
        (["null"], "http", "example.com", False),
        ([""], "http", "", False),
        (["http://example.com", "http://example.com"], "http", "example.com", False),
    ],
)
def test_only_the_pages_own_origin_may_attach(
    origins: list[str], scheme: str, host: str, expected: bool
) -> None:
    assert origin_allowed(origins, scheme=scheme, host=host, allowed=ALLOWED) is expected


def test_the_queue_before_hello_is_bounded_in_all_and_for_each_address() -> None:
    queue = HandshakeQueue(total=3, per_address=2)
    first = queue.take("10.0.0.1")
    queue.take("10.0.0.1")
    with pytest.raises(Refused) as full:
        queue.take("10.0.0.1")
    assert (full.value.kind, full.value.retry_after_ms) == ("ServerBusy", 1000)
    queue.take("10.0.0.2")
    with pytest.raises(Refused):
        queue.take("10.0.0.3")
    first.release()
    first.release()
    assert len(queue) == 2
    queue.take("10.0.0.3")
    assert len(queue) == 3
