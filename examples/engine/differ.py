"""Diff two trees: what leads from one to the other, and the bytes that carry it."""

from vango import core, html as h


def page(title: str, tasks: list[str]) -> core.VNode:
    """The whole page as it should be; nobody says what has changed."""
    return h.main(
        h.h1(title),
        h.ul([h.li(task, key=task) for task in tasks], class_="tasks"),
    )


old = page("Today", ["wash", "cook", "read"])
new = page("Tomorrow", ["read", "wash", "sleep"])

patches = core.diff(old, new)
for patch in patches:
    print(core.encode([patch]).hex(" "), patch, sep="\n    ")

# Whoever holds the old tree makes the new one from the bytes alone.
data = core.encode(patches)
model = core.Model.from_snapshot(core.Tree(old).snapshot())
model.apply(data)
print(f"{len(patches)} patches, {len(data)} bytes")
print(model.html(hids=False))
