"""Portals: content that is written in one place and shown in another."""

from __future__ import annotations

from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango.components.boundary import ErrorBoundary
from vango.components.choice import Show
from vango.components.component import component
from vango.components.context import Context
from vango.components.portal import Outlet, Portal
from vango.components.state import effect, on_cleanup, signal
from vango.reactive.signals import Signal

theme = Context("light")


@component
def Counter(name: str = "count"):
    """Counts its clicks."""
    count = signal(0)
    return h.button(on_click=lambda: count.update(lambda n: n + 1))[lambda: f"{name} {count()}"]


@component
def Deep(children: Any = ()):
    """Stands deep in the page."""
    return h.div[h.div[h.div[children]]]


@pytest.mark.parametrize("first", ["outlet", "portal"])
def test_content_shows_at_the_outlet_and_nothing_where_it_is_written(first: str) -> None:
    outlet, portal = h.aside[Outlet("side")], h.p["before", Portal("side")[h.b["content"], "text"], "behind"]
    page = Page(h.main[(outlet, portal) if first == "outlet" else (portal, outlet)])
    shown = "<aside><b>content</b>text</aside>", "<p>beforebehind</p>"
    assert page.html == "<main>{}{}</main>".format(*(shown if first == "outlet" else shown[::-1]))
    assert page.errors == []


def test_it_works_and_keeps_its_state() -> None:
    text = Signal("a")

    @component
    def Owner() -> object:
        return h.p[text(), Portal("side")[Counter(), text()]]

    page = Page(h.main[Owner(), Deep()[Outlet("side")]])
    page.click("count 0")
    text.set("b")
    page.flush()
    assert page.html == "<main><p>b</p><div><div><div><button>count 1</button>b</div></div></div></main>"


def test_its_context_is_that_of_where_it_is_written() -> None:
    @component
    def Provider() -> object:
        theme.provide("dark")
        return Portal("side")[lambda: theme()]

    page = Page(h.main[Provider(), h.aside[Outlet("side")]])
    assert page.html == "<main><aside>dark</aside></main>"


def test_several_portals_stand_in_their_order_and_leave_one_by_one() -> None:
    shown = Signal((1, 2, 3))

    @component
    def Dialog(n: int) -> object:
        on_cleanup(lambda: ended.append(n))
        return Portal("side")[h.b[n]]

    ended: list[int] = []
    page = Page(h.main[Outlet("side"), lambda: [Dialog(n, key=n) for n in shown()]])
    assert page.html == "<main><b>1</b><b>2</b><b>3</b></main>"
    for now in ((1, 3), (), (2,)):
        shown.set(now)
        page.flush()
        assert page.html == "<main>{}</main>".format("".join(f"<b>{n}</b>" for n in now))
    assert ended == [2, 1, 3]


def test_content_waits_alive_while_there_is_no_outlet() -> None:
    there = Signal(True)
    page = Page(h.main[Portal("side")[Counter()], Show(there, h.aside[Outlet("side")])])
    page.click("count 0")
    there.set(False)
    page.flush()
    assert page.html == "<main></main>"
    there.set(True)
    page.flush()
    assert page.html == "<main><aside><button>count 1</button></aside></main>"
    page.click("count 1")
    assert "count 2" in page.html
    assert page.errors == []


def test_what_changes_while_it_waits_shows_when_the_outlet_comes() -> None:
    there, text = Signal(False), Signal("a")
    page = Page(h.main[Portal("side")[h.b[text], Deep()[text]], Show(there, lambda: Deep()[Outlet("side")])])
    assert page.errors == ["there is no Outlet('side') on this page; write one where this is to show"]
    text.set("b")
    assert page.flush() == b""
    there.set(True)
    page.flush()
    inside = "<b>b</b><div><div><div>b</div></div></div>"
    assert page.html == f"<main><div><div><div>{inside}</div></div></div></main>"
    assert len(page.errors) == 1


