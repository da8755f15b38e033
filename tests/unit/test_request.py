"""vango.request: what a browser asked for, as a value."""

import pickle

import pytest

from vango import Principal, Request
from vango.request import Fields, Headers


def test_the_path_is_decoded_and_begins_where_the_application_is_mounted() -> None:
    request = Request(mount="/app", address="/app/caf%C3%A9?tab=open&tag=a&tag=b&none=")
    assert request.path == "/café"
    assert request.query["tab"] == "open"
    assert request.query.all("tag") == ["a", "b"]
    assert request.query["none"] == ""
    assert Request(mount="/app", address="/app").path == "/"
    assert Request(mount="/app", address="/application").path == "/application"


def test_another_address_is_another_page_of_the_same_browser() -> None:
    request = Request(address="/a/1", params={"id": 1}, cookies={"sid": "x"})
    assert request.at("/a/1") is request
    other = request.at("/b?q=1")
    assert (other.path, other.params, other.cookies) == ("/b", {}, {"sid": "x"})


def test_headers_are_found_by_any_spelling_and_their_values_are_not_shown() -> None:
    headers = Headers([("Authorization", "Bearer secret"), ("accept", "a"), ("Accept", "b")])
    assert headers["AUTHORIZATION"] == "Bearer secret"
    assert headers.all("aCCept") == ["a", "b"]
    assert "authorization" in headers
    assert 7 not in headers
    assert len(headers) == 2
    assert "secret" not in repr(headers) + repr(Request(headers=headers, cookies={"sid": "secret"}))


def test_fields_are_a_mapping_to_the_first_value() -> None:
    fields = Fields([("a", "1"), ("b", "2"), ("a", "3")])
    assert dict(fields) == {"a": "1", "b": "2"}
    assert fields.get("c") is None
    with pytest.raises(KeyError):
        fields["c"]


def test_what_a_session_keeps_holds_nothing_of_the_connection() -> None:
    request = Request(scope={"app": object()}, user=Principal(id="7"))
    assert (request.kept().scope, request.kept().user) == ({}, request.user)


def test_s001_14_a_principal_is_never_written_down() -> None:
    with pytest.raises(TypeError, match="store its id"):
        pickle.dumps(Principal(id="7"))


@pytest.mark.parametrize("wrong", [{"id": 7}, {"id": ""}, {"id": "7", "roles": "admin"}])
def test_a_principal_that_could_not_work_is_refused_where_it_is_made(wrong) -> None:
    with pytest.raises(TypeError, match="write"):
        Principal(**wrong)
