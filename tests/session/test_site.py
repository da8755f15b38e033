"""The site of a session: another location shows another page, and what both have around it stays."""

from __future__ import annotations

import pytest

from vango import current_session, html as h, on_mount, signal
from vango.routing.group import Group
from vango.routing.page import Area
from vango.routing.routes import Routes
from vango.routing.site import Location, Site
from vango.testing import Pilot

pytestmark = pytest.mark.anyio


class Application:
    """Pages with layouts, and what was rendered and disposed of them."""

    def __init__(self) -> None:
        self.routes = Routes()
        self.rendered: list[str] = []
        self.gone: list[str] = []
        self.fails = signal(False)
        self.pages = app = Group(self.routes, Area())

        @app.layout("/")
        def frame(content: object) -> object:
            self.note("frame")
            clicks = signal(0)
            more = h.button(class_="frame", on_click=lambda: clicks.update(lambda n: n + 1))["frame ", clicks]
            return h.main[more, h.nav[h.button(on_click=lambda: self.go("/projects/2"))["two"]], content]

        @app.layout("/projects/{number:int}")
        def project(content: object, number: int) -> object:
            self.note(f"project {number}")
            return h.section(id=f"project-{number}")[h.input(id="note"), content]

        @app.page("/")
        def home() -> object:
            self.note("home")
            return h.p["home"]

        @app.page("/projects/{number:int}")
        def show(number: int) -> object:
            self.note(f"show {number}")
            clicks = signal(0)
            return h.p[
                h.button(class_="page", on_click=lambda: clicks.update(lambda n: n + 1))["page ", clicks]
            ]

        @app.page("/projects/{number:int}/edit")
        def edit(number: int) -> object:
            self.note(f"edit {number}")
            if self.fails():
                raise ValueError("on purpose")
            return h.p[f"edit {number} at ", lambda: current_session().location().address]

        @app.not_found
        def lost() -> object:
            return h.p["lost"]

        @app.failed
        def broken(reference: str, retry: object) -> object:
            return h.p(id="broken")[reference, h.button(on_click=retry)["again"]]

    def note(self, name: str) -> None:
        self.rendered.append(name)
        on_mount(lambda: lambda: self.gone.append(name))

    def at(self, address: str) -> Location:
        path = address.partition("?")[0]
        match = self.routes.match(path) or self.routes.missing(path)
        assert match is not None
        return Location(address, match, match.status)

    def go(self, address: str) -> None:
        current_session().site.go(self.at(address))

    def site(self, address: str = "/projects/1") -> Site:
        return Site(self.at(address))

    @property
    def news(self) -> tuple[list[str], list[str]]:
        """What was rendered and what has gone since the last look."""
        seen = self.rendered, self.gone
        self.rendered, self.gone = [], []
        return seen


async def go(pilot: Pilot, app: Application, address: str) -> None:
    pilot.session.dispatch(app.go, address)
    await pilot.settle()


async def test_layouts_in_common_keep_state_and_elements_and_are_not_even_rendered() -> None:
    app = Application()
    async with Pilot(app.site()) as pilot:
        await pilot.click(pilot.find(class_="frame"))
        kept = [pilot.find("main").hid, pilot.find("section").hid, pilot.find(id="note").hid]
        assert app.news == (["frame", "project 1", "show 1"], [])
        await go(pilot, app, "/projects/1/edit")
        assert app.news == (["edit 1"], ["show 1"])
        assert [pilot.find("main").hid, pilot.find("section").hid, pilot.find(id="note").hid] == kept
        assert pilot.find("p").text == "edit 1 at /projects/1/edit"
        assert pilot.find(class_="frame").text == "frame 1"


