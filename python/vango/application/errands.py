"""Where a page runs its errands: one address each, signed, for 30 s, for its own browser, once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse

from vango.application.cookies import cookie_name, new_browser
from vango.application.live import Door
from vango.errors import Refused
from vango.request import Request as Asked
from vango.sessions.errands import Download, Errand
from vango.sessions.registry import Registry
from vango.sessions.reply import CookieChange
from vango.sessions.session import Session

__all__ = ["DATA_COOKIE", "DataCookie", "ErrandEndpoint", "set_cookies"]

DATA_COOKIE = "vango_data"

_LIFE_S = 30
_DATA_LIFE_S = 14 * 24 * 3600
_SIGNED = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class DataCookie:
    """Signs and reads the data of sessions."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Sign with the last of `keys`, verify with each of them."""
        self._serializer = URLSafeTimedSerializer(list(keys), salt="vango.data", signer_kwargs=_SIGNED)

    def write(self, data: Mapping[str, Any]) -> str:
        """Return the value of the cookie."""
        signed = self._serializer.dumps(dict(data))
        return signed if isinstance(signed, str) else signed.decode()

    def read(self, cookies: Mapping[str, str]) -> Mapping[str, Any]:
        """Return what a browser brings; nothing where it is not genuine or older than 14 days."""
        value = cookies.get(DATA_COOKIE)
        if value is None:
            return {}
        try:
            data = self._serializer.loads(value, max_age=_DATA_LIFE_S)
        except BadData:
            return {}
        return data if isinstance(data, dict) else {}

    def change(self, data: Mapping[str, Any]) -> CookieChange:
        """Return what brings data to a browser: nothing is deleted."""
        return CookieChange(DATA_COOKIE, self.write(data) if data else None, _DATA_LIFE_S)


class ErrandEndpoint:
    """Serves the errands of the pages of one application."""

    def __init__(self, door: Door, data: DataCookie, keys: Sequence[str], prefix: str) -> None:
        """Let in by `door` who has an address below `prefix`."""
        self._door = door
        self._cookie = data
        self._prefix = prefix
        self._signer = TimestampSigner(
            list(keys), salt="vango.errand", key_derivation="hmac", digest_method=hashlib.sha256
        )

    def address(self, session: Session, key: str) -> str:
        """Return where the browser of a session fetches one errand."""
        signed = self._signer.sign(f"{session.id}~{key}").decode()
        return f"{session.request.mount}{self._prefix}/errand/{signed}"

    async def respond(self, request: Request, registry: Registry) -> Response:
        """Answer a browser that fetches one: POST for cookies, GET for a file."""
        try:
            session, errand = await self._open(request, registry)
        except Refused as refused:
            registry.refusals.tell("an errand", request.client.host if request.client else "", refused)
            return PlainTextResponse(refused.message, 403, _HEADERS)
        if errand is None:
            return PlainTextResponse("This address was for one time, and for 30 seconds.", 410, _HEADERS)
        if errand.download is not None:
            return _file(errand.download)
        return self._cookies(session, errand, registry, secure=session.request.scheme == "https")

    async def _open(self, request: Request, registry: Registry) -> tuple[Session, Errand | None]:
        handshake = self._door.check(request)
        try:
            named = self._signer.unsign(request.path_params["ticket"], max_age=_LIFE_S).decode()
        except BadData:
            raise Refused(
                "Unauthorized", "This address is not genuine, or too old.", advice="check: errand"
            ) from None
        session_id, _, key = named.partition("~")
        session = registry.get(session_id)
        if session is None or session.browser != handshake.browser:
            raise Refused("Unauthorized", "This address was for another page.", advice="check: errand")
        if not await self._door.may(session, handshake.request):
            raise Refused("Unauthorized", "This page is not yours any more.", advice="check: errand")
        errand = session.errands.get(key) if session.errands else None
        if errand is None or request.method != ("POST" if errand.download is None else "GET"):
            return session, None
        assert session.errands is not None
        del session.errands[key]
        return session, errand

    def _cookies(self, session: Session, errand: Errand, registry: Registry, *, secure: bool) -> Response:
        after: BackgroundTask | None = None
        answer = JSONResponse({"to": errand.to}, headers=_HEADERS)
        path = session.request.mount or "/"
        set_cookies(answer, errand.cookies, path=path, secure=secure)
        if errand.data:
            set_cookies(answer, [self._cookie.change(session.request.data)], path=path, secure=secure)
        if errand.rotates:
            set_cookies(
                answer,
                [CookieChange(cookie_name(secure=secure, mount=session.request.mount), new_browser())],
                path=path,
                secure=secure,
            )
            # Behind the answer: a page that loads before the new cookies are there would come back as before.
            after = BackgroundTask(_end_others, registry, session, everywhere=errand.everywhere)
        else:
            changed = [*errand.cookies, *([self._cookie.change(session.request.data)] if errand.data else [])]
            session.request = _with_cookies(session, changed)
        answer.background = after
        return answer


def set_cookies(answer: Response, cookies: Sequence[CookieChange], *, path: str, secure: bool) -> None:
    """Set cookies by an answer."""
    for one in cookies:
        age = 0 if one.value is None else one.max_age_s
        answer.set_cookie(
            one.name,
            one.value or "",
            max_age=age,
            path=path,
            secure=secure or one.same_site == "none",
            httponly=one.http_only,
            samesite=one.same_site,
        )


def _with_cookies(session: Session, cookies: Sequence[CookieChange]) -> Asked:
    known = dict(session.request.cookies)
    for one in cookies:
        if one.value is None:
            known.pop(one.name, None)
        else:
            known[one.name] = one.value
    return replace(session.request, cookies=known)


async def _end_others(registry: Registry, session: Session, *, everywhere: bool) -> None:
    """End what is bound to the browser's old cookie, and all pages of the user if that is wanted."""
    user = session.request.user
    gone = Refused("AuthExpired", "You have logged in or out elsewhere.", parameters=[("action", "reload")])
    for other in list(registry.sessions):
        same = everywhere and user is not None and other.request.user is not None
        if other is not session and (
            other.browser == session.browser or (same and other.request.user.id == user.id)  # type: ignore[union-attr]
        ):
            registry.expire(other, gone, "logged in or out elsewhere")


def _file(file: Download) -> Response:
    headers = {**_HEADERS, "Content-Disposition": disposition(file.filename)}
    if isinstance(file.content, bytes):
        return Response(file.content, 200, headers, file.media_type)
    if isinstance(file.content, os.PathLike):
        return FileResponse(file.content, 200, headers, file.media_type)
    return StreamingResponse(file.content, 200, headers, file.media_type)


def disposition(filename: str) -> str:
    """Return the `Content-Disposition` of a file (RFC 6266): its name as ASCII, and as it is."""
    plain = "".join(char if " " <= char <= "~" and char not in '"\\%' else "_" for char in filename)
    said = f'attachment; filename="{plain}"'
    return said if plain == filename else f"{said}; filename*=UTF-8''{quote(filename, safe='')}"
