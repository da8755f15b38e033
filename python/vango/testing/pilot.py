"""Drives a component as a person with a browser would, in process and on virtual time.

    async with Pilot(Counter(start=3)) as pilot:
        await pilot.click(pilot.find("button", text="+"))
        assert pilot.find("output").text == "4"

The session, its attachment, the protocol and the engine are the real ones; the network is two queues, the
browser is `Client`, and time stands still until `advance`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from types import MappingProxyType, TracebackType
from typing import Any, Self

import anyio
import anyio.lowlevel
import anyio.to_thread
from anyio.abc import TaskGroup

from vango import _core, protocol
from vango._core import Patch
from vango.clock import VirtualClock
from vango.errors import ErrorReport, Refused, TransportBroken, TransportClosed
from vango.limits import Limits
from vango.request import Request
from vango.sessions.attachment import Handshake, attach
from vango.sessions.channel import ChannelHandler
from vango.sessions.greeting import Named, Opened
from vango.sessions.navigation import Navigator
from vango.sessions.registry import Registry
from vango.sessions.session import Session
from vango.testing.channels import PageChannel
from vango.testing.client import Client
from vango.testing.document import Element, Page
from vango.transports.memory import MemoryTransport, memory_pair

__all__ = ["Pilot"]

_BROWSER = "the-browser-of-a-pilot"  # in the shape of a session cookie


class Pilot:
    """One tab with its session.

    Attributes:
        network: Serves the far end of a connection: `attach`, or what puts another transport in between.
        clock: The time of all.
        registry: All sessions.
        reports: The errors that the server contained.
        link: The client's end of the connection, `None` while there is none.
    """

    network: Callable[..., Coroutine[Any, Any, None]] = staticmethod(attach)

    def __init__(
        self,
        root: object,
        *,
        path: str = "/",
        limits: Limits | None = None,
        debug: bool = False,
        beside: Pilot | None = None,
        connect: bool = True,
        channels: Mapping[str, ChannelHandler] = MappingProxyType({}),
        navigator: Navigator | None = None,
    ) -> None:
        """Prepare; `async with` renders `root` and connects to it.

        Args:
            root: What the page shows, as a page function returns it.
            path: The path of the page.
            limits: Every bound.
            debug: Whether errors are shown in full.
            beside: Another pilot, whose server this tab shares.
            connect: Whether to open the socket.
            channels: What serves channels, by their names, as `App.channel` registers it.
            navigator: What knows the addresses of an application, for pages that lead to others.
        """
        self._root = root
        self._request = Request(address=path, client="test")
        self._connect = connect
        self._beside = beside
        self._stack = AsyncExitStack()
        self._typed: dict[int, tuple[str, str]] = {}  # and what the server showed then
        self._client: Client | None = None
        if beside is None:
            self.clock = VirtualClock()
            self.reports: list[ErrorReport] = []
            self.registry = Registry(
                clock=self.clock,
                limits=limits,
                debug=debug,
                on_error=self.reports.append,
                channels=channels,
                navigator=navigator,
            )
        else:
            self.clock, self.reports, self.registry = beside.clock, beside.reports, beside.registry
        self.link: MemoryTransport | None = None

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        self._tasks: TaskGroup = await self._stack.enter_async_context(anyio.create_task_group())
        if self._beside is None:
            await self._tasks.start(self._run_registry)
        opened = self.registry.open(self._root, request=self._request, browser=_BROWSER)
        await self._paint(opened)
        self.client = Client(token=opened.id, path=self._request.address)
        snapshot = opened.view.tree.snapshot()
        self.client.adopt(snapshot, epoch=opened.epoch, rev=opened.rev, count=opened.count)
        if self._connect:
            await self.reconnect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()
        self._tasks.cancel_scope.cancel()
        # What the test raised must not be wrapped in the group of the background tasks.
        await self._stack.__aexit__(None, None, None)

    # The page

    @property
    def client(self) -> Client:
        """The browser's half.

        Raises:
            RuntimeError: The pilot was not entered.
        """
        if self._client is None:
            raise RuntimeError("nothing is mounted yet: write `async with Pilot(...) as pilot:`")
        return self._client

    @client.setter
    def client(self, client: Client) -> None:
        self._client = client

    @property
    def session(self) -> Session:
        """The session of this tab.

        Raises:
            LookupError: It has ended.
        """
        session = self.registry.find(self.client.token.partition("~")[0], self.client.instance)
        if session is None:
            raise LookupError("the session has ended")
        return session

    def html(self, *, hids: bool = False) -> str:
        """Return what the client shows."""
        if self.client.model is None:
            raise LookupError("the client shows nothing")
        return self.client.model.html(hids=hids)

    @property
    def page(self) -> Element:
        """What the client shows, to find elements in."""
        return Page(self.html(hids=True)).root

    def find(self, tag: str | None = None, **wanted: str) -> Element:
        """Return the first element that matches; `Element.find` says how.

        Raises:
            LookupError: There is none; the last error that the server contained is its cause.
        """
        try:
            return self.page.find(tag, **wanted)
        except LookupError as missing:
            raise missing from (self.reports[-1].error if self.reports else None)

    def find_all(self, tag: str | None = None, **wanted: str) -> list[Element]:
        """Return all elements that match, in document order."""
        return self.page.find_all(tag, **wanted)

    @property
    def patches(self) -> list[list[Patch]]:
        """The patches of each burst since the last look; a snapshot is a burst without any."""
        seen, self.client.patches = self.client.patches, []
        return seen

    @property
    def errors(self) -> list[protocol.Error]:
        """The ERRORs that the client got."""
        return self.client.errors

    # What a person does

    async def click(self, element: Element) -> None:
        """Click on an element."""
        await self.event(element, "click")

    async def type(self, element: Element, text: str) -> None:
        """Type into a field, letter by letter, behind what stands there."""
        for letter in text:
            typed = self._standing(element) + letter
            bursts = self.client.patches = [*self.client.patches]  # those that come are behind these
            known = len(bursts)
            await self.event(element, "input", [typed])
            self._typed[element.hid] = typed, "".join(self._now(element).sent)
            if any(
                each.hid == element.hid and each.name == ".value" for new in bursts[known:] for each in new
            ):
                del self._typed[element.hid]

    async def submit(self, form: Element, **values: str) -> None:
        """Send a form as a browser does: its fields as they stand, with `values` put in, by name.

        Raises:
            LookupError: The form has no field or button of such a name.
        """
        pairs: list[tuple[str, str]] = []
        names: set[str] = set()
        for field in form.walk():
            name = field.attrs.get("name")
            if not name or "disabled" in field.attrs:
                continue
            names.add(name)
            sent = field.sent
            if sent and name in values:
                sent = [values.pop(name)]
            elif sent and field.hid in self._typed:
                sent = [self._standing(field)]
            pairs += [(name, value) for value in sent]
        if unknown := values.keys() - names:
            raise LookupError(f"there is no field named {', '.join(sorted(unknown))} in {form!r}")
        await self.event(form, "submit", [*pairs, *values.items()])

    async def event(self, element: Element, kind: str, *fields: object) -> None:
        """Let an event happen at an element; the nearest one that listens to it gets it.

        Args:
            element: Where it happens.
            kind: Its name ("click").
            fields: What the handler asked for, as PROTOCOL section 1 lists it.

        Raises:
            LookupError: Nothing there listens to it.
            TypeError: `element` is none, or there is no such event.
        """
        if not isinstance(element, Element):
            raise TypeError(f"an event happens at an element: write pilot.find({element!r})")
        if kind not in _core.EVENT_KINDS:
            raise TypeError(f"{kind!r} is no event; the events are {', '.join(_core.EVENT_KINDS)}")
        number = _core.EVENT_KINDS[kind]
        # What an element with a ref answers is a hook on the wire.
        heard = (number, _core.ANSWER_KIND) if kind == "hook" else (number,)
        listener = next((one for one in element.path() if self._listens(one.hid, heard)), None)
        if listener is None:
            raise LookupError(f"neither {element!r} nor anything around it listens to {kind}")
        await self.send(self.client.event(listener.hid, number, fields))

    def _listens(self, hid: int, kinds: tuple[int, ...]) -> bool:
        tree = self.session.view.tree
        return bool(hid) and any(tree.listener(hid, kind) is not None for kind in kinds)

    async def navigate(self, path: str) -> None:
        """Follow a link to another page of the application."""
        await self.send(self.client.navigate(path))

    async def channel(self, name: str, params: Any = None) -> PageChannel:
        """Open a channel as a script of the page does, and settle."""
        channel, opening = self.client.channels.open(name, params, self.send)
        await self.send(opening)
        return channel

    def _now(self, element: Element) -> Element:
        """Return an element as it is now, by its hid."""
        return next((one for one in self.page.walk() if one.hid == element.hid), element)

    def _standing(self, field: Element) -> str:
        """Return what stands in a text field: what was typed, unless the server has written it since."""
        shown = "".join(self._now(field).sent)
        typed, then = self._typed.get(field.hid, ("", None))
        return typed if shown == then else shown

    # Time and the network

    async def send(self, *frames: bytes) -> None:
        """Send frames as one message, if there is a connection that may carry them, and settle."""
        if self.link is not None and self.client.is_ready:
            await self.link.send(b"".join(frames))
        await self.settle()

    async def settle(self, *, threads: bool = True) -> None:
        """Return when nothing moves any more.

        Args:
            threads: Whether to wait for worker threads too.
        """
        await self.clock.settle(threads=threads)

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.clock.advance(seconds)
        await self.settle()

    def drop(self) -> None:
        """Cut the connection: what is on its way is lost, both ends notice."""
        if self.link is not None:
            self.link.cut()
            self.link = None

    async def reconnect(self, *, browser: str = _BROWSER) -> None:
        """Connect, instead of the connection there may be, and settle."""
        self.link = self.connect_raw(browser=browser)
        self._tasks.start_soon(self._browse, self.link)
        await self.settle()

    def connect_raw(self, *, browser: str = _BROWSER) -> MemoryTransport:
        """Open a connection beside the client's and return its near end, to speak the protocol by hand."""
        ours, theirs = memory_pair()
        handshake = Handshake(browser, self._request)
        self._tasks.start_soon(self.network, theirs, handshake, self.registry, _Gate(self._root))
        return ours

    async def _browse(self, link: MemoryTransport) -> None:
        """Be the browser's end of a connection."""
        try:
            await link.send(self.client.hello())
            while True:
                data = await link.receive()
                if link is not self.link:
                    return
                replies = self.client.receive(data)
                if replies:
                    await link.send(b"".join(replies))
                again_s, self.client.ask_again_s = self.client.ask_again_s, None
                if again_s is not None:
                    self._tasks.start_soon(self._ask_again, link, again_s, self.client.refetches)
        except (TransportClosed, TransportBroken):
            if link is self.link:
                self.link = None

    async def _ask_again(self, link: MemoryTransport, seconds: float, asked: int) -> None:
        """Repeat the question for everything unless it was answered or repeated meanwhile."""
        await self.clock.sleep(seconds)
        if link is self.link and asked == self.client.refetches:
            for question in self.client.ask_again():
                with suppress(TransportClosed, TransportBroken):
                    await link.send(question)

    async def _paint(self, session: Session) -> None:
        """Wait for the first paint as a request for the page does: as long as the application says."""
        if session.paint is not None:
            self._tasks.start_soon(session.paint.finish)
            await self.settle()
        if session.paint is not None:
            await self.advance(session.limits.ssr_wait_s)

    async def _run_registry(self, *, task_status: anyio.abc.TaskStatus[None]) -> None:
        await self.registry.run(task_status=task_status)


class _Gate:
    """Lets in whoever names a session: a test has no cookies."""

    def __init__(self, root: object) -> None:
        self._root = root

    def verify(self, token: str, handshake: Handshake) -> Named:
        if handshake.browser != _BROWSER:
            raise Refused("Unauthorized", "This page was served to another browser.")
        session, _, serial = token.partition("~")
        return Named(session, int(serial or 0))

    def check_csrf(self, value: str, handshake: Handshake) -> None:
        pass

    def token(self, session: Session) -> str:
        return f"{session.id}~{session.serial}"

    async def open(self, path: str, handshake: Handshake, named: Named) -> Opened:  # noqa: ARG002
        return Opened(handshake.request.at(path), lambda: self._root)
