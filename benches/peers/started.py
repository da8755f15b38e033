"""The page of a peer in a process of its own, served by the Python of the peers."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
PYTHON = Path(__file__).parent / ".venv/bin/python"
PEERS = {"reactpy": "ReactPy", "pyview": "pyview", "nicegui": "NiceGUI"}
START_S = 30.0


@contextmanager
def started(pages: str, name: str) -> Iterator[tuple[str, psutil.Process]]:
    """Serve the page of a peer that the module `pages` has; give its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [PYTHON, "-m", f"benches.peers.{pages}", name, str(port)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}/", psutil.Process(process.pid)
        finally:
            process.terminate()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when somebody listens there."""
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} did not start")
