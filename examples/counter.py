"""A counter: one signal, one slot and two handlers."""

from vango import component, html as h, signal


@component
def Counter(start: int = 0):
    """A number between two buttons; a click patches the number and nothing else."""
    count = signal(start)
    return h.div(class_="counter")[
        h.button(on_click=lambda: count.update(lambda n: n - 1))["-"],
        h.output[count],
        h.button(on_click=lambda: count.update(lambda n: n + 1))["+"],
    ]
