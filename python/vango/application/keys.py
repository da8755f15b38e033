"""The keys of an application's secret."""

from __future__ import annotations

from collections.abc import Sequence

MIN_SECRET_LENGTH = 32


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
