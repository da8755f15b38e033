"""A view: handlers looked up, flushes, and that nothing leaks (rules 5, 6 and 9)."""

from __future__ import annotations

import gc
import weakref
from types import FunctionType
from typing import Any

import pytest
from view_driver import FakeHost, Page

from vango import html as h
from vango._core import EVENT_KINDS, fragment
from vango.components.boundary import ErrorBoundary
from vango.components.component import component
from vango.components.lists import For
from vango.components.scope import Scope
from vango.components.state import effect, memo, on_cleanup, signal
from vango.components.timers import interval
from vango.components.view import View
from vango.reactive.signals import Memo, Signal, batch

CLICK = EVENT_KINDS["click"]


class TestTheCounterOfTheDesign:
    def test_counts(self) -> None:
        @component
        def Counter(start: int = 0) -> object:
            count = signal(start)
            return h.div(class_="counter")[
                h.button(on_click=lambda: count.update(lambda n: n - 1))["-"],
                h.output[count],
                h.button(on_click=lambda: count.update(lambda n: n + 1))["+"],
            ]

        page = Page(Counter(start=3))
        page.click("+")
        page.click("+")
        page.click("-")
        assert "<output>4</output>" in page.html


class TestHandlers:
    """The right handler runs, whatever became of the element that carries it."""

    def setup_method(self) -> None:
        self.log: list[Any] = []
        self.again = Signal(0)

    def button(self, name: str, value: Any) -> Any:
        return h.button(id=name, on_click=(self.log.append, value))[name]

    def check(self, page: Page, *expected: Any, names: str = "abcdef") -> None:
        """Click every button that is there, in the order of their names."""
        self.log.clear()
        for name in names:
            if f'id="{name}"' in page.html:
                page.click(name)
        assert list(expected) == self.log

    def test_memoised(self) -> None:
        kept = self.button("a", "kept")

        @component
        def Body() -> object:
            return h.div[kept, self.button("b", self.again())]

        page = Page(Body())
        for number in (1, 2):
            self.again.set(number)
            page.flush()
            self.check(page, "kept", number)

    def test_memoised_inside_what_is_built_anew(self) -> None:
        kept = h.p[h.b[self.button("a", "kept")]]
        page = Page(component(lambda: h.div[h.i[self.again(), kept], self.button("b", self.again())])())
        self.again.set(1)
        page.flush()
        self.check(page, "kept", 1)

    def test_hoisted_to_the_module_and_shared_by_two_pages(self) -> None:
        hoisted = h.p[self.button("a", "hoisted")]
        pages = [Page(component(lambda: h.div[self.again(), hoisted])()) for _ in range(2)]
        self.again.set(1)
        for page in pages:
            page.flush()
            self.check(page, "hoisted")
        pages[0].close()
        self.check(pages[1], "hoisted")

    def test_handed_on_to_another_component(self) -> None:
        @component
        def Inner(part: Any, deeper: int) -> object:
            if deeper:
                return h.div[Inner(part=part, deeper=deeper - 1)]
            return h.div[part, self.button("b", "own")]

        @component
        def Outer() -> object:
            return Inner(part=self.button("a", self.again()), deeper=2)

        page = Page(Outer())
        self.check(page, 0, "own")
        self.again.set(1)
        page.flush()
        self.check(page, 1, "own")

    def test_mounted_twice(self) -> None:
        twice = h.p[self.button("a", "twice")]
        page = Page(component(lambda: h.div[self.again(), twice, h.i[twice]])())
        self.again.set(1)
        page.flush()
        hids = [hid for hid in range(1, 20) if page.view.target(hid, CLICK)]
        assert len(hids) == 2
        for hid in hids:
            target = page.view.target(hid, CLICK)
            assert target is not None
            target.fn(*target.args)
        assert self.log == ["twice", "twice"]

    def test_conditionally_preceded(self) -> None:
        first = Signal(False)

        @component
        def Body() -> object:
            value = self.again()
            return h.div[self.button("a", "first") if first() else None, self.button("b", f"second {value}")]

        page = Page(Body())
        self.check(page, "second 0")
        first.set(True)
        page.flush()
        self.check(page, "first", "second 0")
        first.set(False)
        self.again.set(1)
        page.flush()
        self.check(page, "second 1")

    def test_rekeyed_and_reordered(self) -> None:
        order = Signal([("k1", "a"), ("k2", "b"), ("k3", "c")])

        @component
        def Body() -> object:
            return h.div[[h.p(key=key)[self.button(name, f"{key} {name}")] for key, name in order()]]

        page = Page(Body())
        self.check(page, "k1 a", "k2 b", "k3 c")
        order.set([("k3", "c"), ("k1", "b"), ("k4", "a")])
        page.flush()
        self.check(page, "k4 a", "k1 b", "k3 c")

    def test_in_a_slot_a_row_and_a_fragment(self) -> None:
        items = Signal(["a", "b"])
        page = Page(
            fragment(
                [
                    For(items, key=str, render=lambda name: self.button(name, f"row {name}")),
                    lambda: self.button("c", f"slot {self.again()}"),
                    [self.button("d", "nested")],
                ]
            )
        )
        self.check(page, "row a", "row b", "slot 0", "nested")
        items.set(["b"])
        self.again.set(1)
        page.flush()
        self.check(page, "row b", "slot 1", "nested")

    def test_a_new_lambda_gives_no_patch_and_is_the_one_that_runs(self) -> None:
        @component
        def Body() -> object:
            now = self.again()
            return h.button(id="a", on_click=lambda: self.log.append(now))["x"]

        page = Page(Body())
        self.again.set(5)
        assert page.flush() == b""
        self.check(page, 5)

    def test_of_what_is_gone_is_not_found(self) -> None:
        shown = Signal(True)
        page = Page(h.div[lambda: self.button("a", 1) if shown() else None])
        hid = page.find("a")
        assert page.view.target(hid, CLICK)
        assert page.view.target(hid, EVENT_KINDS["input"]) is None
        shown.set(False)
        page.flush()
        assert page.view.target(hid, CLICK) is None
        assert page.view.target(999, CLICK) is None

    def test_a_target_says_what_it_is(self) -> None:
        def remove(row: int, event: object) -> None: ...

        @component
        def Body() -> object:
            self.again()
            return h.p[
                h.button(id="a", on_click=(remove, 7))["a"],
                h.button(id="b", on_click=lambda: None)["b"],
                h.input(id="c", on_input=lambda event: None),
            ]

        page = Page(Body())
        target = page.target("a")
        assert (remove, (7,), True) == (target.fn, target.args, target.takes_event)
        assert str(target).endswith(f"test_view.py:{remove.__code__.co_firstlineno}")
        assert not page.target("b").takes_event
        assert page.target("c", "input").takes_event
        keys = [page.target(name).key for name in "ab"]
        self.again.set(1)
        page.flush()
        assert keys == [page.target(name).key for name in "ab"], "a new lambda is the same handler"
        assert keys[0] != keys[1]


