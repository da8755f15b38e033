"""Handlers: what may be one, which of them receive the event, and where they are found again."""

import functools
import gc
import inspect
import itertools
import re
import weakref

import pytest

from vango import core, html as h
from vango._core import EVENT_KINDS, Component, Slot, Tree, inspect_handler

BITS = {name: kind for name, kind in EVENT_KINDS.items() if kind <= 30}


class Signal(Slot):
    def __call__(self):
        return None


def none():
    pass


def one(event):
    pass


def optional(row=1):
    pass


def optional_then_any(row=1, *rest):
    pass


def any_(*args):
    pass


def two(first, event):
    pass


def keyword(*, flag):
    pass


def keywords(**flags):
    pass


def wrapped(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


async def later(event):
    pass


async def later_without():
    pass


class Object:
    def none(self):
        pass

    def one(self, event):
        pass

    @classmethod
    def made(cls, event):
        pass

    @staticmethod
    def static():
        pass

    def __call__(self, event):
        pass


class Blocking:
    """A callable that stands for another, as a decorator of handlers makes it."""

    def __init__(self, function):
        self.__wrapped__ = function

    def __call__(self, *args):
        return self.__wrapped__(*args)


TAKES = [
    (none, False),
    (one, True),
    (optional, False),
    (optional_then_any, False),
    (any_, True),
    (keyword, False),
    (keywords, False),
    (later, True),
    (later_without, False),
    (lambda: 0, False),
    (lambda event: 0, True),
    (lambda row=1: 0, False),
    (Object().none, False),
    (Object().one, True),
    (Object.made, True),
    (Object.static, False),
    (Object(), True),
    (functools.partial(one), True),
    (functools.partial(one, 1), False),
    (functools.partial(one, event=1), False),
    (functools.partial(two, 1), True),
    (functools.partial(two, event=1), True),
    (functools.partial(Object().one, 1), False),
    ((one, 1), False),
    ((two, 1), True),
    ((two, 1, 2), False),
    ((any_, 1), True),
    ((optional, 1), False),
    ((Object().one, 1), False),
    (wrapped(one), True),
    (wrapped(none), False),
    ((wrapped(two), 1), True),
    ((wrapped(one), 1), False),
    (Blocking(none), False),
    (Blocking(one), True),
    ((Blocking(one), 1), False),
    ([].append, True),
    (([].append, 1), False),
    ([].clear, False),
    (print, True),
]


ODD = [
    (two, "needs 2 arguments more, and a handler is given the event alone; write (function, argument)"),
    (Object().one.__func__, "needs 2 arguments more"),
    (lambda a, b, c: 0, "needs 3 arguments more"),
    (functools.partial(two), "needs 2 arguments more"),
    ((none, 1), "takes 1 argument less than the 1 that stand behind it"),
    ((two, 1, 2, 3), "takes 1 argument less than the 3"),
    ((Object().none, 1), "takes 1 argument less"),
    ((functools.partial(one, 1), 2, 3), "takes 2 arguments less"),
]


@pytest.mark.parametrize(("handler", "words"), ODD)
def test_a_handler_of_the_wrong_arity_is_told_what_to_write(handler, words):
    with pytest.raises(TypeError, match=re.escape(words)):
        h.p(on_click=handler)


def test_a_decorator_may_give_arguments_of_its_own():
    assert inspect_handler(wrapped(two)) is True
    assert inspect_handler((wrapped(none), 1)) is False


@pytest.mark.parametrize(("handler", "takes"), TAKES)
def test_a_handler_receives_the_event_when_it_asks_for_it(handler, takes):
    assert takes is inspect_handler(handler)
    assert takes is inspect_handler(handler)  # remembered
    assert ({"data-on": "click:fields"} if takes else {}) == h.p(on_click=handler).attrs


def test_defaults_are_read_from_each_function():
    """Functions of one code object may differ in their defaults."""

    def make():
        def handler(event=1):
            pass

        return handler

    first, second = make(), make()
    second.__defaults__ = None
    assert [inspect_handler(first), inspect_handler(second)] == [False, True]


POLICIES = [
    ({"on_click": none}, None),
    ({"on_click": one}, "click:fields"),
    ({"on_submit": none}, "submit:prevent"),
    ({"on_submit": one}, "submit:prevent,fields"),
    ({"on_in_view": one, "on_submit": none, "on_click": one, "on_input": none},
     "click:fields submit:prevent in-view:fields"),
]  # fmt: skip


@pytest.mark.parametrize(("handlers", "policy"), POLICIES)
def test_what_the_client_must_know_stands_in_data_on(handlers, policy):
    assert policy == h.form(**handlers).attrs.get("data-on")


@pytest.mark.parametrize(("name", "kind"), BITS.items())
def test_each_event_sets_its_bit(name, kind):
    patches = core.diff(h.p(), h.p(**{f"on_{name.replace('-', '_')}": none}))
    assert core.Patch("set_events", hid=1, events=1 << kind) in patches


def test_there_are_31_events_with_a_bit():
    assert list(range(31)) == sorted(BITS.values())
    assert {"named": 32, "navigate": 33, "hook": 34}.items() <= EVENT_KINDS.items()


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kind in EVENT_KINDS.items() if kind > 34])
def test_an_event_without_a_bit_stands_in_data_on(name, kind):
    root = h.p(**{f"on_{name}": none})
    assert root.attrs == {"data-on": name}
    assert h.p(**{f"on_{name}": one}).attrs == {"data-on": f"{name}:fields"}
    assert "data-ev" not in core.Tree(root).html()
    assert Tree(root).listener(1, kind) is not None
    assert [patch.op for patch in core.diff(h.p(), root)] == ["set_attr"]


