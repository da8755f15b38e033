"""Run by test_panics.py on an engine that panics where an element `x-panic-STEP` asks for it."""

import sys
from pathlib import Path

import anyio
import pytest

from vango import component, core, html as h, signal
from vango._core import Tree
from vango.testing import Pilot

sys.path.insert(0, str(Path(__file__).parent))
from session_pages import Counter


def bug(step):
    """Return the builder of an element that panics at a step, and counts as any other before."""
    return h.Tag(f"x-panic-{step}")


def fails(act, *arguments):
    """Return what the `EngineError` of a call says."""
    try:
        act(*arguments)
    except core.EngineError as error:
        return str(error)
    raise AssertionError("the panic was not raised")


def the_engine_alone():
    """A panic is an `EngineError`, ends its tree, and leaves everything shared as it was."""
    said = "the engine failed, which is a bug of vango: x-panic-{} was injected"
    rows = h.ul[[h.li(key=i)[h.b["a"], h.i[str(i)]] for i in range(9_000)]]
    neighbour = core.Tree(rows)

    assert fails(bug("build")) == fails(bug("build").__getitem__, "a") == said.format("build")
    assert fails(str, bug("html")()) == said.format("html")
    snapshot = core.Tree(bug("read")()).snapshot()
    assert fails(core.Model.from_snapshot, snapshot) == said.format("read")
    assert fails(core.decode, b"\x04\x00\x00" + snapshot) == said.format("read")
    model = core.Model.from_snapshot(core.Tree("a").snapshot())
    assert fails(model.apply, b"\x04\x00\x00" + snapshot) == said.format("read")
    assert model.html(hids=False) == "a"
    assert fails(core.diff, bug("diff")(), bug("diff")(title="a")) == said.format("diff")

    # Small, and so large that the interpreter is let go meanwhile.
    for more in ((), rows):
        tree = core.Tree(h.div[h.p["old"], bug("diff")(), more])
        assert fails(tree.commit, h.div[h.p["new"], bug("diff")(title="a"), more]) == said.format("diff")
        for use in (
            tree.html,
            tree.snapshot,
            lambda tree=tree: tree.count,
            lambda tree=tree: tree.commit("a"),
        ):
            assert fails(use) == "this tree failed before and must not be used; mount a new one"

    tree = Tree()
    tree.flush([(0, h.div[h.p], [])])
    assert fails(tree.flush, [(0, h.div[h.p, bug("bytes")()], [])]) == said.format("bytes")

    patches = neighbour.commit(h.ul[[h.li(key=i)[h.b["a"], h.i[str(i)]] for i in reversed(range(9_000))]])
    assert len(patches) == 8_999
    with pytest.raises(core.DecodeError, match="byte 0"):
        core.decode(b"\x06")


@component
def Broken(step):
    """A button that leads to a panic, and a sibling that must not be shown by half."""
    times = signal(0)
    tag = bug(step)
    shown = {
        "bytes": lambda: tag() if times() else "fine",
        "diff": lambda: tag(title=str(times())),
        "build": lambda: tag() if times() else "fine",
    }
    return h.div[h.output[times], h.button(on_click=lambda: times.update(lambda n: n + 1))["go"], shown[step]]


async def one_session_of_two():
    """Which of two sessions panics ends, or shows its error; the other one goes on."""
    for step in ("bytes", "diff", "build"):
        async with Pilot(Counter()) as neighbour, Pilot(Broken(step), beside=neighbour) as pilot:
            session = pilot.session
            await pilot.click(pilot.find("button"))
            (report,) = pilot.reports
            assert isinstance(report.error, core.EngineError) or isinstance(
                report.error.__cause__, core.EngineError
            ), report
            if step == "build":
                # It was a body that failed: the error stays where it happened.
                assert not session.closed
                assert report.reference in pilot.html()
            else:
                assert session.closed
                assert pilot.errors[-1].kind == "Internal"
            for count in range(1, 4):
                await neighbour.click(neighbour.find("button", text="+"))
                assert neighbour.find("output").text == str(count)
            assert neighbour.errors == []
        async with Pilot(Counter()) as later:
            await later.click(later.find("button", text="+"))
            assert later.find("output").text == "1"


the_engine_alone()
for backend in ("asyncio", "trio"):
    anyio.run(one_session_of_two, backend=backend)
print("all went on")
