"""The independent client and the kit against `vango run`, over real sockets and in wall time."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.slow
@pytest.mark.parametrize("transport", ["websocket", "http"])
def test_the_kit_over_real_sockets(transport, tmp_path) -> None:
    report = tmp_path / "report.json"
    names = ["C01", "C04", "C06", "C07", "C13", "C15", "C29"]
    with Server("reference_app:app", Path(__file__).parent) as reference:
        ran = subprocess.run(
            [
                *(sys.executable, "-m", "vango.testing.conformance", "--server", f"{reference.url}/"),
                *("--transport", transport, "--only", ",".join(names), "--json", str(report)),
            ],
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    outcomes = json.loads(report.read_text())["outcomes"]
    results = {one["scenario"]: one["result"] for one in outcomes}
    assert results == {**dict.fromkeys(names, "passed"), "C06": "not applicable"}
    assert {(one["side"], one["transport"], one["ring"]) for one in outcomes} == {("server", transport, None)}
