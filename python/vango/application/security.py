"""Who may open what: signed tokens, origins, the session cookie and the queue before HELLO.

A session id alone opens nothing. A connection needs the page's token, the cookie that the page was given
to, and the page's own origin; each check fails closed and says which one it was.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Collection, Sequence
from urllib.parse import SplitResult, urlsplit

from itsdangerous import BadSignature, URLSafeSerializer

from vango.errors import Refused

COOKIE = "vango_session"
MIN_SECRET_LENGTH = 32

_CLAIMS = 6
_SALT = "vango.sessions.session"
_COOKIE_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")
_HOST_SHAPE = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def new_browser() -> str:
    """Return a new value of the session cookie: 128 random bits."""
    return secrets.token_urlsafe(16)


def browser_of(cookie: str | None) -> str | None:
    """Return the cookie's value where it has the shape that `new_browser` gives, else `None`."""
    return cookie if cookie is not None and _COOKIE_SHAPE.fullmatch(cookie) else None


def check_secret(secret: str | Sequence[str]) -> tuple[str, ...]:
    """Return the keys of a secret, oldest first: the last one signs, all of them verify.

    Raises:
        ValueError: There is no key, or one is shorter than 32 characters.
    """
    keys = (secret,) if isinstance(secret, str) else tuple(secret)
    if not keys or any(len(key) < MIN_SECRET_LENGTH for key in keys):
        raise ValueError(
            f"a secret has at least {MIN_SECRET_LENGTH} characters; make one with "
            "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`"
        )
    return keys


class Tokens:
    """Signs and verifies the tokens of served pages.

    A token names its session, the cookie it was given to (as a hash), the process, the versions of the page
    that carries it (of its assets, and of its schema: the way the application writes its pages), and which
    one of the session's tokens it is, from 0: a newer one can take its place.
    It lives as long as the session does, so it bears no time. The process also stands in front, readable,
    so that a balancer can route by it and a restart without a fixed secret is told from a forgery.
    """

    def __init__(self, keys: Sequence[str], *, process: str, assets: str, schema: str) -> None:
        """Sign with the last of `keys`, verify with each of them."""
        self._process = process
        self._assets = assets
        self._schema = schema
        self._serializer = URLSafeSerializer(
            list(keys), salt=_SALT, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )

    def sign(self, session_id: str, browser: str, serial: int = 0) -> str:
        """Return the token of a session for the browser whose cookie is `browser`."""
        claims = [session_id, _digest(browser), self._process, self._assets, self._schema, serial]
        return f"{self._process}~{self._serializer.dumps(claims)}"

    def verify(self, token: str, browser: str) -> tuple[str, int]:
        """Return the session id and the serial that a genuine token of this browser names.

        Raises:
            Refused: `Unauthorized` where it was tampered with or was given to another cookie;
                `SchemaMismatch`, which makes a client load its page again, where the page is of another
                version of the application or was signed by another run of it with a key that is gone.
        """
        process, _, signed = token.partition("~")
        try:
            claims = self._serializer.loads(signed)
        except BadSignature:
            # The prefix proves nothing: whoever writes another one only chooses the words of the refusal.
            if signed and process != self._process:
                raise Refused(
                    "SchemaMismatch", "This page was signed by another run of the server."
                ) from None
            raise Refused("Unauthorized", "The page's token is not genuine.") from None
        if len(claims) != _CLAIMS:
            raise Refused("SchemaMismatch", "This page was served by another version of vango.")
        session_id, digest, _, assets, schema, serial = claims
        if not hmac.compare_digest(digest, _digest(browser)):
            raise Refused("Unauthorized", "This page was served to another browser session.")
        if (assets, schema) != (self._assets, self._schema):
            raise Refused("SchemaMismatch", "The application has changed since this page was served.")
        return str(session_id), int(serial)


def _digest(browser: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(browser.encode()).digest()[:12]).decode()


def normalize_origin(text: str) -> str | None:
    """Return `scheme://host:port` of an origin in lower case and with its port, `None` if it is not one.

    `null`, a path, a query, a user or a scheme other than http and https make it no origin.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = _host(parts)
    except ValueError:
        return None
    default = _DEFAULT_PORTS.get(parts.scheme)
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if default is None or host is None or not bare:
        return None
    return f"{parts.scheme}://{host}:{default if port is None else port}"


def _host(parts: SplitResult) -> str | None:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host.encode("idna").decode() if not host.isascii() else host
    return host if _HOST_SHAPE.fullmatch(host) else None


def origin_allowed(origins: Sequence[str], *, scheme: str, host: str, allowed: Collection[str]) -> bool:
    """Tell whether a request's `Origin` headers let it attach to a page of this server.

    Args:
        origins: The values of all its `Origin` headers. None is allowed: every browser sends one with a
            socket, and what is no browser still has to show the token and the cookie.
        scheme: `http` or `https`, as the browser sees the server.
        host: The `Host` header.
        allowed: Further origins, normalized.
    """
    if not origins:
        return True
    if len(origins) > 1:
        return False
    origin = normalize_origin(origins[0])
    return origin is not None and (origin == normalize_origin(f"{scheme}://{host}") or origin in allowed)


class Seat:
    """The place of one socket in the queue before HELLO; `release` gives it up, once."""

    def __init__(self, queue: HandshakeQueue, address: str) -> None:
        self._queue: HandshakeQueue | None = queue
        self._address = address

    def release(self) -> None:
        """Give the place to another socket; further calls do nothing."""
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.leave(self._address)


class HandshakeQueue:
    """The sockets that have not said HELLO yet, bounded in all and for each address."""

    def __init__(self, *, total: int, per_address: int) -> None:
        """Hold at most `total` sockets, `per_address` of them from one address."""
        self._total = total
        self._per_address = per_address
        self._waiting: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._waiting.total()

    def take(self, address: str) -> Seat:
        """Return a place for one socket, which must be released.

        Raises:
            Refused: `ServerBusy`; too many sockets are waiting already.
        """
        if len(self) >= self._total or self._waiting.get(address, 0) >= self._per_address:
            raise Refused("ServerBusy", "Too many connections are being opened.", retry_after_ms=1000)
        self._waiting[address] += 1
        return Seat(self, address)

    def leave(self, address: str) -> None:
        """Free one place of an address; `Seat.release` is the way to call this."""
        self._waiting[address] -= 1
        if not self._waiting[address]:
            del self._waiting[address]
