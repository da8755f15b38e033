"""The live parts that both hosts show: a stock, the same for everybody, and what one visitor took of it."""

from vango import component, current_session, current_user, html as h, signal

stock = signal({"apples": 3, "pears": 5})


@component
def Shelf(taken=None):
    """Each fruit with a button; every page that shows a shelf sees what any visitor takes.

    Args:
        taken: A signal of names, to which what is taken here is added.
    """

    def take(name: str) -> None:
        if stock[name]:
            stock[name] -= 1
            if taken is not None:
                taken.append(name)

    return h.ul(class_="shelf")[
        (
            h.li(key=name)[
                f"{name}: ",
                h.output(id=name)[left],
                " ",
                h.button(on_click=(take, name), disabled=not left)["Take one"],
            ]
            for name, left in stock().items()
        )
    ]


@component
def Basket(taken):
    """What the visitor of this page has taken."""
    return h.p(class_="basket")["Your basket: ", h.span(id="basket")[", ".join(taken()) or "nothing yet"]]


@component
def Till():
    """Who shops here, and an order, before which the host is asked once more who that is."""
    name = current_user().name
    ordered = signal(0)

    async def order() -> None:
        if await current_session().revalidate():
            ordered.update(lambda n: n + 1)

    return h.section[
        h.p["You are ", h.b(id="who")[name], "."],
        h.button(on_click=order)["Order"],
        h.p["Ordered: ", h.output(id="ordered")[ordered]],
    ]
