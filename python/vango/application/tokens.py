"""Signed tokens: which session a served page may open, and from which browser."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer

from vango.errors import Refused

_CHECK = "check: token; the secret, and the cookie that the page was served to"
_CLAIMS = 7
_SALT = "vango.sessions.session"


class Tokens:
    """Signs and verifies the tokens of served pages.

    A token names its session, the cookie it was given to (as a hash), the process, the versions of the page
    that carries it (of its assets, and of its schema: the way the application writes its pages), and which
    one of the session's tokens it is, from 0: a newer one can take its place; and whether
    somebody else serves the page of the session.
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

    def sign(self, session_id: str, browser: str, serial: int = 0, *, embedded: bool = False) -> str:
        """Return the token of a session for the browser whose cookie is `browser`."""
        claims = [
            session_id,
            _digest(browser),
            self._process,
            self._assets,
            self._schema,
            serial,
            int(embedded),
        ]
        return f"{self._process}~{self._serializer.dumps(claims)}"

    def verify(self, token: str, browser: str) -> tuple[str, int, bool]:
        """Return what a genuine token of this browser names: session id, serial, whether it is embedded.

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
            raise Refused("Unauthorized", "The page's token is not genuine.", advice=_CHECK) from None
        if len(claims) != _CLAIMS:
            raise Refused("SchemaMismatch", "This page was served by another version of vango.")
        session_id, digest, _, assets, schema, serial, embedded = claims
        if not hmac.compare_digest(digest, _digest(browser)):
            raise Refused("Unauthorized", "This page was served to another browser session.", advice=_CHECK)
        if (assets, schema) != (self._assets, self._schema):
            raise Refused("SchemaMismatch", "The application has changed since this page was served.")
        return str(session_id), int(serial), bool(embedded)


def _digest(browser: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(browser.encode()).digest()[:12]).decode()
