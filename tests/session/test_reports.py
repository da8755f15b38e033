"""What an operator is told of an error: where it was raised, by whose event, and under which reference."""

from __future__ import annotations

from typing import Any

import anyio.lowlevel
import pytest

from vango import App, blocking, component, html as h, signal
from vango.errors import ErrorReport
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


@component
def Inner() -> object:
    broken = signal(False)

    def raises() -> None:
        raise ValueError("on purpose")

    async def later() -> None:
        await anyio.lowlevel.checkpoint()
        raise ValueError("on purpose")

    def show() -> str:
        if broken():
            raise ValueError("on purpose")
        return "well"

    return h.p[
        h.button(id="now", on_click=raises),
        h.button(id="later", on_click=later),
        h.button(id="thread", on_click=blocking(raises)),
        h.button(id="render", on_click=lambda: broken.set(True)),
        show,
    ]


@component
def Outer() -> object:
    return h.main[lambda: Inner()]


@pytest.mark.parametrize("how", ["now", "later", "thread"])
async def test_a_handler_is_told_with_its_components_and_its_event(how: str) -> None:
    async with Pilot(Outer()) as pilot:
        await pilot.click(pilot.find(id="now"))
        pilot.reports.clear()
        await pilot.click(pilot.find(id=how))
        await pilot.settle()
        (report,) = pilot.reports
        assert report.component == ("Outer", "Inner")
        assert report.handler == report.where
        assert report.handler.startswith(f"{__file__}:")
        assert report.event == 2
        assert (report.session, report.path) == (pilot.session.id, "/")


async def test_a_render_is_told_with_its_components() -> None:
    async with Pilot(Outer()) as pilot:
        await pilot.click(pilot.find(id="render"))
        (report,) = pilot.reports
        assert report.component == ("Outer", "Inner")
        assert (report.handler, report.event) == ("", 0)
        assert report.reference in pilot.html()


def test_there_is_one_function_for_reports() -> None:
    app = App()

    @app.on_error
    def first(report: ErrorReport) -> None: ...

    with pytest.raises(ValueError, match="already; call both from one"):
        app.on_error(lambda report: None)
    with pytest.raises(ValueError, match="already"):
        App(on_error=first).on_error(first)

    async def late(report: ErrorReport) -> None: ...

    wrong: Any
    for wrong in (late, "log"):
        with pytest.raises(TypeError, match="takes a def of one argument"):
            App().on_error(wrong)
