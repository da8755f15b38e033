"""`once()`: what a transaction committed is not done again when its event comes again."""

import contextvars
import sqlite3
import sys
import types

import anyio.lowlevel
import pytest
from session_pages import Buttons

from vango import blocking, current_event, on, once
from vango.errors import AlreadyProcessed
from vango.sessions.once import ONCE_TABLE, EventId, running_event
from vango.testing import Pilot


@pytest.fixture
def path(tmp_path):
    """A database with a table of orders."""
    file = str(tmp_path / "orders.db")
    with sqlite3.connect(file) as db:
        db.execute(ONCE_TABLE)
        db.execute("CREATE TABLE orders (name TEXT)")
    return file


def orders(path):
    """Every order that was committed."""
    with sqlite3.connect(path) as db:
        return [name for (name,) in db.execute("SELECT name FROM orders ORDER BY rowid")]


def write(path, name):
    """Place an order, once."""
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO orders VALUES (?)", (name,))
        once(db)


async def write_async(path, name):
    """Place an order in a handler that suspends first."""
    await anyio.lowlevel.checkpoint()
    write(path, name)


def run_as_event(fn):
    """Call a function as the handler of event 7."""

    def handle():
        running_event.set(EventId("i", 7))
        return fn()

    return contextvars.copy_context().run(handle)


@pytest.mark.anyio
@pytest.mark.parametrize("handler", [write, write_async, blocking(write)], ids=["plain", "async", "blocking"])
async def test_an_event_that_comes_again_to_a_later_session_is_told_to_be_done(path, handler) -> None:
    async with Pilot(Buttons(order=on((handler, path, "tea"), action="order"))) as pilot:
        frame = pilot.client.event(pilot.find("button").hid, 0, action="order")
        await pilot.send(frame)
        assert orders(path) == ["tea"]
        # The answer was lost with the server: the document sends the event once more.
        pilot.drop()
        pilot.client.unsettled[1] = frame
        pilot.registry.close(pilot.session, "test")
        await pilot.reconnect()
        assert orders(path) == ["tea"]
        assert pilot.client.results[1].error == "AlreadyProcessed"
        assert pilot.reports == []
        await pilot.click(pilot.find("button"))
        assert orders(path) == ["tea", "tea"]


@pytest.mark.anyio
async def test_two_documents_do_not_take_each_others_numbers(path) -> None:
    page = Buttons(order=(write, path, "tea"))
    async with Pilot(page) as one, Pilot(page, beside=one) as other:
        for pilot in (one, other):
            await pilot.click(pilot.find("button"))
        assert orders(path) == ["tea", "tea"]


@pytest.mark.anyio
async def test_the_number_is_that_of_the_event_and_of_no_timer_or_body(path) -> None:
    seen = []
    async with Pilot(Buttons(a=lambda: seen.append(current_event()))) as pilot:
        await pilot.click(pilot.find("button"))
        await pilot.click(pilot.find("button"))
        assert [(event.instance, event.cseq) for event in seen] == [
            (pilot.client.instance, n) for n in (1, 2)
        ]
        pilot.session.dispatch(write, path, "tea")
        await pilot.settle()
        assert "no event is handled here" in str(pilot.reports[0].error)
    assert orders(path) == []


def test_outside_of_a_handler_it_says_where_it_belongs() -> None:
    with pytest.raises(RuntimeError, match="call this in the handler of an event"):
        current_event()


def test_an_error_of_the_database_is_the_handlers_own(path) -> None:
    """Only the number counts as done before, not whatever else fails."""
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE vango_once")
    seen = []

    def order():
        with (
            sqlite3.connect(path) as db,
            pytest.raises(sqlite3.OperationalError, match="vango_once") as error,
        ):
            once(db)
        seen.append(error)

    run_as_event(order)
    assert seen


@pytest.mark.parametrize(
    ("style", "statement", "values"),
    [
        ("format", "VALUES (%s, %s)", ("i", 7)),
        ("pyformat", "VALUES (%s, %s)", ("i", 7)),
        ("numeric", "VALUES (:1, :2)", ("i", 7)),
        ("named", "VALUES (:instance, :cseq)", {"instance": "i", "cseq": 7}),
    ],
)
def test_drivers_of_other_styles_get_their_own_marks(monkeypatch, style, statement, values) -> None:
    driver, calls = types.ModuleType("a_driver"), []
    driver.paramstyle, driver.IntegrityError = style, KeyError

    class Cursor:
        def execute(self, *args):
            calls.append(args)
            if len(calls) > 1:
                raise KeyError

        def close(self): ...

    connection = type("Connection", (), {"cursor": lambda _: Cursor(), "__module__": "a_driver.things"})()
    monkeypatch.setitem(sys.modules, "a_driver", driver)
    run_as_event(lambda: once(connection))
    [(sql, given)] = calls
    assert sql.endswith(statement)
    assert given == values
    with pytest.raises(AlreadyProcessed, match="event 7 was committed before"):
        run_as_event(lambda: once(connection))


def test_a_connection_of_no_known_driver_is_refused() -> None:
    with pytest.raises(TypeError, match=r"has no paramstyle and IntegrityError.*write current_event\(\)"):
        run_as_event(lambda: once(object()))