class TestFlush:
    def test_a_parent_rendered_after_its_child_has_the_child_once_with_its_state(self) -> None:
        again = Signal(0)
        renders: list[int] = []

        @component
        def Child() -> object:
            count = signal(0)
            renders.append(count())
            return h.button(id="child", on_click=lambda: count.update(lambda n: n + 1))["child ", count()]

        @component
        def Parent() -> object:
            return h.div[again(), Child()]

        page = Page(Parent())
        page.click("child")
        again.set(1)
        page.flush()
        assert page.html == '<div>1<button id="child">child 1</button></div>'
        assert renders == [0, 1]

    def test_parents_render_first_and_a_child_only_once(self) -> None:
        value = Signal([0])
        order: list[str] = []

        @component
        def Child(prop: list[int]) -> object:
            order.append("child")
            return h.p[value()[0]]

        @component
        def Parent() -> object:
            order.append("parent")
            return h.div[Child(prop=value())]

        page = Page(Parent())
        order.clear()
        value.set([1])
        page.flush()
        assert order == ["parent", "child"]

    def test_a_child_that_its_parent_takes_away_is_not_rendered(self) -> None:
        user: Signal[Any] = Signal({"name": "x"})
        page = Page(
            component(lambda: h.div[h.p[lambda: user()["name"]] if user() is not None else "nobody"])(),
        )
        user.set(None)
        page.flush()
        assert page.html == "<div>nobody</div>"
        assert page.errors == []

    def test_all_writes_of_a_stretch_are_one_flush(self) -> None:
        left, right = Signal(0), Signal(0)
        renders: list[int] = []

        @component
        def Body() -> object:
            renders.append(left() + right())
            return h.p[left(), right()]

        page = Page(Body())
        with batch():
            left.set(1)
            right.set(2)
        left.set(3)
        page.flush()
        assert renders == [0, 5]

    def test_a_memo_that_stays_the_same_renders_nothing(self) -> None:
        count = Signal(0)
        renders: list[int] = []
        big = Memo(lambda: count() > 5)

        @component
        def Body() -> object:
            renders.append(1)
            return h.p[str(big())]

        page = Page(Body())
        count.set(3)
        assert page.view.dirty
        assert page.flush() == b""
        count.set(9)
        page.flush()
        assert renders == [1, 1]
        assert page.html == "<p>True</p>"

    def test_the_host_is_woken_once_until_the_next_flush(self) -> None:
        count = Signal(0)
        page = Page(h.p[count, lambda: count()])
        before = page.host.wakes
        count.set(1)
        count.set(2)
        assert before + 1 == page.host.wakes
        page.flush()
        assert not page.view.dirty
        count.set(3)
        assert before + 2 == page.host.wakes

    def test_a_body_that_writes_settles_in_the_same_flush(self) -> None:
        count = Signal(10)

        @component
        def Body() -> object:
            limit = signal(0)
            if limit() < count():
                limit.set(count())
            return h.p[limit()]

        page = Page(Body())
        assert page.html == "<p>10</p>"
        count.set(20)
        page.flush()
        assert page.html == "<p>20</p>"
        assert not page.view.dirty

    def test_the_root_may_be_anything_and_change_into_anything(self) -> None:
        root: Signal[Any] = Signal("text")
        page = Page(root)
        for value, html in (
            (h.p["x"], "<p>x</p>"),
            ([h.i["a"], "b"], "<i>a</i>b"),
            (None, ""),
            ("end", "end"),
        ):
            root.set(value)
            page.flush()
            assert html == page.html
        assert Page(h.p["plain"]).html == "<p>plain</p>"

    def test_the_error_of_an_effect_outside_the_view_is_reported(self) -> None:
        count = Signal(0)

        @component
        def Body() -> object:
            effect(lambda: count.set(1))
            return None

        outside = effect(lambda: 1 // (1 - count()))
        page = Page(Body())
        outside.dispose()
        assert isinstance(page.host.errors[0][1], ZeroDivisionError)


class TestNothingLeaks:
    @pytest.mark.slow
    def test_ten_thousand_renders_leave_as_much_as_one(self) -> None:
        again = Signal(0)
        items = Signal([1, 2, 3])

        def press(number: int) -> None: ...

        @component
        def Leaf(number: int, on_press: Any) -> object:
            count = signal(0)
            effect(lambda: count() and None)
            on_cleanup(lambda: None)
            return h.button(on_click=on_press)[number, count, lambda: f"{again()}"]

        @component
        def Body() -> object:
            now = again()
            parity = h.p[Leaf(number=now, on_press=lambda: now)] if now % 2 else [h.i["even"], lambda: now]
            total = memo(lambda: now + sum(items()))
            return h.div[
                parity,
                Leaf(number=now, on_press=(press, now)),
                For(
                    items, key=lambda item: item, render=lambda item: h.li(on_click=(press, item))[now, again]
                ),
                h.p(title=lambda: f"{now}")[total],
            ]

        page = Page(Body())

        def counts() -> tuple[int, ...]:
            gc.collect()
            objects = gc.get_objects()
            return (
                sum(isinstance(each, Scope) for each in objects),
                page.view.scope_count,
                page.view.tree.count,
                len(page.view._work.places),
                len(again._observers or ()),
                len(items._observers or ()),
                sum(
                    isinstance(each, FunctionType)
                    and each.__qualname__.startswith("TestNothingLeaks.test_ten")
                    for each in objects
                ),
            )

        def render(times: int) -> None:
            for _ in range(times):
                again.update(lambda n: n + 1)
                page.view.flush()

        render(2)
        before = counts()
        render(10_000)
        assert before == counts()

    def test_closing_frees_every_scope_state_and_closure(self) -> None:
        alive: list[weakref.ref[Any]] = []

        class Captured:
            pass

        @component
        def Part(on_press: Any) -> object:
            captured = Captured()
            count = signal(0)
            double = memo(lambda: count() * 2)
            timer = interval(1, lambda: captured)
            running = effect(lambda: (captured, double()))
            for each in (captured, count, double, timer, running):
                alive.append(weakref.ref(each))
            return h.button(on_click=lambda: captured)[double, lambda: str(captured and count())]

        page = Page(
            h.div[
                ErrorBoundary(Part(on_press=lambda: None), fallback=lambda error, retry: "failed"),
                For([1, 2], key=str, render=lambda item: Part(on_press=(print, item))),
            ]
        )
        alive += [weakref.ref(each) for each in (page.view, page.view._root)]
        assert len(alive) == 15 + 2
        page.close()
        page.close()
        assert page.view.flush() == b""
        assert page.host.timers == {}
        del page
        gc.collect()
        assert [None] * len(alive) == [each() for each in alive]

    def test_a_closed_view_hears_nothing(self) -> None:
        count = Signal(0)
        page = Page(h.p[count, lambda: count()])
        page.close()
        wakes = page.host.wakes
        count.set(1)
        assert wakes == page.host.wakes
        assert not page.view.dirty
        assert count._observers is None
        page.view.go_live()

    def test_a_view_that_is_never_closed_is_collected(self) -> None:
        @component
        def Body() -> object:
            count = signal(0)
            effect(lambda: count() and None)
            return h.button(on_click=lambda: count.set(1))[count]

        view = View(Body(), FakeHost())
        view.mount()
        gone = weakref.ref(view)
        del view
        gc.collect()
        assert gone() is None

    @pytest.mark.parametrize("closed_by", ["close", "parent"])
    def test_children_end_before_their_parents(self, closed_by: str) -> None:
        log: list[str] = []
        shown = Signal(True)

        @component
        def Node(name: str, below: Any = None) -> object:
            on_cleanup(lambda: log.append(name))
            effect(lambda: lambda: log.append(f"effect {name}"))
            return h.div[below]

        @component
        def Body() -> object:
            return Node(name="a", below=Node(name="b", below=Node(name="c"))) if shown() else None

        page = Page(Body())
        if closed_by == "close":
            page.close()
        else:
            shown.set(False)
            page.flush()
        assert log == ["effect c", "c", "effect b", "b", "effect a", "a"]


class TestWhomAnEventReachedLast:
    """A view remembers that for the next event; nothing may be seen of it."""

    def test_a_handler_that_was_replaced_is_not_found_again(self) -> None:
        heard: list[int] = []

        @component
        def Box() -> object:
            round_ = signal(0)
            now = round_()
            return h.div[
                h.button(on_click=(heard.append, now))["tell"],
                h.i(on_click=lambda: round_.set(now + 1))["on"],
            ]

        page = Page(Box())
        for _ in range(3):
            page.click("tell")
            page.click("tell")
            page.click("on")
        assert heard == [0, 0, 1, 1, 2, 2]

    def test_a_forwarder_leads_to_the_newest_handler(self) -> None:
        heard: list[str] = []

        @component
        def Button(on_press: Any) -> object:
            return h.button(on_click=on_press)["press"]

        @component
        def Around() -> object:
            name = signal("a")
            now = name()
            return h.div[
                Button(on_press=lambda: heard.append(now)), h.i(on_click=lambda: name.set("b"))["on"]
            ]

        page = Page(Around())
        page.click("press")
        page.click("press")
        page.click("on")
        page.click("press")
        assert heard == ["a", "a", "b"]

    @pytest.mark.parametrize("leaves", [True, False], ids=["it leaves", "it is replaced"])
    def test_a_handler_that_is_on_no_page_is_freed(self, leaves: bool) -> None:
        class Marker:
            pass

        shown = Signal(0)
        markers: list[weakref.ref[Marker]] = []

        @component
        def Child() -> object:
            shown()
            marker = Marker()
            markers.append(weakref.ref(marker))
            return h.button(on_click=lambda: (marker, None)[1])["press"]

        page = Page(h.div[lambda: Child() if not leaves or shown() == 0 else None])
        page.click("press")
        page.click("press")
        first = markers[0]
        shown.set(1)
        page.flush()
        gc.collect()
        assert first() is None

    def test_a_closed_page_keeps_no_handler(self) -> None:
        class Marker:
            pass

        markers: list[weakref.ref[Marker]] = []

        @component
        def Button() -> object:
            marker = Marker()
            markers.append(weakref.ref(marker))
            return h.button(on_click=lambda: (marker, None)[1])["press"]

        page = Page(Button())
        page.click("press")
        page.close()
        gc.collect()
        assert markers[0]() is None
