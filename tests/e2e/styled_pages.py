"""Pages with `style=` in their first paint, under the hardened policy of content."""

from vango import App, csp, html as h, signal

app = App(title="styled", csp=csp("hardened"))


@app.page("/")
def home():
    x = signal(0)
    return h.main[
        h.p(id="fixed", style="width: 123px")["fixed"],
        h.p(id="odd", style='--said: "a&<>\'b"')["odd"],
        h.p(id="moving", style=lambda: f"position: relative; left: {x()}px")["moving"],
        lambda: h.p(id="later", style="width: 77px")["later"] if x() else None,
        h.button(on_click=lambda: x.update(lambda n: n + 10))["move"],
    ]


@app.page("/raw")
def with_raw():
    return h.main[
        h.p(id="given", style="width: 50px"),
        h.raw('<p id="smuggled" style="position: fixed; inset: 0">over everything</p>'),
    ]


@app.page("/many")
def many():
    return h.main[(h.p(id=f"n{n}", style=f"margin-left: {n}px")[n] for n in range(40))]
