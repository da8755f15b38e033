"""A server that serves no sockets: `App(websocket=False)`."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from playwright.sync_api import Page, expect

from .serving import Server
from .watch import Watch

PAGE = """
    from vango import App, html as h, signal

    app = App(websocket=False)

    @app.page("/")
    def home():
        count = signal(0)
        return h.button(on_click=lambda: count.update(lambda n: n + 1))[count]
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "plain.py").write_text(dedent(PAGE))
    with Server("plain:app", tmp_path) as server:
        yield server


def test_s002_34_where_sockets_are_not_offered_none_is_tried(
    server: Server, page: Page, watch: Watch
) -> None:
    tried: list[str] = []
    page.on("websocket", lambda socket: tried.append(socket.url))
    page.clock.install()
    page.goto(server.url)
    button = page.locator("button")
    button.click()
    expect(button).to_have_text("1")
    # Where a socket is offered, one is tried again a second after HTTP has connected.
    page.clock.run_for(3_000)
    button.click()
    expect(button).to_have_text("2")
    assert tried == watch.sockets == []
