"""Errands: what a live page cannot do over its socket, and its browser fetches at a signed address, once.

Cookies travel with answers of HTTP, and so do files. A handler names what it wants; the page is told of an
address by an EMIT, and fetches it by itself, one after the other.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import AsyncIterable, Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from vango.reactive.onlooker import refuse_early
from vango.reactive.tracking import current
from vango.sessions.answer import checked
from vango.sessions.reply import CookieChange, SameSite
from vango.sessions.session import current_session

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = [
    "Download",
    "Errand",
    "SessionData",
    "carry",
    "delete_cookie",
    "download",
    "login",
    "logout",
    "session_data",
    "set_cookie",
]

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{0,3500}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(; ?[\w-]+=[\w.-]+)*", re.ASCII)
_MOST_DATA = (
    2_000  # characters of JSON: browsers keep 4,096 bytes a cookie, signature and attributes included
)
_LIFE_S = 30.0
_MOST = 16  # errands of one session that no browser has fetched yet
USER = "user"
FLASHED = "flash"
"""Under which the data of a browser has what is to be shown once."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file for the person, not for the page."""

    content: bytes | os.PathLike[str] | AsyncIterable[bytes]
    filename: str
    media_type: str


@dataclass(slots=True)
class Errand:
    """What an address stands for, until it is fetched.

    Attributes:
        cookies: What the answer sets.
        data: Whether it brings the data of the session.
        to: Where the browser goes then; `None`: nowhere.
        rotates: Whether the browser gets another session cookie, and what is bound to the old one ends.
        everywhere: Whether all pages of its user end, in all browsers.
        download: The file, instead of all these.
    """

    cookies: list[CookieChange] = field(default_factory=list)
    data: bool = False
    to: str | None = None
    rotates: bool = False
    everywhere: bool = False
    download: Download | None = None


