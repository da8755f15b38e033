"""The server is killed at random points: every order is in the database, and none is there twice."""

import json
import random
import re
import sqlite3
from html import unescape
from pathlib import Path
from urllib.request import urlopen

import pytest
from websockets.sync.client import ClientConnection, connect

from vango.testing import Client

from .serving import Server

ORDERS = 40
SUBMIT = 4


def load(server: Server) -> tuple[Client, str]:
    """Load the page as a browser does; returns its document and its cookie."""
    with urlopen(server.url + "/") as answer:
        page = answer.read().decode()
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    meta = re.search('<meta name="vango" content="([^"]*)"', page)
    assert meta is not None
    live = json.loads(unescape(meta[1]))
    return Client(token=live["token"], csrf=live["csrf"]), cookie


def dial(server: Server, client: Client, cookie: str) -> connect:
    """Return a connection to the session of a document."""
    session = client.token.partition(".")[0]
    return connect(
        server.url.replace("http", "ws") + f"/vango/live/{session}",
        subprotocols=["vango.1"],
        origin=server.url,
        additional_headers={"Cookie": cookie},
    )


def hear(socket: ClientConnection, client: Client) -> None:
    """Take the next message and answer it."""
    for reply in client.receive(bytes(socket.recv())):
        socket.send(reply)


def placed_orders(database: str) -> list[int]:
    """Return what was committed, in order."""
    with sqlite3.connect(database) as db:
        return [number for (number,) in db.execute("SELECT event FROM orders ORDER BY rowid")]


def form_of(client: Client) -> int:
    """Return the hid of the form."""
    assert client.model is not None
    found = re.search('<form[^>]* data-hid="([0-9]+)"', client.model.html())
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("seed", range(2))
def test_orders_are_placed_once_whenever_the_server_is_killed(seed: int, tmp_path: Path, monkeypatch) -> None:
    rng = random.Random(seed)
    database = str(tmp_path / "orders.db")
    monkeypatch.setenv("ORDERS", database)
    with Server("e2e.orders:app", Path(__file__).parents[1]) as server:
        client, cookie = load(server)
        placed = 0
        while placed < ORDERS or client.unsettled:
            until_killed = rng.randrange(4, 15)
            with dial(server, client, cookie) as socket:
                socket.send(client.hello())
                while not client.is_ready:
                    hear(socket, client)
                while until_killed and (placed < ORDERS or client.unsettled):
                    if placed < ORDERS:
                        placed += 1
                        until_killed -= 1
                        number = [("number", str(placed))]
                        socket.send(client.event(form_of(client), SUBMIT, [number], action="order"))
                    # Most answers are not read yet when the server dies.
                    if placed == ORDERS or rng.random() < 0.15:
                        hear(socket, client)
                if not until_killed:
                    # Some of those that were sent have been committed, and the answers are on their way.
                    least = placed - rng.randrange(4)
                    while len(placed_orders(database)) < least:
                        pass
                    server.kill()
                    server.start()
    assert placed_orders(database) == list(range(1, ORDERS + 1))
