"""`head`: what the document of a page says of itself, from wherever in the page it is known.

Invariants:
    - The nearest wins: of several titles, the one said by the component that is deepest in the page, and of
      two as deep the newer; what a component has said is taken back when it leaves.
    - The served document and the live one are told by the same words; a session tells its client when they
      differ from what that was told last, in the burst that shows the change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar, cast

from vango.components.host import running_host
from vango.components.state import effect, on_cleanup
from vango.headtags import Tag, link, meta as meta_tag, require_text, script
from vango.reactive.tracking import current

if TYPE_CHECKING:
    from vango.sessions.session import Session

__all__ = ["Heads", "head"]

T = TypeVar("T")

Told: TypeAlias = T | Callable[[], T]
"""A value, or a signal, memo or function that gives it."""

_MAX_BYTES = 4_096


def head(
    title: Told[str | None] = None,
    *,
    description: Told[str | None] = None,
    canonical: Told[str | None] = None,
    meta: Mapping[str, Told[str | None]] | None = None,
    links: Sequence[Mapping[str, str]] = (),
    scripts: Sequence[Mapping[str, str] | str] = (),
) -> None:
    """Say in a component's body what the document is: its title, and what stands in its `<head>`.

    ```python
    @app.page("/projects/{id:int}")
    def project(id: int):
        found = load(id)
        head(
            title=lambda: f"{found.name()} · Projects",
            description=found.summary,
            canonical=f"https://example.com/projects/{id}",
            meta={"og:image": app.asset("cover.png")},
        )
        return h.h1[found.name]
    ```
    The nearest component wins, for the title and for each name of a meta; links and scripts are those of all
    components. What one has said is taken back when it leaves. It stands in the first document, without
    JavaScript too, and a live page follows; a script that has run stays.

    Args:
        title: The title of the document, before that of `@app.page(title=...)` and of the application.
        description: What search engines show.
        canonical: The one address of a page that has several.
        meta: Contents by name, `{"robots": "noindex", "og:title": "..."}`.
        links: Attributes of each, `{"rel": "alternate", "hreflang": "de", "href": "..."}`.
        scripts: Addresses of ES modules, or attributes: `src`, `integrity`, `crossorigin`, `type`. The
            `Content-Security-Policy` of the application has to allow those of other sites.

    Raises:
        RuntimeError: No body runs.
        TypeError: A value is of a wrong type.
        ValueError: A name, an address or an integrity is none, or all of it is over 4,096 bytes.
    """
    body = current.frame.body
    if body is None:
        raise RuntimeError("head() belongs into a component's body, while it runs")
    said = Said(
        title,
        canonical,
        (*((("description", description),) if description is not None else ()), *(meta or {}).items()),
        (*map(link, links), *map(script, scripts)),
    )
    said.check()
    session = running_host.get()
    heads: Heads = cast("Session", session).heads
    depth: int = body.depth

    def tell() -> None:
        entry = said.entry(depth)
        heads.add(entry)
        on_cleanup(lambda: heads.remove(entry))

    effect(tell)


@dataclass(frozen=True, eq=False)
class Entry:
    """What one component says now.

    Attributes:
        depth: How deep in the page it is.
        title: The title, if it says one.
        tags: All else.
    """

    depth: float
    title: str | None
    tags: tuple[Tag, ...] = ()


class Said(NamedTuple):
    """What one call of `head` has said; two that are equal say the same."""

    title: Any
    canonical: Any
    metas: tuple[tuple[str, Any], ...]
    tags: tuple[Tag, ...]

    def check(self) -> None:
        """Refuse what can be seen to be wrong before anything is read; raises as `head` does."""
        fixed = [(name, content) for name, content in self.metas if not callable(content)]
        title = None if callable(self.title) else self.title
        canonical = None if callable(self.canonical) else self.canonical
        Said(title, canonical, tuple(fixed), self.tags).entry(0)

    def entry(self, depth: float) -> Entry:
        """Read signals, call functions, and return what is said now; raises as `head` does."""
        title, canonical = _now(self.title), _now(self.canonical)
        if title is not None:
            require_text(title, "head(title=...)")
        metas = ((name, _now(content)) for name, content in self.metas)
        tags = (
            *(meta_tag(name, content) for name, content in metas if content is not None),
            *([link({"rel": "canonical", "href": canonical})] if canonical is not None else []),
            *self.tags,
        )
        size = len(json.dumps([title, tags]))
        if size > _MAX_BYTES:
            raise ValueError(f"head() says {size:,} bytes, over the limit of {_MAX_BYTES:,}")
        return Entry(depth, title, tags)


class Heads:
    """What all components of a session say of its document."""

    __slots__ = ("_entries", "_looked", "_session", "_told")

    def __init__(self, session: Session) -> None:
        """Begin with nothing said, and a document of which nothing is known."""
        self._session = session
        self._entries: list[Entry] = []
        self._told: tuple[str | None, tuple[Tag, ...]] | None = None
        self._looked: tuple[object, ...] = ()  # what there was when there was last nothing to tell

    def add(self, entry: Entry) -> None:
        """A component says something."""
        self._entries = [*self._entries, entry]
        self._session.wake()

    def remove(self, entry: Entry) -> None:
        """It has left, or says something else."""
        self._entries = [other for other in self._entries if other is not entry]
        self._session.wake()

    @property
    def now(self) -> tuple[str | None, tuple[Tag, ...]]:
        """The title of the document, and the other tags of its head.

        Where the document is another application's and no component says a title, the title is not ours.
        """
        said = [*self._entries, *self._of_pages()]
        said.sort(key=lambda entry: entry.depth)  # stable: of two as deep, the newer is later
        titles = [entry.title for entry in said if entry.title is not None]
        tags = {tag.identity: tag for entry in said for tag in entry.tags}
        own = self._session.registry.title if self._session.site is not None else None
        return (titles[-1] if titles else own), tuple(tags.values())

    def paint(self) -> tuple[str | None, tuple[Tag, ...]]:
        """Return `now`, for the document that is served: the client knows it from there."""
        self._told = self.now
        return self._told

    def add_to_paint(self) -> tuple[Tag, ...]:
        """Return what has come since `paint` and can join a head that was sent then."""
        if self._told is None:
            return ()
        title, sent = self._told
        names = {tag.identity for tag in sent}
        more = tuple(tag for tag in self.now[1] if tag.identity not in names)
        self._told = title, (*sent, *more)
        return more

    def tell(self) -> None:
        """Tell the client what has changed; what it cannot take yet, it is told later."""
        site = self._session.site
        showing = None if site is None else site.showing
        looked = self._entries, site and site.location.peek(), showing and showing.depth
        if looked == self._looked:
            return
        if self._told is None and not self._entries and not self._of_pages():
            return  # the document of a session before this one: nothing is known that is better
        now = self.now
        if now != self._told:
            title, tags = now
            said = {"title": title, "tags": [[tag.name, dict(tag.attributes)] for tag in tags]}
            if not self._session.outbox.emit("vango:head", json.dumps(said)):
                return
            self._told = now
        # Which error pages show is not among it, so while there is one this looks each time.
        self._looked = () if showing is not None and showing.failing else looked

    def _of_pages(self) -> list[Entry]:
        """Return what was registered with the page that shows, or with the error page in its place."""
        site = self._session.site
        if site is None:
            return []
        return [Entry(depth, title) for depth, title in site.titles()]


def _now(told: Any) -> Any:
    return told() if callable(told) else told
