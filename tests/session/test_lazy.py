"""Lazy components: imported in a thread when they are first shown."""

import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from vango import Dynamic, ErrorBoundary, html as h, lazy, signal
from vango.testing import Pilot

pytestmark = pytest.mark.anyio

MODULE = """
import threading
from vango import component, html as h, signal
{extra}
THREAD = threading.get_ident()

@component
def Chart(title="chart", children=()):
    count = signal(0)
    return h.section[title, h.button(on_click=lambda: count.update(lambda n: n + 1))[count], children]

def plain():
    pass
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Write a module that nobody has imported; gives its name and its file."""
    name = f"lazy_module_{tmp_path.name}"
    path = tmp_path / f"{name}.py"
    path.write_text(MODULE.format(extra=""))
    monkeypatch.syspath_prepend(tmp_path)
    yield name, path
    sys.modules.pop(name, None)


def shown(pilot: Pilot) -> str:
    return pilot.html().removeprefix("<vango-root>").removesuffix("</vango-root>")


async def test_the_fallback_shows_until_the_module_is_there(module: Any) -> None:
    name, _ = module
    chart = lazy(f"{name}:Chart", fallback=h.p["Loading"])
    async with Pilot(h.main[chart(title="Sales")[h.b["inside"]]]) as pilot:
        await pilot.settle()  # a thread brings it
        assert shown(pilot) == "<main><section>Sales<button>0</button><b>inside</b></section></main>"
        assert threading.get_ident() != sys.modules[name].THREAD
        await pilot.click(pilot.find("button"))
        assert pilot.find("button").text == "1"
        assert pilot.errors == []
    async with Pilot(h.main[chart()]) as again:
        assert again.patches == []
        assert "chart" in again.html()


@pytest.mark.parametrize(
    ("extra", "attribute", "message"),
    [
        ("raise ImportError('no driver')", "Chart", "no driver"),
        ("", "plain", "plain is <function plain"),
        ("", "Missing", "Missing is None, not a component"),
    ],
)
async def test_what_cannot_be_imported_is_for_the_boundary_and_can_be_retried(
    module: Any, extra: str, attribute: str, message: str
) -> None:
    name, path = module
    path.write_text(MODULE.format(extra=extra))
    chart = lazy(f"{name}:{attribute}", fallback="Loading")

    def fallback(error: Exception, retry: Any) -> object:
        return h.p[str(error), h.button(on_click=retry)["retry"]]

    async with Pilot(h.main[ErrorBoundary(chart(), fallback=fallback)]) as pilot:
        await pilot.settle()
        assert message in pilot.page.text
        sys.modules.pop(name, None)
        path.write_text(MODULE.format(extra="").replace("plain", attribute if attribute != "Chart" else "x"))
        if attribute == "Chart":
            await pilot.click(pilot.find("button", text="retry"))
            assert "chart" in shown(pilot)


async def test_a_dynamic_place_may_hold_one(module: Any) -> None:
    name, _ = module
    chart = lazy(f"{name}:Chart")
    async with Pilot(h.main[Dynamic(signal(chart), title="x")]) as pilot:
        await pilot.settle()
        assert shown(pilot) == "<main><section>x<button>0</button></section></main>"


@pytest.mark.parametrize("target", ["app.charts", ":Chart", "app:"])
def test_a_target_names_module_and_component(target: str) -> None:
    with pytest.raises(ValueError, match=r"write module and name, as in lazy\('app.charts:Chart'\)"):
        lazy(target)


def test_one_that_is_not_called_is_refused() -> None:
    with pytest.raises(TypeError, match="Chart is a component that was not called"):
        h.p[lazy("app.charts:Chart")]
