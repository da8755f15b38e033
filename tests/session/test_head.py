"""What components say of the document: the nearest wins, and it is given back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgi_driver import request

from vango import App, Show, component, current_session, head, html as h, signal
from vango.routing.site import Location, Site as Root
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


def told(pilot: Pilot) -> list[Any]:
    """What the client was told of its head since the last look."""
    seen, pilot.client.effects = pilot.client.effects, []
    return [json.loads(effect[2]) for effect in seen if effect[:2] == ("emit", "vango:head")]


@component
def Inbox(unread: Any) -> object:
    head(title=lambda: f"({unread()}) Inbox", meta={"robots": "noindex"})
    return h.p["inbox"]


@component
def Mail() -> object:
    unread, shown = signal(3), signal(True)
    head(title="Mail", description="All of it", meta={"robots": "index"})
    return h.main[
        h.button(id="more", on_click=lambda: unread.update(lambda n: n + 1)),
        h.button(id="same", on_click=lambda: unread.update(lambda n: n)),
        h.button(id="leave", on_click=lambda: shown.update(lambda on: not on)),
        Show(shown, lambda: Inbox(unread=unread)),
    ]


async def test_the_nearest_wins_and_what_it_said_is_taken_back_when_it_leaves() -> None:
    async with Pilot(Mail()) as pilot:
        assert [one["title"] for one in told(pilot)] == ["(3) Inbox"]
        await pilot.click(pilot.find(id="more"))
        assert told(pilot) == [
            {
                "title": "(4) Inbox",
                "tags": [
                    ["meta", {"name": "description", "content": "All of it"}],
                    ["meta", {"name": "robots", "content": "noindex"}],
                ],
            }
        ]
        bursts = pilot.client.bursts
        await pilot.click(pilot.find(id="leave"))
        (said,) = told(pilot)
        assert said["title"] == "Mail"
        assert ["meta", {"name": "robots", "content": "index"}] in said["tags"]
        assert pilot.client.bursts == bursts + 1, "with the change of the page"
        await pilot.click(pilot.find(id="leave"))
        assert [one["title"] for one in told(pilot)] == ["(4) Inbox"]


async def test_what_changes_nothing_is_not_told() -> None:
    async with Pilot(Mail()) as pilot:
        told(pilot)
        await pilot.click(pilot.find(id="same"))
        assert told(pilot) == []


async def test_a_client_that_was_away_is_told_the_last_of_it() -> None:
    unread = signal(3)
    async with Pilot(Inbox(unread=unread)) as pilot:
        told(pilot)
        pilot.drop()
        await pilot.settle()
        for _ in range(100):
            pilot.session.dispatch(unread.update, lambda n: n + 1)
        await pilot.settle()
        await pilot.reconnect()
        assert [one["title"] for one in told(pilot)] == ["(103) Inbox"]


class Site:
    """An application whose pages say what they are."""

    def __init__(self) -> None:
        self.app = app = App(title="Shop")

        @app.layout("/")
        def frame(content: object) -> object:
            head(title="Frame", meta={"theme-color": "#fff"})
            return h.main[content]

        @app.page("/plain")
        def plain() -> object:
            return h.p["plain"]

        @app.page("/titled", title="Titled")
        def titled() -> object:
            return h.p["titled"]

        @app.page("/full", title="Titled")
        def full() -> object:
            head(
                title='<b> & "quoted"',
                description='"><script>alert(1)</script>',
                canonical="https://example.com/full?a=1&b=2",
                meta={"og:title": "Full", "twitter:card": "summary"},
                links=[{"rel": "alternate", "hreflang": "de", "href": "/de/full"}],
                scripts=[
                    "/own.js",
                    {"src": "https://cdn.example.com/x.js", "integrity": "sha384-" + "A" * 64},
                ],
            )
            return h.p["full"]

        @app.page("/broken", title="Never")
        def broken() -> object:
            raise ValueError("on purpose")

        @app.failed(title="Sorry")
        def failed() -> object:
            return h.p["failed"]

        @app.not_found(title="Lost")
        def lost() -> object:
            return h.p["lost"]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/plain", "Frame"),
        ("/titled", "Titled"),
        ("/full", "&lt;b&gt; &amp; &quot;quoted&quot;"),
        ("/broken", "Sorry"),
        ("/nowhere", "Lost"),
    ],
)
async def test_a_document_has_the_title_of_what_is_nearest(path: str, title: str) -> None:
    app = Site().app
    async with app.lifespan():
        text = (await request(app, path)).text
    assert f"<title>{title}</title>" in text
    assert text.count("<title>") == 1
    assert '<meta data-vango-head content="#fff" name="theme-color">' in text


async def test_a_document_has_all_that_a_page_says_escaped_and_in_its_head() -> None:
    app = Site().app
    async with app.lifespan():
        top, _, body = (await request(app, "/full")).text.partition("</head>")
    for line in (
        '<meta data-vango-head content="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" name="description">',
        '<meta data-vango-head content="Full" property="og:title">',
        '<meta data-vango-head content="summary" name="twitter:card">',
        '<link data-vango-head href="https://example.com/full?a=1&amp;b=2" rel="canonical">',
        '<link data-vango-head href="/de/full" hreflang="de" rel="alternate">',
        '<script data-vango-head src="/own.js" type="module"></script>',
        '<script data-vango-head crossorigin="anonymous" integrity="sha384-' + "A" * 64 + '" '
        'src="https://cdn.example.com/x.js" type="module"></script>',
    ):
        assert line in top
    assert "alert(1)" not in body


@pytest.mark.parametrize(
    ("said", "error", "sentence"),
    [
        ({"title": 3}, TypeError, "head(title=...) is a text"),
        ({"description": 3}, TypeError, "is a text, not 3"),
        ({"title": "a\0"}, ValueError, "holds a NUL"),
        ({"meta": {"vango": "x"}}, ValueError, "no name of a meta of yours"),
        ({"meta": {'a"b': "x"}}, ValueError, "no name of a meta of yours"),
        ({"canonical": "javascript:alert(1)"}, ValueError, "is no address here"),
        ({"canonical": "//evil.example"}, ValueError, "is no address here"),
        ({"canonical": "/\\evil.example"}, ValueError, "is no address here"),
        ({"canonical": "https://a\nb"}, ValueError, "is no address here"),
        ({"links": [{"rel": "icon"}]}, ValueError, "a link needs its 'href'"),
        ({"links": [{"rel": "icon", "href": "/a", "onload": "x"}]}, ValueError, "has no 'onload'"),
        ({"links": ["/a.css"]}, TypeError, "takes dicts of attributes"),
        ({"scripts": [{"src": "data:text/javascript,alert(1)"}]}, ValueError, "is no address here"),
        ({"scripts": [{"src": "/a.js", "integrity": "md5-x"}]}, ValueError, "integrity is 'sha384-'"),
        ({"scripts": [{"src": "/a.js", "crossorigin": "yes"}]}, ValueError, "crossorigin is"),
        ({"description": "x" * 5000}, ValueError, "over the limit of 4,096"),
    ],
)
async def test_what_no_head_can_hold_is_refused_where_it_is_said(
    said: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    @component
    def page() -> object:
        head(**said)
        return h.p[""]

    async with Pilot(page()) as pilot:
        (report,) = pilot.reports
        assert type(report.error) is error
        assert sentence in str(report.error)


async def test_a_head_is_said_in_a_body() -> None:
    async def later() -> None:
        head(title="late")

    with pytest.raises(RuntimeError, match="belongs into a component's body"):
        await later()


async def test_the_title_follows_the_location() -> None:
    routes = Site().app._pages

    def at(path: str) -> Location:
        match = routes.match(path) or routes.missing(path)
        assert match is not None
        return Location(path, match, match.status)

    async with Pilot(Root(at("/titled"))) as pilot:
        assert [one["title"] for one in told(pilot)] == ["Titled"]
        for path, title in [("/plain", "Frame"), ("/nowhere", "Lost"), ("/broken", "Sorry")]:
            pilot.session.dispatch(lambda path=path: current_session().site.go(at(path)))
            await pilot.settle()
            assert [one["title"] for one in told(pilot)] == [title]
