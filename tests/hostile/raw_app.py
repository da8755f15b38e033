"""The applications that raw sockets speak to: a counter, and what the process holds."""

import json
import resource

from vango import App, component, html as h, signal
from vango.limits import Limits


@component
def Counter():
    """A button that counts."""
    count = signal(0)
    return h.main[h.button(on_click=lambda: count.update(lambda n: n + 1))[count]]


def make_app(**limits: float) -> App:
    """An application with the counter, and at `/state` what it holds."""
    app = App(limits=Limits(waiting_per_address=1_000, goodbye_s=1.0, **limits))
    app.page("/")(Counter)

    @app.page("/state")
    def state():
        statistics = app.registry.statistics()
        counts = {
            "attached": statistics.attached,
            "detached": statistics.detached,
            "accepted": sum(session.ledger.accepted for session in app.registry.sessions),
            "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        }
        return h.output[json.dumps(counts)]

    return app


app = make_app()
impatient = make_app(heartbeat_ms=500, silence_s=0.5)
hasty = make_app(hello_s=0.3, body_s=0.3)
crowded = make_app(head_s=0.5, heads=8)
full = make_app(head_s=3_600, heads=8, hello_s=3_600, handshakes=8, handshakes_per_address=8)
