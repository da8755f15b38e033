"""Errors as they are logged and shown: from the first line of the application's own code."""

from __future__ import annotations

import traceback

import pytest
from view_driver import Page

from vango import component, html as h
from vango.clock import VirtualClock
from vango.sessions.registry import Registry
from vango.tracebacks import shortened, theirs, told


@component
def Body() -> object:
    return helper()


def helper() -> object:
    return h.p[component(5)]  # type: ignore[arg-type]


def error_of(page: Page) -> BaseException:
    ((_, error),) = page.host.errors
    return error


def test_an_error_begins_in_the_application_and_keeps_what_that_called() -> None:
    frames = traceback.extract_tb(shortened(error_of(Page(Body()))))
    assert [frame.name for frame in frames] == ["Body", "helper", "component"]


def test_an_error_with_no_line_of_the_application_keeps_its_own() -> None:
    error = error_of(Page(component(lambda: True)()))
    assert theirs(error) is None
    assert shortened(error) is error.__traceback__ is not None


def test_the_log_is_short_and_the_application_gets_the_whole_error(caplog: pytest.LogCaptureFixture) -> None:
    error = error_of(Page(Body()))
    whole = len(traceback.extract_tb(error.__traceback__))
    Registry(clock=VirtualClock()).report(error, "Body")
    assert "Body failed (reference" in caplog.text
    assert "in helper" in caplog.text
    assert "in run_body" not in caplog.text
    assert len(traceback.extract_tb(error.__traceback__)) == whole


def test_any_error_becomes_a_text_that_a_page_can_hold() -> None:
    text = told(ValueError("\0 \ud800 é"), None)
    assert text == "ValueError: \\0 \\ud800 é\n"
    long = told(ValueError("x" * 1_000_000), None)
    assert long.startswith("ValueError: xxx")
    assert "\n...\n" in long
    assert len(long) < 70_000
