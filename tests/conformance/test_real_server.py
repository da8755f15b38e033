"""The independent client and the kit against `vango run`, over real sockets and in wall time."""

import asyncio
import json
import re
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from vango.testing.conformance import CLIENT_SCENARIOS, SERVER_SCENARIOS
from vango_client.browse import Browser
from vango_client.fields import KIND_OF
from vango_client.show import as_text

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from serving import Server  # noqa: E402


@pytest.fixture(scope="module")
def server():
    with Server("examples.gallery:app") as running:
        yield running


def command(*words: str) -> subprocess.CompletedProcess:
    """Run the client's command."""
    return subprocess.run(
        [sys.executable, "-m", "vango_client", *words],
        cwd=ROOT / "clients" / "python",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


COUNTER = re.compile(r"^\[#\d+ -\] (\d+) \[#(\d+) \+\]$", re.MULTILINE)


def test_a_page_is_shown_and_clicked(server) -> None:
    shown = command(f"{server.url}/counter")
    assert shown.returncode == 0, shown.stderr
    ((number, plus),) = COUNTER.findall(shown.stdout)
    clicked = command(f"{server.url}/counter", "--click", plus)
    assert COUNTER.findall(clicked.stdout) == [(number, plus), (str(int(number) + 1), plus)]


def test_a_page_is_clicked_over_http(server) -> None:
    ((number, plus),) = COUNTER.findall(command(f"{server.url}/counter").stdout)
    clicked = command(f"{server.url}/counter", "--click", plus, "--via", "http")
    assert COUNTER.findall(clicked.stdout) == [(number, plus), (str(int(number) + 1), plus)], clicked.stderr


def test_what_cannot_be_clicked_says_so(server) -> None:
    clicked = command(f"{server.url}/counter", "--click", "1")
    assert clicked.returncode == 1
    assert "nothing at #1 listens to a click" in clicked.stderr


def test_an_address_without_a_page_says_so() -> None:
    refused = command("http://127.0.0.1:9/")
    assert refused.returncode == 1
    assert "127.0.0.1:9" in refused.stderr


def test_events_of_before_and_after_a_drop_run_once(server) -> None:
    async def visit() -> str:
        browser = Browser(f"{server.url}/counter")
        running = asyncio.create_task(browser.run())
        document = browser.connection.document
        plus = [node for node in document.nodes.values() if node.tag == "button"][-1].hid
        await browser.until(lambda connection: connection.ready)
        browser.event(plus, KIND_OF["click"])
        browser.drop()
        browser.event(plus, KIND_OF["click"])
        await browser.until(lambda connection: not connection.ready)
        await browser.until(lambda connection: connection.ready and connection.outbox.settled == 2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return as_text(document)

    assert "] 5 [" in asyncio.run(asyncio.wait_for(visit(), 30))


class Restarter(BaseHTTPRequestHandler):
    """What a command asks, that wants a server ended as a crash ends it, and started again."""

    reference: Server

    def do_GET(self) -> None:
        self.reference.kill()
        self.reference.start()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def reference():
    """The reference page, served, and the command that restarts its server."""
    with Server("reference_app:app", Path(__file__).parent) as running:
        Restarter.reference = running
        with HTTPServer(("127.0.0.1", 0), Restarter) as restarter:
            threading.Thread(target=restarter.serve_forever).start()
            ask = f"import urllib.request as r; r.urlopen('http://127.0.0.1:{restarter.server_port}')"
            yield running, shlex.join([sys.executable, "-c", ask])
            restarter.shutdown()


def kit(*words: str) -> subprocess.CompletedProcess:
    """Run the command of the kit."""
    return subprocess.run(
        [sys.executable, "-m", "vango.testing.conformance", *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


ON_SOCKETS = [
    "C01",
    "C04",
    "C06",
    "C07",
    "C12",
    "C13",
    "C14",
    "C15",
    "C20",
    "C23",
    "C24",
    "C25",
    "C29",
    "C31",
    "C32",
    "C33",
]


@pytest.mark.slow
@pytest.mark.parametrize("transport", ["websocket", "http"])
def test_the_kit_over_real_sockets(reference, transport, tmp_path) -> None:
    running, restart = reference
    report = tmp_path / "report.json"
    words = ["--server", f"{running.url}/", "--transport", transport, "--blueprint", "serve"]
    ran = kit(*words, "--restart", restart, "--only", ",".join(ON_SOCKETS), "--json", str(report))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    outcomes = json.loads(report.read_text())["outcomes"]
    results = {one["scenario"]: one["result"] for one in outcomes}
    blueprint = "passed" if transport == "websocket" else "not applicable"
    assert results == {**dict.fromkeys(ON_SOCKETS, "passed"), "C23": blueprint}
    assert {(one["side"], one["transport"], one["ring"]) for one in outcomes} == {("server", transport, None)}


def test_a_server_that_is_none_fails_and_says_so() -> None:
    ran = kit("--server", "http://127.0.0.1:9/", "--only", "C01")
    assert ran.returncode == 1
    assert "expected: a page of HTML at http://127.0.0.1:9/ (3.2)" in ran.stdout


def test_a_page_that_is_not_the_reference_page_fails_and_says_so(server) -> None:
    ran = kit("--server", f"{server.url}/counter", "--only", "C01")
    assert ran.returncode == 1
    assert "as on the reference page" in ran.stdout


def test_the_scenarios_are_told() -> None:
    ran = kit("--list")
    assert ran.returncode == 0
    lines = ran.stdout.splitlines()
    assert [line for line in lines if line[0] != " "] == ["server", "client"]
    assert len(lines) == 2 + len(SERVER_SCENARIOS) + len(CLIENT_SCENARIOS)
