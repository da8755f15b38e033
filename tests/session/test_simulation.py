"""A seeded network that drops, doubles and cuts: every event takes effect once, the page ends as the tree.

A failing seed replays exactly.
"""

import random

import pytest
from session_pages import Tap

from vango import component, html as h, signal
from vango.protocol import Diff, Result, Snapshot
from vango.testing import Page, Pilot

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("ring", "network")]


@component
def Log(runs):
    """Notes each click, in order, and shows the last ones in a keyed list that moves."""
    rows = signal(())

    def note(name):
        runs.append(name)
        rows.set((name, *rows.peek()[:5]) if len(runs) % 3 else (*rows.peek()[-5:], name))

    async def note_async(name):
        note(name)

    buttons = [
        h.button(key=name, on_click=(note if name < "c" else note_async, name))[name] for name in "abcd"
    ]
    numbers = lambda: [h.li(key=i)[name] for i, name in enumerate(rows())]  # noqa: E731
    return h.div[buttons, h.ul[numbers], h.output[lambda: str(len(rows()))]]


def network(rng, pilot):
    """Lose or double some of what the server sends."""

    def rule(message):
        fate = rng.random()
        if not isinstance(message, (Diff, Result, Snapshot)) or fate > 0.3:
            return [message]
        return [] if fate < 0.2 else [message, message]

    tap = Tap(pilot)
    tap.rule = rule


@pytest.fixture
def rng(seed, monkeypatch):
    """Return what all is drawn from, also by trio, which shuffles the tasks that are ready."""
    monkeypatch.setattr("trio._core._run._ALLOW_DETERMINISTIC_SCHEDULING", True)
    monkeypatch.setattr("trio._core._run._r", random.Random(seed))
    return random.Random(seed)


@pytest.mark.parametrize("seed", range(20))
async def test_every_event_takes_effect_once_and_the_page_converges(rng) -> None:
    runs: list[str] = []
    clicks: list[str] = []
    async with Pilot(Log(runs)) as pilot:
        hids = {button.text: button.hid for button in pilot.find_all("button")}
        for _ in range(60):
            match rng.randrange(10):
                case 0:
                    pilot.drop()
                    await pilot.settle()
                case 1 | 2 if pilot.link is None:
                    await pilot.advance(rng.choice([1, 2, 5]))
                    await pilot.reconnect()
                    if pilot.link is not None:
                        network(rng, pilot)
                case 3:
                    await pilot.advance(rng.random())
                case _:
                    frames = []
                    for name in rng.choices("abcd", k=rng.randrange(1, 4)):
                        clicks.append(name)
                        frames.append(pilot.client.event(hids[name], 0))
                    if rng.random() < 0.1:
                        rng.shuffle(frames)
                    await pilot.send(*frames)
        pilot.drop()
        await pilot.settle()
        await pilot.advance(10)
        await pilot.reconnect()
        await pilot.advance(10)
        assert runs == clicks
        assert pilot.client.unsettled == {}
        assert repr(pilot.page) == repr(Page(pilot.session.html()).root)
        assert pilot.reports == []
        # Where the network loses one answer after the other, the client may be told to ask less often.
        assert {error.message for error in pilot.errors} <= {"Too many REFETCH."}
