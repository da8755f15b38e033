"""A form that is read while it is typed, with shortcuts: docs/guide/inputs.md and docs/guide/events.md."""

from vango import App, bind, component, csp, html as h, on, ref, signal

app = App(title="sign up", csp=csp("hardened"))


@component
def SignUp():
    """A name, an age and a plan; ctrl+s or the button saves."""
    name, age, plan, saved = signal(""), signal(18), signal("free"), signal("")
    years = bind(age, debounce=200)
    field = ref()

    def save() -> None:
        saved.set(f"{name()}, {age()}, {plan()}")
        name.set("")
        field.focus()

    return h.section(class_="signup")[
        h.form(
            on_submit=on(save, pending=True), on_keydown=on(save, keys="mod+s", window=True, prevent=True)
        )[
            h.label["Name ", h.input(bind=name, ref=field, required=True)],
            h.label["Age ", h.input(bind=years, inputmode="numeric")],
            h.small[years.error],
            h.label["Plan ", h.select(bind=plan)[[h.option(value=one)[one] for one in ("free", "paid")]]],
            h.button["Save"],
        ],
        h.p["Hello, ", lambda: name() or "stranger"],
        h.output[saved],
    ]


@app.page("/")
def home():
    return h.main[SignUp()]
