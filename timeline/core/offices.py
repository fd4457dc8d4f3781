"""Whether an office may be named for somebody at an event: held that day, and of that party."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from timeline.core.dates import EdtfDate
from timeline.core.intervals import Span


class Objection(StrEnum):
    """Why an office is not one that a person can have had for a party at an event."""

    NOT_HELD = "not_held"
    OTHER_PARTY = "other_party"


class Belonging(NamedTuple):
    """A party that belonged to a bloc for a span of days, both by key."""

    party: int
    bloc: int
    span: Span


def objection(
    date: EdtfDate,
    *,
    held: Span,
    of: int | None,
    attends_for: int | None,
    belongings: Iterable[Belonging] = (),
) -> Objection | None:
    """What speaks against an office at an event; None where nothing surely does.

    ``held`` is when the office was held, ``of`` the party that it is an office of and
    ``attends_for`` the party that its holder attended or spoke for, both by key. An office that may
    have been held on some day of the event passes, and so does one of a bloc for its member, or of
    a member for its bloc, where the one may have belonged to the other on some day of it.
    """
    if not held.may_touch(date):
        return Objection.NOT_HELD
    if of is None or attends_for is None or of == attends_for:
        return None
    pairs = {(of, attends_for), (attends_for, of)}
    related = any((one.party, one.bloc) in pairs and one.span.may_touch(date) for one in belongings)
    return None if related else Objection.OTHER_PARTY
