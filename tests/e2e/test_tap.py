"""The tap of a page that is being worked on: what it tells, and that it changes nothing but time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from vango import _core
from vango.cli.tap import replay, tap

from .conftest import TESTS
from .relay import Relay
from .serving import Server
from .watch import EVENT, HELLO, SNAPSHOT, Watch

TAP = "__VangoLiveTap"
NAMES = f"{TAP}.entries.filter((entry) => entry.by !== 'page').map(({{ by, name }}) => `${{by}} ${{name}}`)"
REFUSED = r"WebSocket connection to '.*' failed|Failed to load resource: net::ERR_"
NO_SOCKETS = "window.WebSocket = class { constructor() { throw new Error('there are none here'); } };"
# What stands in a document, without what only says how it came there.
DESCRIBE = """(document) => {
  const describe = (node) => {
    if (node instanceof Comment) return [];
    if (node instanceof Text) return node.data;
    const attributes = [...node.attributes].map(({ name, value }) => [name, value]).sort();
    const told = attributes.filter(([name]) => !/^(data-hid|data-ev|value|checked|selected)$/.test(name));
    const nodes = node instanceof HTMLTextAreaElement ? [] : [...node.childNodes];
    const children = nodes.map(describe).filter(({ length }) => length);
    return [node.localName, node.namespaceURI, told, node.value, children];
  };
  return JSON.stringify(describe(document.body.firstElementChild));
}"""


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which `tapped` writes its connections."""
    return tmp_path_factory.mktemp("recordings")


@pytest.fixture(scope="module")
def tapped(recordings: Path) -> Iterator[Server]:
    """The pages of `tapped.py`, served as `vango dev --record` serves them."""
    with Server("e2e.tapped:app", TESTS, {"VANGO_RECORD": str(recordings)}) as server:
        yield server


def entries(page: Page, name: str) -> list[dict]:
    """What the tap knows of the frames of one name."""
    return page.evaluate(f"(name) => {TAP}.entries.filter((entry) => entry.name === name)", name)