def test_rows_that_listen_to_other_kinds_without_a_bit_are_of_other_shapes():
    def row(key, **handlers):
        return h.tr(key=key)[h.td(**handlers)["a"], h.td["b"]]

    rows = [row(n, on_play=none) for n in range(4)] + [row(n, on_pause=(two, n)) for n in range(4, 8)]
    root = h.table[rows]
    tree = mount(root)
    kinds = {kind: [hid for hid in range(1, 60) if tree.listener(hid, kind)] for kind in (61, 63)}
    assert [len(hids) for hids in kinds.values()] == [4, 4]
    assert root == h.table[rows]
    assert row(1, on_play=none) != row(1, on_pause=none)


@pytest.mark.parametrize("name", ["named", "navigate"])
def test_what_no_element_listens_to_is_no_event(name):
    with pytest.raises(TypeError, match=rf"on_{name} is no event"):
        h.p(**{f"on_{name}": none})


@pytest.mark.parametrize("nothing", [None, False])
def test_no_handler(nothing):
    assert h.p() == h.p(on_click=nothing)


def steps():
    yield 1


async def async_steps(number):
    yield number


class Counter:
    __vango_component__ = True

    def __call__(self):
        return Component()


REFUSED = [
    ({"on_clik": none}, "on_clik is no event; did you mean on_click or"),
    ({"on_key_down": none}, "on_key_down is no event; did you mean on_keydown or"),
    ({"on_zzz": none}, "on_zzz is no event; the events are on_click, on_dblclick, on_input"),
    ({"on_click": 1}, "on_click: 1 (int) cannot be called; write a function or (function, argument)"),
    ({"on_click": True}, "on_click: True (bool) cannot be called"),
    ({"on_click": "alert(1)"}, "on_click: 'alert(1)' (str) cannot be called"),
    ({"on_in_view": [one]}, "on_in_view: [<function one"),
    ({"on_click": ()}, "on_click: an empty tuple is no handler; write (function, argument)"),
    ({"on_click": (1, one)}, "on_click: 1 (int) cannot be called"),
    ({"on_click": int}, "on_click: <class 'int'> is a class; write lambda: ... or a function"),
    ({"on_click": Signal()}, "on_click: a Signal does nothing when called; write lambda: it.set(...)"),
    ({"on_click": h.p}, "on_click: <Tag p> is something to show; write a function"),
    ({"on_click": h.p()}, "on_click: <p> is something to show; write a function"),
    ({"on_click": Component()}, "is something to show; write a function"),
    ({"on_click": Counter()}, "is a component; write a function"),
    ({"on_click": steps}, "is a generator, which nobody runs; write an async def that sets signals"),
    ({"on_click": (async_steps, 1)}, "is a generator, which nobody runs"),
    ({"on_click": one, "on_click_": one}, "on_click is given twice"),
]  # fmt: skip


