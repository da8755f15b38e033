"""Look into the wheel and the sdist: `python tools/check_dist.py dist`; says what is missing or too much."""

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

import trove_classifiers

ROOT = Path(__file__).parent.parent
VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def tracked(*paths: str) -> set[str]:
    """Return the files that belong to the repository."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *paths],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return {name for name in done.stdout.splitlines() if (ROOT / name).is_file()}


def same(what: str, got: set[str], wanted: set[str]) -> None:
    """Two sets of names are equal, or the difference is said."""
    assert got == wanted, f"{what}: too much {sorted(got - wanted)}, missing {sorted(wanted - got)}"


def check_metadata(text: str) -> None:
    """The metadata says what pyproject.toml says, and nothing that nobody said."""
    given: Message = HeaderParser().parsestr(text)
    assert (given["Name"], given["Version"]) == ("vango", VERSION)
    assert given["Requires-Python"] == PROJECT["requires-python"]
    assert (given["License-Expression"], given.get_all("License-File")) == ("MIT", ["LICENSE"])
    assert given.get_all("Requires-Dist") == PROJECT["dependencies"]
    assert given.get_payload().strip() == (ROOT / "README.md").read_text().strip()
    assert given["Project-URL"] is given["Home-page"] is None, "an address that the project does not have"
    same("classifiers", set(given.get_all("Classifier", [])), set(PROJECT["classifiers"]))
    assert set(PROJECT["classifiers"]) <= set(trove_classifiers.classifiers), (
        "a classifier that no index knows"
    )


def check_wheel(path: Path) -> None:
    """The wheel: the package, the engine for all Pythons from 3.11 on, and nothing else."""
    assert path.name.startswith(f"vango-{VERSION}-cp311-abi3-"), path.name
    about = f"vango-{VERSION}.dist-info/"
    with zipfile.ZipFile(path) as wheel:
        names = {name for name in wheel.namelist() if not name.endswith("/")}
        package = {name for name in names if not name.startswith(about)}
        wanted = {name.removeprefix("python/") for name in tracked("python/vango")}
        same("wheel", package, wanted | {"vango/_core.abi3.so"})
        for name in ("py.typed", "_core.pyi", "html.pyi", "svg.pyi", "client/boot.js", "client/vango.css"):
            assert f"vango/{name}" in names, name
        check_metadata(wheel.read(about + "METADATA").decode())
        assert wheel.read(about + "licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        for name in names:
            for place in (ROOT, Path.home()):
                assert str(place).encode() + b"/" not in wheel.read(name), f"{name} names {place}"
    print(f"{path.name}: {len(names)} files, {path.stat().st_size:,} bytes")


def check_sdist(path: Path) -> None:
    """The sdist: all that building needs; that nothing is missing shows when it is installed."""
    with tarfile.open(path) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    built_from = tracked("python/vango", "rust") - tracked("rust/core/tests", "rust/fuzz")
    roots = {"Cargo.toml", "Cargo.lock", "pyproject.toml", "README.md", "LICENSE"}
    same("sdist", names, built_from | roots | {"PKG-INFO"})
    print(f"{path.name}: {len(names)} files, {path.stat().st_size:,} bytes")


folder = Path(sys.argv[1])
(wheel_path,) = folder.glob("*.whl")
(sdist_path,) = folder.glob("*.tar.gz")
check_wheel(wheel_path)
check_sdist(sdist_path)