def connected(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-vango", "connected")


def acknowledged(page: Page, revs: int) -> None:
    """The page has told the server what it has."""
    page.wait_for_function(
        f"(rev) => {TAP}.entries.some(({{ name, fields }}) => name === 'ACK' && fields.rev >= rev)", arg=revs
    )


def test_every_frame_is_told_with_names_sizes_and_times(page: Page, tapped: Server, watch: Watch) -> None:
    page.goto(tapped.url + "/fields")
    connected(page)
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    acknowledged(page, 1)
    assert page.evaluate(NAMES) == [
        "client HELLO",
        "server HELLO_OK",
        "client EVENT",
        "server DIFF",
        "client ACK",
    ]
    told = page.evaluate(f"{TAP}.entries.filter((entry) => entry.by !== 'page')")
    sent = [_core.encode_message(each.kind, each.flags, each.fields, each.payload) for each in watch.frames]
    assert [entry["size"] for entry in told] == [len(frame) for frame in sent]
    [event], [diff] = entries(page, "EVENT"), entries(page, "DIFF")
    button = page.locator("#click").get_attribute("data-hid")
    assert (
        f"EVENT epoch=1 cseq=1 rev=0 #{button} <button> kind=click ({event['size']} B), shown after "
        in (event["text"])
    )
    assert event["fields"] == {"epoch": 1, "cseq": 1, "rev": 0, "hid": int(button), "kind": "click"}
    text = f"#{int(button) + 1} text in <button>"
    assert diff["patches"] == [{"op": "set_text", "hid": int(button) + 1, "node": text, "text": "1"}]
    assert diff["text"].endswith(f"set_text {text}")
    assert event["at"] <= diff["at"] <= diff["applied"]
    assert 0 <= diff["took_ms"] <= diff["applied"] - diff["at"]
    assert diff["applied"] - event["at"] <= event["shown_ms"]
    assert {entry["way"] for entry in told} == {"websocket"}


def test_every_kind_of_patch_has_its_name(page: Page, tapped: Server) -> None:
    page.goto(tapped.url + "/rows")
    page.locator("#reverse").click()
    expect(page.locator("li:first-child > input")).to_have_attribute("id", "field4")
    [diff] = entries(page, "DIFF")
    assert {patch["op"] for patch in diff["patches"]} == {"move"}
    assert {patch["node"].partition(" ")[2] for patch in diff["patches"]} == {"<li>"}
    page.goto(tapped.url + "/namespaces")
    page.locator("#show").click()
    expect(page.locator("#drawing")).to_be_visible()
    page.locator("#show").click()
    expect(page.locator("#drawing")).to_have_count(0)
    patches = [patch for diff in entries(page, "DIFF") for patch in diff["patches"]]
    assert [(patch["op"], patch["node"].partition(" ")[2]) for patch in patches] == [
        ("insert", "<svg>"),
        ("remove", "<svg>"),
    ]


def test_it_tells_what_goes_over_http(context: BrowserContext, tapped: Server, watch: Watch) -> None:
    context.add_init_script(NO_SOCKETS)
    page = context.new_page()
    page.goto(tapped.url + "/fields")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    assert {entry["way"] for entry in entries(page, "DIFF")} == {"http"}
    page.evaluate(f"{TAP}.latency(20)")
    for clicks in ("2", "3", "4"):
        page.locator("#click").click()
        expect(page.locator("#click")).to_have_text(clicks)
    page.reload()
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")


def test_what_attaches_a_browser_is_neither_told_nor_saved(page: Page, tapped: Server, watch: Watch) -> None:
    page.goto(tapped.url + "/fields")
    connected(page)
    [hello] = [frame for frame in watch.frames if frame.kind == HELLO]
    token = hello.fields[2]
    assert token
    page.evaluate("(token) => dispatchEvent(new CustomEvent('vango-test', { detail: token }))", token)
    told = page.evaluate(f"JSON.stringify({TAP}.entries) + {TAP}.recording()")
    assert "HELLO_OK" in told
    assert token not in told
    assert token.encode().hex() not in told


def test_who_subscribes_hears_every_entry_until_he_leaves(page: Page, tapped: Server) -> None:
    page.goto(tapped.url + "/fields")
    connected(page)
    page.evaluate(f"""() => {{
        window.heard = [];
        const hear = ({{ name, updated }}) => heard.push(updated ? `${{name}} again` : name);
        window.leave = {TAP}.subscribe(hear);
        {TAP}.subscribe(() => {{ if (!window.broken) {{ window.broken = true; throw new Error('mine'); }} }});
        addEventListener('error', (event) => event.preventDefault());
    }}""")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    page.evaluate("leave()")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("2")
    assert [name for name in page.evaluate("heard") if name != "ACK"] == [
        "EVENT",
        "DIFF",
        "DIFF again",
        "EVENT again",
    ]


def test_what_a_handler_raised_is_shown_where_it_was_clicked(
    page: Page, tapped: Server, watch: Watch
) -> None:
    watch.allow("there is no such item")
    page.goto(f"{tapped.url}/failing")
    connected(page)
    panel = page.locator("html > [data-vango-tap=error]")
    for _ in range(2):
        page.click("#fail")
        expect(panel).to_have_count(1)
        expect(panel).to_contain_text("in _fail")
        expect(panel).to_contain_text("LookupError: there is no such item")
    panel.get_by_role("button", name="Dismiss").click()
    expect(panel).to_have_count(0)


def test_what_was_said_is_forgotten_on_request(page: Page, tapped: Server) -> None:
    page.goto(tapped.url + "/fields")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    page.evaluate(f"window.same = {TAP}.entries; {TAP}.clear()")
    assert page.evaluate(f"same === {TAP}.entries")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("2")
    assert [entry["fields"]["rev"] for entry in entries(page, "DIFF")] == [2]


def test_it_prints_to_the_console_on_request_and_after_a_reload(page: Page, tapped: Server) -> None:
    printed: list[str] = []
    page.on("console", lambda message: printed.append(message.text))
    page.goto(tapped.url + "/fields")
    connected(page)
    assert printed == []
    page.evaluate(f"{TAP}.console()")
    page.reload()
    connected(page)
    assert [line.split()[3] for line in printed[:3]] == ["OPENED", "HELLO", "HELLO_OK"]
    page.evaluate(f"{TAP}.console(false)")
    printed.clear()
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    assert printed == []


def test_a_flash_shows_what_changed_and_leaves_no_trace(page: Page, tapped: Server) -> None:
    page.goto(tapped.url + "/fields")
    connected(page)
    page.evaluate(
        f"""() => {{
        {TAP}.flash();
        window.written = [];
        new MutationObserver((all) => written.push(...all.map(({{ attributeName }}) => attributeName)))
          .observe(document, {{ subtree: true, attributes: true }});
        const {{ animate }} = Element.prototype;
        window.flashed = [];
        Element.prototype.animate = function (...how) {{
          flashed.push(this.localName);
          return animate.apply(this, how);
        }};
    }}""".replace('{ "animate" }', "{ animate }")
    )
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    page.locator("#row").click()
    expect(page.locator("#rows > li")).to_have_count(1)
    assert page.evaluate("flashed") == ["button", "li"]
    page.evaluate("Promise.all(document.getAnimations().map(({ finished }) => finished))")
    assert page.evaluate("getComputedStyle(document.querySelector('#click')).outlineStyle") == "none"
    assert page.evaluate("written") == []
    page.evaluate(f"{TAP}.flash(false)")
    page.locator("#row").click()
    expect(page.locator("#rows > li")).to_have_count(2)
    assert page.evaluate("flashed") == ["button", "li"]


def test_who_breaks_the_flash_breaks_nothing_else(page: Page, tapped: Server, watch: Watch) -> None:
    watch.allow("page error: .*mine")
    page.goto(tapped.url + "/fields")
    connected(page)
    page.evaluate(f"""() => {{
        {TAP}.flash();
        Element.prototype.animate = () => {{ throw new Error('mine'); }};
    }}""")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("2")
    assert entries(page, "REFETCH") == []


def test_latency_is_felt_in_both_directions_and_keeps_the_order(page: Page, tapped: Server) -> None:
    page.goto(tapped.url + "/echo")
    connected(page)
    assert page.evaluate(f"{TAP}.latency()") == 0
    page.evaluate(f"{TAP}.latency(150)")
    page.locator("#field").press_sequentially("a")
    expect(page.locator("#length")).to_have_text("1 letters")
    assert entries(page, "EVENT")[0]["shown_ms"] >= 300
    page.locator("#field").press_sequentially("bcdef")
    page.evaluate(f"{TAP}.latency(1)")
    page.locator("#field").press_sequentially("gh")
    expect(page.locator("#length")).to_have_text("8 letters")
    events = entries(page, "EVENT")
    assert [event["fields"]["cseq"] for event in events] == list(range(1, len(events) + 1))
    revs = [diff["fields"]["rev"] for diff in entries(page, "DIFF")]
    assert revs == sorted(revs)
    assert entries(page, "REFETCH") == []
    with pytest.raises(Error, match=r"write milliseconds, tap\.latency\(200\)"):
        page.evaluate(f"{TAP}.latency(-1)")


def test_what_is_on_its_way_when_a_connection_closes_still_arrives(
    page: Page, tapped: Server, watch: Watch
) -> None:
    page.goto(tapped.url + "/fields")
    connected(page)
    page.evaluate(f"{TAP}.latency(60_000)")
    page.locator("#click").click()
    assert [frame.kind for frame in watch.frames if frame.sent] == [HELLO]
    with watch.sockets[0].expect_event("close"):
        page.evaluate("document.dispatchEvent(new Event('freeze'))")
    assert [frame.kind for frame in watch.frames if frame.sent] == [HELLO, EVENT]


def test_a_count_that_is_wrong_is_named_by_the_tap_and_mended(
    page: Page, tapped: Server, watch: Watch
) -> None:
    page.goto(tapped.url + "/fields")
    connected(page)
    # A node that the page has and the server does not know of: what a count is for.
    page.evaluate("""async () => {
        const { view } = await import(document.querySelector('link[href*=runtime-dom]').href);
        const { node } = view.live.root;
        view.live.nodes.set(4_000_000, { hid: 4_000_000, node });
    }""")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    [refetch] = entries(page, "REFETCH")
    assert "nodes, not" in refetch["fields"]["reason"]
    assert refetch["text"].startswith("→ REFETCH epoch=1 session reason=Error:")
    [snapshot] = entries(page, "SNAPSHOT")
    assert snapshot["patches"][0]["op"] == "snapshot"
    [frame] = watch.received(SNAPSHOT)
    assert snapshot["fields"]["count"] == frame.fields[3]


def test_the_log_is_a_recording_that_the_command_tells_and_replays(
    page: Page, tapped: Server, tmp_path: Path
) -> None:
    page.goto(tapped.url + "/shapes")
    for step in range(1, 5):
        page.locator("#step").click()
        expect(page.locator("#beside")).to_have_text(f"step {step}bold of {step}")
    file = tmp_path / "log.jsonl"
    with page.expect_download() as download:
        page.evaluate(f"{TAP}.download()")
    assert download.value.suggested_filename == "vango-tap.jsonl"
    download.value.save_as(file)
    assert "connection browser over websocket" in list(tap(file))
    assert " of 4" in replay(file).html
    page.evaluate(f"{TAP}.clear()")
    page.locator("#step").click()
    expect(page.locator("#beside")).to_have_text("step 5bold of 5")
    file.write_text(page.evaluate(f"{TAP}.recording()"))
    assert " of 5" in replay(file).html


@pytest.mark.parametrize("name", ["shapes", "rows", "namespaces", "fields"])
def test_a_recording_replayed_in_the_page_ends_with_the_same_document(
    page: Page, tapped: Server, recordings: Path, name: str
) -> None:
    before = set(recordings.iterdir())
    page.goto(f"{tapped.url}/{name}")
    connected(page)
    buttons = page.locator("button")
    for _ in range(2):
        for n in range(buttons.count()):
            buttons.nth(n).click()
    page.wait_for_function(
        f"() => {{ const events = {TAP}.entries.filter(({{ name }}) => name === 'EVENT');"
        "return events.length && events.every((event) => event.shown_ms); }"
    )
    [file] = set(recordings.iterdir()) - before
    model = replay(file)
    for recording in (file.read_text(), page.evaluate(f"{TAP}.recording()")):
        ends, outcome = page.evaluate(
            f"""async (recording) => {{
                const {{ document: replayed, ...outcome }} = await {TAP}.replay(recording);
                const describe = {DESCRIBE};
                return [[describe(replayed), describe(document)], outcome];
            }}""",
            recording,
        )
        assert ends[0] == ends[1]
        assert outcome["complaints"] == []
        assert outcome["rev"] == model.rev == len(entries(page, "DIFF"))
        assert outcome["count"] == model.count


def test_a_recording_over_two_connections_is_replayed(
    page: Page, tapped: Server, watch: Watch, tmp_path: Path
) -> None:
    watch.allow(REFUSED)
    with Relay(tapped.port) as relay:
        page.goto(relay.url + "/shapes")
        connected(page)
        for step in (1, 2, 3):
            page.locator("#step").click()
            expect(page.locator("#beside")).to_have_text(f"step {step}bold of {step}")
            relay.drop()
            page.wait_for_function(
                f"(n) => {TAP}.entries.filter(({{ name }}) => name === 'CLOSED').length === n", arg=step
            )
            page.evaluate("dispatchEvent(new Event('online'))")
            connected(page)
        recording = page.evaluate(f"{TAP}.recording()")
        file = tmp_path / "log.jsonl"
        file.write_text(recording)
        assert " of 3" in replay(file).html
        replayed = page.evaluate(
            f"async (recording) => ({DESCRIBE})((await {TAP}.replay(recording)).document)", recording
        )
        assert replayed == page.evaluate(f"({DESCRIBE})(document)")


def test_what_is_no_recording_is_not_replayed(page: Page, tapped: Server) -> None:
    page.goto(tapped.url + "/fields")
    with pytest.raises(Error, match="this is no recording"):
        page.evaluate(f"{TAP}.replay('{{}}')")


def test_production_serves_nothing_of_it(page: Page, stage: Server, watch: Watch) -> None:
    texts = []
    page.on("response", lambda response: texts.append((response.url, response)))
    page.goto(stage.url + "/fields")
    connected(page)
    expect(page.locator("#click")).to_have_text("0")
    page.locator("#click").click()
    expect(page.locator("#click")).to_have_text("1")
    assert page.evaluate("typeof __VangoLiveTap") == "undefined"
    assert not [url for url, _ in texts if "tap" in url]
    assert not [url for url, response in texts if b"VangoLiveTap" in response.body()]
