"""Questions as the parameters that a browser sends."""

from timeline.core.question import ListQuestion


def lists(question: ListQuestion) -> dict[str, list[str]]:
    """Return the values of each parameter of a question."""
    values: dict[str, list[str]] = {}
    for name, value in question.to_pairs():
        values.setdefault(name, []).append(value)
    return values
