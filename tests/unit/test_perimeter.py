"""What is answered before anything of an application looks at a request: hosts, proxies, sizes, paths."""

import logging

import pytest
from asgi_driver import request

from vango import App, html as h
from vango.application.hosts import HostPolicy, normalize_host
from vango.errors import Refused
from vango.limits import Limits

pytestmark = pytest.mark.anyio
LOOPBACK = ("127.0.0.1", 8000)


def make_app(**settings: object) -> App:
    app = App(**settings)  # type: ignore[arg-type]
    app.page("/")(lambda: h.p["home"])
    app.page("/a/{name}")(lambda name: h.p[name])
    return app


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("example.com:8000", "example.com"),
        ("[::1]:80", "[::1]"),
        ("b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example", "xn--bcher-kva.example"),
        ("", None),
        ("a/b", None),
        ("a@b", None),
        ("a b", None),
        ("a:port", None),
        ("a?b", None),
        ("[::1", None),
        ("a\\b", None),
    ],
)
def test_hosts_are_compared_without_their_case_and_port(text: str, host: str | None) -> None:
    assert normalize_host(text) == host


def scope(*hosts: str, server: str) -> dict[str, object]:
    return {"headers": [(b"host", host.encode("latin-1")) for host in hosts], "server": (server, 80)}


@pytest.mark.parametrize(
    ("allowed", "server", "hosts", "passes"),
    [
        ([], "192.0.2.1", ["any.example"], True),
        ([], "127.0.0.1", ["127.0.0.1:8000"], True),
        ([], "127.0.0.1", ["localhost:8000"], True),
        ([], "127.0.0.1", ["shop.localhost"], True),
        ([], "::1", ["[::1]:8000"], True),
        ([], "127.0.0.1", ["rebound.example:8000"], False),
        ([], "::1", ["rebound.example"], False),
        ([], "127.0.0.1", ["localhost.rebound.example"], False),
        (["shop.example"], "127.0.0.1", ["shop.example"], True),
        (["shop.example"], "127.0.0.1", ["SHOP.example:8443"], True),
        (["shop.example"], "192.0.2.1", ["www.shop.example"], False),
        (["shop.example"], "192.0.2.1", ["shop.example.evil.example"], False),
        (["*.shop.example"], "192.0.2.1", ["www.shop.example"], True),
        (["*.shop.example"], "192.0.2.1", ["shop.example"], False),
        (["*.shop.example"], "192.0.2.1", ["evilshop.example"], False),
        (["*"], "127.0.0.1", ["any.example"], True),
        (["*"], "127.0.0.1", ["a b"], False),
        (["*"], "127.0.0.1", [], False),
        (["*"], "127.0.0.1", ["a.example", "a.example"], False),
    ],
)
def test_a_server_answers_to_its_names(
    allowed: list[str], server: str, hosts: list[str], passes: bool
) -> None:
    policy = HostPolicy(allowed)
    if passes:
        assert policy.check(scope(*hosts, server=server)) == normalize_host(hosts[0])
    else:
        with pytest.raises(Refused) as refused:
            policy.check(scope(*hosts, server=server))
        assert "check: host" in str(refused.value)
        assert "example" not in refused.value.message


@pytest.mark.parametrize("name", ["", "https://a.example", "a.example:80", "*.", "*.*.example", "a b", "a/b"])
def test_what_is_no_host_cannot_be_allowed(name: str) -> None:
    with pytest.raises(ValueError, match=r"is no host; write 'example\.com'"):
        App(allowed_hosts=[name])


def test_the_canonical_host_is_an_allowed_one() -> None:
    with pytest.raises(ValueError, match="is none of allowed_hosts"):
        App(canonical_host="shop.example", allowed_hosts=["www.shop.example"])


async def test_a_foreign_name_is_answered_in_a_word_and_logged_with_its_setting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "vango")
    app = make_app()
    async with app.lifespan():
        answer = await request(app, "/", headers={"host": "rebound.example"}, server=LOOPBACK)
        assert not app.registry.sessions
    assert (answer.status, answer.text) == (400, "This server does not answer to this name.")
    assert "App(allowed_hosts=['rebound.example'])" in caplog.text


async def test_visitors_are_sent_to_the_canonical_host() -> None:
    app = make_app(allowed_hosts=["shop.example", "www.shop.example"], canonical_host="shop.example")
    async with app.lifespan():
        answer = await request(app, "/a//b?x=1", headers={"host": "www.shop.example"}, scheme="https")
        there = await request(app, "/a/b", headers={"host": "shop.example"})
        posted = await request(app, "/a/b", "POST", headers={"host": "www.shop.example"})
    assert (answer.status, answer["location"]) == (308, "https://shop.example/a/b?x=1")
    assert there.status == 200
    assert posted.status == 405


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/a/b%2Fc", 400),
        ("/a/b%5Cc", 400),
        ("/a\\b", 400),
        ("/a/%00", 400),
        ("/a/%c0%af", 400),
        ("/a/%0d%0aSet-Cookie:%20x=1", 400),
        ("/a/%", 400),
        ("/a//b", 308),
        ("/x/../a/b", 308),
        ("/x/%2e%2E/a/b", 308),
        ("/a/%62", 200),
        ("/a/" + "b" * 8_192, 414),
        ("/?" + "b" * 8_192, 414),
    ],
)
async def test_a_path_has_one_spelling_whoever_asks(path: str, status: int) -> None:
    app = make_app()
    async with app.lifespan():
        assert (await request(app, path)).status == status
        assert (await request(app, path, root_path="/shop")).status == status


async def test_headers_are_bounded() -> None:
    app = make_app(limits=Limits(header_bytes=1_000))
    async with app.lifespan():
        assert (await request(app, "/", headers={"cookie": "a" * 900})).status == 200
        assert (await request(app, "/", headers={"cookie": "a" * 1_000})).status == 431


async def test_a_forwarding_header_of_a_stranger_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    app = make_app(trusted_proxies=["10.0.0.0/8"])
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    async with app.lifespan():
        await request(app, "/", headers=forwarded, client=("10.0.0.7", 1))
        assert caplog.messages == []
        for _ in range(3):
            await request(app, "/", headers=forwarded, client=("192.0.2.9", 1))
    (line,) = caplog.messages
    assert line == (
        "192.0.2.9 sends X-Forwarded-Proto, which is believed of trusted proxies only; if it is one of "
        "yours, write App(trusted_proxies=['192.0.2.9'])"
    )
