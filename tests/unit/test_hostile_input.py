"""What no tree can hold, and objects that mean no good: a clear error, and nothing has happened."""

import itertools
import math
from collections.abc import Sequence
from uuid import UUID

import pytest

from vango import _core, core, html as h
from vango._core import Component, Tree

DEEPEST = 256
WIDEST = 100_000


def show():
    return "x"


def nested(levels, wrap, inner="a"):
    for _ in range(levels):
        inner = wrap(inner)
    return inner


def doubled(levels, leaf):
    """A few lines that stand for 2 ** levels of `leaf`."""
    for _ in range(levels):
        leaf = h.div[leaf, leaf]
    return leaf


class Text(str):
    """A text whose every method lies."""

    def __str__(self):
        raise AssertionError

    __len__ = __hash__ = __iter__ = __repr__ = __str__

    def __eq__(self, other):
        raise AssertionError


class Number(int):
    """An int that shows itself as markup."""

    def __str__(self):
        return "<b>"

    __repr__ = __index__ = __str__


class Real(float):
    def __str__(self):
        return "<b>"

    __repr__ = __str__


class Endless:
    """An iterable that gives itself, for ever."""

    def __iter__(self):
        while True:
            yield self


class Counted(list):
    """A list that claims to be larger than any memory."""

    def __len__(self):
        return 2**40


class Claims(Sequence):
    def __len__(self):
        return 2**40

    def __getitem__(self, index):
        if index:
            raise IndexError(index)
        return 7


class Raises:
    """Raises `error` from each of the special methods that are asked of a child."""

    def __init__(self, error, method):
        self.error, self.method = error, method

    def __getattribute__(self, name):
        if name == object.__getattribute__(self, "method"):
            raise object.__getattribute__(self, "error")
        return object.__getattribute__(self, name)


class Html:
    def __init__(self, html):
        self.html = html

    def __html__(self):
        return self.html() if callable(self.html) else self.html


class Iterated:
    def __init__(self, error):
        self.error = error

    def __iter__(self):
        raise self.error


class Unspeakable:
    def __repr__(self):
        raise RuntimeError("no name")


class Truth:
    def __init__(self, act):
        self.act = act

    def __bool__(self):
        return self.act()


def broken():
    yield h.li["a"]
    raise LookupError("in the middle")


def growing():
    items = ["a"]
    for item in items:
        items.append(item)
        yield item


def cyclic():
    one, other = [], []
    one.append((other,))
    other += [one, one]
    return one


TOO_DEEP = r"levels of a tree: 257 is over the limit of 256"
TOO_NESTED = "children are nested deeper than 256 levels; does a list contain itself"

