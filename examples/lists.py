"""Lists: rows with keys, rows with state, rows that leave gently, and a hundred thousand of them."""

from dataclasses import dataclass, replace

from vango import For, Window, component, html as h, memo, selector, signal


@dataclass(frozen=True)
class Guest:
    """A row of the list; a changed guest is a new object, so only that row runs again."""

    id: int
    name: str
    seats: int = 1


GUESTS = tuple(Guest(n, name) for n, name in enumerate(("Ada", "Edsger", "Grace", "Barbara")))


@component
def Guests():
    """Rows that change, move, are chosen and leave."""
    guests = signal(GUESTS)
    chosen = signal(None)
    is_chosen = selector(chosen)

    def add_seat(guest: Guest) -> None:
        guests.update(lambda now: tuple(replace(g, seats=g.seats + 1) if g is guest else g for g in now))

    def remove(guest: Guest) -> None:
        guests.update(lambda now: tuple(g for g in now if g is not guest))

    def row(guest: Guest):
        return h.li(
            class_=lambda: "chosen" if is_chosen(guest.id) else None,
            data_exit="leaving",
            on_click=(chosen.set, guest.id),
        )[
            h.span[f"{guest.name}: {guest.seats}"],
            h.input(aria_label=f"Note for {guest.name}"),
            h.button(on_click=(add_seat, guest))["+"],
            h.button(on_click=(remove, guest), aria_label=f"Remove {guest.name}")["\N{MULTIPLICATION SIGN}"],
        ]

    return h.section[
        h.h2["Guests"],
        h.button(on_click=lambda: guests.update(lambda now: now[::-1]))["Turn around"],
        h.ul(class_="guests")[For(guests, key=lambda guest: guest.id, render=row)],
    ]


LINES = 100_000


@component
def Log():
    """A hundred thousand rows, of which those in view are on the page and in the session."""
    newest_first = signal(False)
    lines = memo(lambda: range(LINES)[::-1] if newest_first() else range(LINES))
    return h.section[
        h.h2["Log"],
        h.button(on_click=lambda: newest_first.update(lambda on: not on))["The other end first"],
        For(
            lines,
            key=lambda n: n,
            render=lambda n: h.tr[h.td[f"{n:06}"], h.td[f"request {n * 7919 % 1000}"]],
            window=Window(
                row_height=24,
                height=240,
                label="Log",
                class_="log",
                around=lambda rows: h.table[h.tbody[rows]],
            ),
        ),
    ]


@component
def Lists():
    """The page."""
    return h.div(class_="lists")[Guests(), Log()]
