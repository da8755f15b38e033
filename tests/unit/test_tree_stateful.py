"""A tree through any life: flushes with places, failures, refetches, lost bursts, resumes; after each step.

What it must show is kept beside it as plain Python, and a fresh tree of the same contents is the judge.
"""

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from strategies import TREES, click, distinct

from vango import core, html as h, protocol
from vango._core import EVENT_KINDS, Outbox, Tree, VNode, inflate, node

ROOT = 0
"""The place of the root."""
MOST = 60
"""Places of a page; beyond them a place is given a content without any."""


def slot() -> None:
    """Stand where a slot is mounted; the tests say what it shows."""


VALUES = st.none() | st.sampled_from(["", "a", "b"])
CLICKS = st.sampled_from([{}, {"on_click": click}])


@st.composite
def with_places(draw: st.DrawFn, below: st.SearchStrategy[object]) -> object:
    """Return an element or a fragment with slots among its children and its attributes."""
    children = distinct(draw(st.lists(st.just(slot) | below, max_size=5)))
    if draw(st.integers(0, 3)) == 0:
        return h.fragment(children, key=draw(st.none() | st.integers(0, 3)))
    attrs = dict.fromkeys(draw(st.sets(st.sampled_from(["title", "class_", "value"]))), slot)
    tag = draw(st.sampled_from([h.div, h.ul]))
    return tag(key=draw(st.none() | st.integers(0, 3)), **attrs, **draw(CLICKS))[tuple(children)]


CONTENTS = st.recursive(TREES | st.just(slot), with_places, max_leaves=6)


@dataclass
class Shown:
    """What one place shows: a node with the numbers of its places, or the value of an attribute."""

    content: VNode | str | None
    is_value: bool = False
    places: list[int] = field(default_factory=list)

    def standing(self) -> list[tuple[int, bool]]:
        """Return the path of each place in it, and whether it is a value."""
        if not isinstance(self.content, VNode):
            return []
        return [(path, attr is not None) for path, _, attr in self.content.places()]


Page = dict[int, Shown]
Update = tuple[int, VNode | str | None, list[int]]


def updates_of(page: Page, place: int = ROOT) -> list[Update]:
    """Return everything that `page` shows from `place` down, parents first."""
    shown = page[place]
    found = [(place, shown.content, shown.places)]
    for inner in shown.places:
        found += updates_of(page, inner)
    return found


def fresh(page: Page) -> Tree:
    """Return a tree that never showed anything else."""
    tree = Tree()
    tree.flush(updates_of(page))
    return tree


class Line:
    """An outbox, a client that gets its bursts late or never, and what it must show at each rev."""

    MOST_BYTES = 1 << 24

    def __init__(self, tree: Tree, ring_bursts: int, deflate: bool) -> None:
        self.tree, self.deflate = tree, deflate
        bounds = {"ring_bytes": 1 << 18, "window_bytes": 1 << 15, "part_bytes": self.MOST_BYTES}
        self.outbox = Outbox(1, ring_bursts=ring_bursts, **bounds)
        self.ring_bursts = ring_bursts
        self.client, self.rev = core.Model.from_snapshot(tree.snapshot()), 0
        self.pages = {0: tree.html()}
        self.sent: list[bytes] = []
        assert self.resume()

    def seal(self) -> bool:
        """Let one burst go on its way; False if none was due."""
        if not self.outbox.seal(self.tree, 0):
            return False
        self.pages.setdefault(self.outbox.rev, self.tree.html())
        while part := self.outbox.take():
            self.sent.append(part)
        return True

    def deliver(self) -> None:
        """Let what was sent first arrive."""
        for body in core.FrameReader(max_frame_bytes=2 * self.MOST_BYTES).feed(self.sent.pop(0)):
            burst = protocol.decode_body(body)
            payload = burst.payload
            if burst.flags & protocol.FLAG_DEFLATE:
                payload = inflate(payload, self.MOST_BYTES)
            if isinstance(burst, protocol.Snapshot):
                self.client = core.Model.from_snapshot(payload)
            else:
                assert burst.base == self.rev
                self.client.apply(payload)
            assert burst.rev > self.rev
            self.rev = burst.rev
            assert self.client.count == burst.count
            assert self.client.html() == self.pages[self.rev]

    def lose(self) -> None:
        """Cut the line: what is on its way never arrives."""
        self.sent.clear()

    def resume(self) -> bool:
        """Come back with what the client has; returns whether it goes on from there, without a snapshot."""
        self.lose()
        missing = self.outbox.rev - self.rev
        goes_on = self.outbox.attach(
            self.rev,
            deflate=self.deflate,
            templates=self.deflate,
            texts=self.deflate,
            lower=False,
            burst_bytes=self.MOST_BYTES,
        )
        assert goes_on == (not self.outbox.is_whole)
        assert not goes_on or missing <= self.ring_bursts
        return goes_on


