"""How a page is put together: parts, conditions, choices, dialogs, errors that stay small, and toasts."""

from vango import (
    Dynamic,
    ErrorBoundary,
    Match,
    Outlet,
    Portal,
    Show,
    Switch,
    Toasts,
    component,
    html as h,
    signal,
    toast,
)


@component
def Card(title: h.Child, children: h.Child = (), footer: h.Child = None):
    """A box with a title, whatever is written in its brackets, and a footer if there is one."""
    return h.section(class_="card")[
        h.h2[title],
        children,
        h.footer[footer] if footer else None,
    ]


@component
def Basket():
    """Conditions: what shows depends on a signal, and only that place changes."""
    count = signal(0)
    return Card(
        title=lambda: f"Basket ({count()})",
        footer=h.button(on_click=lambda: count.update(lambda n: n + 1))["Put something in"],
    )[
        Show(
            count,
            lambda n: h.p["1 thing" if n == 1 else f"{n} things"],
            h.p["Nothing in here."],
        ),
        Switch(
            Match(lambda: count() > 3, h.p["That is a lot."]),
            Match(lambda: count() > 1, h.p["One more?"]),
        ),
    ]


@component
def Bars(values: tuple[int, ...]):
    """One way to look at numbers."""
    return h.ul[[h.li[h.meter(value=n, max=9), f" {n}"] for n in values]]


@component
def Words(values: tuple[int, ...]):
    """Another way."""
    return h.p[", ".join(map(str, values))]


@component
def Views():
    """A component that is chosen while the page lives."""
    view = signal(Bars)
    return Card(title="Views")[
        h.button(on_click=(view.set, Bars))["As bars"],
        h.button(on_click=(view.set, Words))["As words"],
        Dynamic(view, values=(3, 5, 8)),
    ]


@component
def Account():
    """A dialog: written where it belongs, shown at the outlet of the page, and a toast."""
    asked = signal(False)

    def delete() -> None:
        asked.set(False)
        toast("The account is gone.", kind="success")

    return Card(title="Account")[
        h.button(on_click=(asked.set, True))["Delete it"],
        Show(
            asked,
            lambda: Portal("dialogs")[
                h.dialog(open=True, aria_label="Delete the account?", data_exit="leaving")[
                    h.p["Delete the account?"],
                    h.button(on_click=delete)["Yes"],
                    h.button(on_click=(asked.set, False))["No"],
                ]
            ],
        ),
    ]


@component
def Weather():
    """Something that fails now and then."""
    broken = signal(False)
    if broken():
        raise ConnectionError("the weather service does not answer")
    return h.p["Sunny. ", h.button(on_click=(broken.set, True))["Ask again"]]


@component
def Forecast():
    """An error stays in its box, and can be retried."""
    return Card(title="Weather")[
        ErrorBoundary(
            Weather(),
            fallback=lambda error, retry: h.p[
                f"Sorry, {error}. ",
                h.button(on_click=retry)["Try again"],
            ],
        ),
    ]


@component
def Structure():
    """The page."""
    return h.div(class_="structure")[
        Basket(),
        Views(),
        Account(),
        Forecast(),
        Outlet("dialogs"),
        Toasts(),
    ]
