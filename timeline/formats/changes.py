"""The differences that a change of a record made, in words."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from timeline import enums
from timeline.core import dates, wordings
from timeline.core.dates import EdtfDate
from timeline.core.wordings import Comparison
from timeline.jinja2 import language
from timeline.queries.changes import FIELDS, ShownChange

_LABELS: Final[Mapping[tuple[str, str], enums.Labels]] = {
    ("event", "kind"): enums.EVENT_KINDS,
    ("event", "state"): enums.EVENT_STATES,
    ("instrument", "kind"): enums.INSTRUMENT_KINDS,
    ("instrument", "binds"): enums.BINDINGS,
    ("framework", "rotation"): enums.ROTATIONS,
}
"""The labels of the codes in a column, by noun and column."""

_NAMED_ONLY: Final = frozenset({"framework", "follows", "restates", "instrument", "takes_turn"})
"""Columns of which only is said that they changed: what they name need not be public."""


class Difference(NamedTuple):
    """What a field said before and after; ``tag`` is the language of both, '' of neither.

    ``words`` is None where only is said that it changed.
    """

    field: str
    words: Comparison | None
    tag: str = ""


def differences(shown: ShownChange) -> list[Difference]:
    """Return what differs between what readers saw before a change and after it.

    Of a text in two languages the one that the reader reads is compared, if it changed.
    """
    if shown.before is None:
        return []
    changed: dict[str, Difference] = {}
    for difference in _changed(shown.change.noun, shown.before, shown.row):
        first = changed.setdefault(difference.field, difference)
        if first.tag != language() and difference.tag == language():
            changed[difference.field] = difference
    return [*changed.values()]


def _changed(noun: str, before: Any, after: Any) -> Iterator[Difference]:
    for column in FIELDS[noun]:
        name = f"{column}_id" if hasattr(after, f"{column}_id") else column
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        field, _underscore, tag = column.rpartition("_")
        if tag in ("fr", "en"):
            yield Difference(field, wordings.compare(old, new), tag)
        elif column in _NAMED_ONLY:
            yield Difference(column, None)
        else:
            said = _said_of(noun, column)
            yield Difference(column, wordings.unmarked(said(old), said(new)))


def _said_of(noun: str, column: str) -> Callable[[Any], str]:
    """Return what says a value of a column in the reader's language."""

    def said(value: Any) -> str:
        if value is None or value == "":
            return "—"
        if isinstance(value, EdtfDate):
            return dates.wording(value, language())
        if column == "cadence_months":
            return enums.cadence(value)
        return enums.label(_LABELS[noun, column], value)

    return said
