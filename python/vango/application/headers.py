"""The headers by which a browser protects a page."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vango.application.hosts import is_loopback_name

# What no page of vango needs, so that nothing that gets into one can ask for it. An application that does
# need one names it: App(headers={"Permissions-Policy": "..."}).
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in [
        "camera",
        "display-capture",
        "geolocation",
        "hid",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    ]
)
_ALWAYS = {
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Permissions-Policy": _PERMISSIONS,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_INSIST = "Strict-Transport-Security"
_YEAR = "max-age=31536000"


def document_headers(
    csp: tuple[str, str] | None, own: Mapping[str, str | None], *, scheme: str, host: str
) -> Mapping[str, str]:
    """Return the headers of a document.

    Pages that nobody may frame are not opened by other sites with a handle on them either.

    Args:
        csp: Name and value of the header of its policy of content.
        own: What the application says instead, by name; `None` for a header that is not to be sent.
        scheme: Of the request.
        host: Which was asked for.
    """
    found: dict[str, str] = dict(_ALWAYS)
    if csp is not None:
        found[csp[0]] = csp[1]
        if "frame-ancestors 'none'" in csp[1]:
            found |= {"X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin"}
    found |= insistence(scheme, host, own)
    for name, value in own.items():
        found.pop(next((known for known in found if known.lower() == name.lower()), name), None)
        if value is not None:
            found[name] = value
    return found


def insistence(scheme: str, host: str, own: Mapping[str, str | None]) -> Mapping[str, str]:
    """Return the header by which a browser insists on https for a year, where it came by https.

    Not for the names of loopback, which are those of everything on that machine; and the application may say
    something else. It belongs on errors and redirects too: a browser may see nothing else for long.
    """
    if scheme not in ("https", "wss") or is_loopback_name(host):
        return {}
    said = next((value for name, value in own.items() if name.lower() == _INSIST.lower()), _YEAR)
    return {} if said is None else {_INSIST: said}


def check_headers(own: Mapping[str, str | None]) -> None:
    """Refuse headers of the application that cannot be sent.

    Raises:
        ValueError: A name is none, or a value would end its line.
    """
    for name, value in own.items():
        if not _NAME.fullmatch(name) or not (value is None or _VALUE.fullmatch(value)):
            raise ValueError(
                f"headers: {name!r}: {value!r} is no header; write its name and one line of ASCII"
            )
