"""The engine's public face, as DESIGN writes it, and the tree that a session flushes."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vango import _core, core, html as h
from vango._core import BUILD_PROFILE, EVENT_KINDS, Component, Tree

OLD = h.ul[h.li(key=1)["a"], h.li(key=2)["b"]]
NEW = h.ul[h.li(key=2)["b"], h.li(key=1)["A"]]


def test_the_snippet_of_the_design():
    old, new = OLD, NEW

    patches = core.diff(old, new)
    data = core.encode(patches)
    assert core.decode(data) == list(patches)

    tree = core.Tree(old)
    assert tree.html() == '<ul data-hid="1"><li data-hid="2">a</li><li data-hid="4">b</li></ul>'
    assert tree.count == 5
    assert tree.snapshot() == core.Tree(old).snapshot()
    patches = tree.commit(new)
    assert data == core.encode(patches)
    model = core.Model.from_snapshot(core.Tree(old).snapshot())
    model.apply(data)
    assert model.html(hids=False) == core.Tree(new).html(hids=False)
    assert model.count == 5


def test_the_engine_needs_no_event_loop_and_no_server():
    code = (
        "import sys; from vango import core, html, svg; "
        "print([name for name in ('anyio', 'asyncio', 'starlette', 'uvicorn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_debug_build_says_so():
    code = "import warnings; warnings.simplefilter('error'); import vango._core"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (BUILD_PROFILE == "debug") is ("vango._core is a debug build" in done.stderr)


def test_patches_are_a_sequence():
    patches = core.diff(OLD, NEW)
    assert isinstance(patches, Sequence)
    assert [core.Patch("set_text", hid=3, text="A"), core.Patch("move", hid=4, parent=1, before=2)] == list(
        patches
    )
    assert len(patches) == 2
    assert patches[0] == patches[-2]
    assert [patches[1], patches[0]] == patches[::-1]
    assert (patches.index(patches[1]), patches.count("no patch")) == (1, 0)
    assert patches[0] in patches
    assert patches == core.diff(OLD, NEW) != core.diff(OLD, OLD)
    assert repr(patches) == "<Patches: 2>"
    with pytest.raises(IndexError):
        patches[2]
    with pytest.raises(ValueError, match="is not in list"):
        patches.index(core.Patch("remove", hid=9))


PATCHES = [
    ("set_text", {"hid": 1, "text": "a"}, 'Patch("set_text", hid=1, text="a")'),
    ("set_attr", {"hid": 1, "name": "id", "value": "x"}, 'Patch("set_attr", hid=1, name="id", value="x")'),
    ("remove", {"hid": 1}, 'Patch("remove", hid=1)'),
    ("set_events", {"hid": 1, "events": 3}, 'Patch("set_events", hid=1, events=3)'),
    ("remove_attr", {"hid": 1, "name": "id"}, 'Patch("remove_attr", hid=1, name="id")'),
    ("move", {"hid": 1, "parent": 2, "before": 0}, 'Patch("move", hid=1, parent=2, before=0)'),
]


@pytest.mark.parametrize(("op", "fields", "text"), PATCHES)
def test_a_patch_made_by_hand(op, fields, text):
    patch = core.Patch(op, **fields)
    assert text == repr(patch)
    assert op == patch.op
    assert fields == {name: getattr(patch, name) for name in fields}
    assert [patch] == core.decode(core.encode([patch]))
    assert len({patch, core.Patch(op, **fields)}) == 1


def test_an_insert_made_by_hand_numbers_its_node():
    patch = core.Patch("insert", parent=1, before=0, hid=7, node=h.li["a", h.b, None, ["c"]])
    assert (patch.hid, patch.parent, patch.before, patch.html) == (7, 1, 0, "<li>a<b></b>c</li>")
    model = core.Model.from_snapshot(core.Tree(OLD).snapshot())
    model.apply(core.encode([patch]))
    assert model.html().endswith('<li data-hid="7">a<b data-hid="9"></b>c</li></ul>')
    assert model.count == 9


WRONG_PATCHES = [
    ("replace", {}, ValueError, '"replace" is no patch; write set_text, set_attr, remove, insert'),
    ("remove", {}, TypeError, "a remove patch needs hid="),
    ("remove", {"hid": 0}, ValueError, "hid=0: hids count from 1"),
    ("remove", {"hid": 2**32}, TypeError, "hid=4294967296: an int from 0 to 2**32 - 1"),
    ("remove", {"hid": 1, "text": "a"}, TypeError, "a remove patch has 1 fields, 2 were given"),
    ("set_text", {"hid": 1, "text": 1}, TypeError, "text=1: a str"),
    ("set_attr", {"hid": 1, "name": "onclick", "value": ""}, ValueError, "inline handlers are refused"),
    ("set_events", {"hid": 1, "events": 1 << 31}, ValueError, "events= has bits 0 to 30"),
    ("insert", {"parent": 1, "before": 0, "hid": 2, "node": ["a"]}, TypeError, "is exactly one element"),
    ("insert", {"parent": 1, "before": 0, "hid": 2, "node": h.p[print]}, TypeError, "without slots"),
]  # fmt: skip


@pytest.mark.parametrize(("op", "fields", "error", "sentence"), WRONG_PATCHES)
def test_a_patch_that_cannot_be(op, fields, error, sentence):
    with pytest.raises(error) as raised:
        core.Patch(op, **fields)
    assert sentence in str(raised.value)


def show():
    return "x"


WITH_PLACES = [h.p[show], h.p(title=show), h.p[[h.b[Component()]]], show, Component()]


@pytest.mark.parametrize("root", WITH_PLACES)
def test_what_only_a_session_can_run_is_refused_by_name(root):
    sentence = "takes a tree without slots and components, this one holds <.*(show|Component)"
    for use in (
        core.Tree,
        core.Tree("a").commit,
        lambda it: core.diff(it, "a"),
        lambda it: core.diff("a", it),
    ):
        with pytest.raises(TypeError, match=sentence):
            use(root)


def test_handlers_count_by_their_event():
    assert list(core.diff(h.p(on_click=show), h.p(on_click=lambda: 1))) == []
    assert [core.Patch("set_events", hid=1, events=1)] == list(core.diff(h.p(), h.p(on_click=show)))


def test_hids_are_never_given_twice():
    tree = core.Tree(h.p["a"])
    tree.commit(h.div)
    tree.commit(h.p["a"])
    assert tree.html() == '<p data-hid="4">a</p>'
    assert not tree.is_live(1)
    assert tree.is_live(5)


def test_a_tree_may_show_nothing_or_anything():
    tree = core.Tree(None)
    model = core.Model.from_snapshot(tree.snapshot())
    for root in ["a", None, ["a", "b"], h.p, h.raw("<b>"), [], "b"]:
        model.apply(core.encode(tree.commit(root)))
        assert core.Tree(root).html(hids=False) == model.html(hids=False)


def test_lowering():
    old, new = h.ul[h.li(key=1, title="t"), h.input(key=2, value="a")], h.ul[h.input(key=2), h.li(key=1)]
    patches = core.diff(old, new)
    assert {"remove_attr", "move"} == {patch.op for patch in patches}
    lowered = core.encode(patches, lower=True)
    assert {"insert", "remove"} == {patch.op for patch in core.decode(lowered)}
    model = core.Model.from_snapshot(core.Tree(old).snapshot(lower=True))
    model.apply(lowered)
    assert model.html(hids=False) == "<ul><input><li></li></ul>"
    with pytest.raises(ValueError, match=r"encode what diff\(\) or commit\(\) returned"):
        core.encode(core.decode(core.encode(patches)), lower=True)
    assert lowered == core.encode(list(patches), lower=True)


def test_only_patches_can_be_encoded():
    with pytest.raises(TypeError, match="1 is no Patch"):
        core.encode([1])
    with pytest.raises(TypeError, match="not iterable"):
        core.encode(1)


def test_bad_bytes_say_where_they_are_wrong():
    with pytest.raises(core.DecodeError, match=r"^byte 3: ") as error:
        core.decode(b"\x03\x01\x03")
    assert error.value.offset == 3
    assert isinstance(error.value, ValueError)
    again = core.DecodeError(3, "truncated")
    assert (again.offset, again.reason, str(again)) == (3, "truncated", "byte 3: truncated")
    assert core.DecodeError.__module__ == "vango._core"


def test_a_burst_that_fails_leaves_the_model_as_it_was():
    model = core.Model.from_snapshot(core.Tree(OLD).snapshot())
    before = model.html()
    burst = core.encode([core.Patch("set_text", hid=3, text="z"), core.Patch("set_text", hid=99, text="z")])
    with pytest.raises(ValueError, match="patch 1: unknown hid"):
        model.apply(burst)
    with pytest.raises(core.DecodeError):
        model.apply(burst + b"\xff")
    assert before == model.html()


def test_a_flush_gives_places_their_contents():
    tree = Tree()
    page = h.main(class_=show)[h.h1["t"], show, [show]]
    assert tree.flush([(0, page, [7, 8, 9]), (7, "wide", []), (8, h.p["one"], []), (9, None, ())]) == b""
    assert tree.html(hids=False) == '<main class="wide"><h1>t</h1><p>one</p></main>'

    model = core.Model.from_snapshot(tree.snapshot())
    burst = tree.flush([(7, None, []), (8, "text", []), (9, h.b[show], [10]), (10, "deep", [])])
    model.apply(burst)
    assert "<main><h1>t</h1>text<b>deep</b></main>" == tree.html(hids=False) == model.html(hids=False)
    assert {"remove_attr", "insert", "remove"} >= {patch.op for patch in core.decode(burst)}

    burst = tree.flush([(10, "deeper", [])])
    assert [patch.op for patch in core.decode(burst)] == ["set_text"]
    assert b"" == tree.flush([(10, "deeper", [])]) == tree.flush([])


def test_a_listener_names_its_place():
    tree, button = Tree(), h.button(on_click=show)["x"]
    tree.flush([(0, h.div[show], [3]), (3, button, [])])
    place, ref = tree.listener(2, EVENT_KINDS["click"])
    assert (3, show) == (place, button.target(ref))


def test_an_element_is_written_whole_for_a_refetch():
    tree = core.Tree(OLD)
    model = core.Model.from_snapshot(tree.snapshot())
    model.apply(core.encode([core.Patch("remove", hid=2), core.Patch("set_text", hid=5, text="lost")]))
    model.apply(tree.element(5))
    assert model.html(hids=False) == "<ul><li>b</li></ul>"
    model.apply(tree.element(1))
    assert tree.html() == model.html()
    assert tree.element(99) is None


WRONG_FLUSHES = [
    ([(0, h.p[show], [])], ValueError, "the node has 1 places, 0 were bound"),
    ([(0, h.p[show], [5])], ValueError, "place 5"),
    ([(4, "a", [])], ValueError, "place 4 is not mounted in this tree"),
    ([(1, h.p, [])], TypeError, r"place 1 cannot hold <Tag p>; write node\(...\)"),
    ([(1, 3, [])], TypeError, r"place 1 cannot hold 3; write node\(...\)"),
    ([(1, "a")], TypeError, r"an update is \(place, content, places\)"),
    ([(1, h.p(), [])], ValueError, "place 1: an attribute slot shows a value"),
    ([(1, "javascript:x", [])], ValueError, "this URL scheme is refused"),
    ([(2, "a\0", [])], ValueError, "cannot contain NUL"),
]


@pytest.mark.parametrize(("updates", "error", "sentence"), WRONG_FLUSHES)
def test_a_flush_that_fails_changes_nothing(updates, error, sentence):
    tree = Tree()
    tree.flush([(0, h.a(href=show)[show], [1, 2]), (1, "/x", []), (2, "text", [])])
    before = tree.html()
    with pytest.raises(error, match=sentence):
        tree.flush(updates)
    assert before == tree.html()
    tree.flush([(2, "again", [])])
    assert tree.html(hids=False) == '<a href="/x">again</a>'


def test_many_threads_use_the_engine_at_once():
    def work(seed):
        rows = [h.li(key=i, on_click=lambda: seed)[f"{seed} {i}"] for i in range(300)]
        old, new = h.ul[rows], h.ul[rows[seed:] + rows[:seed]]
        for _ in range(20):
            model = core.Model.from_snapshot(core.Tree(old).snapshot())
            model.apply(core.encode(core.diff(old, new)))
            assert model.html(hids=False) == str(new)
        return seed

    with ThreadPoolExecutor(8) as pool:
        assert list(range(1, 9)) == list(pool.map(work, range(1, 9)))


def test_many_threads_use_one_tree_at_once():
    tree = core.Tree(h.ul)

    def work(seed):
        large = h.ul[[h.li(key=(seed, i)) for i in range(6_000)]]
        for _ in range(5):
            tree.commit(large)
            assert tree.count == 6_001
        return seed

    with ThreadPoolExecutor(4) as pool:
        assert list(range(4)) == list(pool.map(work, range(4)))


def described(node: ast.AST, owner: object) -> Iterator[tuple[str, str, str | None]]:
    """What the stub says of each name, and what the engine says when it is asked."""
    for part in ast.iter_child_nodes(node):
        if not isinstance(part, ast.ClassDef | ast.FunctionDef):
            continue
        found = inspect.getattr_static(owner, part.name)
        found = getattr(owner, part.name) if isinstance(found, classmethod) else found
        if written := ast.get_docstring(part):
            yield part.name, written, inspect.getdoc(found)
        if isinstance(part, ast.ClassDef):
            yield from described(part, found)


def test_editors_show_what_help_shows():
    stub = ast.parse(Path(core.__file__).with_name("_core.pyi").read_text())
    stub.body = [part for part in stub.body if getattr(part, "name", None) in core.__all__]
    pairs = list(described(stub, _core))
    assert {name for name, _, _ in pairs} >= set(core.__all__) - {"BUILD_PROFILE"}
    assert [name for name, written, said in pairs if written != said] == []
