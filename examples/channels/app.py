"""Two islands: files that are sent to the server, and a curve that the server draws into a canvas."""

import hashlib
import math
import struct
from pathlib import Path

import anyio

from vango import App, Channel, channel, component, csp, html as h, signal

app = App(title="Channels", scripts=["/static/islands.js"], csp=csp("hardened"))
app.static("/static", Path(__file__).parent / "static")


@component
def Upload():
    """Counts and hashes a file while it comes."""
    received, digest = signal(0), signal("")

    async def receive(file: Channel) -> None:
        checksum = hashlib.sha256()
        received.set(0)
        digest.set("")
        async for part in file:
            checksum.update(part)
            received.update(lambda n: n + len(part))  # noqa: B023
        digest.set(checksum.hexdigest())

    channel("upload", receive)
    return h.section[
        h.label["A file ", h.input(id="file", type="file")],
        h.p[h.output(id="received")[received], " bytes"],
        h.p[h.code(id="digest")[digest]],
    ]


@app.channel("curve")
async def curve(points: Channel) -> None:
    """Send a point of a sine, again and again, as fast as the page draws them."""
    step = points.params["step"]
    x = 0.0
    while True:
        await points.send(struct.pack("<d", math.sin(x)), compress=False)
        x += step
        await anyio.sleep(0.02)


@app.page("/")
def home():
    return h.main[
        h.h1["Channels"],
        Upload(),
        h.canvas(id="curve", width=400, height=100),
    ]
