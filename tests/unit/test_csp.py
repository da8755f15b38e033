"""The policy of content: profiles, changes, and what is no policy."""

import re
from typing import Any

import pytest
from asgi_driver import request

from vango import App, csp, html as h
from vango.application.csp import MOST_STYLES, Csp


def test_the_profiles() -> None:
    assert str(csp()) == (
        "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
    )
    assert str(csp("hardened")) == (
        "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'; "
        "trusted-types vango"
    )


def test_a_change_makes_another_policy() -> None:
    before = csp()
    after = before.with_(img_src=["'self'", "data:"], connect_src=None)
    assert before == csp()
    assert (after.directives["img-src"], after.directives.get("connect-src")) == (("'self'", "data:"), None)
    with pytest.raises(TypeError):
        after.directives["img-src"] = ()  # type: ignore[index]


def test_adding_begins_where_a_browser_would() -> None:
    policy = csp().adding(
        img_src="https://images.example", object_src="https://a.example", form_action="'self'"
    )
    assert policy.directives["img-src"] == ("'self'", "https://images.example")
    assert policy.directives["object-src"] == ("https://a.example",)
    assert policy.directives["form-action"] == ("'self'",)


def test_a_policy_can_only_report() -> None:
    assert csp().reporting().header == "Content-Security-Policy-Report-Only"
    assert str(csp().reporting()) == str(csp())


@pytest.mark.parametrize(
    ("directives", "sentence"),
    [
        ({"image_src": "'self'"}, "no directive 'image-src'; did you mean img_src?"),
        ({"script": "'self'"}, "no directive 'script'; did you mean script_src?"),
        ({"img_src": "self"}, "'self' is no source; write \"'self'\""),
        ({"script_src": "unsafe-inline"}, "'unsafe-inline' is no source; write"),
        ({"script_src": "'unsafe-inlin'"}, "is no source"),
        ({"img_src": "'self' data:"}, "is not one source; write several as a list"),
        ({"img_src": "https://a.example; script-src *"}, "is not one source"),
        ({"img_src": "https://a.example\r\nX: y"}, "is not one source"),
        ({"img_src": "https://a.example,b"}, "is not one source"),
        ({"img_src": ""}, "is not one source"),
        ({"img_src": ["'none'", "data:"]}, "'none' stands alone"),
        ({"img_src": "https://a_b.example"}, "is no source"),
        ({"img_src": [1]}, "is not one source"),
    ],
)
def test_what_is_no_policy_is_refused(directives: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        csp().with_(**directives)


SOURCES = (
    "'self' 'none' * data: https: https://a.example *.a.example a.example:8080 http://[::1]:1 "
    "wss://a.example:* https://a.example/x/ 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
)


@pytest.mark.parametrize("source", SOURCES.split())
def test_sources_are_let_through(source: str) -> None:
    assert csp().with_(img_src=source).directives["img-src"] == (source,)


def test_there_are_two_profiles() -> None:
    with pytest.raises(ValueError, match=r"write csp\('default'\) or csp\('hardened'\)"):
        csp("strict")  # type: ignore[arg-type]


def test_an_application_takes_a_policy_or_its_text() -> None:
    assert App(csp=csp("hardened")).config.csp_header() == (csp().header, str(csp("hardened")))
    assert App(csp="default-src 'none'").config.csp_header() == (
        "Content-Security-Policy",
        "default-src 'none'",
    )
    assert App(csp=None).config.csp_header() is None
    assert isinstance(csp(), Csp)


# printf 'width: 1px' | openssl dgst -sha256 -binary | base64
WIDE = "'sha256-dbjbgUzXX4IMINu4Z+5JYjAaOvf4p/ShPMHvXfTRa80='"


@pytest.mark.parametrize(
    ("policy", "attributes"),
    [
        (csp("hardened"), ("'unsafe-hashes'", WIDE)),
        (Csp().with_(default_src="'self'"), ("'unsafe-hashes'", WIDE)),
        (csp("hardened").with_(style_src_attr="'unsafe-hashes'"), ("'unsafe-hashes'", WIDE)),
        (csp("hardened").with_(style_src=["'unsafe-inline'", "'nonce-abc'"]), ("'unsafe-hashes'", WIDE)),
        (csp("hardened").with_(style_src_attr="'none'"), ("'none'",)),
        (csp(), ("'unsafe-inline'",)),
        (csp("hardened").with_(style_src=["'self'", "'unsafe-inline'"]), None),
        (Csp().with_(script_src="'self'"), None),
    ],
)
def test_styles_are_named_by_their_hashes_where_a_policy_asks_for_it(
    policy: Csp, attributes: tuple[str, ...] | None
) -> None:
    assert policy.allowing_styles(["width: 1px"]).directives.get("style-src-attr") == attributes
    assert policy.allowing_styles([]) == policy


def test_a_policy_names_so_many_styles_and_no_more() -> None:
    named = csp("hardened").allowing_styles([f"left: {n}px" for n in range(1_000)])
    assert len(named.directives["style-src-attr"]) == 1 + MOST_STYLES
    assert len(str(named)) < 2_200


@pytest.mark.anyio
async def test_a_page_names_the_styles_of_its_elements() -> None:
    app = App(csp=csp("hardened"))
    app.page("/")(lambda: h.p(style="width: 1px"))
    app.page("/plain")(lambda: h.p[h.raw("<i style='width: 1px'></i>")])
    async with app.lifespan():
        styled, plain = await request(app, "/"), await request(app, "/plain")
        missing = await request(app, "/nowhere")
    assert f"style-src-attr 'unsafe-hashes' {WIDE}" in styled["content-security-policy"]
    assert plain["content-security-policy"] == missing["content-security-policy"] == str(csp("hardened"))


def test_a_policy_that_would_end_its_line_is_refused() -> None:
    with pytest.raises(ValueError, match="one line of ASCII"):
        App(csp="default-src 'self'\r\nSet-Cookie: a=b")
