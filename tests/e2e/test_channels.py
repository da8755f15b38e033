"""The program of docs/guide/channels.md, and channels under everything that a network does."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .relay import Relay
from .serving import ROOT, Server
from .test_http import block
from .watch import Frame, Watch

EXAMPLE = ROOT / "examples" / "channels"
GUIDE = ROOT / "docs" / "guide" / "channels.md"
CHANNEL = 0x50
POINTS = re.compile(r"[1-9]\d* points")


@pytest.fixture(scope="module")
def islands() -> Iterator[Server]:
    """The example, served."""
    with Server("examples.channels.app:app") as server:
        yield server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Some hundred kilobytes that do not repeat."""
    path = tmp_path / "file.bin"
    path.write_bytes(b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(10_000)))
    return path


def wait_for_points(page: Page) -> None:
    """Some are drawn, and then others."""
    curve = page.locator("#curve")
    expect(curve).to_have_attribute("aria-label", POINTS)
    expect(curve).not_to_have_attribute("aria-label", curve.get_attribute("aria-label") or "")


def openings(watch: Watch) -> list[Frame]:
    """The frames that open the channel of the curve."""
    return [frame for frame in watch.frames if frame.kind == CHANNEL and frame.payload.startswith(b"\5curve")]


def test_the_guide_shows_the_program_as_it_is() -> None:
    blocks = re.findall(r"^```(?:python|js)\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert (EXAMPLE / "app.py").read_text() in blocks
    assert (EXAMPLE / "static" / "islands.js").read_text() in blocks


@pytest.mark.parametrize("way", ["websocket", "http"])
def test_a_file_is_sent_while_a_curve_is_drawn(page: Page, islands: Server, file: Path, way: str) -> None:
    requests = block(page, "refused") if way == "http" else []
    page.goto(islands.url)
    wait_for_points(page)
    page.set_input_files("#file", file)
    expect(page.locator("#digest")).to_have_text(hashlib.sha256(file.read_bytes()).hexdigest())
    expect(page.locator("#received")).to_have_text(str(file.stat().st_size))
    wait_for_points(page)
    assert bool(requests) == (way == "http")


def test_a_curve_goes_on_when_the_connection_is_back(page: Page, islands: Server, watch: Watch) -> None:
    with Relay(islands.port) as relay:
        page.goto(relay.url)
        wait_for_points(page)
        with page.expect_websocket():
            relay.drop()
        wait_for_points(page)
        assert len(openings(watch)) == 2


def test_a_page_without_channels_does_not_load_their_code(page: Page, stage: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(stage.url + "/drop")
    page.locator("#more").click()
    expect(page.locator("#count")).to_have_text("1")
    assert [url for url in asked if "channels" in url] == []
    assert any("later" in url for url in asked)
