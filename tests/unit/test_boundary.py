"""Error boundaries and the error view: rule 10."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from view_driver import Page

from vango import html as h
from vango.components.boundary import ErrorBoundary
from vango.components.component import component
from vango.components.lists import For
from vango.components.state import effect, memo, on_cleanup, signal
from vango.reactive.signals import Memo, Signal


def fallback(error: Exception, retry: Any) -> object:
    return h.button(id="retry", on_click=retry)[f"failed: {error}"]


def fail_when(flag: Any, message: str = "broken") -> None:
    if flag:
        raise ValueError(message)


def in_body(bad: Signal[bool]) -> object:
    @component
    def Part() -> object:
        fail_when(bad())
        return h.b["part"]

    return Part()


def in_slot(bad: Signal[bool]) -> object:
    return h.b[lambda: fail_when(bad()) or "part"]


def in_attribute(bad: Signal[bool]) -> object:
    return h.b(title=lambda: fail_when(bad()))["part"]


def in_memo(bad: Signal[bool]) -> object:
    @component
    def Part() -> object:
        return h.b[memo(lambda: fail_when(bad()) or "part")]

    return Part()


def below(bad: Signal[bool]) -> object:
    @component
    def Above() -> object:
        return h.i[in_body(bad)]

    return Above()


PLACES = [in_body, in_slot, in_attribute, in_memo, below]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("bounded", [True, False])
class TestWherever:
    def test_an_error_at_the_first_render_shows_and_a_change_recovers(
        self, place: Any, bounded: bool
    ) -> None:
        bad = Signal(True)
        page = self.page(place, bad, bounded)
        self.check(page, bounded, failed=True)
        bad.set(False)
        page.flush()
        self.check(page, bounded, failed=False)

    def test_an_error_at_a_later_render_shows_and_a_change_recovers(self, place: Any, bounded: bool) -> None:
        bad = Signal(False)
        page = self.page(place, bad, bounded)
        self.check(page, bounded, failed=False)
        for failed in (True, False, True, False):
            bad.set(failed)
            page.flush()
            self.check(page, bounded, failed=failed)
        assert len(page.errors) == 2

    def page(self, place: Any, bad: Signal[bool], bounded: bool) -> Page:
        thing = place(bad)
        return Page(h.div["around ", ErrorBoundary(thing, fallback=fallback) if bounded else thing])

    def check(self, page: Page, bounded: bool, *, failed: bool) -> None:
        assert failed == ("part" not in page.html)
        assert (bounded or not failed) == ("around " in page.html)
        assert (failed and bounded) == ("failed: broken" in page.html)
        assert (failed and not bounded) == ("vango-error" in page.html)


def test_state_survives_an_error_of_a_later_render() -> None:
    bad = Signal(False)

    @component
    def Counter() -> object:
        count = signal(0)
        fail_when(bad())
        return h.button(id="count", on_click=lambda: count.update(lambda n: n + 1))[count]

    @component
    def Other() -> object:
        count = signal(0)
        return h.button(id="other", on_click=lambda: count.update(lambda n: n + 1))[count]

    page = Page(h.div[Counter(), Other()])
    page.click("count")
    page.click("other")
    page.click("other")
    bad.set(True)
    page.flush()
    assert "vango-error" in page.html
    bad.set(False)
    page.flush()
    assert '<button id="count">1</button><button id="other">2</button>' in page.html
    page.click("count")
    page.click("other")
    assert '<button id="count">2</button><button id="other">3</button>' in page.html


def test_what_is_hidden_goes_on_and_comes_back_as_it_is_by_then() -> None:
    bad, ticks = Signal(False), Signal(0)
    page = Page(h.div[ErrorBoundary([in_body(bad), h.p[ticks]], fallback=fallback)])
    bad.set(True)
    page.flush()
    ticks.set(7)
    assert page.flush() == b""
    bad.set(False)
    page.flush()
    assert page.html == "<div><b>part</b><p>7</p></div>"
    ticks.set(8)
    page.flush()
    assert "<p>8</p>" in page.html


def test_the_nearest_boundary_takes_the_error() -> None:
    bad = Signal(True)
    page = Page(
        ErrorBoundary(
            h.div["outer ", ErrorBoundary(in_body(bad), fallback=lambda error, retry: h.p["inner failed"])],
            fallback=fallback,
        )
    )
    assert page.html == "<div>outer <p>inner failed</p></div>"


def test_a_fallback_that_raises_goes_one_up() -> None:
    bad, worse = Signal(True), Signal(False)

    def fragile(error: Exception, retry: Any) -> object:
        fail_when(worse(), "fallback too")
        return h.p["inner"]

    inner = ErrorBoundary(in_body(bad), fallback=fragile)
    page = Page(ErrorBoundary(h.div[inner], fallback=fallback))
    assert page.html == "<div><p>inner</p></div>"
    worse.set(True)
    page.flush()
    assert "failed: fallback too" in page.html
    worse.set(False)
    page.flush()
    assert page.html == "<div><p>inner</p></div>"
    bad.set(False)
    page.flush()
    assert page.html == "<div><b>part</b></div>"

    bad, worse = Signal(True), Signal(True)
    page = Page(ErrorBoundary(h.div[ErrorBoundary(in_body(bad), fallback=fragile)], fallback=fallback))
    assert "failed: fallback too" in page.html
    bad.set(False)
    worse.set(False)
    page.flush()
    assert page.html == "<div><b>part</b></div>"


def test_retry_mounts_the_child_anew() -> None:
    tries: list[int] = []

    @component
    def Flaky() -> object:
        tries.append(1)
        fail_when(len(tries) < 3, f"try {len(tries)}")
        return h.p["fine"]

    page = Page(ErrorBoundary(Flaky(), fallback=fallback))
    page.click("retry")
    assert "failed: try 2" in page.html
    page.click("retry")
    assert page.html == "<p>fine</p>"


def test_retry_after_a_later_error_drops_the_old_state() -> None:
    bad = Signal(False)
    log: list[str] = []

    @component
    def Counter() -> object:
        count = signal(0)
        on_cleanup(lambda: log.append("gone"))
        fail_when(bad())
        return h.button(id="count", on_click=lambda: count.update(lambda n: n + 1))[count]

    page = Page(ErrorBoundary(Counter(), fallback=fallback))
    page.click("count")
    bad.set(True)
    page.flush()
    log.clear()
    page.click("retry")
    assert "failed: broken" in page.html, "it raises still"
    assert "gone" in log
    bad.set(False)
    page.flush()
    assert page.html == '<button id="count">0</button>'


def test_a_new_child_from_the_owner_is_tried() -> None:
    good = Signal(False)

    @component
    def Owner() -> object:
        child = h.p["fine"] if good() else in_body(Signal(True))
        return ErrorBoundary(child, fallback=fallback)

    page = Page(Owner())
    assert "failed" in page.html
    good.set(True)
    page.flush()
    assert page.html == "<p>fine</p>"


def test_a_failing_child_that_its_owner_takes_away_frees_the_boundary() -> None:
    bad, shown = Signal(False), Signal(True)

    @component
    def Owner() -> object:
        return h.div["owner ", in_slot(bad) if shown() else None]

    page = Page(ErrorBoundary(Owner(), fallback=fallback))
    bad.set(True)
    page.flush()
    assert "failed" in page.html
    shown.set(False)
    page.flush()
    assert page.html == "<div>owner </div>"


def test_two_failures_show_until_both_are_well() -> None:
    one, two = Signal(False), Signal(False)
    page = Page(ErrorBoundary([in_slot(one), in_slot(two)], fallback=fallback))
    one.set(True)
    two.set(True)
    page.flush()
    one.set(False)
    page.flush()
    assert "failed: broken" in page.html
    two.set(False)
    page.flush()
    assert page.html == "<b>part</b><b>part</b>"


def test_what_was_half_mounted_is_disposed_and_its_effects_never_ran() -> None:
    log: list[str] = []
    bad = Signal(True)
    alive: list[weakref.ref[Any]] = []

    @component
    def Sibling() -> object:
        on_cleanup(lambda: log.append("sibling gone"))
        effect(lambda: log.append("effect"))
        alive.append(weakref.ref(signal(0)))
        return h.p["sibling"]

    page = Page(ErrorBoundary(h.div[Sibling(), in_body(bad)], fallback=fallback))
    gc.collect()
    assert log == ["sibling gone"]
    assert alive[0]() is None
    bad.set(False)
    page.flush()
    assert page.html == "<div><p>sibling</p><b>part</b></div>"
    assert log == ["sibling gone", "effect"]


def test_a_later_render_whose_new_child_raises_keeps_the_old_page_behind_the_fallback() -> None:
    more, bad = Signal(False), Signal(True)
    log: list[str] = []

    @component
    def Kept() -> object:
        on_cleanup(lambda: log.append("gone"))
        count = signal(0)
        return h.button(id="kept", on_click=lambda: count.update(lambda n: n + 1))[count]

    @component
    def Owner() -> object:
        return h.div[Kept(), in_body(bad) if more() else None]

    page = Page(ErrorBoundary(Owner(), fallback=fallback))
    page.click("kept")
    more.set(True)
    page.flush()
    assert "failed" in page.html
    bad.set(False)
    page.flush()
    assert page.html == '<div><button id="kept">1</button><b>part</b></div>'
    assert log == []


def test_the_error_view_shows_the_reference_and_only_for_developers_the_traceback() -> None:
    shown = Page(in_body(Signal(True))).html
    assert '<section class="vango-error" role="alert">' in shown
    assert "<code>E1</code>" in shown
    assert "Traceback" not in shown
    assert "broken" not in shown
    shown = Page(in_body(Signal(True)), debug=True).html
    assert "Traceback" in shown
    assert "ValueError: broken" in shown


def test_the_error_view_of_a_developer_begins_with_the_place() -> None:
    shown = Page(below(Signal(True)), debug=True).html
    assert "<pre>in_body.&lt;locals&gt;.Part (" in shown


@pytest.mark.parametrize("message", ["\0 and \ud800", "x" * 20_000_000], ids=["unshowable", "huge"])
def test_the_error_view_of_a_developer_shows_any_message(message: str) -> None:
    @component
    def Part() -> object:
        raise ValueError(message)

    shown = Page(Part(), debug=True).html
    assert "<pre>" in shown
    assert len(shown) < 100_000


@pytest.mark.parametrize("around", [below, lambda bad: ErrorBoundary(below(bad), fallback=fallback)])
def test_a_first_render_that_raises_is_reported_by_the_name_of_what_raised(around: Any) -> None:
    page = Page(around(Signal(True)))
    assert [where.partition(" (")[0] for where, _ in page.host.errors] == ["in_body.<locals>.Part"]


def test_a_fallback_that_raises_is_reported_by_its_name() -> None:
    def broken(error: Exception, retry: Any) -> object:
        raise ValueError("fallback")

    page = Page(ErrorBoundary(in_body(Signal(True)), fallback=broken))
    assert ["Part (" in page.host.errors[0][0], "broken (" in page.host.errors[1][0]] == [True, True]


def test_a_slot_of_a_signal_is_named_by_what_it_stands_in() -> None:
    @component
    def Owner() -> object:
        return h.p(title=Memo(lambda: 1 // 0))

    ((where, _),) = Page(Owner()).host.errors
    assert where.startswith("slot title= of a Memo in ")
    assert "Owner (" in where


def test_a_render_that_raised_takes_back_the_props_it_gave() -> None:
    bad, count = Signal(True), Signal(0)

    @component
    def Shown(n: int) -> object:
        return h.i[n]

    @component
    def Owner() -> object:
        now = count()
        return h.div[
            Shown(now),
            ErrorBoundary(Shown(now), fallback=fallback),
            For([now], key=lambda _: 0, render=lambda n: h.i[n]),
            lambda: str(now),
            in_body(bad) if now else None,
        ]

    page = Page(ErrorBoundary(Owner(), fallback=fallback))
    count.set(1)
    page.flush()
    assert "failed" in page.html
    bad.set(False)
    page.flush()
    assert page.html == "<div><i>1</i><i>1</i><i>1</i>1<b>part</b></div>"


def test_the_host_is_told_once_with_the_place() -> None:
    page = Page(h.div[in_body(Signal(True))])
    ((where, error),) = page.host.errors
    assert "Part (" in where
    assert str(error) == "broken"
    bad = Signal(False)
    page = Page(h.div[in_body(bad)])
    bad.set(True)
    page.flush()
    page.flush()
    ((where, _),) = page.host.errors
    assert "Part (" in where
    assert "test_boundary.py:" in where


def test_a_host_that_cannot_report_does_not_spread_the_error() -> None:
    bad = Signal(False)
    page = Page(in_body(bad))

    def report(error: BaseException, where: str, component: tuple[str, ...] = ()) -> str:
        raise RuntimeError("no disk")

    page.host.report = report  # type: ignore[method-assign]
    bad.set(True)
    page.flush()
    assert "vango-error" in page.html
    assert "Reference" not in page.html


@pytest.mark.parametrize("place", PLACES)
def test_an_exit_is_contained_like_an_error(place: Any) -> None:
    class Leaving(Signal[bool]):
        def __call__(self) -> bool:
            if super().__call__():
                raise SystemExit("bye")
            return False

    bad = Leaving(False)
    page = Page(h.div[place(bad)])
    bad.set(True)
    page.flush()
    assert "vango-error" in page.html
    bad.set(False)
    page.flush()
    assert "part" in page.html


def test_an_exit_in_an_effect_or_cleanup_is_contained() -> None:
    @component
    def Leaves() -> object:
        def leave() -> None:
            raise SystemExit

        effect(leave)
        on_cleanup(leave)
        return h.p["here"]

    page = Page(Leaves())
    page.close()
    assert [type(error) for _, error in page.host.errors] == [SystemExit, SystemExit]


def test_a_render_that_never_settles_is_an_error_of_its_scope() -> None:
    count = Signal(0)

    @component
    def Grows() -> object:
        count.set(count() + 1)
        return h.p["never"]

    page = Page(h.div["around ", ErrorBoundary(Grows(), fallback=fallback)])
    assert "rendered 100 times in one flush" in page.html
    assert "Grows (" in page.html
    assert "around " in page.html


def test_what_a_render_that_never_settles_wakes_below_is_not_blamed() -> None:
    stop = Signal(False)

    @component
    def Grows() -> object:
        count = signal(0)
        if not stop():
            count.set(count() + 1)
        return h.p[count, h.i(title=lambda: str(count()))[lambda: count()]]

    page = Page(h.div[ErrorBoundary(Grows(), fallback=fallback)])
    ((where, _),) = page.host.errors
    assert "Grows (" in where
    stop.set(True)
    page.flush()
    assert page.html == '<div><p>100<i title="100">100</i></p></div>'


@pytest.mark.parametrize(
    "inside", [lambda shown: shown, lambda shown: h.div[shown], lambda shown: lambda: shown]
)
def test_a_component_that_shows_itself_for_ever_is_named(inside: Any) -> None:
    @component
    def Mirror() -> object:
        return inside(Mirror())

    page = Page(h.div["around ", ErrorBoundary(Mirror(), fallback=fallback)])
    ((where, error),) = page.host.errors
    assert "Mirror (" in where or "test_boundary.py:" in where
    assert "does a component show itself" in str(error)
    assert "around " in page.html


def test_a_page_that_the_engine_refuses_is_an_error_view() -> None:
    deep = Signal(False)

    @component
    def Nest(level: int) -> object:
        inner: object = Nest(level=level - 1) if level else "bottom"
        for _ in range(60):
            inner = h.div[inner]
        return inner

    page = Page(h.div[lambda: Nest(level=6) if deep() else "shallow"])
    deep.set(True)
    page.flush()
    assert "vango-error" in page.html
    assert len(page.errors) == 1
    deep.set(False)
    page.flush()
    assert page.html == "<div>shallow</div>"


def test_misuse_says_what_to_write() -> None:
    with pytest.raises(TypeError, match="lambda error, retry"):
        ErrorBoundary("x", fallback=h.p["no function"])  # type: ignore[arg-type]


def test_closing_while_a_fallback_shows_disposes_what_is_hidden() -> None:
    bad = Signal(False)
    log: list[str] = []

    @component
    def Part() -> object:
        on_cleanup(lambda: log.append("gone"))
        return in_slot(bad)

    page = Page(ErrorBoundary(Part(), fallback=fallback))
    bad.set(True)
    page.flush()
    page.close()
    assert log == ["gone"]
    assert bad._observers is None
