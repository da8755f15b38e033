"""Proof that a request was made by a page of this server: the CSRF value, bound to the session cookie.

The value is the HMAC of the browser's session cookie, so it proves nothing in another browser, and there is
nothing to store. A page carries it masked, with another mask each time it is loaded, so that measuring
compressed answers tells nothing; the cookie `__vango_csrf` carries it bare, for requests that
scripts of the page send by themselves.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from typing import NoReturn
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from vango import html as h
from vango.application.cookies import browser_in
from vango.application.origins import OriginPolicy
from vango.core import VNode
from vango.errors import Refused
from vango.sessions.session import current_session

__all__ = ["CSRF_COOKIE", "CSRF_FIELD", "CSRF_HEADER", "Csrf"]

CSRF_COOKIE = "__vango_csrf"
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"

_BYTES = 24
_PURPOSE = b"vango.application.csrf:"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_ADVICE = "check: csrf; the form needs app.csrf.field(), and with several processes one App(secret=...)"
_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


class Csrf:
    """Makes and checks the CSRF values of one application; `app.csrf` is one.

    Pages need none of this, their clients do it by themselves. It is for what a host serves beside them:

    ```python
    @component
    def Upload():
        return h.form(method="post", action="/upload")[app.csrf.field(), h.input(type="file", name="file")]

    async def upload(request):  # a route of the host
        await app.csrf.check(request)
    ```
    A script sends the cookie `__vango_csrf` as the header `X-CSRF-Token`.
    """

    def __init__(
        self,
        keys: Sequence[str],
        origins: OriginPolicy,
        tell: Callable[[str, str, Refused], object] = lambda what, peer, refused: None,  # noqa: ARG005
    ) -> None:
        """Make values by the last of `keys`, check by each; let in the origins that may connect.

        Args:
            keys: Of the application.
            origins: From where requests may come.
            tell: Hears what was refused, to whom and why.
        """
        self._keys = [key.encode() for key in keys]
        self._origins = origins
        self._tell = tell

    def value(self, browser: str) -> str:
        """Return the value of the browser whose session cookie is `browser`, as the cookie has it."""
        return _text(self._proof(self._keys[-1], browser))

    def masked(self, browser: str, salt: str) -> str:
        """Return the value as a page carries it: another text for each `salt`."""
        mask = hashlib.sha256(salt.encode()).digest()[:_BYTES]
        return _text(mask + _xor(mask, self._proof(self._keys[-1], browser)))

    def is_genuine(self, value: str, browser: str) -> bool:
        """Tell whether `value`, masked or bare, was made for this browser by one of the keys."""
        try:
            said = urlsafe_b64decode(value.encode("ascii"))
        except (Base64Error, UnicodeEncodeError):
            return False
        if len(said) == 2 * _BYTES:
            said = _xor(said[:_BYTES], said[_BYTES:])
        proofs = [hmac.compare_digest(said, self._proof(key, browser)) for key in self._keys]
        return any(proofs)

    def field(self) -> VNode:
        """Return the hidden field of a plain form, in the body of a component.

        Raises:
            RuntimeError: No body of a session runs.
        """
        session = current_session()
        return h.input(type="hidden", name=CSRF_FIELD, value=self.masked(session.browser, session.id))

    async def check(self, request: Request) -> None:
        """Let a request of a page of this application pass.

        GET, HEAD and OPTIONS pass unasked, for they change nothing. The value is the header `X-CSRF-Token` or
        else the field `csrf_token` of a form, whose body can be read again by the same `request`.

        Raises:
            HTTPException: 403; the request is of another origin, or its value is not that of its cookie.
        """
        if request.method in _SAFE_METHODS:
            return
        try:
            self._origins.check(request)
        except Refused as refusal:
            self._refuse(request, refusal, "This request comes from another site.")
        browser = browser_in(request)
        value = request.headers.get(CSRF_HEADER, "")
        if not value:
            value = await _field(request)
        if browser is None or not self.is_genuine(value, browser):
            why = Refused("CsrfInvalid", "Its CSRF value is not that of its cookie.", advice=_ADVICE)
            self._refuse(request, why, "The form is too old. Load its page again.")

    def _refuse(self, request: Request, refused: Refused, message: str) -> NoReturn:
        self._tell("a post", request.client.host if request.client else "", refused)
        raise HTTPException(403, message) from refused

    def _proof(self, key: bytes, browser: str) -> bytes:
        return hmac.new(key, _PURPOSE + browser.encode(), hashlib.sha256).digest()[:_BYTES]


async def _field(request: Request) -> str:
    """Return what the body of a form says in our field; the body is kept for the host, who asks again."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    said: object = None
    if kind == _FORM:
        said = dict(parse_qsl((await request.body()).decode("latin-1"))).get(CSRF_FIELD)
    elif kind == _PARTS:
        said = (await request.form()).get(CSRF_FIELD)
    return said if isinstance(said, str) else ""


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
