"""docs/guide/engine.md: its programs are those of examples/engine, and print what the page says."""

import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from vango import core, html as h, protocol

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted((ROOT / "examples" / "engine").glob("*.py"))
PAGE = (ROOT / "docs" / "guide" / "engine.md").read_text()


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_page_shows_the_programs_as_they_are() -> None:
    assert len(PROGRAMS) == 3
    assert {program.read_text() for program in PROGRAMS} == set(blocks("python")[1:])


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_a_program_prints_what_the_page_says(program: Path) -> None:
    done = run(program)
    assert done.stderr == ""
    assert done.stdout in blocks("text")


def test_every_public_name_of_the_engine_is_on_the_page() -> None:
    missing = [name for name in core.__all__ if not re.search(rf"core\.{name}\b", PAGE)]
    assert missing == []


def test_links_of_the_page_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / "guide" / target).exists(), target


def test_a_recording_made_here_is_printed(tmp_path: Path) -> None:
    tree = core.Tree(h.p["one"])
    snapshot = tree.snapshot()
    burst = core.encode(tree.commit(h.p["two"]))
    deflated = zlib.compress(burst, wbits=-zlib.MAX_WBITS)
    sent = [
        protocol.Snapshot(1, 4, 0, 2, snapshot[:3], protocol.FLAG_MORE),
        protocol.Ping(),
        protocol.Cont(snapshot[3:]),
        protocol.Diff(1, 4, 5, 0, 2, b"\x01", protocol.FLAG_MORE),
        protocol.Cont(b"", protocol.FLAG_CANCEL),
        protocol.Diff(1, 4, 5, 0, 2, deflated[:2], protocol.FLAG_MORE | protocol.FLAG_DEFLATE),
        protocol.Cont(deflated[2:4], protocol.FLAG_MORE),
        protocol.Cont(deflated[4:]),
    ]
    path = tmp_path / "here.frames"
    path.write_bytes(b"".join(protocol.encode(message) for message in sent) + protocol.LIVENESS)
    done = run(ROOT / "examples" / "engine" / "recording.py", str(path))
    assert done.stdout.splitlines() == [
        "Ping()",
        "Snapshot rev 4, 2 nodes",
        '    <p data-hid="1">one</p>',
        "Diff rev 5, 2 nodes",
        '    Patch("set_text", hid=2, text="two")',
    ]

    path.write_bytes(path.read_bytes()[:-2])
    done = run(ROOT / "examples" / "engine" / "recording.py", str(path))
    assert "DecodeError: byte" in done.stderr
    assert "the stream ends inside a frame" in done.stderr
