"""The reference page as an application, for `vango run`."""

from vango import App
from vango.testing.conformance import reference_page

app = App(title="The reference page")
app.page("/")(reference_page)
