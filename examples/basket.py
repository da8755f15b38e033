"""A basket: a dict and a set in signals, what is computed from them, and a message that goes away."""

from vango import DictSignal, For, SetSignal, component, html as h, memo, signal, timeout

PRICES = {"Apples": 240, "Bread": 320, "Cheese": 580, "Dates": 410}


def money(cents: int) -> str:
    """Return a price as people write it."""
    return f"{cents / 100:.2f}"


@component
def Basket():
    """Things to take, how many of each, which of them as a gift, and what it all costs."""
    taken: DictSignal[str, int] = signal({})
    gifts: SetSignal[str] = signal(set())
    message = signal("")
    total = memo(lambda: sum(PRICES[name] * count for name, count in taken().items()))

    def say(text: str) -> None:
        message.set(text)
        timeout(3, lambda: message.set(""))

    def take(name: str) -> None:
        taken[name] = taken.get(name, 0) + 1
        say(f"{name} taken")

    def put_back(name: str) -> None:
        if taken[name] > 1:
            taken[name] -= 1
        else:
            del taken[name]
            gifts.discard(name)
        say(f"{name} put back")

    def row(line: tuple[str, int]):
        name, count = line
        return h.li[
            h.span[f"{count} {name}"],
            h.label[
                h.input(type="checkbox", checked=lambda: name in gifts, on_change=(gifts.toggle, name)),
                "gift",
            ],
            h.button(class_="quiet", aria_label=f"Put back {name}", on_click=(put_back, name))["Less"],
        ]

    return h.section(class_="basket")[
        h.div(role="group", aria_label="Shelf")[
            [h.button(on_click=(take, name))[f"{name} {money(price)}"] for name, price in PRICES.items()]
        ],
        h.ul(aria_label="Basket")[
            For(lambda: taken().items(), key=lambda line: line[0], render=row, same=same)
        ],
        h.footer[
            h.output[lambda: f"{money(total())}, {len(gifts)} as a gift" if len(taken) else "Nothing yet"],
            h.p(role="status")[message],
        ],
    ]


def same(old: tuple[str, int], new: tuple[str, int]) -> bool:
    """Two lines of one thing show the same if they are equal, though each reading makes new ones."""
    return old == new
