"""Files of an application: what is served, under which address, as what, and for how long."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from asgi_driver import request
from starlette.staticfiles import StaticFiles

from vango import App, html as h

pytestmark = pytest.mark.anyio

FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "static"
    (made / "img").mkdir(parents=True)
    (made / ".git").mkdir()
    (made / "site.css").write_text("p {}")
    (made / "app.min.js").write_text("1")
    (made / "img" / "a b.png").write_bytes(b"png")
    (made / "LICENSE").write_text("free")
    (made / ".env").write_text("hidden content")
    (made / ".git" / "config").write_text("hidden content")
    (tmp_path / "secret.txt").write_text("hidden content")
    (made / "out.txt").symlink_to(tmp_path / "secret.txt")
    (made / "up").symlink_to(tmp_path)
    (made / "shown.txt").symlink_to(made / ".env")
    (made / "style.css").symlink_to(made / "site.css")
    return made


@pytest.fixture
async def app(folder: Path) -> AsyncIterator[App]:
    app = App(stylesheets=["/static/site.css", "https://example.com/x.css"], scripts=["/static/app.min.js"])
    app.static("/static", folder)

    @app.page("/")
    def home() -> object:
        return h.img(src=app.asset("img/a b.png"))

    async with app.lifespan():
        yield app


def hashed(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


async def test_an_address_holds_the_hash_of_its_content_and_is_kept_for_ever(app: App) -> None:
    address = app.asset("site.css")
    assert address == f"/static/site.{hashed(b'p {}')}.css"
    answer = await request(app, address)
    assert (answer.status, answer.text) == (200, "p {}")
    assert answer["cache-control"] == FOREVER
    assert answer["content-type"] == "text/css; charset=utf-8"
    assert answer["x-content-type-options"] == "nosniff"
    assert app.asset("app.min.js") == f"/static/app.min.{hashed(b'1')}.js"
    assert app.asset("LICENSE") == f"/static/LICENSE.{hashed(b'free')}"
    for name in ("app.min.js", "LICENSE", "img/a b.png"):
        assert (await request(app, app.asset(name)))["cache-control"] == FOREVER


async def test_under_its_plain_name_a_file_is_asked_for_again(app: App) -> None:
    answer = await request(app, "/static/site.css")
    assert (answer.text, answer["cache-control"]) == ("p {}", "no-cache")
    again = await request(app, "/static/site.css", headers={"if-none-match": answer["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert again["cache-control"] == "no-cache"


async def test_a_page_of_another_version_finds_its_files_and_nobody_keeps_them(app: App) -> None:
    answer = await request(app, f"/static/site.{'0' * 16}.css")
    assert (answer.status, answer.text, answer["cache-control"]) == (200, "p {}", "no-cache")
    assert (await request(app, f"/static/other.{'0' * 16}.css")).status == 404


async def test_a_file_that_changes_has_another_address(app: App, folder: Path) -> None:
    before = app.asset("site.css")
    (folder / "site.css").write_text("p { color: red }")
    after = app.asset("site.css")
    assert after == f"/static/site.{hashed(b'p { color: red }')}.css"
    assert (await request(app, before))["cache-control"] == "no-cache"
    assert (await request(app, after))["cache-control"] == FOREVER


async def test_a_page_and_its_document_use_these_addresses(app: App) -> None:
    text = (await request(app, "/", root_path="/shop")).text
    assert f'src="/shop/static/img/a%20b.{hashed(b"png")}.png"' in text
    assert f'<link rel="stylesheet" href="/shop/static/site.{hashed(b"p {}")}.css">' in text
    assert f'src="/shop/static/app.min.{hashed(b"1")}.js"' in text
    assert 'href="https://example.com/x.css"' in text


async def test_in_development_addresses_are_plain(folder: Path) -> None:
    app = App(debug=True, stylesheets=["/static/site.css"])
    app.static("/static", folder)
    app.page("/")(lambda: h.p[app.asset("img/a b.png")])
    assert app.asset("site.css") == "/static/site.css"
    async with app.lifespan():
        assert 'href="/static/site.css"' in (await request(app, "/")).text
    with pytest.raises(LookupError, match=r"no such file in '.*static'"):
        app.asset("other.css")


@pytest.mark.parametrize(
    "path",
    [
        "/static/.env",
        "/static/.git/config",
        "/static/%2eenv",
        "/static/img/../.env",
        "/static/out.txt",
        "/static/up/secret.txt",
        "/static/shown.txt",
        "/static/../secret.txt",
        "/static/..%2fsecret.txt",
        "/static/..%5csecret.txt",
        "/static/img/..%2f..%2fsecret.txt",
        "/static/%2e%2e/secret.txt",
        "/static//etc/passwd",
        "/static/%00",
        "/static/site.css%00.png",
        "/static//site.css",
        "/static/./site.css",
        "/static/img/../site.css",
        "/static/site.css/",
        "/static/img",
        "/static/img/",
        "/static/",
        "/static/" + "a" * 5000,
        f"/static/.env.{'0' * 16}",
    ],
)
async def test_no_trick_of_a_path_gets_a_file(app: App, path: str) -> None:
    answer = await request(app, path)
    if answer.status == 308 and not answer["location"].startswith("/static/site.css"):
        answer = await request(app, answer["location"])  # the one spelling of this path
    assert answer.status in (308, 400, 404)
    assert b"hidden content" not in answer.body


@pytest.mark.parametrize("path", ["/static/SITE.CSS", "/STATIC/site.css", "/static/.ENV", "/static/Site.css"])
async def test_a_name_has_one_case(app: App, path: str) -> None:
    assert (await request(app, path)).status == 404


@pytest.mark.parametrize(
    ("said", "status", "body"),
    [
        ("bytes=0-0", 206, b"p"),
        ("bytes=-2", 206, b"{}"),
        ("bytes=0-99", 206, b"p {}"),
        ("bytes=4-", 416, b""),
        ("bytes=9-", 416, b""),
        ("bytes=3-1", 400, None),
        ("bytes=x", 400, None),
        ("lines=1-2", 400, None),
    ],
)
async def test_a_part_of_a_file_is_no_more_than_that(
    app: App, said: str, status: int, body: bytes | None
) -> None:
    answer = await request(app, "/static/site.css", headers={"Range": said})
    assert answer.status == status
    if body:
        assert answer.body == body
    assert b"hidden" not in answer.body
    assert (await request(app, "/static/.env", headers={"Range": said})).status == 404


async def test_what_a_browser_has_is_not_sent_again(app: App) -> None:
    first = await request(app, "/static/site.css")
    for condition in (
        {"If-None-Match": first["etag"]},
        {"If-None-Match": f'"other", {first["etag"]}'},
        {"If-Modified-Since": first["last-modified"]},
    ):
        again = await request(app, "/static/site.css", headers=condition)
        assert (again.status, again.body) == (304, b"")
        assert again["cache-control"] == "no-cache"
    changed = await request(app, "/static/site.css", headers={"If-None-Match": '"other"'})
    assert (changed.status, changed.body) == (200, b"p {}")
    for path in ("/static/.env", "/static/out.txt"):
        assert (await request(app, path, headers={"If-None-Match": first["etag"]})).status == 404


async def test_a_link_within_the_directory_is_followed(app: App) -> None:
    assert (await request(app, "/static/style.css")).text == "p {}"


async def test_a_file_that_may_not_be_read_is_not_there(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(StaticFiles, "lookup_path", refuse)  # the tests may run as who may read all
    assert (await request(app, "/static/site.css")).status == 404


async def test_files_are_only_read(app: App) -> None:
    answer = await request(app, "/static/site.css", "POST")
    assert (answer.status, answer["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.woff2", "font/woff2"),
        ("a.wasm", "application/wasm"),
        ("a.webmanifest", "application/manifest+json"),
        ("A.PNG", "image/png"),
        ("a.unknown", "application/octet-stream"),
        ("a", "application/octet-stream"),
    ],
)
async def test_a_type_is_told_by_the_name(app: App, folder: Path, name: str, kind: str) -> None:
    (folder / name).write_text("<html>")
    assert (await request(app, f"/static/{name}"))["content-type"] == kind


@pytest.mark.parametrize(
    "said",
    [{"src/main.js": "main.4f.js"}, {"src/main.js": {"file": "main.4f.js", "src": "src/main.js"}}],
)
async def test_a_manifest_says_what_a_build_has_made(tmp_path: Path, said: object) -> None:
    (tmp_path / "main.4f.js").write_text("built")
    (tmp_path / "plain.js").write_text("plain")
    (tmp_path / "manifest.json").write_text(json.dumps(said))
    app = App()
    app.static("/static", tmp_path, manifest=tmp_path / "manifest.json")
    assert app.asset("src/main.js") == "/static/main.4f.js"
    async with app.lifespan():
        assert (await request(app, "/static/main.4f.js"))["cache-control"] == FOREVER
        assert (await request(app, "/static/plain.js"))["cache-control"] == "no-cache"


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": {"src": "b"}}'])
async def test_a_manifest_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ValueError, match=r"manifest"):
        App().static("/static", tmp_path, manifest=tmp_path / "manifest.json")


async def test_wrong_use_says_what_to_write(folder: Path) -> None:
    app = App()
    with pytest.raises(LookupError, match=r"write app.static"):
        app.asset("site.css")
    app.static("/static", folder)
    with pytest.raises(ValueError, match="files at '/static' already"):
        app.static("/static", folder)
    with pytest.raises(TypeError, match="write the name of a file"):
        app.asset(folder)  # type: ignore[arg-type]
    for name in ("../secret.txt", "out.txt", ".env", "/etc/passwd", "", "img", "a\0"):
        with pytest.raises(LookupError, match="no such file"):
            app.asset(name)
