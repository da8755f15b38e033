"""What a render returns: reading it, comparing it, and the places in it."""

import pytest

from vango import html as h, svg
from vango._core import Component, Slot, Tree, node


class Signal(Slot):
    pass


def show():
    return "x"


def other():
    return "x"


class Rows:
    def show(self):
        return "x"


def test_reading_a_node():
    element = h.ul(class_="menu", key=1)[h.li["a"], None, "b", [h.li], h.raw("<b>"), show]
    assert (element.tag, element.key, element.attrs) == ("ul", 1, {"class": "menu"})
    item, text, listed, raw, place = element.children
    assert (h.li["a"], "b", h.raw("<b>")) == (item, text, raw)
    assert (item.tag, item.children) == ("li", ("a",))
    assert (None, (h.li(),), {}) == (listed.tag, listed.children, listed.attrs)
    assert (place.tag, place.children, place.place_count) == (None, (), 1)


REPRS = [
    (h.p(), "<p>"),
    (h.p["a"], "<p: 1 child>"),
    (h.ul(key=1)[h.li, None], "<ul key=1: 2 children>"),
    (h.ul(key=("a", b"b", 2)), '<ul key=("a", b"b", 2)>'),
    (h.fragment(["a", "b"]), "<fragment: 2 children>"),
    (h.raw("<b>"), '<raw "<b>">'),
    (node("text"), '<text "text">'),
    (node("é" * 41), '<text "' + "é" * 40 + '"…>'),
    (node(None), "<nothing>"),
    (node(show), "<place>"),
    (h.p, "<Tag p>"),
]


@pytest.mark.parametrize(("value", "text"), REPRS)
def test_a_repr_is_short(value, text):
    assert text == repr(value)


HTML = [
    (h.p(title='"<&>'), '<p title="&quot;&lt;&amp;&gt;"></p>'),
    (h.p["<&>"], "<p>&lt;&amp;&gt;</p>"),
    (h.p["a", h.br, [1, None], h.raw("<i>")], "<p>a<br>1<i></p>"),
    (h.fragment(["a", h.p]), "a<p></p>"),
    (h.input(value="a", checked=True), '<input checked="" value="a">'),
    (h.textarea["a<"], "<textarea>a&lt;</textarea>"),
    (h.p(title=show, lang="en")[show, Component()], '<p lang="en"></p>'),
    (svg.svg(viewBox="0 0 1 1")[svg.foreignObject[h.p]],
     '<svg viewBox="0 0 1 1"><foreignObject><p></p></foreignObject></svg>'),
    (node(None), ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "html"), HTML)
def test_a_str_is_html(value, html):
    assert html == str(value) == value.__html__()


METHOD = Rows()

EQUAL = [
    (h.p(), h.p()),
    (h.p["a"], h.p("a")),
    (h.p(title="a", lang="b"), h.p(lang="b", title="a")),
    (h.p(on_click=show), h.p(on_click=other)),
    (h.p[show], h.p[show]),
    (h.p(title=show), h.p(title=show)),
    (h.p[METHOD.show], h.p[METHOD.show]),
    (h.ul[h.li(key=1)], h.ul[h.li(key=1)]),
    (h.raw("<b>", key=1), h.raw("<b>", key=1)),
    (h.fragment(["a"]), h.fragment(iter("a"))),
]


@pytest.mark.parametrize(("a", "b"), EQUAL)
def test_equal_structure(a, b):
    assert a == b
    assert b == a


DIFFERENT = [
    (h.p(), h.div()),
    (h.p(key=1), h.p(key=2)),
    (h.p(key=1), h.p(key="1")),
    (h.p(title="a"), h.p(title="b")),
    (h.p(title="a"), h.p(lang="a")),
    (h.p(title="a"), h.p()),
    (h.p["a"], h.p["b"]),
    (h.p["a"], h.p["a", None]),
    (h.p["a"], h.p[h.raw("a")]),
    (h.p["a", "b"], h.p[["a", "b"]]),
    (h.p(on_click=show), h.p(on_input=show)),
    (h.p[show], h.p[other]),
    (h.p[Signal()], h.p[Signal()]),
    (h.p[Component()], h.p[Component()]),
    (h.p(title=show), h.p(title=other)),
    (h.p(title=show), h.p(title="x")),
    (h.p[METHOD.show], h.p[Rows().show]),
    (h.p(), "<p></p>"),
    (h.p(), None),
]


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_different_structure(a, b):
    assert a != b
    assert b != a


