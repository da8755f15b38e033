"""Whose pages may connect: origins, compared by scheme, host and port."""

import pytest

from vango.application.origins import normalize_origin, origin_allowed


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
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example:443"),
        (
            "https://B\N{LATIN CAPITAL LETTER U WITH DIAERESIS}CHER.example",
            "https://xn--bcher-kva.example:443",
        ),
        ("https://\N{FULLWIDTH LATIN SMALL LETTER A}.example", "https://a.example:443"),
        ("https://fa\N{LATIN SMALL LETTER SHARP S}.example", None),  # xn--fa-hia to browsers, fass to Python
        ("https://a\N{ZERO WIDTH JOINER}b.example", None),
        ("https://a\N{IDEOGRAPHIC FULL STOP}example", "https://a.example:443"),
        ("https://a\N{FULLWIDTH SOLIDUS}b.example", None),
        ("http://[::1]", "http://[::1]:80"),
        ("http://[2001:DB8::A]:443", "http://[2001:db8::a]:443"),
        ("http://[::ffff:192.0.2.1]", "http://[::ffff:192.0.2.1]:80"),
        ("http://[fe80::1%25eth0]", None),
        ("http://::1", None),
        ("http://192.0.2.1:80", "http://192.0.2.1:80"),
        ("https://example.com:", "https://example.com:443"),
        ("https://example.com:0", "https://example.com:0"),
        ("https://example.com:080", "https://example.com:80"),
        ("https://example.com:-1", None),
        ("https://example.com:1:2", None),
        ("https://example.com.", "https://example.com.:443"),
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
        (["http://xn--bcher-kva.example"], "http", "xn--bcher-kva.example", True),
        (["http://xn--bcher-kva.example"], "http", "bucher.example", False),
        (["http://[::1]:8000"], "http", "[::1]:8000", True),
        (["http://[::1]:8000"], "http", "[::1]:8001", False),
        (["http://[::1]"], "http", "127.0.0.1", False),
        (["http://localhost"], "http", "127.0.0.1", False),
        (["https://example.com"], "https", "example.com:443", True),
        (["https://example.com:443"], "https", "example.com", True),
        (["https://example.com:80"], "https", "example.com", False),
        (["http://example.com."], "http", "example.com", False),
        (["null"], "http", "example.com", False),
        ([""], "http", "", False),
        (["http://example.com", "http://example.com"], "http", "example.com", False),
    ],
)
def test_only_the_pages_own_origin_may_attach(
    origins: list[str], scheme: str, host: str, expected: bool
) -> None:
    assert origin_allowed(origins, scheme=scheme, host=host, allowed=ALLOWED) is expected
