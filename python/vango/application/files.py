"""Files of an application: served safely, and under addresses that say what is in them.

`site.css` with the hash of its content in its address, `site.3f2a....css`, never has to be asked for again:
another content has another address. Which file an address means is decided by its name alone; the hash only
says for how long it may be kept. So a page of another version of the application still finds its files.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from mimetypes import MimeTypes
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from vango.application.asked import address_of
from vango.application.paths import MalformedPath, canonical
from vango.routing.links import mount

_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_HASHED = re.compile(r"(.+)\.([0-9a-f]{16})((?:\.[^./]*)?)")

# What the web serves, whatever the tables of this machine say of it.
_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".csv": "text/csv",
    ".gif": "image/gif",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_OTHER_TYPES = MimeTypes()


class Folder(StaticFiles):
    """The files of one directory; no dotfile, and nothing that a link leads out of it, is served."""

    def __init__(
        self, path: str, directory: str | os.PathLike[str], manifest: str | os.PathLike[str] | None = None
    ) -> None:
        """Serve `directory` at `path`.

        Raises:
            ValueError: The manifest cannot be read.
        """
        super().__init__(directory=directory)
        self.path = path
        self._root = os.path.realpath(directory)
        self._hashes: dict[str, tuple[tuple[int, int], str]] = {}  # by file, as it was when it was read
        self._built = _manifest(manifest) if manifest is not None else {}
        self._final = frozenset(self._built.values())

    def address(self, name: str) -> str | None:
        """Return the path of a file below the mount, with its hash; `None` if it has no such file."""
        file = self._built.get(name)
        if file is None:
            digest = self._digest(name)
            if digest is None:
                return None
            file = _with_hash(name, digest)
        return f"{self.path}/{quote(file)}"

    def plain_address(self, name: str) -> str | None:
        """Return the path of a file below the mount; `None` if it has no such file."""
        if name in self._built:
            return self.address(name)
        return f"{self.path}/{quote(name)}" if self.lookup_path(name)[1] is not None else None

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return the real path of a file and what it is; `None` for what is not to be served."""
        found, about = super().lookup_path(path)
        parts = [*PurePosixPath(path.replace(os.sep, "/")).parts]
        if about is not None:
            parts += os.path.relpath(found, self._root).split(os.sep)
        if any(part.startswith(".") and part not in (".", ".well-known") for part in parts):
            return "", None
        return found, about

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request for a file, under its name or with a hash in it."""
        try:
            asked = canonical(address_of(scope))
            if asked.moved or asked.path.endswith("/"):
                raise HTTPException(404)
        except MalformedPath:
            raise HTTPException(404) from None
        name = path.replace(os.sep, "/")
        found = _HASHED.fullmatch(name)
        try:
            response = await super().get_response(path, scope)
            keep = name in self._final
        except HTTPException as error:
            if error.status_code == 401:
                raise HTTPException(404) from None  # it may not be read, which is nobody's business
            if error.status_code != 404 or found is None:
                raise
            name = found[1] + found[3]
            response = await super().get_response(name, scope)
            keep = await anyio.to_thread.run_sync(self._digest, name) == found[2]
        response.headers["Cache-Control"] = _FOREVER if keep else _ASK_AGAIN
        response.headers["X-Content-Type-Options"] = "nosniff"
        if "content-type" in response.headers:
            response.headers["Content-Type"] = media_type(name)
        return response

    def _digest(self, name: str) -> str | None:
        """Return the hash of a file, which is read again when it has changed; `None` if there is none."""
        try:
            found, about = self.lookup_path(name)
            if about is None or not os.path.isfile(found):
                return None
            stamp = about.st_mtime_ns, about.st_size
            known = self._hashes.get(found)
            if known is None or known[0] != stamp:
                with open(found, "rb") as file:
                    known = stamp, hashlib.file_digest(file, "sha256").hexdigest()[:16]
                self._hashes[found] = known
        except (OSError, ValueError):
            return None
        return known[1]


class Files:
    """All folders of an application."""

    def __init__(self, *, hashes: bool) -> None:
        """Have none; with `hashes`, addresses hold them."""
        self._hashes = hashes
        self.folders: list[Folder] = []

    def asset(self, name: str) -> str:
        """Return the address of a file, as `App.asset` says it."""
        if not isinstance(name, str):
            raise TypeError(f"app.asset({name!r:.80}): write the name of a file, app.asset('site.css')")
        for folder in self.folders:
            found = folder.address(name) if self._hashes else folder.plain_address(name)
            if found is not None:
                return quote(mount()) + found
        places = ", ".join(repr(os.fspath(folder.directory or "")) for folder in self.folders)
        raise LookupError(
            f"app.asset({name!r}): there is no such file in {places}"
            if places
            else f"app.asset({name!r}): no files are served; write app.static('/static', 'static') first"
        )

    def address(self, path: str) -> str:
        """Return the path of a file with its hash, and any other path as it is."""
        for folder in self.folders:
            if self._hashes and path.startswith(folder.path + "/"):
                return folder.address(path[len(folder.path) + 1 :]) or path
        return path


def media_type(name: str) -> str:
    """Return the `Content-Type` of a file, by its name."""
    suffix = PurePosixPath(name).suffix.lower()
    found = _TYPES.get(suffix) or _OTHER_TYPES.guess_type(name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def _with_hash(name: str, digest: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))


def _manifest(file: str | os.PathLike[str]) -> dict[str, str]:
    """Return what a build tool has made of which file: `{"site.css": "site.4f.css"}`, or as Vite says it."""
    use = f"app.static(manifest={os.fspath(file)!r})"
    try:
        with open(file, encoding="utf-8") as opened:
            said: Any = json.load(opened)
    except (OSError, ValueError) as error:
        raise ValueError(f"{use} cannot be read: {error}") from None
    built: dict[str, str] = {}
    for name, made in said.items() if isinstance(said, Mapping) else ():
        target = made.get("file") if isinstance(made, Mapping) else made
        if not isinstance(target, str):
            break
        built[name] = target
    else:
        if isinstance(said, Mapping):
            return built
    raise ValueError(f"{use} is no object of names and files, as in {{'site.css': 'site.4f2a.css'}}")
