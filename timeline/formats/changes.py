"""The differences that a change of a record made, in words, and how often something changes."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import enums
from timeline.core import dates, wordings
from timeline.core.codes import ChangeVerb
from timeline.core.numbers import Grouped
from timeline.core.wordings import Comparison
from timeline.fields import RECORD_LANGUAGES
from timeline.formats import values
from timeline.formats.parts import compared, in_words
from timeline.jinja2 import language
from timeline.queries.changes import ShownChange
from timeline.queries.public_names import is_public
from timeline.queries.record_fields import FIELDS, columns_of
from timeline.queries.rows import Row

_NAMED_ONLY: Final = frozenset(
    {
        *("framework", "follows", "restates", "instrument", "takes_turn"),
        *("part_of", "party", "parent", "speaks_for"),
    }
)
"""Columns whose values are not shown, because they may name records that are not public."""


DAYS: Final = 365
"""Days of which :func:`how_often` says how much changed."""


def how_often(number: int) -> str:
    """Say how many changes the last 365 days brought, and how many a week that is.

    Below one change in two weeks only the number is given, because the rate would round to nothing.
    """
    if not number:
        return _("No change in the last 365 days.")
    if 14 * number < DAYS:
        form = ngettext(
            "%(n)s change in the last 365 days.", "%(n)s changes in the last 365 days.", number
        )
        return form % {"n": number}
    rate = f"{number / DAYS * 7:.1f}"
    return _("%(n)s changes in the last 365 days: %(weekly)s a week.") % {
        "n": Grouped(number, language()),
        "weekly": rate.replace(".", ",") if language() == "fr" else rate,
    }


class Difference(NamedTuple):
    """What a field said before and after; ``tag`` is the language of both, '' of neither.

    ``words`` is None where the page only says that the field changed.
    """

    field: str
    words: Comparison | None
    tag: str = ""


def differences(noun: str, before: Any, after: Any) -> list[Difference]:
    """Return what differs between two texts of a record, such as those before and after a change.

    Texts in two languages are compared in the reader's language, if they differ in it.
    """
    changed: dict[str, Difference] = {}
    for difference in _changed(noun, before, after):
        first = changed.setdefault(difference.field, difference)
        if first.tag != language() and difference.tag == language():
            changed[difference.field] = difference
    return [*changed.values()]


def _changed(noun: str, before: Any, after: Any) -> Iterator[Difference]:
    for field, column in zip(FIELDS[noun], columns_of(noun), strict=True):
        old, new = getattr(before, column), getattr(after, column)
        if old == new:
            continue
        name, _underscore, tag = field.rpartition("_")
        if tag in RECORD_LANGUAGES:
            yield Difference(name, wordings.compare(old, new), tag)
        elif field in _NAMED_ONLY:
            yield Difference(field, None)
        else:
            texts = (values.in_words(noun, field, value) or "—" for value in (old, new))
            yield Difference(field, wordings.unmarked(*texts))


def row(shown: ShownChange, address: Callable[[str, str], str]) -> Row:
    """Return a change as the columns of the table of changes have it.

    ``address`` returns the address of the page of a record from its noun and its slug.
    """
    change = shown.change
    before, after = change.states
    return {
        "id": change.key,
        "made_at": change.stated_at.replace(microsecond=0),
        "verb": change.verb.value,
        "noun": change.noun,
        "record": shown.record.slug,
        "url": address(change.noun, shown.record.slug),
        "state_before": before or None,
        "state_after": after or None,
        "says": lines_of(shown),
    }


def lines_of(shown: ShownChange) -> list[str]:
    """Return what a change did, in lines of plain text."""
    change, row = shown.change, shown.row
    if change.source == "correction":
        return [str(row.text)]
    if change.source == "status_update":
        states = [enums.label(enums.COMMITMENT_STATUSES, code) for code in change.states if code]
        lines = [f"{' → '.join(dict.fromkeys(states))} ({dates.wording(row.date, language())})"]
        return [*lines, str(row.note)] if row.note else lines
    if change.source == "instrument_step":
        done = dates.wording(row.done, language())
        by = f", {row.party.name}" if row.party else ""
        return [f"{enums.label(enums.INSTRUMENT_ACTS, row.act)}{by} ({done})"]
    if change.verb == ChangeVerb.WITHDRAWN:
        return [str(shown.record.withdrawn_reason)]
    return [_in_a_line(one) for one in differences_of(shown)]


def differences_of(shown: ShownChange) -> list[Difference]:
    """Return what differs between what readers saw before a change of a text and after it."""
    found: list[Difference] = []
    if shown.before is not None:
        found += differences(shown.change.noun, shown.before, shown.row)
    return [*found, *_of_parts(shown)]


def _of_parts(shown: ShownChange) -> Iterator[Difference]:
    """Yield the differences of each part, without rows that name records which are not public."""
    by_part: dict[str, tuple[list[str], list[str]]] = {}
    for part, before, after in shown.parts:
        sides = by_part.setdefault(part.name, ([], []))
        for row, lines in zip((before, after), sides, strict=True):
            if row is not None and is_public(part, row, shown.names):
                lines += in_words(part, [row], shown.names).values()
    for name, (gone, new) in by_part.items():
        if gone != new:
            yield Difference(name, compared(gone, new))


def _in_a_line(one: Difference) -> str:
    field = enums.label(enums.RECORD_FIELDS, one.field)
    field = field[:1].upper() + field[1:]
    if one.words is None:
        return _("%(label)s: %(value)s") % {"label": field, "value": _("changed")}
    earlier, later = (
        "".join(piece.text for piece in pieces) or "—"
        for pieces in (one.words.earlier, one.words.later)
    )
    return _("%(label)s: %(value)s") % {"label": field, "value": f"{earlier} → {later}"}
