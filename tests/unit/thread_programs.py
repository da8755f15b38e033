"""Programs of many threads, run by test_threads.py: `python thread_programs.py NAME`."""

import contextlib
import gc
import itertools
import sys
import threading
import weakref
from types import MethodType

from vango import core, html as h
from vango._core import Tree, fragment, node

THREADS = 8


def together(work):
    """Run `work(n)` in each thread, all from the same moment on, and return what they return."""
    barrier, results = threading.Barrier(THREADS), [None] * THREADS

    def run(n):
        barrier.wait()
        results[n] = work(n)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def round_of_the_engine(n=0):
    """Use all that is shared: names, tags, constants, templates, what is known of functions."""
    rows = [
        h.li(class_="row", key=i, on_click=(print, i), data_x=str(n))[h.b["x"], h.i(class_="icon"), str(i)]
        for i in range(5)
    ]
    tree = core.Tree(h.ul[rows])
    model = core.Model.from_snapshot(tree.snapshot())
    model.apply(core.encode(tree.commit(h.ul[rows[::-1]])))
    assert model.html() == tree.html()
    assert h.ul[rows] == h.ul[rows]
    return tree.html(hids=False)


def shared_nodes():
    """Nodes with handlers, keys and templates, made by one thread and used by all."""
    shared = [h.li(class_="row", key=i, on_click=print)[h.b["x"], str(i)] for i in range(300)]

    def work(n):
        old, new = h.ul[shared], h.ul[shared[n:], shared[:n]]
        for _ in range(20):
            tree = core.Tree(old)
            model = core.Model.from_snapshot(tree.snapshot())
            model.apply(core.encode(tree.commit(new)))
            assert model.html(hids=False) == str(new)
            assert tree.is_live(1)
            assert [child.key for child in shared[n].children if not isinstance(child, str)] == [None]
            assert shared[n] == h.li(class_="row", key=n, on_click=len)[h.b["x"], str(n)]
        return n

    assert together(work) == list(range(THREADS))


def names_and_constants():
    """Every thread meets the same new names at the same moment."""
    tag = h.Tag("x-shared")

    def work(n):
        made = []
        for i in range(200):
            own = h.Tag(f"x-{i}")
            made.append(str(own(**{f"data-{i}": str(i), "class_": f"c{i % 7}"})))
            made.append(str(tag(**{f"data-{i}": str(i)})))
            made.append(str(tag(class_=f"c{i % 7}", title=f"t{i % 5}")["a"]))
            made.append(str(tag(class_=f"c{i % 7}")))
        return made

    first, *others = together(work)
    assert all(other == first for other in others)
    assert first[:4] == [
        '<x-0 class="c0" data-0="0"></x-0>',
        '<x-shared data-0="0"></x-shared>',
        '<x-shared class="c0" title="t0">a</x-shared>',
        '<x-shared class="c0"></x-shared>',
    ]


def templates():
    """Rows of one shape, whose template each thread may be the first to need and the last to let go."""

    def work(n):
        shown = []
        for turn in range(50):
            cell = h.Tag(f"x-{turn}")
            rows = [cell(key=i)[h.b[f"{i}"], h.i[h.u["x"]], "t"] for i in range(5)]
            shown.append(core.Tree(h.div[rows]).html())
            del rows
        return shown

    first, *others = together(work)
    assert all(other == first for other in others)


def one_tree():
    """All threads change one tree: each change is whole, no hid is given twice, none is lost."""
    tree = core.Tree(h.ul)
    inserted = [[] for _ in range(THREADS)]

    def work(n):
        for turn in range(30):
            rows = [h.li(key=(n, turn, i))[str(i)] for i in range(20 if turn % 10 else 3_000)]
            patches = tree.commit(h.ul[rows])
            inserted[n] += [patch.hid for patch in patches if patch.op == "insert"]
            count, html = tree.count, tree.html(hids=False)
            assert (count - 1) % 20 == 0
            assert html.count("<li>") == html.count("</li>")
            core.Model.from_snapshot(tree.snapshot())
            tree.element(2)
            tree.is_live(2)

    together(work)
    given = list(itertools.chain(*inserted))
    assert len(given) == len(set(given)) == THREADS * (27 * 20 + 3 * 3_000)
    assert tree.count in (41, 6_001)