async def test_other_parameters_are_another_instance() -> None:
    app = Application()
    async with Pilot(app.site()) as pilot:
        await pilot.click(pilot.find(class_="page"))
        note = pilot.find(id="note").hid
        assert app.news == (["frame", "project 1", "show 1"], [])
        await pilot.click(pilot.find("button", text="two"))
        assert app.news == (["project 2", "show 2"], ["show 1", "project 1"])
        assert pilot.find(class_="page").text == "page 0"
        assert pilot.find(id="note").hid != note
        assert pilot.find("section").attrs["id"] == "project-2"


async def test_another_query_changes_no_page() -> None:
    app = Application()
    async with Pilot(app.site("/projects/1/edit")) as pilot:
        assert app.news == (["frame", "project 1", "edit 1"], [])
        await go(pilot, app, "/projects/1/edit?tab=2")
        assert app.news == ([], [])
        assert pilot.find("p").text == "edit 1 at /projects/1/edit?tab=2"
        await go(pilot, app, "/projects/1/edit?tab=2")
        assert app.news == ([], [])


async def test_a_page_that_is_left_never_sees_where_it_was_left_for() -> None:
    app = Application()
    seen: list[str] = []

    @app.pages.page("/watching")
    def watching() -> object:
        seen.append(current_session().location().address)
        return h.p[lambda: seen.append(current_session().location().address)]

    async with Pilot(app.site("/watching")) as pilot:
        await go(pilot, app, "/")
        assert pilot.find("p").text == "home"
    assert seen == ["/watching", "/watching"]


async def test_what_is_missing_stands_inside_its_layouts_after_a_navigation_too() -> None:
    app = Application()
    async with Pilot(app.site()) as pilot:
        frame = pilot.find("main").hid
        await go(pilot, app, "/nowhere")
        assert pilot.session.location.peek().status == 404
        assert pilot.find("p").text == "lost"
        assert pilot.find("main").hid == frame
        await go(pilot, app, "/")
        assert pilot.find("p").text == "home"


async def test_a_page_that_raises_shows_the_error_page_inside_its_layouts() -> None:
    app = Application()
    app.fails.set(True)
    async with Pilot(app.site("/projects/1")) as pilot:
        frame = pilot.find("main").hid
        await go(pilot, app, "/projects/1/edit")
        (report,) = pilot.reports
        assert pilot.find(id="broken").text == f"{report.reference}again"
        assert pilot.find("main").hid == frame
        assert len(pilot.session.site.showing.failing) == 1
        await pilot.click(pilot.find("button", text="again"))
        assert len(pilot.reports) == 2
        await go(pilot, app, "/")
        assert pilot.find("p").text == "home"
        assert pilot.session.site.showing.failing == set()


async def test_an_error_page_gives_way_when_what_the_page_read_changes() -> None:
    app = Application()
    app.fails.set(True)
    async with Pilot(app.site("/projects/1/edit")) as pilot:
        assert pilot.find(id="broken").text != ""
        pilot.session.dispatch(app.fails.set, False)
        await pilot.settle()
        assert pilot.find("p").text == "edit 1 at /projects/1/edit"
        assert pilot.session.site.showing.failing == set()


async def test_a_layout_may_show_its_page_somewhere_else() -> None:
    app = Application()

    @app.pages.layout("/turning")
    def turning(content: object) -> object:
        app.note("turning")
        turned = signal(False)
        turn = h.button(on_click=lambda: turned.set(True))["turn"]
        return h.div[turn, h.b["turned" if turned() else "not"], content]

    @app.pages.page("/turning")
    def page() -> object:
        app.note("page")
        return h.p["page"]

    async with Pilot(app.site("/turning")) as pilot:
        assert app.news == (["frame", "turning", "page"], [])
        page_hid = pilot.find("p").hid
        await pilot.click(pilot.find("button", text="turn"))
        assert app.news == (["turning"], [])
        assert (pilot.find("b").text, pilot.find("p").hid) == ("turned", page_hid)


async def test_a_session_without_a_site_has_no_location() -> None:
    async with Pilot(h.p["alone"]) as pilot:
        with pytest.raises(RuntimeError, match="no location"):
            _ = pilot.session.location
