"""The browser's half of vango, read once, hashed, cached for ever.

It is served as it is, but for its comments and its indentation, and with the modules that every page needs in
one. The tap, which shows a developer what is said, is there only where one asks for it.

The files live under a path that holds the hash of all of them, so a page and its client always match and a
cache never has to ask. Only `runtime-dom.js` also has a name that never changes.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from vango.application.join import joined

CLIENT = Path(__file__).parents[1] / "client"
BOOT = "boot.js"
STYLESHEET = "vango.css"
RUNTIME = "runtime-dom.js"
PUBLIC = "public.js"
LATER = "later.js"
CHANNELS = "channels.js"
TAP = "tap.js"

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FOREVER = "public, max-age=31536000, immutable"
_STATIC_IMPORT = re.compile(r"^import .* from '\./([\w.-]+)';$", re.MULTILINE)
# Blocks and lines that are a comment, and then the lines left empty; the client writes no other comments.
_COMMENTS = re.compile(r"/\*[\s\S]*?\*/|^[ \t]*//.*\n", re.MULTILINE)
_EMPTY_LINES = re.compile(r"^[ \t]*\n", re.MULTILINE)
# A fortieth of what a page loads; no text of the client goes over two lines, so that none is changed.
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


@dataclass(frozen=True)
class Asset:
    """One file of the client."""

    body: bytes
    packed: bytes
    media_type: str

    @classmethod
    def of(cls, name: str, text: str) -> Asset:
        """Compress a file; the same content gives the same bytes."""
        body = text.encode()
        return cls(body, gzip.compress(body, mtime=0), _TYPES[Path(name).suffix])


class Assets:
    """The client's files, with the paths at which a page finds them.

    All paths are relative to the application's prefix, without a leading slash.

    Attributes:
        files: What is served, by file name.
        version: The hash of all of it.
        modules: What a page loads at once, and should preload; the first one starts it.
    """

    def __init__(self, directory: Path = CLIENT, *, debug: bool = False) -> None:
        """Read all modules and stylesheets of `directory`; with `debug` the tap too, which starts pages then.

        Raises:
            FileNotFoundError: It holds no client: the package was built without it.
        """
        paths = sorted(path for path in directory.glob("*") if path.suffix in _TYPES)
        wanted = [path for path in paths if debug or not path.name.startswith(Path(TAP).stem)]
        texts = {path.name: _bare(path.read_text("utf-8")) for path in wanted}
        if not {BOOT, RUNTIME, PUBLIC} <= texts.keys():
            raise FileNotFoundError(
                f"{directory} holds no {BOOT}: install vango again, it came without its client"
            )
        modules = {name: text for name, text in texts.items() if name.endswith(".js")}
        served = {name: text for name, text in texts.items() if name not in modules}
        wholes: list[str] = []
        for name in (RUNTIME, LATER, CHANNELS, TAP):
            if name in modules:
                modules = joined(modules, name, apart=wholes)
                wholes.append(name)
        served |= modules
        self.files = {
            name: Asset.of(name, _INDENTATION.sub("", text)) for name, text in sorted(served.items())
        }
        digest = hashlib.sha256()
        for name, asset in self.files.items():
            digest.update(f"{name} {len(asset.body)}\n".encode() + asset.body)
        self.version = digest.hexdigest()[:16]
        self.modules = self._imports(TAP if TAP in modules else BOOT)

    def path(self, name: str) -> str:
        """Return the versioned path of a file."""
        return f"client/{self.version}/{name}"

    def _imports(self, name: str) -> tuple[str, ...]:
        """Return a module and all that it imports statically, itself first: what a page preloads."""
        found = [name]
        for module in found:
            text = self.files[module].body.decode() if module in self.files else ""
            found += [other for other in dict.fromkeys(_STATIC_IMPORT.findall(text)) if other not in found]
        return tuple(found)

    async def file(self, request: Request) -> Response:
        """Answer a request for `client/{version}/{name}`."""
        asset = self.files.get(request.path_params["name"])
        if asset is None or request.path_params["version"] != self.version:
            return Response("There is no such file of the client.", 404, media_type="text/plain")
        packed = accepts_gzip(request.headers)
        headers = {
            "Cache-Control": _FOREVER,
            "Content-Type": asset.media_type,
            "ETag": f'"{self.version}{"-gzip" if packed else ""}"',
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(asset.packed if packed else asset.body, headers=headers)

    async def runtime(self, request: Request) -> Response:  # noqa: ARG002
        """Answer a request for the unversioned `runtime-dom.js` with what pages import by hand."""
        body = f'export * from "./{self.path(PUBLIC)}";\n'
        headers = {
            "Cache-Control": "no-cache",
            "Content-Type": _TYPES[".js"],
            "X-Content-Type-Options": "nosniff",
        }
        return Response(body, headers=headers)


def _bare(text: str) -> str:
    """Return a file without its comments."""
    return _EMPTY_LINES.sub("", _COMMENTS.sub("", text))


def accepts_gzip(headers: Headers) -> bool:
    """Tell whether a request's `Accept-Encoding` allows gzip."""
    for choice in headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = choice.replace(" ", "").partition(";q=")
        if coding in ("gzip", "*"):
            return weight.strip("0.") != "" or not weight
    return False
