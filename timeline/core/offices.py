"""Whether a person may be recorded at an event with an office: held that day, for that party."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from timeline.core.dates import EdtfDate
from timeline.core.intervals import Span


class Objection(StrEnum):
    """Why a person cannot have attended an event for a party with an office."""

    NOT_HELD = "not_held"
    OTHER_PARTY = "other_party"


class MembershipSpan(NamedTuple):
    """A membership of a party in a bloc, both by key, for a span of days."""

    party: int
    bloc: int
    span: Span


def objection(
    date: EdtfDate,
    *,
    held: Span,
    of: int | None,
    attends_for: int | None,
    belongings: Iterable[MembershipSpan] = (),
) -> Objection | None:
    """Return the objection to an office at an event on a date; None unless there surely is one.

    ``held`` is when the office was held. ``of`` is the party whose office it is and ``attends_for``
    the party that its holder attended or spoke for, both by key. The office is accepted if it may
    have been held on some day of the event. An office of a bloc is accepted for its member, and one
    of a member for its bloc, if the membership may have covered some day of the event.
    """
    if not held.may_touch(date):
        return Objection.NOT_HELD
    if of is None or attends_for is None or of == attends_for:
        return None
    pairs = {(of, attends_for), (attends_for, of)}
    related = any((b.party, b.bloc) in pairs and b.span.may_touch(date) for b in belongings)
    return None if related else Objection.OTHER_PARTY
