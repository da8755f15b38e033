"""The application over HTTP, in process: pages, their headers and cookies, and what is no page."""

import gc
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from asgi_driver import request
from starlette.applications import Starlette
from starlette.routing import Mount

from vango import App, component, html as h
from vango.application.cookies import COOKIE, browser_of, new_browser
from vango.application.csrf import CSRF_COOKIE
from vango.errors import ErrorReport
from vango.limits import Limits

pytestmark = pytest.mark.anyio

SHELL = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Home &amp; more</title>
"""


@component
def Hello(name: str = "you") -> object:
    return h.p(class_="hello")["Hello, ", name]


def make_app(**settings: object) -> App:
    app = App(**settings)  # type: ignore[arg-type]

    @app.page("/", title="Home & more")
    def home() -> object:
        return Hello()

    @app.page("/hello/{name}/{times:int}")
    def hello(name: str, times: int) -> object:
        return h.main[[Hello(name=name) for _ in range(times)]]

    @app.page("/closed/")
    def closed() -> object:
        return app_is_closed()

    return app


class Head(HTMLParser):
    """Collects what the head of a document says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.tags if name == tag and wanted.items() <= found.items()]

    @property
    def live(self) -> dict[str, object]:
        (meta,) = self.all("meta", name="vango")
        return json.loads(meta["content"] or "")


async def test_a_page_is_a_document_around_the_first_render_of_its_session() -> None:
    app = make_app(stylesheets=["/static/site.css"], debug=False)
    async with app.lifespan():
        answer = await request(app, "/")
        head = Head(answer.text)
        (session,) = app.registry.sessions
        assert answer.status == 200
        assert answer.text.startswith(SHELL)
        assert answer.text.partition("</head>\n")[2] == f"<body>{session.html()}</body></html>"
        token, csrf = head.live["token"], head.live["csrf"]
        assert {**head.live, "token": token} == {
            "version": 1,
            "url": f"/vango/live/{session.id}",
            "session": session.id,
            "epoch": 1,
            "rev": 0,
            "count": session.count,
            "token": token,
            "csrf": csrf,
            "dev": False,
            "sockets": True,
        }
        boot, *others = [str(link["href"]) for link in head.all("link", rel="modulepreload")]
        assert boot.startswith("/vango/client/")
        assert boot.endswith("/boot.js")
        assert others
        assert head.all("script") == [{"type": "module", "src": boot}]
        own, site = [str(link["href"]) for link in head.all("link", rel="stylesheet")]
        assert own == boot.replace("boot.js", "vango.css")
        assert site == "/static/site.css"
        for address in (boot, *others, own):
            assert (await request(app, address)).status == 200


async def test_a_page_has_its_headers() -> None:
    app = make_app()
    async with app.lifespan():
        answer = await request(app, "/")
    assert answer["content-type"] == "text/html; charset=utf-8"
    assert answer["cache-control"] == "private, no-cache"
    assert answer["referrer-policy"] == "same-origin"
    assert answer["x-content-type-options"] == "nosniff"
    policy = answer["content-security-policy"].split("; ")
    assert {"default-src 'self'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"} < set(policy)
    assert {"object-src 'none'", "base-uri 'self'", "frame-ancestors 'self'"} < set(policy)


async def test_https_is_insisted_on_by_pages_and_errors_alike() -> None:
    app = make_app(limits=Limits(path_bytes=200))
    app.page("/broken")(lambda: 1 / 0)
    over = {"headers": {"host": "example.com"}}
    paths = {"/": 200, "/nowhere": 404, "/broken": 500, "/" + "x" * 300: 414, "/%00": 400, "/a//b": 308}
    async with app.lifespan():
        for path, status in paths.items():
            secure = await request(app, path, scheme="https", **over)
            plain = await request(app, path, **over)
            assert (secure.status, plain.status) == (status, status)
            assert secure.all("strict-transport-security") == ["max-age=31536000"], path
            assert plain.all("strict-transport-security") == []
            assert secure["x-content-type-options"] == "nosniff"
        at_home = await request(app, "/", scheme="https", headers={"host": "app.localhost"})
        posted = await request(app, "/", "POST", scheme="https", **over)
    assert at_home.all("strict-transport-security") == []
    assert (posted.status, posted.all("strict-transport-security")) == (405, ["max-age=31536000"])


