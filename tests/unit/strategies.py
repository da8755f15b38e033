"""Random trees for property tests: keyed and unkeyed siblings, fragments, texts, raw HTML, properties."""

from hypothesis import strategies as st

from vango import html as h, svg
from vango.core import VNode

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
KEYS = st.none() | st.integers(0, 5) | st.sampled_from(["0", "a", b"0", (1, "a")])
NAMES = ["title", "id", "data-x", "hidden", "aria-label", "value", "zz"]
ATTRS = st.dictionaries(st.sampled_from(NAMES), TEXTS | st.booleans() | st.integers(0, 9), max_size=3)


def click() -> None:
    """Stand for a handler."""


EVENTS = st.dictionaries(st.sampled_from(["on_click", "on_input", "on_in_view"]), st.just(click), max_size=2)
TAGS = [h.div, h.p, h.ul, h.li, h.span, svg.svg, svg.g, svg.foreignObject]


@st.composite
def leaves(draw: st.DrawFn) -> object:
    """Return what has no children."""
    kind = draw(st.integers(0, 5))
    if kind <= 1:
        return draw(TEXTS)
    if kind == 2:
        return draw(st.sampled_from([None, False]))
    if kind == 3:
        return h.raw(draw(st.sampled_from(["", "<b>x</b>", "a<i></i>"])), key=draw(KEYS))
    if kind == 4:
        return h.textarea(value=draw(TEXTS), key=draw(KEYS), **draw(EVENTS))
    checked, value = draw(st.booleans()), draw(TEXTS)
    return h.input(type="checkbox", checked=checked, value=value, key=draw(KEYS), **draw(EVENTS))


def distinct(children: list[object]) -> list[object]:
    """Leave out what has the key of an earlier sibling."""
    seen: list[object] = []
    kept = []
    for child in children:
        key = child.key if isinstance(child, VNode) else None
        identity = (type(key), key)
        if key is None or identity not in seen:
            kept.append(child)
        if key is not None:
            seen.append(identity)
    return kept


@st.composite
def inner(draw: st.DrawFn, below: st.SearchStrategy[object]) -> object:
    """Return an element, a fragment or a list of what `below` gives."""
    children = distinct(draw(st.lists(below, max_size=5)))
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return h.fragment(children, key=draw(KEYS))
    if kind == 1:
        return children
    return draw(st.sampled_from(TAGS))(key=draw(KEYS), **draw(ATTRS), **draw(EVENTS))[tuple(children)]


TREES = st.recursive(leaves(), inner, max_leaves=12)
"""Anything that may be shown and holds neither a slot nor a component."""


@st.composite
def items(draw: st.DrawFn, key: int) -> VNode:
    """Return an item of one of two shapes, which the engine keeps as instances of templates."""
    cells = h.b(**draw(ATTRS))[str(key)], h.span(on_click=click, title=draw(TEXTS))[draw(TEXTS)]
    return h.li(key=key, title=draw(TEXTS))[cells] if draw(st.booleans()) else h.li(key=key)[cells, h.p]


@st.composite
def keyed_lists(draw: st.DrawFn) -> tuple[VNode, VNode]:
    """Return two lists of mostly the same keyed items in another order, as a table shows after a sort."""
    keys = draw(st.lists(st.integers(0, 20), unique=True, max_size=12))
    others = draw(st.permutations(keys))
    others = others[: draw(st.integers(0, len(others)))] + draw(
        st.lists(st.integers(21, 30), unique=True, max_size=3)
    )
    return (
        h.ul["before", [draw(items(key)) for key in keys], h.p],
        h.ul["before", [draw(items(key)) for key in others], h.p],
    )


PAIRS = st.tuples(TREES, TREES) | keyed_lists()
"""Two trees to go from one to the other."""
