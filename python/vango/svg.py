"""Builders of SVG elements, in the case that SVG writes: `svg.foreignObject`, `viewBox=`.

    from vango import svg

    svg.svg(viewBox="0 0 10 10", width=100)[
        svg.circle(cx=5, cy=5, r=4, stroke_width=2, fill="none", stroke="currentColor"),
    ]

Underscores become dashes (`stroke_width`), `xlink_href` is `xlink:href`. `in_` and `from_` lose
their underscore. The builders are typed in `svg.pyi`, which `tools/make_stubs.py` writes.
"""

from vango._core import Tag
from vango._tags import SVG, python_name

_TAGS = {python_name(tag): Tag(tag) for tag in SVG}
globals().update(_TAGS)

__all__ = list(_TAGS)
