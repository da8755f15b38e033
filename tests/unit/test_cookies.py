"""The session cookie, and the keys of a secret."""

import pytest

from vango.application.cookies import browser_of, new_browser
from vango.application.keys import check_secret

OLD, NEW = "a" * 32, "b" * 32
ANN = new_browser()


def test_the_cookie_has_128_random_bits_and_one_shape() -> None:
    assert len({new_browser() for _ in range(100)}) == 100
    assert browser_of(ANN) == ANN
    assert [
        browser_of(cookie) for cookie in (None, "", ANN[:-1], ANN + "a", ANN[:-1] + "/", ANN[:-1] + "\n")
    ] == [None] * 6


def test_a_secret_is_one_long_key_or_several() -> None:
    assert check_secret(NEW) == (NEW,)
    assert check_secret([OLD, NEW]) == (OLD, NEW)
    for secret in ("short", "", [], [NEW, "short"]):
        with pytest.raises(ValueError, match=r"at least 32 characters; make one with"):
            check_secret(secret)
