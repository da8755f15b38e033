"""The reference server as an application, for `vango run`."""

from vango import App
from vango.testing.conformance import reference_site

app = reference_site(App(title="The reference page"))
