"""A client in a process of its own, in any language: the kit speaks to it in lines of JSON.

The kit writes one object a line and reads one, until the process is asked no more. Times are milliseconds.

| the kit writes | when |
|---|---|
| `{"do": "load", "html", "path", "now"}` | a page was loaded: forget everything but reloads, and begin |
| `{"do": "opened", "link", "now"}` | a link is open |
| `{"do": "received", "link", "hex", "now"}` | one message has come |
| `{"do": "closed", "link", "code", "now"}` | a link has ended, or could not be opened; the code may be null |
| `{"do": "tick", "now"}` | the deadline is there |
| `{"do": "event", "hid", "kind", "hex", "policy", "action", "now"}` | something happened, with this payload |

The answer is `{"actions": [...], "deadline": ms or null, "state": "...", "html": "..."}`; an action is one of
`{"connect": link, "transport": "websocket" or "http", "parameters": [[name, value]]}`,
`{"send": link, "hex": "..."}`, `{"close": link}`, `{"reload": reason}` and `{"tell": name}`.
A reload is said where it is granted, which is once until the state was "connected". The names that count are
"rejected" (events that nobody takes), "refused" (an event that does not wait) and "error" (RESULT or ERROR).

A client without a document of its own gives `html` as null, and before its answer may write
`{"apply": hex, "snapshot": bool, "count": n}` for a burst; it reads `{"ok": true}` or `{"ok": false}`.
`load` has `adopted` beside the rest then: whether the page is what it says.
"""

from __future__ import annotations

import json
import math
import select
import subprocess
from collections.abc import Sequence
from typing import Any

from vango._core import Model
from vango.testing.conformance.client import Action, Client, Close, Connect, Reload, Send, Tell
from vango.testing.conformance.outcome import Mismatch
from vango.testing.conformance.server import ServedPage

__all__ = ["ProcessClient"]

_ANSWER = ("actions", "deadline", "state", "html")


class ProcessClient(Client):
    """A client in a process, started by the first `load` and ended by `stop`."""

    def __init__(self, command: Sequence[str], *, patience_s: float = 30.0) -> None:
        """Prepare to start `command`; one that does not answer a line for so long has failed."""
        self.name = " ".join(command)
        self._command = command
        self._patience_s = patience_s
        self._process: subprocess.Popen[str] | None = None
        self._last: dict[str, Any] = {}
        self._model: Model | None = None
        self._bursts: list[bytes] = []

    def load(self, page: ServedPage, now: float) -> list[Action]:
        """Let the process load a page; start it if it does not run."""
        if self._process is None:
            self._process = _start(self._command)
        self._bursts = [page.snapshot] if page.snapshot else []
        self._model = Model.from_snapshot(page.snapshot) if page.snapshot else None
        return self._ask("load", now, html=page.html, path=page.path, adopted=bool(page.snapshot))

    def opened(self, link: int, now: float) -> list[Action]:
        """A link is open."""
        return self._ask("opened", now, link=link)

    def received(self, link: int, data: bytes, now: float) -> list[Action]:
        """One message has come."""
        return self._ask("received", now, link=link, hex=data.hex())

    def closed(self, link: int, code: int | None, now: float) -> list[Action]:
        """A link has ended."""
        return self._ask("closed", now, link=link, code=code)

    def tick(self, now: float) -> list[Action]:
        """The deadline is there."""
        return self._ask("tick", now)

    def event(
        self, hid: int, kind: int, payload: bytes, policy: str, action: str, now: float
    ) -> list[Action]:
        """Something has happened."""
        return self._ask("event", now, hid=hid, kind=kind, hex=payload.hex(), policy=policy, action=action)

    @property
    def deadline(self) -> float:
        """When to call `tick`."""
        deadline = self._last["deadline"]
        return math.inf if deadline is None else deadline / 1000

    @property
    def state(self) -> str:
        """The state that it says."""
        return str(self._last["state"])

    def html(self) -> str:
        """What it says that it shows, or what the kit keeps for it."""
        said = self._last.get("html")
        if said is not None:
            return str(said)
        return self._model.html(hids=False) if self._model is not None else ""

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def _ask(self, do: str, now: float, **fields: Any) -> list[Action]:
        answer = self._exchange({"do": do, "now": round(now * 1000), **fields})
        while "apply" in answer:
            answer = self._exchange({"ok": self._apply(answer)})
        missing = [name for name in _ANSWER if name not in answer]
        if missing:
            raise Mismatch(f"{', '.join(missing)} in the answer to {do}", answer)
        self._last = answer
        return [_action(one) for one in answer["actions"]]

    def _exchange(self, line: dict[str, Any]) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise Mismatch("a client that runs", "it was stopped")
        try:
            process.stdin.write(json.dumps(line) + "\n")
            process.stdin.flush()
            if not select.select([process.stdout], [], [], self._patience_s)[0]:
                silence = f"none within {self._patience_s:g} s, after {line.get('do', 'a burst')}"
                raise Mismatch("one line of JSON for each line", silence)
            answer: dict[str, Any] = json.loads(process.stdout.readline())
        except (OSError, json.JSONDecodeError) as error:
            raise Mismatch("one line of JSON for each line", f"{error}, after {line.get('do')}") from None
        return answer

    def _apply(self, burst: dict[str, Any]) -> bool:
        """Apply a burst to the document that the kit keeps; it is one that nobody has seen until it holds."""
        data = bytes.fromhex(burst["apply"])
        try:
            if burst["snapshot"]:
                model, bursts = Model.from_snapshot(data), [data]
            elif self._bursts:
                model, bursts = Model.from_snapshot(self._bursts[0]), [*self._bursts, data]
                for one in bursts[1:]:
                    model.apply(one)
            else:
                return False
        except ValueError:
            return False
        if model.count != burst["count"]:
            return False
        self._model, self._bursts = model, bursts
        return True


def _start(command: Sequence[str]) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
    except OSError as error:
        raise Mismatch("a command that starts a client", str(error)) from None


def _action(action: dict[str, Any]) -> Action:
    match action:
        case {"connect": link, "transport": transport}:
            pairs = [(name, value) for name, value in action.get("parameters", [])]
            return Connect(link, transport, pairs)
        case {"send": link, "hex": data}:
            return Send(link, bytes.fromhex(data))
        case {"close": link}:
            return Close(link)
        case {"reload": reason}:
            return Reload(reason)
        case {"tell": name}:
            return Tell(name)
    raise Mismatch("an action that the kit knows", action)
