"""Seeded random pairs of trees, for the oracle in the browser.

A tree is first a plain `Spec`, which can be changed a little, and then built with the builders of `vango`.
With `valid=True` an HTML parser reads the tree back as it was written;
otherwise any element may stand in any other, which only a snapshot can bring to the page.
"""

from dataclasses import dataclass, field, replace
from random import Random

from vango import html as h, svg

TEXTS = [
    "",
    " ",
    "a",
    "b & c",
    "<b>no tag</b>",
    "\n",
    "\nline",
    "cr\r\n",
    "é \U0001f600",
    "\u00a0",
    "--><!--5-->",
]
RAW = [
    "",
    "text",
    "<b>bold</b>",
    'one<i data-hid="1">two</i>three',
    "<!--1--><!--]1-->",
    "<u></u><s>x</s>",
    "a &amp; b",
]
ATTRS = {
    "class_": ["one", "two", ["a", "b"], {"on": True, "off": False}],
    "id": ["x", "y"],
    "title": ["", 'quo"te', "<&>"],
    "hidden": [True, False],
    "data_some_name": ["1", "2"],
    "aria_label": ["l", "m"],
    "style": ["color: red", {"margin": "1px", "color": "blue"}],
    "lang": ["en", "de"],
}
PROPERTIES = {
    "input": {"value": ["", "typed", "new\ttab"], "type": ["text", "search"]},
    "checkbox": {"checked": [True, False]},
    "textarea": {"value": ["", "one", "\ntwo\nlines"]},
    "details": {"open": [True, False]},
    "option": {"selected": [True, False], "value": ["1", "2"]},
}
FLOW = [
    "div",
    "section",
    "p",
    "ul",
    "table",
    "svg",
    "pre",
    "details",
    "span",
    "input",
    "checkbox",
    "textarea",
    "select",
    "hr",
]
PHRASING = ["span", "b", "i", "em", "input", "checkbox", "svg", "br"]
INSIDE = {
    "div": FLOW,
    "section": FLOW,
    "details": FLOW,
    "li": FLOW,
    "td": FLOW,
    "foreignObject": ["div", "p", "span", "svg"],
    "p": PHRASING,
    "pre": ["b", "i"],
    "span": PHRASING,
    "b": ["span", "i"],
    "i": ["span", "em"],
    "em": ["span"],
    "ul": ["li"],
    "table": ["tbody"],
    "tbody": ["tr"],
    "tr": ["td"],
    "svg": ["g", "circle", "foreignObject", "text"],
    "g": ["circle", "text", "g"],
    "select": ["option"],
}
"""The elements that may stand in an element; those missing here have no element children."""
NO_TEXT = {"table", "tbody", "tr", "select", "hr", "br", "input", "checkbox", "textarea", "circle"}
ONE_TEXT = {"option", "text"}
EMPTY = {"hr", "br", "input", "checkbox", "textarea", "circle"}
SVG = {"svg", "g", "circle", "foreignObject", "text"}


@dataclass(frozen=True)
class Spec:
    """A node before it is built: an element's tag, or `#text`, `#raw`, `#fragment` or `#nothing`."""

    tag: str
    key: int | str | None = None
    text: str = ""
    attrs: dict[str, object] = field(default_factory=dict)
    children: tuple["Spec", ...] = ()


class Trees:
    """Random trees from one seed."""

    def __init__(self, seed: int, *, valid: bool) -> None:
        self._random = Random(seed)
        self._valid = valid

    def pair(self) -> tuple[object, object]:
        """An old and a new tree: mostly the same tree changed in places, at times two unrelated ones."""
        old = self._element("div", 4)
        new = old if self._random.random() < 0.9 else self._element("div", 4)
        for _ in range(self._random.randint(1, 4)):
            new = self._changed(new)
        return build(old), build(new)

    def _element(self, tag: str, depth: int) -> Spec:
        attrs = {name: self._random.choice(ATTRS[name]) for name in ATTRS if self._random.random() < 0.2}
        for name, values in PROPERTIES.get(tag, {}).items():
            if self._random.random() < 0.7:
                attrs[name] = self._random.choice(values)
        return Spec(tag, attrs=attrs, children=self._children(tag, depth - 1))

    def _children(self, tag: str, depth: int) -> tuple[Spec, ...]:
        if tag in EMPTY or depth < 0:
            return ()
        number = self._random.choice([0, 2, 4, 6, 8] if depth > 1 else [0, 1, 2, 3])
        children = [self._child(tag, depth) for _ in range(number)]
        return self._keyed(children)

    def _keyed(self, children: list[Spec]) -> tuple[Spec, ...]:
        """Give all, some or none of the siblings keys, each once."""
        share = self._random.choice([0.0, 0.7, 1.0])
        keys = self._random.sample([*range(12), *"abcdefghijkl"], len(children))
        return tuple(
            replace(child, key=key if child.tag[0] != "#" and self._random.random() < share else None)
            for child, key in zip(children, keys, strict=True)
        )

    def _child(self, parent: str, depth: int) -> Spec:
        kind = self._random.random()
        mixed = not self._valid or parent not in NO_TEXT
        if kind < 0.05:
            return Spec("#nothing")
        if kind < 0.15 and depth > 0:
            return Spec("#fragment", children=self._children(parent, depth - 1))
        if mixed and (kind < 0.45 or parent in ONE_TEXT):
            return Spec("#text", text=self._random.choice(TEXTS))
        if mixed and kind < 0.55 and parent not in SVG:
            return Spec("#raw", text=self._random.choice(RAW))
        inside = INSIDE.get(parent, []) if self._valid else list(INSIDE)
        return self._element(self._random.choice(inside), depth) if inside else Spec("#nothing")

    def _changed(self, spec: Spec) -> Spec:
        """The same tree with one thing changed somewhere."""
        if spec.tag in {"#text", "#raw"}:
            return replace(spec, text=self._random.choice(TEXTS if spec.tag == "#text" else RAW))
        children = list(spec.children)
        if children and self._random.random() < 0.5:
            index = self._random.randrange(len(children))
            children[index] = self._changed(children[index])
            return replace(spec, children=tuple(children))
        match self._random.choice(["attrs", "remove", "insert", "children", *["shuffle"] * 4]):
            case "attrs" if spec.tag[0] != "#":
                return replace(spec, attrs=self._element(spec.tag, 0).attrs)
            case "shuffle":
                self._random.shuffle(children)
            case "remove" if children:
                del children[self._random.randrange(len(children))]
            case "insert" if spec.tag[0] != "#" and spec.tag not in EMPTY:
                children.insert(self._random.randint(0, len(children)), self._child(spec.tag, 2))
            case "children" if spec.tag[0] != "#":
                children = list(self._children(spec.tag, 2))
        return replace(spec, children=tuple(children))


def build(spec: Spec) -> object:
    """The tree that `spec` describes, as a component would return it."""
    match spec.tag:
        case "#nothing":
            return None
        case "#text":
            return spec.text
        case "#raw":
            return h.raw(spec.text)
        case "#fragment":
            return [build(child) for child in spec.children]
    attrs = dict(spec.attrs)
    if spec.key is not None:
        attrs["key"] = spec.key
    if spec.tag == "checkbox":
        return h.input(type="checkbox", **attrs)
    return getattr(svg if spec.tag in SVG else h, spec.tag)(*map(build, spec.children), **attrs)
