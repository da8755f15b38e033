"""A page whose only button places an order, in a database that outlives the server."""

import os
import sqlite3

from vango import App, component, html as h, on, once, signal
from vango.events import Submit
from vango.limits import Limits
from vango.sessions.once import ONCE_TABLE

PATH = os.environ["ORDERS"]
app = App(limits=Limits(events_per_s=10_000, event_burst=10_000, resyncs_per_s=1_000, resync_burst=1_000))

with sqlite3.connect(PATH) as db:
    db.execute(ONCE_TABLE)
    db.execute("CREATE TABLE IF NOT EXISTS orders (event INTEGER)")


def order(event: Submit) -> None:
    """Commit one order."""
    with sqlite3.connect(PATH) as db:
        once(db)
        db.execute("INSERT INTO orders VALUES (?)", (int(event["number"]),))


@component
def Orders():
    """The button, and how often it was pressed in this session."""
    pressed = signal(0)
    return h.form(on_submit=on(order, action="order"))[
        h.output[pressed], h.button(on_click=lambda: pressed.update(lambda n: n + 1))["count"]
    ]


@app.page("/")
def home():
    """The page."""
    return Orders()
