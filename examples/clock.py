"""A clock: the server pushes, nobody clicks."""

from datetime import UTC, datetime

from vango import component, html as h, interval, signal


def now() -> datetime:
    return datetime.now(UTC)


@component
def Clock():
    """The server's time, sent every second for as long as the page is open."""
    time = signal(init=now)
    interval(1.0, lambda: time.set(now()))
    return h.div(class_="clock")[
        h.time[lambda: f"{time():%H:%M:%S}"],
        h.p[lambda: f"{time():%A, %d %B %Y}, UTC"],
    ]