async def test_the_policy_of_content_is_the_applications() -> None:
    for csp, expected in (("default-src 'none'", ["default-src 'none'"]), (None, [])):
        app = make_app(csp=csp)
        async with app.lifespan():
            assert (await request(app, "/")).all("content-security-policy") == expected


async def test_everything_in_the_document_is_escaped() -> None:
    app = App(title='"><script>alert(1)</script>', stylesheets=['/"><script>'], scripts=['/"><script>'])
    app.page("/{name}")(lambda name: h.p[name])
    async with app.lifespan():
        answer = await request(app, "/%3Cscript%3Ealert(2)?'\"><script>")
        missing = await request(app, "/a/<script>alert(3)</script>")
    assert (answer.status, missing.status) == (200, 404)
    assert answer.text.count("<script") == 2
    assert "<script" not in missing.text


async def test_parameters_of_the_path_reach_the_function() -> None:
    app = make_app()
    async with app.lifespan():
        answer = await request(app, "/hello/B%C3%B6%20b/2?x=1")
        (session,) = app.registry.sessions
    assert answer.text.count("B\N{LATIN SMALL LETTER O WITH DIAERESIS} b</p>") == 2
    assert session.path == "/hello/B%C3%B6%20b/2?x=1"


async def test_the_cookie_is_given_once_and_never_to_a_script() -> None:
    app = make_app()
    async with app.lifespan():
        first = await request(app, "/")
        given, bare = first.all("set-cookie")
        name, _, rest = given.partition("=")
        value, *flags = rest.split("; ")
        assert (name, browser_of(value)) == (COOKIE, value)
        assert flags == ["HttpOnly", "Path=/", "SameSite=lax"]
        assert bare.split("; ") == [f"{CSRF_COOKIE}={app.csrf.value(value)}", "Path=/", "SameSite=lax"]
        both = f"{COOKIE}={value}; {bare.partition(';')[0]}"
        second = await request(app, "/", headers={"Cookie": both})
        assert second.all("set-cookie") == []
        assert {session.browser for session in app.registry.sessions} == {value}
        for malformed in ("", "x", "x" * 22 + "/", value[:-1] + "%"):
            answer = await request(app, "/", headers={"Cookie": f"{COOKIE}={malformed}"})
            assert len(answer.all("set-cookie")) == 2


@pytest.mark.parametrize(("mount", "prefix", "path"), [("", "__Host-", "/"), ("/shop", "__Secure-", "/shop")])
async def test_over_https_a_browser_takes_the_session_cookie_from_this_host_alone(
    mount: str, prefix: str, path: str
) -> None:
    app = make_app()
    async with app.lifespan():
        answer = await request(app, "/", root_path=mount, scheme="https")
        session, csrf = answer.all("set-cookie")
        name, _, rest = session.partition("=")
        value, *flags = rest.split("; ")
        assert (name, flags) == (prefix + COOKIE, ["HttpOnly", f"Path={path}", "SameSite=lax", "Secure"])
        assert csrf.split("; ")[1:] == [f"Path={path}", "SameSite=lax", "Secure"]
        again = await request(
            app,
            "/",
            root_path=mount,
            scheme="https",
            headers={"Cookie": f"{name}={value}; {COOKIE}={'x' * 22}"},
        )
        assert [given.partition("=")[0] for given in again.all("set-cookie")] == [CSRF_COOKIE]
        assert {one.browser for one in app.registry.sessions} == {value}


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"Sec-Purpose": "prefetch"}),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"Sec-Purpose": "prefetch; anonymous-client-ip"}),
        ("GET", {"Purpose": "prefetch"}),
    ],
)
async def test_a_page_that_nobody_looks_at_is_rendered_and_leaves_no_session(
    method: str, headers: dict[str, str]
) -> None:
    app = make_app()
    async with app.lifespan():
        answer = await request(app, "/", method, headers=headers)
        assert answer.status == 200
        assert not app.registry.sessions
        assert int(answer["content-length"]) > len(SHELL)
        assert len(answer.body) == (0 if method == "HEAD" else int(answer["content-length"]))


