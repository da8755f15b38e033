"""Some pages of `pages.py` as a developer sees them: with `debug=True`, and so with the tap."""

from vango import App, html as h

from .pages import Echo, Fields, Forged, Namespaces, Rows, Shapes

app = App(title="tapped", debug=True)

for _component in (Echo, Fields, Forged, Namespaces, Rows, Shapes):
    app.page(f"/{_component.__name__.lower()}")(_component)


def _fail() -> None:
    raise LookupError("there is no such item")


@app.page("/failing")
def _failing() -> object:
    return h.main[h.button(id="fail", on_click=_fail)["Fail"]]