REFUSED = {
    "elements too deep": (lambda: nested(DEEPEST, lambda it: h.div[it], h.p), ValueError, TOO_DEEP),
    "fragments too deep": (lambda: nested(DEEPEST, lambda it: h.fragment([it]), h.p), ValueError, TOO_DEEP),
    "raw HTML too deep": (
        lambda: nested(DEEPEST, lambda it: h.div[it], h.raw("<b>")), ValueError, "p?" + TOO_DEEP),
    "lists too deep": (lambda: h.p[nested(DEEPEST + 1, lambda it: [it])], ValueError, TOO_NESTED),
    "lists in elements": (
        lambda: h.p[nested(DEEPEST - 1, lambda it: [it])], ValueError, TOO_DEEP),
    "lists that hold each other": (lambda: h.p[cyclic()], ValueError, TOO_NESTED),
    "an iterable of itself": (lambda: h.p[Endless()], ValueError, TOO_NESTED),
    "too many children": (
        lambda: h.ul[["a"] * (WIDEST + 1)], ValueError, "an iterable gave more than 100000 children"),
    "too many arguments": (
        lambda: h.ul(*["a"] * (WIDEST + 1)),
        ValueError, "ul: children of one node: 100001 is over the limit of 100000"),
    "an infinite generator": (
        lambda: h.p[itertools.repeat("a")], ValueError, "an iterable gave more than 100000 children"),
    "a list that grows": (lambda: h.p[growing()], ValueError, "an iterable gave more than 100000 children"),
    "an infinite generator of large lists": (
        lambda: h.p[itertools.repeat(h.ul[["a"] * WIDEST])],
        ValueError, "an iterable gave children of more than 4194304 nodes"),
    "more nodes than memory": (
        lambda: doubled(40, h.p["a"]),
        ValueError, "div: nodes of one tree: 6291455 is over the limit of 4194304"),
    "more places than memory": (
        lambda: doubled(40, h.p[show]),
        ValueError, "div: nodes of one tree: .* is over the limit of 4194304"),
    "a generator that raises": (lambda: h.ul[broken()], LookupError, "in the middle"),
    "a lone surrogate": (lambda: h.p["a\ud800"], ValueError, r"the text 'a\\ud800' holds a lone surrogate"),
    "a surrogate in an attribute": (lambda: h.p(title="\udfff"), ValueError, "holds a lone surrogate"),
    "a surrogate in a class": (lambda: h.p(class_=["\udfff"]), ValueError, "holds a lone surrogate"),
    "a surrogate in a key": (lambda: h.p(key="\udfff"), ValueError, "holds a lone surrogate"),
    "a surrogate in a name": (lambda: h.p(**{"data_\udfff": "a"}), ValueError, "holds a lone surrogate"),
    "a surrogate in raw HTML": (lambda: h.raw("\udfff"), ValueError, "holds a lone surrogate"),
    "NUL": (lambda: h.p["a\0"], ValueError, r"a text cannot contain NUL \(U\+0000\)"),
    "NUL in an attribute": (lambda: h.p(title="a\0"), ValueError, "p: a text cannot contain NUL"),
    "NUL in raw HTML": (lambda: h.raw("a\0"), ValueError, "a text cannot contain NUL"),
    "NUL in a name": (lambda: h.p(**{"data-\0": 1}), ValueError, r'p: "data-\\0" cannot be a name in HTML'),
    "a space in a name": (lambda: h.p(**{"a b": 1}), ValueError, 'p: "a b" cannot be a name in HTML'),
    "> in a name": (lambda: h.p(**{"a>b": 1}), ValueError, 'p: "a>b" cannot be a name in HTML'),
    "= in a name": (lambda: h.p(**{"a=b": None}), ValueError, 'p: "a=b" cannot be a name in HTML'),
    "no name": (lambda: h.p(**{"": 1}), ValueError, 'p: "" cannot be a name in HTML'),
    "a space in a tag": (lambda: h.Tag("a b"), ValueError, '"a b" cannot be a name in HTML'),
    "> in a tag": (lambda: h.Tag("a>"), ValueError, '"a>" cannot be a name in HTML'),
    "NUL in a tag": (lambda: h.Tag("a\0"), ValueError, r'"a\\0" cannot be a name in HTML'),
    "a key twice": (
        lambda: h.ul[h.li(key="x"), h.p(key="x")],
        ValueError, 'ul: two siblings have the key "x"; give each'),
    "a tuple twice": (
        lambda: h.ul[h.li(key=(1, b"a")), h.li(key=(1, b"a"))],
        ValueError, r'ul: two siblings have the key \(1, b"a"\)'),
    "a key twice in a list": (
        lambda: h.ul[[h.li(key=1), "a", h.li(key=1)]], ValueError, "two siblings have the key 1"),
    "a float as key": (lambda: h.p(key=math.nan), TypeError, "key=nan: a key is a str, int, bytes, UUID"),
    "a bool as key": (lambda: h.p(key=True), TypeError, "key=True: a key is a str, int, bytes, UUID"),
    "a list as key": (lambda: h.p(key=[1]), TypeError, r"key=\[1\]: a key is a str"),
    "a list in a key": (lambda: h.p(key=(1, [1])), TypeError, r"key=\[1\]: a key is a str"),
    "a node as key": (lambda: h.p(key=h.p()), TypeError, "key=<p>: a key is a str"),
    "an int too large for a key": (
        lambda: h.p(key=2**127),
        ValueError, "a key is an int of at most 127 bits"),
    "tuples too deep for a key": (
        lambda: h.p(key=nested(9, lambda it: (it,))),
        ValueError, "the tuples of a key are nested deeper than 8"),
    "a number too long": (lambda: h.p[10**5000], ValueError, "Exceeds the limit"),
    "an attribute twice": (
        lambda: h.p(**{"data_x": "a", "data-x": "b"}),
        TypeError, 'attribute "data-x" is given twice'),
    "an iterator that raises": (lambda: h.p[Iterated(OSError("disk"))], OSError, "disk"),
    "an __iter__ that gives no iterator": (
        lambda: h.p[type("No", (), {"__iter__": lambda self: 1})()],
        TypeError, "iter.* returned non-iterator"),
    "an __html__ that raises": (lambda: h.p[Html(lambda: 1 / 0)], ZeroDivisionError, "division by zero"),
    "an __html__ that gives bytes": (
        lambda: h.p[Html(b"<b>")], TypeError, r"Html.__html__\(\) gave a bytes, not a str"),
    "an __html__ with a surrogate": (lambda: h.p[Html("\ud800")], ValueError, "holds a lone surrogate"),
    "an __html__ that asks for itself": (
        lambda: h.p[(it := Html(lambda: str(h.p[it])))], RecursionError, "maximum recursion depth"),
    "attributes that raise": (lambda: h.p[Raises(OSError("gone"), "__html__")], OSError, "gone"),
    "a condition that raises": (
        lambda: h.p(class_={"a": Truth(lambda: 1 / 0)}), ZeroDivisionError, "division by zero"),
    "a condition that is none": (
        lambda: h.p(class_={"a": Truth(lambda: "yes")}), TypeError, "__bool__ should return bool"),
    "an object without a name": (
        lambda: h.p[Unspeakable()],
        TypeError, r"a Unspeakable \(Unspeakable\) cannot be"),
    "an attribute without a name": (
        lambda: h.p(title=Unspeakable()), TypeError, 'attribute "title" cannot be a Unspeakable'),
}  # fmt: skip