async def test_what_is_no_page_says_so() -> None:
    app = make_app(limits=Limits(path_bytes=100))
    async with app.lifespan():
        missing = await request(app, "/nowhere")
        assert (missing.status, "There is no page at /nowhere." in missing.text) == (404, True)
        written = await request(app, "/", "POST")
        assert (written.status, written["allow"]) == (405, "GET, HEAD")
        assert (await request(app, "/?" + "x" * 100)).status == 414
        assert (await request(app, "/vango/client/0/boot.js")).status == 404
        assert (await request(app, "/vango/live/x")).status == 405
        assert (await request(app, "/favicon.ico")).status == 204
        assert not app.registry.sessions


async def test_a_slash_too_many_or_too_few_leads_to_the_page() -> None:
    app = make_app()
    async with app.lifespan():
        answer = await request(app, "/hello/you/1/?x=1")
        assert (answer.status, answer["location"]) == (307, "/hello/you/1?x=1")
        mounted = await request(app, "/closed", root_path="/shop")
        assert mounted["location"] == "/shop/closed/"
        assert (await request(app, "//evil.example/"))["location"] == "/evil.example/"


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("path", ["/closed/", "/broken"])
async def test_a_page_that_raises_is_reported_once_and_shows_a_reference(path: str, debug: bool) -> None:
    reports: list[ErrorReport] = []
    app = make_app(debug=debug, on_error=reports.append)
    app.page("/broken")(component(app_is_closed))
    async with app.lifespan():
        answer = await request(app, path)
    (report,) = reports
    assert isinstance(report.error, ValueError)
    assert report.path == path
    assert answer.status == 500
    assert report.reference in answer.text
    assert ("the shop is closed" in answer.text) is debug
    assert answer["cache-control"] == "private, no-cache"


def app_is_closed() -> object:
    raise ValueError("the shop is closed")


async def test_what_no_session_can_contain_is_a_plain_document(monkeypatch: pytest.MonkeyPatch) -> None:
    reports: list[ErrorReport] = []
    app = make_app(debug=False, on_error=reports.append)
    async with app.lifespan():
        monkeypatch.setattr(app.registry, "open", app_is_closed_to)
        answer = await request(app, "/")
        assert not app.registry.sessions
    (report,) = reports
    assert (answer.status, report.where, report.path) == (500, "a visit", "/")
    assert f"Reference: {report.reference}" in answer.text
    assert "the shop is closed" not in answer.text


def app_is_closed_to(root: object, **visitor: str) -> object:
    return app_is_closed()


async def test_files_of_the_application_are_served(tmp_path: Path) -> None:
    app = make_app()
    (tmp_path / "site.css").write_text("p {}")
    app.static("/static", tmp_path)
    async with app.lifespan():
        assert (await request(app, "/static/site.css")).text == "p {}"
        assert (await request(app, "/static/other.css")).status == 404
        assert (await request(app, "/static/..%2Fsecret")).status == 400


def test_a_page_without_its_path_is_refused() -> None:
    def home() -> object:
        return "home"

    with pytest.raises(TypeError, match=r"a page needs its path: write @app.page\('/'\)"):
        make_app().page(home)  # type: ignore[arg-type]


def test_files_need_a_path_and_a_directory(tmp_path: Path) -> None:
    app = make_app()
    for path, directory, sentence in (
        ("static", tmp_path, "files need a path of their own"),
        ("/", tmp_path, "files need a path of their own"),
        ("/static", tmp_path / "none", "there is no directory"),
    ):
        with pytest.raises(ValueError, match=sentence):
            app.static(path, directory)


