"""What is far too large is refused in a sentence, before memory is taken for it."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from test_hostile_input import Html, Text

from vango import html as h
from vango._core import Tree, attr_value

SIZE = 100_000_000

LARGE = {
    "a text": (lambda: "é" * SIZE, lambda it: h.p[it]),
    "a text of one byte a letter": (lambda: "a" * SIZE, lambda it: h.p[it]),
    "a subclass of str": (lambda: Text("é" * SIZE), lambda it: h.p[it]),
    "a text with a surrogate": (lambda: "\ud800" * SIZE, lambda it: h.p[it]),
    "raw HTML": (lambda: "é" * SIZE, h.raw),
    "markup": (lambda: Html("é" * SIZE), lambda it: h.p[it]),
    "an attribute": (lambda: "é" * SIZE, lambda it: h.p(title=it)),
    "a class": (lambda: "é" * SIZE, lambda it: h.p(class_=[it])),
    "a name": (lambda: "é" * SIZE, lambda it: h.p(**{it: "a"})),
    "a key": (lambda: "é" * SIZE, lambda it: h.p(key=it)),
    "bytes": (lambda: bytes(SIZE), lambda it: h.p[it]),
    "a list as attribute": (lambda: ["é" * SIZE], lambda it: h.p(title=it)),
    "a list of many as attribute": (lambda: ["a"] * (SIZE // 8), lambda it: h.p(title=it)),
    "a value of a slot": (lambda: "é" * SIZE, lambda it: attr_value("title", it)),
    "a text of a place": (lambda: "é" * SIZE, lambda it: Tree().flush([(0, it, [])])),
}


def peak_kib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("name", LARGE)
def test_what_takes_100_megabytes_is_refused_and_not_copied(name):
    """In a process of its own, whose peak of memory is that of this one attempt."""
    code = f"import test_large_input as it; it.attempt({name!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    kind, sentence, grown_kib = json.loads(done.stdout)
    assert kind in ("ValueError", "TypeError")
    assert len(sentence) < 400
    assert grown_kib < 8 * 1024, sentence


def attempt(name):
    """Try one of LARGE and print what came of it."""
    make, use = LARGE[name]
    large = make()
    before = peak_kib()
    try:
        use(large)
    except (ValueError, TypeError) as error:
        print(json.dumps([type(error).__name__, str(error), peak_kib() - before]))
