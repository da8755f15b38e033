"""`vango dev`: a supervisor that restarts the application when a file is saved.

The supervisor holds the listening socket and a child serves on it, so a browser that asks during a restart
waits for an answer and is not refused. A child whose application cannot be imported serves the error instead;
open pages come back to it as to any restarted server, and to the application once it is mended.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

from starlette.types import ASGIApp
from watchfiles import PythonFilter, watch

from vango.application.app import App
from vango.application.config import DEBUG_VARIABLE, RECORD_VARIABLE, SECRET_VARIABLE
from vango.cli.loading import LoadError, load
from vango.cli.server import serve, url_of
from vango.tracebacks import theirs, told

_CHILD_GRACE_S = 5
_LOOK_MS = 100


def supervise(target: str, listener: socket.socket, record: str = "") -> int:
    """Serve the application `target` until a signal comes, restarting on save; return the exit status.

    Args:
        target: The application, as in `counter:app`.
        listener: Where it is served.
        record: A folder where every connection is written down, "" for none.
    """
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    environment = {
        SECRET_VARIABLE: secrets.token_urlsafe(32),  # one for all children, so that open pages find back
        **os.environ,
        DEBUG_VARIABLE: "1",
        **({RECORD_VARIABLE: record} if record else {}),
    }
    child: Child | None = None
    try:
        # The watch is on before the first child starts, so no save is missed.
        for saved in _saves(stopped):
            if child is None or saved:
                if child is not None:
                    _say(f"{saved} was saved, restarting")
                    child.end()
                child = Child(target, listener, environment)
            else:
                child.look()
    finally:
        if child is not None:
            child.end()
        listener.close()
    return 0


def _saves(stopped: threading.Event) -> Iterator[str]:
    """Yield the name of a file of the working directory that was saved, or "" where none was for a moment."""
    source = PythonFilter(extra_extensions=(".html", ".css", ".js"))
    for changes in watch(
        ".",
        watch_filter=source,
        stop_event=stopped,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        yield min((Path(path).name for _, path in changes), default="")


class Child:
    """The process that serves the application."""

    def __init__(self, target: str, listener: socket.socket, environment: Mapping[str, str]) -> None:
        """Start it."""
        number = listener.fileno()
        command = [sys.executable, "-m", "vango.cli.dev", target, str(number)]
        self._process = subprocess.Popen(command, env=environment, pass_fds=[number])  # noqa: S603
        self._mourned = False

    def look(self) -> None:
        """Say so, once, if it has ended by itself."""
        if not self._mourned and self._process.poll() is not None:
            self._mourned = True
            _say(
                f"the application ended with status {self._process.returncode}; save a file to start it again"
            )

    def end(self) -> None:
        """Stop it and wait until it is gone."""
        self._process.terminate()
        try:
            self._process.wait(_CHILD_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def load_or_show(target: str) -> ASGIApp:
    """Return the application that `target` names, or one that shows why there is none."""
    try:
        return load(target)
    except LoadError as error:
        text = str(error)
    except (Exception, SystemExit) as error:
        text = told(error, theirs(error))
    _say(f"{target} cannot be imported\n{text}")
    return broken(target, text)


def broken(target: str, text: str) -> App:
    """Return an application that shows `text` at every address; its pages come back to the mended one."""
    from vango import html as h

    app = App(title=f"{target} cannot be imported")

    @app.page("/{path:path}", status=500)
    def failure(path: str) -> object:  # noqa: ARG001
        return h.main(class_="vango-notice")[h.h1[app.config.title], h.pre[text]]

    return app


def _say(sentence: str) -> None:
    print(f"vango: {sentence}", file=sys.stderr, flush=True)


def main() -> int:
    """Serve as the child of a supervisor: `python -m vango.cli.dev MODULE:APP DESCRIPTOR`."""
    target, number = sys.argv[1:]
    listener = socket.socket(fileno=int(number))
    url = url_of(listener.getsockname()[0], listener)
    return serve(
        load_or_show(target), listener, ready=lambda: print(f"vango: serving {url}", flush=True), drain=False
    )


if __name__ == "__main__":
    sys.exit(main())
