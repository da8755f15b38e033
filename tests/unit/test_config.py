"""An application's settings: what is refused, in which words, and what follows from them."""

import re
from typing import Any

import pytest

from vango.application.config import DEBUG_VARIABLE, SECRET_VARIABLE, Config

KEY, OLD_KEY = "k" * 32, "o" * 32


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    monkeypatch.delenv(DEBUG_VARIABLE, raising=False)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"stylesheets": "/a.css"}, "write stylesheets=['/a.css']"),
        ({"allowed_origins": "https://a.example"}, "write allowed_origins=['https://a.example']"),
        ({"trusted_proxies": "10.0.0.1"}, "write trusted_proxies=['10.0.0.1']"),
        ({"scripts": "/a.js"}, "write scripts=['/a.js']"),
        ({"scripts": ["a.js"]}, "the script 'a.js' begins with neither '/' nor 'https://'"),
        ({"stylesheets": ["a.css"]}, "the stylesheet 'a.css' begins with neither '/' nor 'https://'"),
        ({"allowed_origins": ["a.example"]}, "'a.example' is no origin; write 'https://example.com'"),
        ({"trusted_proxies": ["proxy"]}, "'proxy' is no address; write '10.0.0.7'"),
        ({"prefix": "vango"}, "write a path like '/vango'"),
        ({"prefix": "/vango/"}, "without a slash at its end"),
        ({"prefix": "/{x}"}, "write a path like '/vango'"),
        ({"lang": "english please"}, "is no language tag; write 'en'"),
        ({"limits": {"resume_s": 1}}, "write limits=Limits(...), from vango.limits"),
        ({"secret": "short"}, "at least 32 characters"),
        ({"secret": [KEY, "short"]}, "at least 32 characters"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(sentence)):
        Config(**settings)


def test_the_secret_comes_from_the_argument_then_the_environment_then_chance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Config().fixed_keys is None
    assert Config().keys != Config().keys
    monkeypatch.setenv(SECRET_VARIABLE, f"{OLD_KEY}, {KEY}")
    assert Config().keys == (OLD_KEY, KEY)
    assert Config(secret=KEY).keys == (KEY,)
    monkeypatch.setenv(SECRET_VARIABLE, "short")
    with pytest.raises(ValueError, match="at least 32 characters"):
        Config()


def test_debug_is_said_and_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Config().shows_errors
    monkeypatch.setenv(DEBUG_VARIABLE, "1")
    assert Config().shows_errors
    assert not Config(debug=False).shows_errors


def test_pages_that_are_written_otherwise_are_of_another_schema() -> None:
    schemas = [
        Config(**settings).schema
        for settings in (
            {},
            {"title": "a"},
            {"stylesheets": ["/a.css"]},
            {"scripts": ["/a.js"]},
            {"lang": "de"},
            {"csp": None},
        )
    ]
    assert len(set(schemas)) == len(schemas)
    assert Config(secret=KEY, debug=True).schema == Config().schema


def test_stylesheets_and_scripts_follow_the_mount_point() -> None:
    config = Config(
        title="Shop",
        stylesheets=["/shop.css", "https://a.example/b.css"],
        scripts=["/shop.js", "https://a.example/b.js"],
    )
    head = config.head("/sub", "/sub/vango/vango.css")
    assert (head.title, list(head.stylesheets)) == (
        "Shop",
        ["/sub/vango/vango.css", "/sub/shop.css", "https://a.example/b.css"],
    )
    assert list(head.scripts) == ["/sub/shop.js", "https://a.example/b.js"]
    assert config.head("", "", "Cart").title == "Cart"
    assert Config().head("", "").title == "vango"


SAFE: dict[str, Any] = {"secret": KEY, "debug": False, "allowed_hosts": ["a.example"]}


@pytest.mark.parametrize(
    ("settings", "warning"),
    [
        ({"secret": None}, "VANGO_SECRET is not set"),
        ({"debug": True}, "debug is on"),
        ({"trusted_proxies": ["*"]}, "name the proxies"),
        ({"allowed_hosts": []}, "allowed_hosts is empty"),
        ({"allowed_hosts": ["*"]}, "name the hosts"),
        ({"csp": None}, "csp=None"),
        ({"allowed_origins": ["http://a.example"]}, "plain http"),
    ],
)
def test_each_setting_that_is_not_for_the_public_is_named(settings: dict[str, Any], warning: str) -> None:
    assert Config(**SAFE).is_secure
    config = Config(**{**SAFE, **settings})
    assert not config.is_secure
    (sentence,) = config.warnings()
    assert warning in sentence
