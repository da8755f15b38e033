"""Row 8: the bytes of a message, beside the same news as HTML and as bare data."""

import json
import zlib
from dataclasses import dataclass, field

import anyio
from examples.table import Row, Table

from benches.report import keep
from vango import _core, component, html as h, signal
from vango.limits import Limits
from vango.testing import Pilot
from vango.testing.client import Client
from vango.testing.document import Element

ROWS = 1_000
LIMITS = Limits(events_per_s=1e5, event_burst=100_000)


@dataclass
class Case:
    """What one change puts on the wire."""

    name: str
    goal: str
    burst: int
    """All bytes from the server, frame and header included."""
    click: int
    html: str = ""
    """The HTML of what is new, as a framework sends it that puts HTML into the page."""
    rows: list[tuple[int, str]] = field(default_factory=list)
    """What a page written by hand sends to draw the change itself."""

    def beside(self, text: str) -> str:
        """Bytes of `text`, deflated where that is shorter."""
        data = text.encode()
        return str(min(len(data), len(zlib.compress(data, 3, wbits=-15)))) if data else "-"


class Counting(Client):
    """Counts what arrives."""

    heard = 0

    def receive(self, data: bytes) -> list[bytes]:
        """Take one message."""
        self.heard += len(data)
        return super().receive(data)


async def measure() -> list[Case]:
    """Lead one page through all changes."""
    return [*await texts(), *await table()]


async def open_page(root: object) -> Pilot:
    """Render a page whose client counts."""
    pilot = Pilot(root, limits=LIMITS, connect=False)
    await pilot.__aenter__()
    old = pilot.client
    pilot.client = client = Counting(token=old.token, path=old.path)
    client.model, client.epoch, client.rev = old.model, old.epoch, old.rev
    await pilot.reconnect()
    return pilot


async def click(pilot: Pilot, target: Element) -> tuple[int, int]:
    """Click, and return the bytes of the answer and of the click."""
    client = pilot.client
    assert isinstance(client, Counting)
    tree = pilot.session.view.tree
    kind = _core.EVENT_KINDS["click"]
    listener = next(one for one in target.path() if one.hid and tree.listener(one.hid, kind))
    frame = client.event(listener.hid, kind)
    before = client.heard
    await pilot.send(frame)
    return client.heard - before, len(frame)


async def texts() -> list[Case]:
    """Change one text, among few nodes and among many."""
    cases = []
    for name, size in (("a text of 8 letters changes", 0), ("the same behind 10,000 nodes", 10_000)):

        @component
        def Page(size: int = size):
            word = signal("possible")
            return h.main[
                (h.i["."] for _ in range(size // 2)),
                h.button(on_click=lambda: word.set("feasible"))["change"],
                h.output[word],
            ]

        pilot = await open_page(Page())
        burst, sent = await click(pilot, pilot.find("button"))
        cases.append(
            Case(name, "<= 16 B and the text", burst, sent, "<output>feasible</output>", [(1, "feasible")])
        )
        await pilot.__aexit__(None, None, None)
    return cases


def shown(row: Row) -> str:
    """The HTML of one row."""
    selected = ' class="danger"' if row.selected else ""
    return (
        f'<tr{selected}><td class="col-md-1">{row.id}</td><td class="col-md-4"><a class="lbl">{row.label}</a>'
        '</td><td class="col-md-1"><a class="remove"><span class="remove glyphicon glyphicon-remove" '
        'aria-hidden="true"></span></a></td><td class="col-md-6"></td></tr>'
    )


async def table() -> list[Case]:
    """The operations of the table."""
    pilot = await open_page(Table())

    async def act(name: str, goal: str, button: str, picked: slice | None) -> Case:
        target = pilot.find("button", id=button) if button else None
        if target is None:
            row = pilot.find("tbody").find_all("tr")[4]
            target = row.find("a", class_="lbl" if name.startswith("select") else "remove")
        burst, sent = await click(pilot, target)
        rows = pilot.find("tbody").find_all("tr")
        new = [] if picked is None else rows[picked]
        data = [(int(row.find("td").text), row.find("a", class_="lbl").text) for row in new]
        html = "".join(shown(Row(number, label)) for number, label in data)
        return Case(name, goal, burst, sent, html, data)

    cases = [
        await act("create 1,000 rows", "<= 10 kB", "run", slice(None)),
        await act("replace all rows", "", "run", slice(None)),
        await act("update every 10th", "<= 0.8 kB", "update", slice(None, None, 10)),
        await act("select a row", "<= 0.1 kB", "", slice(4, 5)),
        await act("swap rows", "<= 0.1 kB", "swaprows", None),
        await act("remove a row", "<= 0.1 kB", "", None),
        await act("append 1,000 rows", "", "add", slice(-ROWS, None)),
        await act("clear", "", "clear", None),
    ]
    await pilot.__aexit__(None, None, None)
    return cases


def main() -> None:
    """Print the bytes of each change."""
    cases = anyio.run(measure)
    print("\nbytes on the wire; deflated where that is shorter\n")
    print("| change | click | answer | the same as HTML | as data | goal |\n|---|---|---|---|---|---|")
    for case in cases:
        data = json.dumps(case.rows) if case.rows else ""
        print(
            f"| {case.name} | {case.click} | {case.burst} | {case.beside(case.html)} | {case.beside(data)} "
            f"| {case.goal} |"
        )
    keep("bytes on the wire", {"cases": [vars(case) for case in cases]})
