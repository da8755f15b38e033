"""A to-do list: a form, keyed rows and a derived list."""

from dataclasses import dataclass, replace
from itertools import count

from vango import For, component, html as h, memo, signal


@dataclass(frozen=True)
class Task:
    """One line of the list; a changed task is a new object, so only its row renders again."""

    id: int
    text: str
    done: bool = False


CROSS = "\N{MULTIPLICATION SIGN}"
FILTERS = {
    "All": lambda _: True,
    "Active": lambda task: not task.done,
    "Done": lambda task: task.done,
}


@component
def Todo():
    """Tasks to add, tick off, filter and remove."""
    ids = signal(init=count)
    tasks = signal(())
    draft = signal("")
    shown = signal("All")
    visible = memo(lambda: [task for task in tasks() if FILTERS[shown()](task)])
    left = memo(lambda: sum(not task.done for task in tasks()))

    def add() -> None:
        if text := draft.value.strip():
            tasks.update(lambda old: (*old, Task(next(ids.value), text)))
            draft.set("")

    def toggle(task_id: int) -> None:
        tasks.update(lambda old: tuple(replace(t, done=not t.done) if t.id == task_id else t for t in old))

    def remove(task_id: int) -> None:
        tasks.update(lambda old: tuple(t for t in old if t.id != task_id))

    def row(task: Task):
        return h.li(class_={"done": task.done})[
            h.label[
                h.input(type="checkbox", checked=task.done, on_change=(toggle, task.id)),
                h.span[task.text],
            ],
            h.button(class_="quiet", aria_label=f"Remove {task.text}", on_click=(remove, task.id))[CROSS],
        ]

    def filter_button(name: str):
        return h.button(aria_pressed=lambda: str(shown() == name).lower(), on_click=(shown.set, name))[name]

    return h.section(class_="todo")[
        h.form(on_submit=add)[
            h.input(
                aria_label="New task",
                placeholder="What needs doing?",
                autocomplete="off",
                value=draft,
                on_input=lambda e: draft.set(e.value),
            ),
            h.button["Add"],
        ],
        h.ul(aria_label="Tasks")[For(visible, key=lambda task: task.id, render=row)],
        h.footer[
            h.output[lambda: "1 task left" if left() == 1 else f"{left()} tasks left"],
            h.div(class_="filters", role="group", aria_label="Show")[map(filter_button, FILTERS)],
        ],
    ]
