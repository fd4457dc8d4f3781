"""Questions as a browser sends them."""

from timeline.core.question import Question


def lists(question: Question) -> dict[str, list[str]]:
    """The values of each parameter that asks a question."""
    found: dict[str, list[str]] = {}
    for name, value in question.to_pairs():
        found.setdefault(name, []).append(value)
    return found
