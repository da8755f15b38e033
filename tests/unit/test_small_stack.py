"""What is as deep or as wide as it may be needs little stack, also when it is freed."""

import gc
import threading

import pytest
from test_hostile_input import DEEPEST, nested, show

from vango import core, html as h


@pytest.mark.parametrize("stack_kib", [256, 8192])
def test_what_is_deep_or_wide_is_dropped_on_a_small_stack(stack_kib):
    """A thread with little stack builds, compares, diffs, writes, reads and frees a tree of 256 levels."""
    done = []

    def work():
        deep = nested(DEEPEST - 2, lambda it: h.div(on_click=show)[it], h.p["a"])
        other = nested(DEEPEST - 2, lambda it: h.div(key=1, on_click=show)[it], h.p["b"])
        assert deep != other
        tree = core.Tree(deep)
        model = core.Model.from_snapshot(tree.snapshot())
        model.apply(core.encode(tree.commit(other)))
        assert str(other) == model.html(hids=False)
        listed = nested(DEEPEST - 3, lambda it: [it], "a")
        assert str(h.p[listed]) == "<p>a</p>"
        wide = h.ul[[h.li(on_click=show)[str(i)] for i in range(1_000)]]
        tree.commit(wide)
        del deep, other, tree, model, wide, listed
        gc.collect()
        done.append(True)

    old = threading.stack_size(stack_kib * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(old)
    assert done == [True]
