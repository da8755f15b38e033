"""Some pages of `pages.py` as a developer sees them: with `debug=True`, and so with the tap."""

from vango import App

from .pages import Echo, Fields, Forged, Namespaces, Rows, Shapes

app = App(title="tapped", debug=True)

for _component in (Echo, Fields, Forged, Namespaces, Rows, Shapes):
    app.page(f"/{_component.__name__.lower()}")(_component)
