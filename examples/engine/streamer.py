"""Keep a mounted tree, and stream what changes to everybody who watches it, over sockets."""

import asyncio

from vango import core, html as h


class Board:
    """Points by name, the tree that shows them, and those who watch."""

    def __init__(self, *names: str) -> None:
        self.points = dict.fromkeys(names, 0)
        self.tree = core.Tree(self.view())
        self.watching: list[asyncio.StreamWriter] = []

    def view(self) -> core.VNode:
        """The leader stands first."""
        ranked = sorted(self.points.items(), key=lambda item: -item[1])
        return h.ol[[h.li(key=name)[h.b[name], " ", points] for name, points in ranked]]

    def welcome(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Who comes gets the tree as it is now, and from then on every burst."""
        writer.write(core.encode_frame(self.tree.snapshot()))
        self.watching.append(writer)

    async def score(self, name: str, points: int) -> None:
        """Change the state, then send everybody what that changes on the page."""
        self.points[name] += points
        frame = core.encode_frame(core.encode(self.tree.commit(self.view())))
        for writer in self.watching:  # without a pause: who comes later has this change in its snapshot
            writer.write(frame)
        for writer in list(self.watching):
            try:
                await writer.drain()
            except ConnectionError:
                self.watching.remove(writer)


async def watch(port: int, seen: asyncio.Semaphore) -> list[str]:
    """Keep a model of the tree until the stream ends; returns a line for each frame."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    frames = core.FrameReader(max_frame_bytes=1_000_000)
    model, lines = None, []
    while data := await reader.read(4_096):
        for body in frames.feed(data):
            if model is None:
                model = core.Model.from_snapshot(body)
            else:
                model.apply(body)
            lines.append(f"{len(body):3} bytes: {model.html(hids=False)}")
            seen.release()
    frames.close()  # raises if the stream was cut inside a frame
    writer.close()
    return lines


async def main() -> None:
    """Two watchers, one of whom comes late, and three changes."""
    board = Board("Ada", "Grace")
    server = await asyncio.start_server(board.welcome, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    seen = asyncio.Semaphore(0)

    early = asyncio.create_task(watch(port, seen))
    await seen.acquire()
    await board.score("Ada", 1)
    await board.score("Grace", 2)
    late = asyncio.create_task(watch(port, seen))
    for _ in range(3):
        await seen.acquire()
    await board.score("Grace", 1)

    for writer in board.watching:
        writer.close()
    server.close()
    print("who came early", *await early, sep="\n  ")
    print("who came late", *await late, sep="\n  ")


asyncio.run(main())
