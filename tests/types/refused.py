"""What both type checkers refuse, each line by the error that it names; `make check` runs both.

An error that does not come is one too: the comment that expects it is then reported as needless.
"""

from dataclasses import dataclass

from vango import (
    ErrorBoundary,
    For,
    Show,
    Signal,
    Window,
    action,
    bind,
    blocking,
    component,
    effect,
    emit,
    events,
    html as h,
    interval,
    memo,
    on,
    resource,
    signal,
    spawn,
    timeout,
    toast,
)


@dataclass(frozen=True)
class Todo:
    """An item of a list."""

    id: int
    text: str


@component
def Card(title: str, size: int = 1) -> h.VNode:
    """A component."""
    return h.p[title, size]


def typed(event: events.Input) -> None:
    """Take what is typed."""


def twice(first: events.Click, second: events.Click) -> None:
    """Take what nobody gives."""


async def load(number: int) -> Todo:
    """Load one."""
    return Todo(number, "loaded")


def load_now(number: int) -> Todo:
    """Load one, but not as a coroutine."""
    return Todo(number, "loaded")


def square(number: int) -> int:
    """Take a number."""
    return number * number


count = signal(0)
todos = signal([Todo(1, "write")])

# A signal holds what it was made of.
count.set("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
count.update(str)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
count.missing()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
todos.append("write")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
print(todos()[0].title)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
print(memo(count)() + "1")  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
held: Signal[str] = count  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
effect(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# A handler is given the event of its builder.
h.button(on_click=typed)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
h.button(on_click=twice)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
h.button(on_click=count.set)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
h.button(on_click="go()")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
h.input(bind="name")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
h.p(key=1.5)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
h.p(id=object())  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
h.p[object()]  # type: ignore[index]  # pyright: ignore[reportArgumentType]
on(typed, policy="first")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
blocking(load_now)("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# A component takes its props.
Card()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
Card(3)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
Card("a", colour="red")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]

# What is fetched is given its key, and is what the function gives.
resource(load)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
resource(load, key="1")  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
resource(load, key=count).mutate("mine")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
resource(load, key=1).match(lambda todo: todo.title)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownLambdaType, reportUnknownMemberType]
action(load)("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
action(load, policy="all")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
spawn(load, "1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
interval("1", load_now)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
timeout(1, load_now)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
bind(count, parse=str)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]

# Rows are those of the list.
For([Todo(1, "write")], key=square, render=lambda todo: h.li[todo.id])  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
For(todos, render=lambda todo: h.li[todo.text])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue, reportAttributeAccessIssue, reportUnknownMemberType]
Window(height=300)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Show()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
ErrorBoundary(Card("a"))  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
ErrorBoundary(Card("a"), fallback=lambda: "sorry")  # type: ignore[arg-type, misc]  # pyright: ignore[reportArgumentType]
toast("Saved", kind="fine")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
emit(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