async def test_a_mounted_application_knows_where_it_is() -> None:
    app = make_app(stylesheets=["/site.css"])
    app.static("/static", Path(__file__).parent)
    host = Starlette(routes=[Mount("/shop", app)], lifespan=app.lifespan)
    async with host.router.lifespan_context(host):
        answer = await request(host, "/shop/")
        live = Head(answer.text).live
        (session,) = app.registry.sessions
        assert live["url"] == f"/shop/vango/live/{session.id}"
        assert session.path == "/shop/"
        assert all("Path=/shop" in given.split("; ") for given in answer.all("set-cookie"))
        links = [str(link["href"]) for link in Head(answer.text).all("link")]
        assert all(link.startswith("/shop/") for link in links)
        assert (await request(host, links[0])).status == 200
        assert (await request(host, "/shop/nowhere")).status == 404
        assert (await request(host, "/shop/vango/runtime-dom.js")).status == 200
        no_file = await request(host, "/shop/static/none.css")
        assert (no_file.status, "There is no page at /static/none.css." in no_file.text) == (404, True)
        assert Head(no_file.text).all("link")[0]["href"] == links[-2]


async def test_a_server_may_say_where_the_application_is() -> None:
    app = make_app()
    async with app.lifespan():
        answer = await request(app, "/hello/you/1", root_path="/shop")
        live = Head(answer.text).live
        (session,) = app.registry.sessions
    assert live["url"] == f"/shop/vango/live/{session.id}"
    assert session.path == "/shop/hello/you/1"


async def test_the_prefix_can_be_another() -> None:
    app = make_app(prefix="/live/ui")
    async with app.lifespan():
        answer = await request(app, "/")
        assert str(Head(answer.text).live["url"]).startswith("/live/ui/live/")
        assert (await request(app, "/live/ui/runtime-dom.js")).status == 200
        assert (await request(app, "/vango/runtime-dom.js")).status == 404


async def test_forwarding_headers_count_only_from_a_trusted_proxy() -> None:
    app = make_app(trusted_proxies=["10.0.0.0/8"])
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    async with app.lifespan():
        trusted = await request(app, "/", headers=forwarded, client=("10.1.2.3", 1))
        stranger = await request(app, "/", headers=forwarded, client=("192.0.2.9", 1))
        addresses = [session.address for session in app.registry.sessions]
    assert ["Secure" in given for given in trusted.all("set-cookie")] == [True, True]
    assert ["Secure" in given for given in stranger.all("set-cookie")] == [False, False]
    assert addresses == ["198.51.100.7", "192.0.2.9"]


@pytest.mark.slow
async def test_thousands_of_visits_without_a_socket_leave_nothing_behind() -> None:
    app = make_app(limits=Limits(waiting=50, waiting_per_address=10))

    async def visit(times: int) -> int:
        for number in range(times):
            cookie = {"Cookie": f"{COOKIE}={new_browser()}"}
            answer = await request(app, "/", client=(f"192.0.2.{number % 200}", 1), headers=cookie)
            assert answer.status == 200
            assert len(app.registry.sessions) <= 50
        gc.collect()
        return len(gc.get_objects())

    async with app.lifespan():
        before = await visit(200)
        after = await visit(2_000)
        assert len(app.registry.sessions) == 50
    assert after - before < 200


async def test_the_end_of_the_application_is_the_end_of_its_sessions() -> None:
    app = make_app()
    for _ in range(2):
        async with app.lifespan():
            await request(app, "/")
            (session,) = app.registry.sessions
        assert session.closed
    with pytest.raises(RuntimeError, match=r"enter `app\.lifespan` first"):
        _ = app.registry


async def test_the_application_runs_once() -> None:
    app = make_app()
    async with app.lifespan():
        with pytest.raises(RuntimeError, match=r"runs already: enter `app\.lifespan` once"):
            async with app.lifespan():
                pass
        assert (await request(app, "/")).status == 200


async def test_where_pages_are_not_to_be_rendered_ahead_the_document_says_so() -> None:
    for prefetch in (True, False):
        app = make_app(prefetch=prefetch)
        async with app.lifespan():
            text = (await request(app, "/")).text
            assert ('<html lang="en" data-no-prefetch>' in text) == (not prefetch)
            assert app.registry.ahead.is_on == prefetch