@pytest.mark.parametrize(("build", "error", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence(build, error, sentence):
    with pytest.raises(error, match=sentence) as raised:
        build()
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize(("build", "error", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_tree_that_was_to_show_it_shows_what_it_did(build, error, sentence):
    tree = core.Tree(h.ul[h.li(key=1)["a"]])
    before = tree.snapshot()
    with pytest.raises(error, match=sentence):
        tree.commit(h.ul[h.li(key=1)["b"], build()])
    assert before == tree.snapshot()
    assert [core.Patch("set_text", hid=3, text="c")] == list(tree.commit(h.ul[h.li(key=1)["c"]]))


def test_lists_up_to_the_limits_are_shown():
    assert nested(DEEPEST - 2, lambda it: h.div[it], h.p["a"]).tag == "div"
    assert str(h.p[nested(DEEPEST - 2, lambda it: [it])]) == "<p>a</p>"
    assert len(h.ul[["a"] * WIDEST].children[0].children) == WIDEST


SHOWN = [
    (lambda: h.p(Text("<a>"), title=Text("b"), key=Text("k"), class_=[Text("c")]),
     '<p class="c" title="b">&lt;a&gt;</p>'),
    (lambda: h.p(title=Number(3))[Number(3), Number(10**30)], f'<p title="3">3{10**30}</p>'),
    (lambda: h.p(title=Real(1.5))[Real(1.5)], '<p title="1.5">1.5</p>'),
    (lambda: h.p(title=math.nan)[math.nan, math.inf, -math.inf, -0.0], '<p title="nan">naninf-inf-0.0</p>'),
    (lambda: h.p[10**4000], f"<p>{10**4000}</p>"),
    (lambda: h.p[[h.b(key=key) for key in (UUID(int=1), 1, "1", b"1", (1,))]], f"<p>{'<b></b>' * 5}</p>"),
    (lambda: h.p[Counted("ab")], "<p>ab</p>"),
    (lambda: h.p["\r\n\x01\u2028\ufffe\U0010ffff"], "<p>&#13;\n\x01\u2028\ufffe\U0010ffff</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "html"), SHOWN)
def test_what_is_odd_and_can_be_shown(build, html):
    assert html == str(build())


def test_keys_that_look_alike_differ_and_those_that_are_equal_do_not():
    assert h.p(key=Text("k")) == h.p(key="k")
    assert h.p(key=Number(3)) == h.p(key=3)
    with pytest.raises(ValueError, match="two siblings have the key 3"):
        h.ul[h.li(key=Number(3)), h.li(key=3)]


def test_a_dict_that_changes_while_it_is_read_is_read_as_it_was():
    classes, style = {}, {}

    def add():
        classes[f"c{len(classes)}"] = style[f"s{len(style)}"] = True
        return True

    classes |= {"a": Truth(add), "b": Truth(add)}
    assert h.p(class_=classes).attrs == {"class": "a b"}
    assert len(classes) == 4


def test_a_list_that_changes_while_it_is_read_is_read_as_a_loop_reads_it():
    items = []
    items += [Html(lambda: items.clear() or "<b>"), "never"]
    assert str(h.p[items]) == "<p><b></p>"


def test_who_says_how_long_it_is_is_not_believed():
    tree = Tree()
    updates = Counted([(0, h.p[show], Claims()), (7, "a", [])])
    tree.flush(updates)
    tree.flush([(0, h.p[show], Counted([7]))])
    assert tree.html(hids=False) == "<p>a</p>"

    class Asked:
        def __iter__(self):
            return iter("ab")

        def __len__(self):
            raise AssertionError("to be iterated is enough")

    assert str(h.p[Asked()]) == "<p>ab</p>"


WRONG_FLUSHES = [
    (lambda: itertools.repeat((7, "a", [])), "a flush of more than 4194304 updates"),
    (lambda: [(0, h.p[show], itertools.repeat(7))], "an update bound more than 4194304 places"),
    (lambda: [(7, "a", []), 1 / 0], "division by zero"),
    (lambda: iter([(7, "a", []), (7, "b", [])]), "place 7 would be in the tree twice"),
    (lambda: [(7, "\ud800", [])], "holds a lone surrogate"),
    (
        lambda: [(7, nested(255, lambda it: h.b[it], h.b), [])],
        "levels of a tree: 25[89] is over the limit of 256",
    ),
    (lambda: [(-1, "a", [])], r"\(-1, 'a', \[\]\): an update is \(place, content, places\)"),
    (lambda: [(2**64, "a", [])], r"an update is \(place, content, places\)"),
    (lambda: [(7, "a", [-1])], r"an update is \(place, content, places\)"),
    (lambda: [(7, "a", 5)], r"an update is \(place, content, places\)"),
    (lambda: [(7, "a", Iterated(OSError("disk")))], "disk"),
    (lambda: [[7, "a", []]], r"an update is \(place, content, places\)"),
    (lambda: 5, "not iterable"),
]


@pytest.mark.parametrize(("updates", "sentence"), WRONG_FLUSHES)
def test_a_flush_of_what_cannot_be_changes_nothing(updates, sentence):
    tree = Tree()
    tree.flush([(0, h.div[show], [7]), (7, "a", [])])
    before = tree.snapshot()
    with pytest.raises((ValueError, TypeError, ArithmeticError, OSError), match=sentence):
        tree.flush(updates())
    assert before == tree.snapshot()
    tree.flush([(7, "b", [])])
    assert tree.html(hids=False) == "<div>b</div>"


@pytest.mark.parametrize("place", [show, Component(), h.p[show], h.p(title=show), [[show]]])
def test_a_slot_given_to_the_engine_is_refused_by_name(place):
    tree = core.Tree("a")
    before = tree.snapshot()
    for use in (core.Tree, tree.commit, lambda it: core.diff("a", it)):
        with pytest.raises(TypeError, match=r"takes a tree without slots and components, this one holds <"):
            use(place)
    assert before == tree.snapshot()


def test_an_infinite_burst_is_refused():
    with pytest.raises(ValueError, match="a burst of more than 4194304 patches"):
        core.encode(itertools.repeat(core.Patch("remove", hid=1)))
    with pytest.raises(ValueError, match="a list of more than 4194304 items"):
        _core.encode_message(0x60, 0, (itertools.repeat(1),))
