"""A readable tree of what a client shows, to find elements in."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

__all__ = ["Element", "Page"]

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


class Element:
    """One element of a page, as it was when the page was read.

    Attributes:
        tag: Its name.
        attrs: Its attributes, those of the engine left out.
        children: Elements and texts.
        parent: The element around it, `None` for the top.
        hid: Its number, 0 where it has none: inside raw HTML.
    """

    def __init__(self, tag: str, attrs: dict[str, str], parent: Element | None) -> None:
        self.tag = tag
        self.hid = int(attrs.pop("data-hid", 0))
        attrs.pop("data-ev", None)
        self.attrs = attrs
        self.parent = parent
        self.children: list[Element | str] = []

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attrs.get("class", "").split()

    @property
    def sent(self) -> list[str]:
        """What a browser sends of this field in a form: a value, none, or in a select the chosen ones."""
        kind = self.attrs.get("type")
        match self.tag:
            case "textarea":
                return [self.text]
            case "select":
                return self._chosen()
            case "input" if kind in ("checkbox", "radio"):
                return [self.attrs.get("value", "on")] if "checked" in self.attrs else []
            case "input" if kind not in ("submit", "button", "reset", "image"):
                return [self.attrs.get("value", "")]
        return []

    def _chosen(self) -> list[str]:
        options = [one for one in self.find_all("option") if "disabled" not in one.attrs]
        chosen = [one.attrs.get("value", one.text) for one in options if "selected" in one.attrs]
        if "multiple" in self.attrs:
            return chosen
        if "value" in self.attrs:
            return [self.attrs["value"]]
        return chosen[-1:] or [one.attrs.get("value", one.text) for one in options[:1]]

    def walk(self) -> Iterator[Element]:
        """Give it and all elements in it, in document order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def path(self) -> Iterator[Element]:
        """Give it and the elements around it, from the inside out: the way an event goes."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def find_all(
        self,
        tag: str | None = None,
        *,
        text: str | None = None,
        id: str | None = None,  # noqa: A002
        class_: str | None = None,
        **attrs: str,
    ) -> list[Element]:
        """Return all elements in it that match, in document order; see `find`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        if id is not None:
            wanted["id"] = id
        return [
            element
            for element in self.walk()
            if element is not self
            and (tag is None or element.tag == tag)
            and (text is None or element.text.strip() == text)
            and (class_ is None or class_ in element.classes)
            and all(element.attrs.get(name) == value for name, value in wanted.items())
        ]

    def find(self, tag: str | None = None, **wanted: str) -> Element:
        """Return the first element in it that matches.

        Args:
            tag: Its name.
            wanted: `text` (all its text, without space around it), `id`, `class_` (one of its classes),
                and any other attribute; underscores stand for dashes.

        Raises:
            LookupError: There is none; the message shows what there is.
        """
        found = self.find_all(tag, **wanted)
        if not found:
            asked = " ".join([tag or "element", *(f"{name}={value!r}" for name, value in wanted.items())])
            raise LookupError(f"there is no {asked} in {self!r}")
        return found[0]

    def __repr__(self) -> str:
        attrs = "".join(f' {name}="{value}"' for name, value in self.attrs.items())
        inner = "".join(child if isinstance(child, str) else repr(child) for child in self.children)
        return f"<{self.tag}{attrs}>{inner}</{self.tag}>" if self.tag else inner


class Page(HTMLParser):
    """Reads the HTML of a client into elements; `Page(html).root` holds them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = Element("", {}, None)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in _VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that closes itself."""
        self._open.children.append(Element(tag, {name: value or "" for name, value in attrs}, self._open))

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest open element of this name."""
        element: Element | None = self._open
        while element is not None and element.tag != tag:
            element = element.parent
        if element is not None and element.parent is not None:
            self._open = element.parent

    def handle_data(self, data: str) -> None:
        """Take a text."""
        self._open.children.append(data)
