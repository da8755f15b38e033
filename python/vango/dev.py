"""`vango dev`: a supervisor that restarts the application when a file is saved.

The supervisor holds the listening socket and a child serves on it, so a browser that asks during a restart
waits for an answer and is not refused. A child whose application cannot be imported serves the error instead;
open pages come back to it as to any restarted server, and to the application once it is mended.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType, TracebackType

from starlette.types import ASGIApp
from watchfiles import PythonFilter, watch

from vango.app import App
from vango.config import DEBUG_VARIABLE, SECRET_VARIABLE
from vango.loading import LoadError, load
from vango.server import LOG_FORMAT, serve, url_of

_CHILD_GRACE_S = 5
_OWN_FRAMES = (str(Path(__file__).parent), "<frozen importlib")


def supervise(target: str, listener: socket.socket) -> int:
    """Serve the application `target` until a signal comes, restarting on save; return the exit status."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    environment = {
        SECRET_VARIABLE: secrets.token_urlsafe(32),  # one for all children, so that open pages find back
        **os.environ,
        DEBUG_VARIABLE: "1",
    }
    child = _start(target, listener, environment)
    try:
        for changed in _saves(stopped):
            print(f"vango: {changed} changed, restarting", file=sys.stderr, flush=True)
            _end(child)
            child = _start(target, listener, environment)
    finally:
        _end(child)
        listener.close()
    return 0


def _saves(stopped: threading.Event) -> Iterator[str]:
    """Yield the name of a changed Python file of the working directory for each batch of changes."""
    only_python = PythonFilter(extra_extensions=(".html", ".css", ".js"))
    for changes in watch(".", watch_filter=only_python, stop_event=stopped, raise_interrupt=False):
        yield Path(min(path for _, path in changes)).name


def _start(target: str, listener: socket.socket, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    number = listener.fileno()
    command = [sys.executable, "-m", "vango.dev", target, str(number)]
    return subprocess.Popen(command, env=environment, pass_fds=[number])  # noqa: S603


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_CHILD_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def load_or_show(target: str) -> ASGIApp:
    """Return the application that `target` names, or one that shows why there is none."""
    try:
        return load(target)
    except LoadError as error:
        text = str(error)
    except (Exception, SystemExit) as error:
        text = "".join(traceback.format_exception(type(error), error, _theirs(error)))
    print(f"vango: {target} cannot be imported\n{text}", file=sys.stderr, flush=True)
    return broken(target, text)


def _theirs(error: BaseException) -> TracebackType | None:
    """Return the traceback of an error from the first frame that is neither ours nor the import system's."""
    frame = error.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(_OWN_FRAMES):
        frame = frame.tb_next
    return frame


def broken(target: str, text: str) -> App:
    """Return an application that shows `text` at every address; its pages come back to the mended one."""
    from vango import html as h

    app = App(title=f"{target} cannot be imported")

    @app.page("/{path:path}", status=500)
    def failure(path: str) -> object:  # noqa: ARG001
        return h.main(class_="vango-notice")[h.h1[app.config.title], h.pre[text]]

    return app


def main() -> int:
    """Serve as the child of a supervisor: `python -m vango.dev MODULE:APP DESCRIPTOR`."""
    target, number = sys.argv[1:]
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    listener = socket.socket(fileno=int(number))
    url = url_of(listener.getsockname()[0], listener)
    return serve(
        load_or_show(target), listener, ready=lambda: print(f"vango: serving {url}", flush=True), drain=False
    )


if __name__ == "__main__":
    sys.exit(main())
