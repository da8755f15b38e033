"""The headers by which a browser protects a page."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
_YEAR = "max-age=31536000"


def document_headers(
    csp: tuple[str, str] | None, own: Mapping[str, str | None], *, secure: bool
) -> Mapping[str, str]:
    """Return the headers of a document.

    Pages that nobody may frame are not opened by other sites with a handle on them either.

    Args:
        csp: Name and value of the header of its policy of content.
        own: What the application says instead, by name; `None` for a header that is not to be sent.
        secure: Whether the page came by https, which the browser is then to insist on for a year.
    """
    found: dict[str, str] = dict(_ALWAYS)
    if csp is not None:
        found[csp[0]] = csp[1]
        if "frame-ancestors 'none'" in csp[1]:
            found |= {"X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin"}
    if secure:
        found["Strict-Transport-Security"] = _YEAR
    for name, value in own.items():
        found.pop(next((known for known in found if known.lower() == name.lower()), name), None)
        if value is not None:
            found[name] = value
    return found


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