class Life(RuleBasedStateMachine):
    """One tree, one client that has each burst at once, one behind an outbox, and what all must show."""

    def __init__(self) -> None:
        super().__init__()
        self.page: Page = {}
        self.tree = Tree()
        self.next_place = 1
        self.top = 0
        self.left: set[int] = set()
        self.live: set[int] = set()

    def draw_next(self, data: st.DataObject, at_least: set[int]) -> tuple[Page, list[Update]]:
        """Draw what the places `at_least` and some more show next, as the framework would find them."""
        page: Page = {}
        updates: list[Update] = []

        def show(place: int, is_value: bool, is_new: bool) -> None:
            old = None if is_new else self.page[place]
            if old is not None and place not in at_least:
                page[place] = old
                for inner, (_, inner_is_value) in zip(old.places, old.standing(), strict=True):
                    show(inner, inner_is_value, is_new=False)
                return
            page[place] = shown = Shown(None, is_value)
            if is_value:
                shown.content = data.draw(VALUES)
            else:
                shown.content = node(data.draw(CONTENTS if len(page) < MOST else TREES))
            known = dict(zip(old.standing(), old.places, strict=True)) if old else {}
            standing = shown.standing()
            kept = [known.get(entry) if data.draw(st.booleans()) else None for entry in standing]
            for number in kept:
                shown.places.append(number if number is not None else self.number())
            updates.append((place, shown.content, shown.places))
            for inner, number, (_, inner_is_value) in zip(shown.places, kept, standing, strict=True):
                show(inner, inner_is_value, is_new=number is None)

        show(ROOT, is_value=False, is_new=ROOT not in self.page)
        return page, updates

    def number(self) -> int:
        """Return the number of a new place."""
        self.next_place += 1
        return self.next_place

    def flush(self, page: Page, updates: list[Update]) -> bytes:
        """Flush what leads to `page`, and let the client follow."""
        burst = self.tree.flush(updates)
        if self.page:
            self.line.outbox.push(burst)
        self.page = page
        # At most everything was mounted anew, in a new element around the root.
        self.top += fresh(page).count + 1
        return burst

    @initialize(data=st.data(), ring_bursts=st.sampled_from([0, 3, 100]), deflate=st.booleans())
    def mount(self, data: st.DataObject, ring_bursts: int, deflate: bool) -> None:
        """Mount the first page; it writes nothing."""
        assert self.flush(*self.draw_next(data, {ROOT})) == b""
        self.client = core.Model.from_snapshot(self.tree.snapshot())
        self.line = Line(self.tree, ring_bursts, deflate)

    @rule(data=st.data())
    def change(self, data: st.DataObject) -> None:
        """Give some places their next content."""
        places = data.draw(st.sets(st.sampled_from(sorted(self.page)), min_size=1, max_size=4))
        burst = self.flush(*self.draw_next(data, places))
        assert core.encode(core.decode(burst)) == burst
        self.client.apply(burst)

    @rule()
    def repeat(self) -> None:
        """Show everything once more: nothing changes."""
        assert self.tree.flush(updates_of(self.page)) == b""

    @rule(data=st.data())
    def fail(self, data: st.DataObject) -> None:
        """Flush what cannot be: everything is as it was."""
        places = data.draw(st.sets(st.sampled_from(sorted(self.page)), min_size=1, max_size=3))
        _, updates = self.draw_next(data, places)
        at = data.draw(st.integers(0, len(updates) - 1))
        place, content, numbers = updates[at]
        wrong = {
            "another number of places": (place, content, [*numbers, self.number()]),
            "an unknown place": (self.number(), content, numbers),
            "no text": (place, "a\0", []),
            "no content": (place, 5, []),
            "too deep": (place, deep(), []),
            "without content": (place, h.p[slot], [self.number()]),
            "itself": (place, h.p[slot], [place]),
        }
        broken = [*updates[:at], data.draw(st.sampled_from(sorted(wrong))), *updates[at:]]
        twice = data.draw(st.booleans())

        def given():
            for update in broken:
                yield wrong[update] if isinstance(update, str) else update
            if twice:
                raise LookupError

        with pytest.raises((ValueError, TypeError, LookupError)):
            self.tree.flush(given())

    @rule(data=st.data())
    def refetch(self, data: st.DataObject) -> None:
        """A client that lost an element or a text asks for it."""
        hid = data.draw(st.integers(1, self.top + 1))
        op = self.tree.element(hid)
        if hid not in self.live:
            assert op is None
            return
        if op is None:
            assert len(self.live) == 1, "only a root that is no element cannot be fetched"
            return
        (patch,) = core.decode(op)
        client = core.Model.from_snapshot(self.tree.snapshot())
        lost = {"name": "lost", "value": ""}
        damage = (
            core.Patch("remove", hid=hid) if hid != patch.hid else core.Patch("set_attr", hid=hid, **lost)
        )
        client.apply(core.encode([damage]))
        assert client.html() != self.client.html()
        client.apply(op)
        assert client.html() == self.client.html()

    @rule(lower=st.booleans())
    def resume(self, lower: bool) -> None:
        """A client comes back and is given a snapshot."""
        client = core.Model.from_snapshot(self.tree.snapshot(lower=lower))
        assert client.count == self.client.count
        if not lower:
            self.client = client

    @rule()
    def seal(self) -> None:
        """Seal what is due."""
        self.line.seal()

    @precondition(lambda self: self.line.sent)
    @rule(acknowledged=st.booleans())
    def deliver(self, acknowledged: bool) -> None:
        """The client behind the outbox gets a burst, and may say so."""
        self.line.deliver()
        if acknowledged:
            self.line.outbox.acknowledge(self.line.rev)

    @rule()
    def come_back(self) -> None:
        """The line is cut, and the client behind the outbox resumes."""
        self.line.resume()

    @rule(data=st.data())
    def ask_outbox(self, data: st.DataObject) -> None:
        """The client behind the outbox asks for an element, for one that has left, or for everything."""
        self.line.outbox.refetch(data.draw(st.integers(0, self.top + 1)))

    @rule()
    def catch_up(self) -> None:
        """Everything arrives: the client behind the outbox has the tree, and nothing is held for it."""
        line = self.line
        while line.sent or line.seal():
            while line.sent:
                line.deliver()
            line.outbox.acknowledge(line.rev)
        line.outbox.acknowledge(line.rev)  # it may have had everything, and not said so
        assert line.client.html() == self.tree.html()
        assert line.rev == line.outbox.rev
        assert line.outbox.held_bytes == line.outbox.kept == 0

    def teardown(self) -> None:
        """A life ends when its last burst has arrived."""
        if self.page:
            self.catch_up()

    @invariant()
    def shows_what_it_should(self) -> None:
        """The client, the tree and a fresh tree agree."""
        if not self.page:
            return
        html = self.tree.html()
        assert self.client.html() == html
        judge = fresh(self.page)
        assert judge.html(hids=False) == self.tree.html(hids=False)
        assert judge.count == self.tree.count == self.client.count

    @invariant()
    def gives_no_hid_twice(self) -> None:
        """What has left does not come back."""
        live = {hid for hid in range(1, self.top + 1) if self.tree.is_live(hid)}
        assert len(live) == (self.tree.count if self.page else 0)
        assert not live & self.left
        self.left |= self.live - live
        self.live = live

    @invariant()
    def finds_its_handlers(self) -> None:
        """Each element that listens leads to the handler that was given."""
        if not self.page:
            return
        for hid, events in re.findall(r' data-hid="(\d+)" data-ev="(\d+)"', self.tree.html()):
            for kind in (kind for kind in EVENT_KINDS.values() if int(events) >> kind & 1):
                place, ref = self.tree.listener(int(hid), kind)
                assert self.page[place].content.target(ref) is click


def deep() -> VNode:
    """Return the deepest node that can be built: too deep below anything."""
    inner = h.p()
    for _ in range(255):
        inner = h.div[inner]
    return inner


TestLife = pytest.mark.slow(Life.TestCase)
TestLife.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