@pytest.mark.parametrize(("attrs", "sentence"), REFUSED)
def test_what_is_no_handler_says_what_to_write(attrs, sentence):
    with pytest.raises(TypeError) as error:
        h.p(**attrs)
    assert sentence in str(error.value)


def test_a_coroutine_is_no_handler():
    coroutine = later_without()
    with pytest.raises(TypeError, match="a coroutine runs only once; give the async function itself"):
        h.p(on_click=coroutine)
    assert inspect.getcoroutinestate(coroutine) == inspect.CORO_CLOSED


def targets(tree, root, hids):
    """Return the click handlers that a mounted tree finds for these hids."""
    found = [tree.listener(hid, EVENT_KINDS["click"]) for hid in hids]
    return [None if entry is None else root.target(entry[1]) for entry in found]


def mount(root):
    tree = Tree()
    assert tree.flush([(0, root, [])]) == b""
    return tree


def test_a_handler_is_found_by_hid_and_kind():
    root = h.div(on_click=none)[h.p(on_click=(two, 1), on_input=one)["text"], h.p]
    tree = mount(root)
    assert [none, (two, 1), None, None] == targets(tree, root, [1, 2, 3, 4])
    assert tree.listener(2, EVENT_KINDS["blur"]) is None
    assert tree.listener(99, 0) is None


def test_a_memoised_element_keeps_its_handler():
    row = h.li(on_click=(one, "row"))
    old, new = h.ul[row, h.li], h.ul[h.li, row]
    tree = mount(old)
    tree.flush([(0, new, [])])
    hids = range(1, 6)
    assert [(one, "row")] == [found for found in targets(tree, new, hids) if found]


HOISTED = h.button(on_click=none)["again"]


def test_a_hoisted_element_works_in_two_trees_and_twice_in_one():
    first, second = h.div[HOISTED, h.p[HOISTED]], h.main[HOISTED]
    assert [None, none, None, None, none] == targets(mount(first), first, range(1, 6))
    assert [None, none] == targets(mount(second), second, [1, 2])


def test_a_new_lambda_on_each_render_is_no_patch():
    def render():
        return h.button(on_click=lambda: 0)["x"]

    tree, last = mount(render()), render()
    assert tree.flush([(0, last, [])]) == b""
    ((_, ref),) = [tree.listener(1, 0)]
    assert last.target(ref)() == 0


def test_a_ref_that_is_not_in_the_tree():
    assert h.p(on_click=none).target(0) is None


@pytest.mark.parametrize("rows", [1, 8, 9, 1_000])
def test_handlers_of_rows_are_found_however_many_there_are(rows):
    root = h.table[[h.tr(key=i)[h.td(on_click=(one, i)), h.td(on_click=(two, i))] for i in range(rows)]]
    tree = mount(root)
    found = [target for target in targets(tree, root, range(1, 3 * rows + 2)) if target]
    assert list(itertools.chain.from_iterable(((one, i), (two, i)) for i in range(rows))) == found


def test_brackets_keep_the_handlers_of_both_sides():
    base = h.div(on_click=none)[h.p(on_click=one)]
    root = base[h.p(on_click=later)]
    assert [none, one, later] == targets(mount(root), root, [1, 2, 3])
    assert [none, one] == targets(mount(base), base, [1, 2])


def test_a_part_of_a_tree_finds_its_own_handlers():
    root = h.div(on_click=none)[h.p(on_click=one)[h.b(on_click=later)]]
    (part,) = root.children
    assert [one, later] == targets(mount(part), part, [1, 2])


class Marker:
    pass


@pytest.mark.parametrize("rows", [1, 20])
def test_the_collector_frees_a_cycle_through_a_closure(rows):
    def build():
        marker = Marker()
        held = []
        root = h.div[[h.p(on_click=lambda: (held, marker), title=lambda: held) for _ in range(rows)]]
        held.append(root)
        return weakref.ref(marker)

    gone = build()
    gc.collect()
    assert gone() is None


def test_a_tree_keeps_no_python_object():
    def build():
        marker = Marker()
        return mount(h.p(on_click=lambda: marker)), weakref.ref(marker)

    tree, gone = build()
    assert gone() is None
    assert tree.count == 1


def test_nodes_without_objects_are_cheap_for_the_collector():
    root = h.div[[h.p["x"] for _ in range(10)], h.p(on_click=none)]
    assert [held for held in gc.get_referents(root) if isinstance(held, core.VNode)] == []
