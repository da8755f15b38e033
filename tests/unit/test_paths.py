"""One spelling of each path, and which redirects stay here: by a table, and against a browser's parser."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given, strategies as st

from vango.application.paths import MalformedPath, canonical, local_target

HERE = "https://shop.example"
Browser = Callable[[str, str], dict[str, str] | None]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """What a browser makes of an address on a page, by the parser that node shares with it."""
    program = Path(__file__).with_name("browser_urls.js")
    with subprocess.Popen(
        ["node", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        stdin, stdout = node.stdin, node.stdout

        def parse(text: str, page: str) -> dict[str, str] | None:
            stdin.write(json.dumps([text, page]) + "\n")
            stdin.flush()
            found: dict[str, str] | None = json.loads(stdout.readline())
            return found

        yield parse
        stdin.close()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/a/b",
        "/a/",
        "/a%20b",
        "/t%C3%BCr",
        "/%61dmin",
        "/a;b=1,c/~x/@me/$1",
        "/100%25",
        "/a.b/...",
        "/a?next=//evil.example/../..%2f\\",
        "/?",
        "/%252e%252e/a",
    ],
)
def test_what_is_spelled_as_it_should_be_stays_as_it_is(address: str) -> None:
    found = canonical(address)
    assert (found.address, found.moved) == (address, False)
    assert found.path == unquote(address.partition("?")[0])


@pytest.mark.parametrize(
    ("address", "moved_to"),
    [
        ("//", "/"),
        ("//evil.example", "/evil.example"),
        ("/a//b", "/a/b"),
        ("/a///", "/a/"),
        ("/a/./b", "/a/b"),
        ("/a/../b", "/b"),
        ("/a/%2e%2E/b", "/b"),
        ("/a/.%2e/b?x=1", "/b?x=1"),
        ("/a/b/..", "/a/"),
        ("/a/b/.", "/a/b/"),
        ("/..", "/"),
        ("/../../a", "/a"),
        ("/a//../b", "/a/b"),
        ("/.//evil.example", "/evil.example"),
    ],
)
def test_what_is_spelled_otherwise_is_moved(address: str, moved_to: str) -> None:
    found = canonical(address)
    assert (found.address, found.moved) == (moved_to, True)
    assert not canonical(found.address).moved


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "begins with a slash"),
        ("*", "begins with a slash"),
        ("a/b", "begins with a slash"),
        ("https://evil.example/", "begins with a slash"),
        ("/a#b", "fragment"),
        ("/a?b#c", "fragment"),
        ("/a\\b", "no backslash"),
        ("/a%5Cb", "no backslash, encoded ones"),
        ("/a%5c..%5cb", "no backslash, encoded ones"),
        ("/a%2Fb", "no slash"),
        ("/a/..%2fadmin", "no slash"),
        ("/a%00", "control character, encoded"),
        ("/a\0", "control character"),
        ("/a%0d%0aSet-Cookie:x", "control character, encoded"),
        ("/a\r\nb", "control character"),
        ("/a b", "no space"),
        ("/a?b ", "no space"),
        ("/a?b\r\nSet-Cookie: x", "control character"),
        ("/a%7f", "control character, encoded"),
        ("/a%C2%85", "control character, encoded"),
        ("/a%", "%25"),
        ("/a%2", "%25"),
        ("/a%zz", "%25"),
        ("/%c0%ae%c0%ae/a", "UTF-8"),
        ("/%c0%af", "UTF-8"),
        ("/%e0%80%af", "UTF-8"),
        ("/%ff", "UTF-8"),
        ("/%ed%a0%80", "UTF-8"),
        ("/\ud800", "Unicode text"),
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_refused(address: str, reason: str) -> None:
    with pytest.raises(MalformedPath, match=reason):
        canonical(address)


def test_letters_beyond_ascii_are_escaped_where_an_address_has_them() -> None:
    found = canonical("/t\N{LATIN SMALL LETTER U WITH DIAERESIS}r/?q=\N{SNOWMAN}")
    assert found.address == "/t%C3%BCr/?q=%E2%98%83"
    assert found.path == "/t\N{LATIN SMALL LETTER U WITH DIAERESIS}r/"


@pytest.mark.parametrize("target", ["/", "/a/b?c=//d", "/a#b", "/a?b#/c//d", "/%61"])
def test_a_path_of_this_server_is_a_target(target: str) -> None:
    assert local_target(target)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "a",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        " /a",
        "/a ",
        "/a# ",
        "\x00//evil.example",
        "https:evil.example",
        "https:/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
        "/.//evil.example",
        "/a/..//evil.example",
        "/%2e//evil.example",
        "/a#\n",
        "/a\r\nSet-Cookie: x=1",
        "/a\N{IDEOGRAPHIC FULL STOP}\0",
        "?next",
        "#a",
        "..",
    ],
)
def test_what_may_lead_elsewhere_is_no_target(target: str) -> None:
    assert not local_target(target)


# Of the pieces that parsers have quarrelled about.
_ODD = "/ // \\ . .. %2e %2E. %2f %5c %00 %09 %25 % %c0%af %C3%BC ? # : @ a b evil.example https: http:/"
PIECES = st.sampled_from(_ODD.split()) | st.sampled_from(
    '[]|^"<`{;\t\n\r\0 \N{LATIN SMALL LETTER U WITH DIAERESIS}\N{FULLWIDTH SOLIDUS}'
)
ADDRESSES = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=12)
PATHS = st.builds("/{}".format, ADDRESSES)
# Most of which may be targets.
_TAME = "/a . % %25 %C3%BC b ? # : @ evil.example https:"
TAME = st.lists(st.sampled_from(_TAME.split()), max_size=8)
TARGETS = ADDRESSES | PATHS | TAME.map("".join).map("/a{}".format)


@given(target=TARGETS, page=st.sampled_from([HERE + "/", HERE + "/a/b?c#d"]))
@example(target="/\t/evil.example", page=HERE + "/")
def test_a_browser_stays_here_with_every_target(browser: Browser, target: str, page: str) -> None:
    if not local_target(target):
        return
    url = browser(target, page)
    assert url is not None
    assert url["origin"] == HERE
    here = canonical(target.partition("#")[0])
    assert canonical(url["path"] + url["query"]).path == here.path
    assert not url["path"].startswith("//")


@given(address=PATHS)
def test_a_browser_reads_dots_and_escapes_as_we_do(browser: Browser, address: str) -> None:
    """Behind the origin, where `//` begins no host."""
    try:
        ours = canonical(address)
    except MalformedPath:
        return
    url = browser(HERE + address, HERE)
    assert url is not None
    assert canonical(url["path"]).path == ours.path


@given(address=PATHS)
def test_the_one_spelling_is_its_own(browser: Browser, address: str) -> None:
    try:
        once = canonical(address)
    except MalformedPath:
        return
    again = canonical(once.address)
    assert (again.path, again.address, again.moved) == (once.path, once.address, False)
    assert once.address.isascii()
    url = browser(once.address, HERE)
    assert url is not None
    assert url["origin"] == HERE
