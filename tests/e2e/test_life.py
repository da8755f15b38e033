"""What only a browser decides: its cache of pages, inflating, composing, effects beside the document."""

import os
import zlib
from base64 import b64encode
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from vango import core, html as h

from .conftest import FLAGS, PATIENCE_MS
from .serving import Server
from .watch import DIFF, HELLO_OK, SNAPSHOT, Watch

DEFLATE = 1


def deflated(data: bytes) -> bytes:
    """One raw-deflate stream."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def uv(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number % 128 | 128]) + uv(number // 128)


def effect(op: int, payload: bytes) -> bytes:
    return bytes([op]) + uv(len(payload)) + payload


def text(value: str) -> bytes:
    return uv(len(value.encode())) + value.encode()


@pytest.mark.parametrize(
    ("data", "limit", "size"),
    [
        (deflated(b"a" * 5_000), 5_000, 5_000),
        (deflated(b"a" * 5_001), 5_000, None),
        (deflated(bytes(1 << 26)), 1 << 24, None),
        (deflated(b"whole")[:-1], 5_000, None),
        (deflated(b"whole") + b"\0", 5_000, None),
        (b"\xff\xff", 5_000, None),
        (deflated(b""), 0, 0),
    ],
    ids=["whole", "too much", "bomb", "truncated", "something after it", "nonsense", "nothing"],
)
def test_the_browser_inflates_one_whole_stream_and_no_more(
    oracle: Page, data: bytes, limit: int, size: int | None
) -> None:
    script = """async ([data, limit]) => {
        const { inflate } = await import("/client/inflate.js");
        return (await inflate(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)), limit))?.length ?? null;
    }"""
    assert oracle.evaluate(script, [b64encode(data).decode(), limit]) == size


def test_a_large_burst_travels_deflated_and_what_follows_it_keeps_its_place(
    page: Page, stage: Server, watch: Watch
) -> None:
    page.goto(stage.url + "/burst")
    for _ in range(3):
        page.locator("#step").click()
    expect(page.locator("#cells > i").first).to_have_text("3")
    expect(page.locator("#cells > i").last).to_have_text("10002")
    assert any(frame.flags & DEFLATE for frame in watch.received(DIFF))
    assert watch.received(SNAPSHOT) == []


def test_effects_happen_in_their_order_when_the_burst_stands(oracle: Page) -> None:
    old = h.div[h.p["old"]]
    new = h.div[
        h.p["new"], h.input(id="field"), h.div(id="box", style="height: 10px; overflow: auto")[h.p["x"]]
    ]
    tree = core.Tree(old)
    page = {"html": tree.html(), "old_count": tree.count}
    burst = core.encode(tree.commit(new))
    hids = {str(node): n for n, node in enumerate(["field", "box"], 4)}
    burst += effect(0x20, b"\0" + text("/there?x=1"))
    burst += effect(0x21, text("told") + text('{"n": 1}'))
    burst += effect(0x22, uv(hids["field"]))
    burst += effect(0x22, uv(4_000))
    burst += effect(0x23, uv(0) + uv(0) + uv(14))
    burst += effect(0x2A, b"from later")
    burst += effect(0x20, b"\1" + text("/there?x=2"))
    script = """([html, count, burst, after]) => {
        const view = oracle.steer(oracle.served(html, count));
        document.body.style.height = "5000px";
        window.told = [];
        const say = () => document.querySelector("p").textContent;
        addEventListener("told", ({ detail }) => told.push(detail.n, location.search, say()));
        view.apply(Uint8Array.from(atob(burst), (c) => c.charCodeAt(0)), { count: after });
        const { pathname, search } = location;
        return [told, pathname + search, document.activeElement.id, scrollY, history.length];
    }"""
    history = oracle.evaluate("history.length")
    got = oracle.evaluate(script, [page["html"], page["old_count"], b64encode(burst).decode(), tree.count])
    assert got == [[1, "?x=1", "new"], "/there?x=2", "field", 7, history + 1]


def test_an_effect_that_fails_does_not_spoil_the_burst_nor_the_next_effect(
    oracle: Page, watch: Watch
) -> None:
    watch.allow("JSON")
    tree = core.Tree(h.p["old"])
    page = [tree.html(), tree.count]
    burst = core.encode(tree.commit(h.p["new"]))
    burst += effect(0x21, text("told") + text("{")) + effect(0x21, text("told") + text(""))
    script = """([html, count, burst]) => {
        const view = oracle.served(html, count);
        window.told = [];
        addEventListener("told", ({ detail }) => told.push(detail));
        view.apply(Uint8Array.from(atob(burst), (c) => c.charCodeAt(0)), { count });
        return [document.body.textContent, told];
    }"""
    assert oracle.evaluate(script, [*page, b64encode(burst).decode()]) == ["new", [None]]


def test_a_field_that_is_being_composed_is_not_written_until_that_is_done(
    page: Page, stage: Server, watch: Watch
) -> None:
    page.goto(stage.url + "/echo")
    watch.wait(page, lambda: watch.received(HELLO_OK))
    field = page.locator("#field")
    field.focus()
    devtools = page.context.new_cdp_session(page)
    for word in ("n", "ni", "nih"):
        devtools.send(
            "Input.imeSetComposition", {"text": word, "selectionStart": len(word), "selectionEnd": len(word)}
        )
        expect(page.locator("#length")).to_have_text(f"{len(word)} letters")
        expect(field).to_have_value(word)
    devtools.send("Input.insertText", {"text": "nihon"})
    expect(page.locator("#length")).to_have_text("5 letters")
    expect(field).to_have_value("NIHON")


@pytest.fixture(scope="module")
def remembering(browser: Browser) -> Iterator[Browser]:
    """A browser that keeps pages for going back, as people's browsers do."""
    kind = browser.browser_type
    browser = kind.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def test_a_page_from_the_cache_of_back_and_forward_resumes_its_session(
    remembering: Browser, stage: Server, watch: Watch
) -> None:
    context = remembering.new_context()
    context.set_default_timeout(PATIENCE_MS)
    watch.attach(context)
    page = context.new_page()
    page.goto(stage.url + "/drop")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text("1")
    page.locator("#text").fill("typed")
    page.evaluate("window.kept = 'kept'")
    page.goto(stage.url + "/native")
    page.evaluate("history.back()")
    page.wait_for_function("window.kept === 'kept'")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text("2")
    expect(page.locator("#text")).to_have_value("typed")
    assert watch.received(SNAPSHOT) == []
    context.close()


def test_a_frozen_page_lets_its_socket_go_and_comes_back_to_its_session(
    page: Page, stage: Server, watch: Watch
) -> None:
    page.goto(stage.url + "/drop")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text("1")
    page.evaluate("document.dispatchEvent(new Event('freeze'))")
    expect(page.locator("html")).to_have_attribute("data-vango", "disconnected")
    page.locator("#more").click()
    page.evaluate("document.dispatchEvent(new Event('resume'))")
    expect(page.locator("#count")).to_have_text("2")
    assert len(watch.received(HELLO_OK)) == 2
    assert watch.received(SNAPSHOT) == []