def test_a_node_is_not_hashable():
    with pytest.raises(TypeError, match="unhashable type"):
        hash(h.p())


def test_brackets_append():
    base = h.ul(class_="a", key=1)["a"]
    assert h.ul("a", "b", ["c"], class_="a", key=1) == base["b", ["c"]]
    assert h.ul("a", class_="a", key=1) == base
    assert h.fragment(["a", "b"], key=2) == h.fragment(["a"], key=2)["b"]
    with pytest.raises(TypeError, match="only an element or a fragment takes children"):
        h.raw("<b>")["a"]


def test_a_node_may_be_anything_that_can_be_shown():
    element = h.p["a"]
    assert element is node(element)
    assert h.fragment(["a", "b"]) == node(["a", "b"])
    assert (str(node(7)), node(7).tag) == ("7", None)
    assert "" == str(node(None)) == str(node(False))
    assert h.fragment("a") == h.fragment(["a"])


def paths(value):
    return [path for path, _, _ in node(value).places()]


def path(value):
    (only,) = paths(value)
    return only


SAME_PATH = [
    (h.p[show], h.p[other]),
    (h.p["a", show], h.p["b", show]),
    (h.p["a", show], h.p[h.b, show]),
    (h.p[None, show], h.p["a", show]),
    (h.p[False, show], h.p[["a", "b", "c"], show]),
    (h.p[[], show], h.p[None, show]),
    (h.p[show], h.p[show, "a"]),
    (h.p(title="a")[show], h.p(title="b")[show]),
    (h.p[h.b(key=1)[show]], h.p["a", "b", h.b(key=1)[show]]),
    (h.p[Component(key="k")], h.p["a", Component(key="k")]),
    (h.p(title=show), h.p(title=show, lang="x")["a"]),
]


@pytest.mark.parametrize(("a", "b"), SAME_PATH)
def test_a_place_continues(a, b):
    assert path(a) == path(b)


OTHER_PATH = [
    (h.p[show], h.div[show]),
    (h.p[show], h.p["a", show]),
    (h.p[show], h.p[[show]]),
    (h.p[h.b[show]], h.p[h.i[show]]),
    (h.p[h.b(key=1)[show]], h.p[h.b(key=2)[show]]),
    (h.p[h.b(key=1)[show]], h.p[h.b[show]]),
    (h.p[h.b(key=0)[show]], h.p[h.b[show]]),
    (h.p[Component(key="1")], h.p[Component(key=1)]),
    (h.p(title=show), h.p(lang=show)),
    (h.p(title=show), h.p[show]),
    (show, h.p[show]),
    (show, [show]),
]


@pytest.mark.parametrize(("a", "b"), OTHER_PATH)
def test_a_place_begins_anew(a, b):
    assert path(a) != path(b)


def test_places_of_one_tree_have_different_paths():
    tree = h.div(title=show, lang=show)[show, [show, show], h.p(title=show)[show], [[show]], show]
    assert 9 == tree.place_count == len(set(paths(tree)))


@pytest.mark.parametrize("rows", [1, 8, 9, 300])
def test_places_stand_in_document_order(rows):
    calls = [Component(key=i) for i in range(rows)]
    tree = h.table[[h.tr[h.td(title=show)[call]] for call in calls]]
    found = [(target, attr) for _, target, attr in tree.places()]
    assert [entry for call in calls for entry in ((show, "title"), (call, None))] == found
    assert found == [(target, attr) for _, target, attr in h.div[h.p["a"], tree].places()]


def test_a_node_without_places_is_not_searched():
    assert h.p(on_click=show)["a", h.b].places() == []
    assert h.p["a"].place_count == 0


def test_one_node_may_stand_twice():
    slot = h.p[show]
    tree = h.div[slot, slot]
    assert [show, show] == [target for _, target, _ in tree.places()]
    assert len(set(paths(tree))) == 2
    live = Tree()
    live.flush([(0, tree, [1, 2]), (1, "a", []), (2, "b", [])])
    assert live.html(hids=False) == "<div><p>a</p><p>b</p></div>"
