"""Use an installed vango as its user would: `python tools/use_package.py engine|page|debug`.

It runs in an environment that holds the package and nothing of this repository.
"""

import importlib.util
import re
import subprocess
import sys
import urllib.request
import warnings
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent


def engine() -> None:
    """Diff two trees where nothing is installed but vango itself, then run the programs of the guide."""
    for name in ("anyio", "starlette", "uvicorn"):
        assert importlib.util.find_spec(name) is None, f"{name} is installed: this shows nothing"
    from vango import core, html as h

    assert "asyncio" not in sys.modules
    assert core.BUILD_PROFILE == "release"
    old, new = h.ul[h.li(key=1)["a"], h.li(key=2)["b"]], h.ul[h.li(key=2)["b"], h.li(key=1)["A"]]
    model = core.Model.from_snapshot(core.Tree(old).snapshot())
    model.apply(core.encode(core.diff(old, new)))
    assert model.html(hids=False) == "<ul><li>b</li><li>A</li></ul>"
    for program in sorted(ROOT.glob("examples/engine/*.py")):
        subprocess.run([sys.executable, str(program)], check=True, stdout=subprocess.DEVNULL)
    print(f"  vango {metadata.version('vango')}: the engine works alone")


def page() -> None:
    """Serve the page of the README."""
    text = (ROOT / "README.md").read_text()
    Path("counter.py").write_text(text.split("```python\n")[1].split("```")[0])
    command = [str(Path(sys.executable).with_name("vango")), "run", "counter:app", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
            with urllib.request.urlopen(address) as answer:
                shown = answer.read().decode()
        finally:
            process.terminate()
    assert re.search(r"<output[^>]*>3</output>", shown), shown
    print("  the page of the README is served")


def debug() -> None:
    """Import a debug build, which says what it is."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        from vango import core
    assert core.BUILD_PROFILE == "debug"
    said = [str(warning.message) for warning in caught if warning.category is RuntimeWarning]
    assert len(said) == 1, said
    assert "debug build" in said[0], said
    print("a debug build warns when it is imported")


{"engine": engine, "page": page, "debug": debug}[sys.argv[1]]()
