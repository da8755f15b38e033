"""What the board knows: issues and people. A real one asks its database; the pages would look the same."""

from dataclasses import dataclass, replace

from vango import Principal, signal


@dataclass(frozen=True)
class Issue:
    """One issue; a changed issue is a new object, so only what shows it renders again."""

    id: int
    title: str
    text: str
    author: str
    done: bool = False


PEOPLE = {
    "ada": Principal(id="ada", name="Ada", roles=frozenset({"editor", "admin"})),
    "ben": Principal(id="ben", name="Ben", roles=frozenset({"editor"})),
    "cleo": Principal(id="cleo", name="Cleo"),
}

# At module level, so all pages of all people show the same, and change at once.
issues = signal(
    {
        1: Issue(1, "The door squeaks", "The one to the garden. Oil?", "Ben"),
        2: Issue(2, "Buy coffee", "Whole beans, two bags.", "Ada", done=True),
        3: Issue(3, "Water the plants", "Twice a week while Cleo is away.", "Cleo"),
    }
)


def add(title: str, text: str, author: str) -> Issue:
    """Add an issue, and return it with its number."""
    issue = Issue(max(issues.peek(), default=0) + 1, title, text, author)
    issues[issue.id] = issue
    return issue


def change(number: int, **fields: object) -> None:
    """Change some fields of an issue, if it is still there."""
    if number in issues.peek():
        issues[number] = replace(issues.peek()[number], **fields)