def test_the_newest_outlet_shows_and_the_older_one_takes_over_again() -> None:
    second = Signal(False)
    page = Page(
        h.main[
            h.i[Outlet("side")], Portal("side")[Counter()], Show(second, lambda: Deep()[h.b[Outlet("side")]])
        ]
    )
    page.click("count 0")
    for now in (True, False, True):
        second.set(now)
        page.flush()
        content = "<button>count 1</button>"
        deep = f"<div><div><div><b>{content}</b></div></div></div>"
        assert page.html == (f"<main><i></i>{deep}</main>" if now else f"<main><i>{content}</i></main>")
    assert page.errors == []


def test_an_error_in_the_content_is_for_the_boundary_where_it_is_written() -> None:
    broken = Signal(False)

    def fragile() -> str:
        if broken():
            raise ValueError("broken")
        return "fine"

    boundary = ErrorBoundary(
        h.p["written", Portal("side")[h.b[fragile]]], fallback=lambda error, retry: h.i[str(error)]
    )
    page = Page(h.main[boundary, h.aside[Outlet("side")]])
    assert page.html == "<main><p>written</p><aside><b>fine</b></aside></main>"
    for now in (True, False, True):
        broken.set(now)
        page.flush()
        html = "<i>broken</i><aside></aside>" if now else "<p>written</p><aside><b>fine</b></aside>"
        assert page.html == f"<main>{html}</main>"


def test_an_error_in_the_first_render_of_the_content_is_retried() -> None:
    broken = Signal(True)

    @component
    def Fragile() -> object:
        if broken():
            raise ValueError("broken")
        return "fine"

    page = Page(
        h.main[
            ErrorBoundary(Portal("side")[Fragile()], fallback=lambda error, retry: h.i[str(error)]),
            h.aside[Outlet("side")],
        ]
    )
    assert page.html == "<main><i>broken</i><aside></aside></main>"
    broken.set(False)
    page.flush()
    assert page.html == "<main><aside>fine</aside></main>"


def test_an_outlet_behind_a_fallback_brings_its_contents_back() -> None:
    broken = Signal(False)

    @component
    def Frame() -> object:
        return h.aside[lambda: 1 / (0 if broken() else 1), Deep()[Outlet("side")]]

    page = Page(
        h.main[ErrorBoundary(Frame(), fallback=lambda error, retry: "broken"), Portal("side")[Counter()]]
    )
    before = page.html
    page.click("count 0")
    for now in (True, False):
        broken.set(now)
        page.flush()
    assert page.html == before.replace("count 0", "count 1")
    page.click("count 1")
    assert "count 2" in page.html


def test_effects_of_the_content_run_and_end() -> None:
    log: list[str] = []
    shown = Signal(True)

    @component
    def Body() -> object:
        def start() -> Any:
            log.append("start")
            return lambda: log.append("end")

        effect(start)
        return "body"

    page = Page(h.main[Outlet("side"), Show(shown, lambda: Portal("side")[Body()])])
    assert log == ["start"]
    shown.set(False)
    page.flush()
    assert (log, page.html) == (["start", "end"], "<main></main>")


def test_a_portal_may_stand_in_the_content_of_another_and_change_its_outlet() -> None:
    to = Signal("a")

    @component
    def Inner() -> object:
        return Portal(to())[h.b["inner"]]

    page = Page(h.main[h.i[Outlet("a")], h.u[Outlet("b")], Portal("a")["outer", Inner()]])
    assert page.html == "<main><i>outer<b>inner</b></i><u></u></main>"
    to.set("b")
    page.flush()
    assert page.html == "<main><i>outer</i><u><b>inner</b></u></main>"


def test_an_outlet_does_not_show_what_it_stands_in() -> None:
    page = Page(h.main[Portal("a")["a", Outlet("b"), Outlet("a")], Portal("b")["b", Outlet("a")]])
    assert (page.html, page.view.scope_count > 0) == ("<main></main>", True)


def test_nothing_is_left_when_the_view_closes() -> None:
    page = Page(h.main[Outlet("side"), Portal("side")[Counter()], Portal("none")[Counter()]])
    work = page.view._work
    page.close()
    assert (work.hidden, work.places, work.meetings) == (0, {}, {})


@pytest.mark.parametrize("make", [Portal, Outlet])
def test_a_name_comes_first(make: Any) -> None:
    with pytest.raises(TypeError, match="takes the name of an outlet first"):
        make(h.p["content"])
