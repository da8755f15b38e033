"""Places: data that comes with the page, a search as one types, a booking, and rows that keep coming."""

from collections.abc import AsyncIterator
from itertools import count

from anyio import sleep

from vango import Stream, action, component, html as h, resource, signal, stream, subscribe

PLACES = ["Aarhus", "Athens", "Bergen", "Bologna", "Bristol", "Cadiz", "Cork", "Dresden", "Porto", "Turin"]


async def find(text: str) -> list[str]:
    """Return the places whose name has a text in it; a database would take as long."""
    await sleep(0.1)
    if text.casefold() == "atlantis":
        raise LookupError("Atlantis has not been seen for a while.")
    return [name for name in PLACES if text.casefold() in name.casefold()]


async def book(name: str) -> str:
    """Book a place, which takes a moment."""
    await sleep(0.5)
    return f"{name} is booked."


async def sightings() -> AsyncIterator[tuple[int, str]]:
    """Give one sighting after the other, for ever."""
    for number in count(1):
        yield number, f"Somebody was seen in {PLACES[number * 7 % len(PLACES)]}"
        await sleep(0.5)


@component
def Places():
    """A search, what it found, a booking, and the latest sightings."""
    text = signal("")
    found = resource(find, key=text, stale_s=60)
    booking = action(book, policy="drop")
    seen: Stream[tuple[int, str]] = stream(
        key=lambda each: each[0], render=lambda each: h.li[f"{each[0]}. {each[1]}"], limit=5
    )
    subscribe(sightings, seen.prepend)

    def names(names: list[str]):
        return h.ul(aria_label="Found")[
            (h.li(key=n)[h.button(disabled=booking.pending, on_click=(booking, n))[n]] for n in names)
        ]

    return h.section(class_="places")[
        h.input(
            aria_label="Search",
            type="search",
            placeholder="Athens",
            value=text,
            on_input=lambda e: text.set(e.value),
        ),
        h.div(aria_busy=lambda: str(found.loading()).lower())[
            found.match(
                names,
                pending=lambda: h.p["Looking ..."],
                error=lambda error: h.p(role="alert")[
                    str(error), " ", h.button(on_click=found.refetch)["Look again"]
                ],
            )
        ],
        h.p(role="status")[
            lambda: "Booking ..." if booking.pending() else booking.result() or "Nothing booked"
        ],
        h.h2["Sightings"],
        h.ol(aria_label="Sightings")[seen],
    ]