class SessionData(MutableMapping[str, Any]):
    """Small data of a browser: a signed cookie that scripts cannot read, the same for all its pages.

    `session_data()["cart"] = [7]`. What is in it has been written by this application, but may be
    old: a browser can keep a cookie, and send it again.
    """

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getitem__(self, name: str) -> Any:
        return self._session.request.data[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._session.request.data)

    def __len__(self) -> int:
        return len(self._session.request.data)

    def __setitem__(self, name: str, value: Any) -> None:
        if not isinstance(name, str):
            raise TypeError(f"session data has texts as names, not {name!r:.40}")
        self._change({**self._session.request.data, name: value})

    def __delitem__(self, name: str) -> None:
        rest = dict(self._session.request.data)
        del rest[name]
        self._change(rest)

    def _change(self, data: dict[str, Any]) -> None:
        try:
            text = json.dumps(data, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise TypeError(f"session data is kept as JSON, and {error}; store an id instead") from None
        if len(text) > _MOST_DATA:
            raise ValueError(
                f"session data has {len(text):,} characters of JSON, of at most {_MOST_DATA:,}: it is one "
                "cookie; keep the rest in a database, and its id here"
            )
        session = self._session

        def change() -> None:
            session.request = replace(session.request, data=json.loads(text))
            if session.reply is not None:
                session.reply.data = True
            else:
                _waiting(session).data = True

        _here(session, change)


def session_data() -> SessionData:
    """Return the small data of the browser whose page runs, to read and to write.

    Raises:
        RuntimeError: No session runs here.
    """
    return SessionData(current_session())


def set_cookie(
    name: str,
    value: str,
    *,
    max_age_s: int | None = None,
    http_only: bool = True,
    same_site: SameSite = "lax",
) -> None:
    """Set a cookie of the browser whose page runs, in a body of a first paint or in a handler.

    It is for the path of the application, and `Secure` where the page came by https. A live page fetches it
    by itself, a moment later: `current_request().cookies` has it then.

    Args:
        name: As HTTP has it, not beginning with "vango".
        value: Visible ASCII without quotes, commas, semicolons and backslashes; write others by `quote`.
        max_age_s: How long the browser keeps it; without it, until it is closed.
        http_only: Whether scripts of the page cannot read it.
        same_site: With which requests of other sites it goes along.

    Raises:
        RuntimeError: No session runs here; or it is a body of a page that lives already.
        ValueError: The name, the value or a setting is not for a cookie.
    """
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        raise ValueError(
            f"set_cookie({name!r:.40}, ...): a value is visible ASCII without quotes, commas, semicolons and "
            "backslashes, of 3,500 characters at most; write urllib.parse.quote(value)"
        )
    if same_site not in ("lax", "strict", "none"):
        raise ValueError(
            f"set_cookie({name!r:.40}, same_site={same_site!r}): write 'lax', 'strict' or 'none'"
        )
    if max_age_s is not None and (type(max_age_s) is not int or max_age_s <= 0):
        raise ValueError(f"set_cookie({name!r:.40}, max_age_s={max_age_s!r}): write whole seconds above 0")
    _set(f"set_cookie({name!r:.40}, ...)", CookieChange(name, value, max_age_s, http_only, same_site))


def delete_cookie(name: str) -> None:
    """Delete a cookie that `set_cookie` has set; raises as that does."""
    _set(f"delete_cookie({name!r:.40})", CookieChange(name, None))


def login(user: str, *, to: str | None = None) -> None:
    """Note who has logged in at the page whose handler runs; the browser loads a page as them next.

    ```python
    def submit(event):
        row = accounts.check(event["name"], event["password"])
        if row is not None:
            login(str(row.id), to=next_page())
    ```
    The id goes into the data of the session, where the provider finds it: `request.data.get("user")`. The
    browser gets another session cookie, so whoever knew the one before knows nothing, and its other pages
    load anew.

    Args:
        user: What tells this user from all others.
        to: A path of this application, or an address that `App(allowed_redirects=[...])` allows; without it,
            the page itself is loaded again.

    Raises:
        RuntimeError: No handler of a page runs here.
        TypeError: The id is no text.
        ValueError: `to` leads to where this application sends nobody.
    """
    if not isinstance(user, str) or not user:
        raise TypeError(f"login({user!r:.40}): the id is a text that is not empty; write login(str(...))")
    session = _handler("login(...)")
    _leave(
        session, session.path if to is None else checked(session, to), {**session.request.data, USER: user}
    )


def logout(*, to: str | None = None, everywhere: bool = False) -> None:
    """Log out who looks at the page whose handler runs: all pages of this browser end, and load anew.

    The data of the session is gone with it, and the browser gets another session cookie.

    Args:
        to: Where this page goes, as for `login`; without it, it is loaded again.
        everywhere: Whether the pages of this user end in other browsers too, those of this process; what they
            load then is decided by the provider, which has to know.

    Raises:
        RuntimeError: No handler of a page runs here.
        ValueError: `to` leads to where this application sends nobody.
    """
    session = _handler("logout()")
    to = session.path if to is None else checked(session, to)
    said = {name: value for name, value in session.request.data.items() if name == FLASHED}
    _leave(session, to, said, everywhere=everywhere)


def download(
    content: bytes | str | os.PathLike[str] | AsyncIterable[bytes],
    *,
    filename: str = "",
    media_type: str = "application/octet-stream",
) -> None:
    """Give the person at the page a file: `download(report.encode(), filename="report.csv")` in a handler.

    Args:
        content: The bytes, a text, the `Path` of a file, or an async iterable of bytes that is read while it
            is sent.
        filename: What the browser calls it; that of a `Path` without it.
        media_type: What it is.

    Raises:
        RuntimeError: No handler of a page runs here, or too many errands wait.
        TypeError: The content is something else.
        ValueError: The file is not there, or a name or type is not for a header.
    """
    if isinstance(content, str):
        content = content.encode()
    elif isinstance(content, os.PathLike):
        if not os.path.isfile(content):
            raise ValueError(f"download({os.fspath(content)!r}): there is no such file")
        filename = filename or os.path.basename(content)
    elif not isinstance(content, bytes | AsyncIterable):
        raise TypeError(
            f"download({content!r:.40}): write bytes, a text, a Path or an async iterable of bytes"
        )
    if not filename or len(filename) > 255 or _UNSEEN.search(filename) or "/" in filename or "\\" in filename:
        raise ValueError(
            f"download(filename={filename!r:.60}): write a name without a path, as in 'report.csv'"
        )
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise ValueError(f"download(media_type={media_type!r:.60}): write a type like 'text/csv'")
    session = _handler("download(...)")
    errand = Errand(download=Download(content, filename, media_type))
    _here(session, lambda: _send(session, errand))


def _set(use: str, cookie: CookieChange) -> None:
    if (
        not isinstance(cookie.name, str)
        or not _NAME.fullmatch(cookie.name)
        or cookie.name.startswith("vango")
    ):
        raise ValueError(f"{use}: give it a name as HTTP has them, which does not begin with 'vango'")
    session = current_session()
    if session.reply is not None:
        session.reply.cookies.append(cookie)
        return
    if current.frame.body is not None:
        raise RuntimeError(
            f"{use} is for the first paint of a body; this page lives already: call it in a handler, or only "
            "`if is_first_paint()`"
        )
    _here(session, lambda: _waiting(session).cookies.append(cookie))


def _handler(use: str) -> Session:
    session = current_session()
    if session.reply is not None or current.frame.body is not None:
        raise RuntimeError(f"{use} belongs into a handler, where somebody has asked for it; this is a body")
    return session


def _leave(session: Session, to: str, data: dict[str, Any], *, everywhere: bool = False) -> None:
    def leave() -> None:
        errand = _waiting(session)
        session.request = replace(session.request, data=data)
        errand.data = errand.rotates = True
        errand.to, errand.everywhere = to, everywhere

    _here(session, leave)


def carry(session: Session) -> None:
    """Make an errand of what bodies have said of somebody else's answer: cookies and data."""
    reply, session.reply = session.reply, None
    if reply is not None and (reply.cookies or reply.data):
        errand = _waiting(session)
        errand.cookies += reply.cookies
        errand.data = reply.data


def _waiting(session: Session) -> Errand:
    """Return the errand with cookies that was not fetched yet, a new one if there is none."""
    for errand in session.errands.values() if session.errands else ():
        if errand.download is None:
            return errand
    return _send(session, Errand())


def _send(session: Session, errand: Errand) -> Errand:
    """Tell the page of an errand."""
    address = session.registry.errand
    if address is None:
        raise RuntimeError("this session shows no pages of an application, so there is nothing to fetch from")
    if session.errands is None:
        session.errands = {}
    if len(session.errands) >= _MOST:
        raise RuntimeError(f"{_MOST} errands wait for a browser that does not fetch them")
    key = secrets.token_urlsafe(9)
    told: dict[str, str] = {"url": address(session, key)}
    if errand.download is not None:
        told["download"] = errand.download.filename
    if not session.outbox.emit("vango:errand", json.dumps(told)):
        raise RuntimeError("the page has not acknowledged what it was told before")
    session.errands[key] = errand
    session.after(_LIFE_S, lambda: session.errands and session.errands.pop(key, None))
    session.wake()
    return errand


def _here(session: Session, act: Any) -> None:
    """Act now, or on the loop where a blocking handler runs in a thread of its own."""
    refuse_early("a cookie, session data or a download was given to the browser")
    if current.writes is not None:
        session.dispatch(act)
    else:
        act()
