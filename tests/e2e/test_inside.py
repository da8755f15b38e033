"""Live pages inside other applications: mounted in FastAPI and beside Django, and behind nginx."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIRequestContext, Browser, Page, expect

from .conftest import TESTS
from .nginx import Nginx
from .serving import Server
from .test_http import block
from .watch import HELLO_OK, Watch

NO_ICON = "favicon.ico"  # which these hosts have none of
CONNECTED = ("data-vango", "connected")


@pytest.fixture(scope="module", params=["fastapi", "django"])
def host(request: pytest.FixtureRequest) -> Iterator[Server]:
    with Server(f"examples.inside.{request.param}_host:host") as server:
        yield server


def test_f29_a_page_is_mounted_in_a_host(page: Page, host: Server, watch: Watch) -> None:
    watch.allow(NO_ICON)
    page.goto(host.url + "/shop/")
    expect(page).to_have_title("The shop")
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    before = int(page.locator("#pears").inner_text())
    page.locator("li", has_text="pears").get_by_role("button").click()
    expect(page.locator("#pears")).to_have_text(str(before - 1))
    assert re.fullmatch(rf"ws://127\.0\.0\.1:{host.port}/shop/vango/live/[\w-]+", watch.sockets[0].url)
    paths = {cookie["name"]: cookie["path"] for cookie in page.context.cookies()}
    assert set(paths.values()) == {"/shop"}
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading")).to_have_text("The front page")


def test_s001_4_pages_and_what_keeps_them_alive_are_mounted_apart(page: Page, watch: Watch) -> None:
    watch.allow(NO_ICON)
    with Server("e2e.halves:host", TESTS) as server:
        answer = page.goto(server.url + "/shop/")
        assert answer is not None
        assert answer.headers["content-encoding"] == "gzip"
        expect(page.locator("html")).to_have_attribute(*CONNECTED)
        page.locator("#more").click()
        expect(page.locator("output")).to_have_text("1")
        assert "/shop/vango/live/" in watch.sockets[0].url
        page.close()


def test_f29_what_the_hosts_own_api_changes_all_pages_show(page: Page, watch: Watch) -> None:
    watch.allow(NO_ICON)
    with Server("examples.inside.fastapi_host:host") as server:
        page.goto(server.url + "/shop/")
        expect(page.locator("html")).to_have_attribute(*CONNECTED)
        api: APIRequestContext = page.request
        assert api.put(f"{server.url}/api/stock/apples?pieces=41").json() == {"apples": 41, "pears": 5}
        expect(page.locator("#apples")).to_have_text("41")
        page.close()


def test_f29_a_template_of_the_host_shows_live_parts_of_one_session(
    page: Page, host: Server, watch: Watch
) -> None:
    watch.allow(NO_ICON)
    page.goto(host.url + "/")
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    expect(page.locator("section #apples")).to_be_visible()
    page.locator("li", has_text="apples").get_by_role("button").click()
    # One part changes what the other one shows.
    expect(page.locator("aside #basket")).to_have_text("apples")
    assert len(watch.sockets) == 1
    assert [frame.kind for frame in watch.frames].count(HELLO_OK) == 1
    assert page.locator("section > vango-embed, aside > vango-embed").count() == 2


def test_f29_live_parts_survive_a_snapshot_where_they_stand(page: Page, host: Server, watch: Watch) -> None:
    watch.allow(NO_ICON)
    page.goto(host.url + "/")
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    page.evaluate("document.querySelector('#basket').kept = true")
    page.evaluate(
        "import('/shop/vango/runtime-dom.js').then(({ socket }) => socket.machine.refetch(0, 'a test'))"
    )
    page.locator("li", has_text="pears").get_by_role("button").click()
    expect(page.locator("aside #basket")).to_have_text("pears")
    assert page.evaluate("document.querySelector('#basket').kept")
    assert page.locator("section > vango-embed li").count() == 2


def test_f29_live_parts_that_somebody_has_changed_on_the_way_are_filled_again(
    page: Page, host: Server, watch: Watch
) -> None:
    watch.allow(NO_ICON)
    page.add_init_script("""
        new MutationObserver((_, observer) => {
            const basket = document.querySelector("#basket");
            if (!basket) return;
            observer.disconnect();
            basket.remove();
        }).observe(document, { childList: true, subtree: true });
    """)
    page.goto(host.url + "/")
    page.locator("li", has_text="pears").get_by_role("button").click()
    expect(page.locator("aside > vango-embed #basket")).to_have_text("pears")
    expect(page.locator("section > vango-embed li")).to_have_count(2)
    expect(page.locator("h1")).to_have_count(1)


def test_f29_a_session_that_is_gone_is_made_anew_by_the_page_around_it(page: Page, watch: Watch) -> None:
    watch.allow(NO_ICON)
    watch.allow("net::ERR_|WebSocket")
    watch.allow(
        "status of 409"
    )  # when the server is there again between the socket and the request behind it
    with Server("examples.inside.fastapi_host:host") as server:
        page.goto(server.url + "/")
        expect(page.locator("html")).to_have_attribute(*CONNECTED)
        page.evaluate("window.old = true")
        server.stop()
        server.start()
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_function("() => !window.old")
        page.locator("li", has_text="pears").get_by_role("button").click()
        expect(page.locator("aside #basket")).to_have_text("pears")
        page.close()


def test_f29_without_javascript_live_parts_can_be_read(browser: Browser, host: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(host.url + "/")
    expect(page.locator("aside #basket")).to_have_text("nothing yet")
    expect(page.locator("section li")).to_have_count(2)
    context.close()


def log_in(page: Page, host: Server) -> None:
    page.goto(host.url + "/shop/till")
    expect(page).to_have_url(re.compile(r"/login/?\?next=%2Fshop%2Ftill"))
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(host.url + "/shop/till")


def log_out(page: Page, host: Server) -> None:
    """Log out at the host, as a form of its own does."""
    path = "/accounts/logout/" if "django" in host.target else "/logout"
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    answer = page.request.post(host.url + path, headers={"X-CSRFToken": cookies.get("csrftoken", "")})
    assert answer.ok


def test_f29_whom_the_host_has_logged_in_the_pages_know(page: Page, host: Server, watch: Watch) -> None:
    watch.allow(NO_ICON)
    log_in(page, host)
    expect(page.locator("#who")).to_have_text("ada")
    page.get_by_role("button", name="Order").click()
    expect(page.locator("#ordered")).to_have_text("1")


def test_f29_who_logs_out_at_the_host_is_nobody_to_a_page_that_lives(
    page: Page, host: Server, watch: Watch
) -> None:
    watch.allow(NO_ICON)
    log_in(page, host)
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    log_out(page, host)
    page.get_by_role("button", name="Order").click()
    expect(page).to_have_url(re.compile(r"/login/?\?next=%2Fshop%2Ftill"))


@pytest.fixture(scope="module")
def stripped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """The gallery below /gallery of a server that knows nothing else."""
    folder = tmp_path_factory.mktemp("nginx")
    with (
        Server("examples.gallery:app", options=["--root-path", "/gallery"]) as server,
        Nginx(folder, "/gallery", server.port) as nginx,
    ):
        yield nginx


@pytest.mark.parametrize("way", ["websocket", "http"])
def test_f29_behind_nginx_that_strips_a_path(page: Page, stripped: Nginx, watch: Watch, way: str) -> None:
    watch.allow(NO_ICON)
    posts = block(page, "refused") if way == "http" else []
    page.goto(stripped.url + "/counter")
    expect(page.locator("html")).to_have_attribute(*CONNECTED)
    page.get_by_role("button", name="+").click()
    expect(page.locator("output")).to_have_text("4")
    addresses = [post.url for post in posts] or [socket.url for socket in watch.sockets]
    assert addresses
    assert all("/gallery/vango/live/" in address for address in addresses)
    assert {cookie["path"] for cookie in page.context.cookies()} == {"/gallery"}
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