def python_within():
    """The engine asks a Python object, which uses the engine itself, and waits for a thread that does too."""
    tree, model = core.Tree(h.p["a"]), core.Model.from_snapshot(core.Tree("a").snapshot())
    live = Tree()
    live.flush([(0, h.p[print], [7]), (7, "a", [])])
    waiting, done, ended = threading.Event(), threading.Event(), threading.Event()
    met = []

    def other():
        while True:
            waiting.wait()
            waiting.clear()
            if ended.is_set():
                return
            everything()
            done.set()

    def everything():
        round_of_the_engine()
        tree.commit(h.p[str(len(met))])
        tree.html()
        model.html()
        live.flush([(7, str(len(met)), [])])
        h.p(on_click=lambda: 1, title=lambda: 1)

    def meet(result):
        def act(*_):
            everything()
            done.clear()
            waiting.set()
            assert done.wait(60)
            met.append(result)
            return result

        return act

    def kind(result, *names):
        return type("Odd", (), dict.fromkeys(names, meet(result)))()

    def items(*values):
        meet(None)()
        yield from values

    class Signed:
        __call__ = staticmethod(print)
        __signature__ = property(meet(None))

    function = kind(True, "__eq__", "__call__")
    method, like = MethodType(function, 1), MethodType(kind(True, "__eq__", "__call__"), 1)

    calls = [
        lambda: h.p[kind("<b>", "__html__")],
        lambda: h.p[kind(iter("ab"), "__iter__")],
        lambda: h.ul[items("a", h.b)],
        lambda: fragment(items("a")),
        lambda: node(items("a")),
        lambda: h.p(class_={"a": kind(True, "__bool__")}),
        lambda: h.p(title=kind("odd", "__repr__")),
        lambda: h.p[kind("odd", "__repr__")],
        lambda: h.p(key=kind("odd", "__repr__")),
        lambda: h.p(on_click=kind("odd", "__repr__")),
        lambda: h.p(on_click=Signed()),
        lambda: h.p[method] == h.p[like],
        lambda: tree.commit(items("a", "b")),
        lambda: core.Tree(items("a")),
        lambda: core.diff(items("a"), items("b")),
        lambda: core.encode(items(core.Patch("remove", hid=9))),
        lambda: live.flush(items((7, "x", []))),
        lambda: live.flush([(7, h.b[print], items(8)), (8, "y", items())]),
        lambda: live.flush([(7, kind("odd", "__repr__"), [])]),
    ]
    helper = threading.Thread(target=other)
    helper.start()
    for number, call in enumerate(calls):
        before = len(met)
        with contextlib.suppress(TypeError):
            call()
        assert len(met) > before, f"call {number} asked no object"
    ended.set()
    waiting.set()
    helper.join()


def last_words():
    """What the engine lets go of may run Python as it dies: never under a lock of the engine."""
    died = []

    def mourn(_):
        round_of_the_engine()
        died.append(True)

    def work(n):
        for i in range(700):
            names = {}
            exec(f"def handler{n}_{i}(event): pass", names)
            handler = names.pop(f"handler{n}_{i}")
            weakref.finalize(handler.__code__, mourn, None)
            h.p(on_click=handler)[handler]
            del handler

    together(work)
    gc.collect()
    # The memory of functions holds some thousands; what came before has been let go.
    assert len(died) > 1_000


if __name__ == "__main__":
    sys.setswitchinterval(1e-6)
    globals()[sys.argv[1]]()
    print("done")
