"""The browser's half of vango, served as it is but for its comments: read once, hashed, cached for ever.

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

CLIENT = Path(__file__).parents[1] / "client"
BOOT = "boot.js"
STYLESHEET = "vango.css"
RUNTIME = "runtime-dom.js"

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FOREVER = "public, max-age=31536000, immutable"
_STATIC_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b(?:[^'"();=]*?\bfrom)?\s*["']\./([\w.-]+)["']""", re.MULTILINE
)
# Blocks and lines that are a comment, and then the lines left empty; the client writes no other comments.
_COMMENTS = re.compile(rb"/\*[\s\S]*?\*/|^[ \t]*//.*\n", re.MULTILINE)
_EMPTY_LINES = re.compile(rb"^[ \t]*\n", re.MULTILINE)


@dataclass(frozen=True)
class Asset:
    """One file of the client."""

    body: bytes
    packed: bytes
    media_type: str

    @classmethod
    def read(cls, path: Path) -> Asset:
        """Read a file, cut its comments and compress it; the same content gives the same bytes."""
        body = _EMPTY_LINES.sub(b"", _COMMENTS.sub(b"", path.read_bytes()))
        return cls(body, gzip.compress(body, mtime=0), _TYPES[path.suffix])


class Assets:
    """The client's files, with the paths at which a page finds them.

    All paths are relative to the application's prefix, without a leading slash.
    """

    def __init__(self, directory: Path = CLIENT) -> None:
        """Read all modules and stylesheets of `directory`.

        Raises:
            FileNotFoundError: It holds no client: the package was built without it.
        """
        paths = sorted(path for path in directory.glob("*") if path.suffix in _TYPES)
        self._files = {path.name: Asset.read(path) for path in paths}
        if BOOT not in self._files:
            raise FileNotFoundError(
                f"{directory} holds no {BOOT}: install vango again, it came without its client"
            )
        digest = hashlib.sha256()
        for name, asset in self._files.items():
            digest.update(f"{name} {len(asset.body)}\n".encode() + asset.body)
        self.version = digest.hexdigest()[:16]
        self.modules = self._imports(BOOT)

    def path(self, name: str) -> str:
        """Return the versioned path of a file."""
        return f"client/{self.version}/{name}"

    def _imports(self, name: str) -> tuple[str, ...]:
        """Return a module and all that it imports statically, itself first: what a page preloads."""
        found = [name]
        for module in found:
            text = self._files[module].body.decode() if module in self._files else ""
            found += [other for other in dict.fromkeys(_STATIC_IMPORT.findall(text)) if other not in found]
        return tuple(found)

    async def file(self, request: Request) -> Response:
        """Answer a request for `client/{version}/{name}`."""
        asset = self._files.get(request.path_params["name"])
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
        """Answer a request for the unversioned `runtime-dom.js` with what stands for the versioned one."""
        body = f'export * from "./{self.path(RUNTIME)}";\n'
        headers = {
            "Cache-Control": "no-cache",
            "Content-Type": _TYPES[".js"],
            "X-Content-Type-Options": "nosniff",
        }
        return Response(body, headers=headers)


def accepts_gzip(headers: Headers) -> bool:
    """Tell whether a request's `Accept-Encoding` allows gzip."""
    for choice in headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = choice.replace(" ", "").partition(";q=")
        if coding in ("gzip", "*"):
            return weight.strip("0.") != "" or not weight
    return False
