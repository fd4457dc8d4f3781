"""Parties on the day of an event: what they were called, and whether they existed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from timeline.cache import VersionedCache, labels
from timeline.core.dates import EdtfDate
from timeline.models import Party, PartyName

NamesOfParties = Mapping[int, tuple[PartyName, ...]]
"""All names of parties beside their own, slips among them, by the key of the party."""

FormerNames = Mapping[int, tuple[PartyName, ...]]
"""The names that parties bear no more, the latest first, by the key of the party."""

_former: Final[VersionedCache[FormerNames]] = VersionedCache(
    "former names", alias=None, scope=labels
)


_all: Final[VersionedCache[NamesOfParties]] = VersionedCache(
    "names of parties", alias=None, scope=labels
)


def names_to_find() -> NamesOfParties:
    """Return all names of all parties, the latest first, slips among them."""
    return _all.get_or_load("", None, lambda: _by_party(PartyName.objects.all()))


def former_names() -> FormerNames:
    """Return the former names of all parties, which are few: read once for a version."""
    rows = PartyName.objects.filter(ends__isnull=False, slip=False)
    return _former.get_or_load("", None, lambda: _by_party(rows))


def _by_party(rows: Iterable[PartyName]) -> Mapping[int, tuple[PartyName, ...]]:
    by_party: dict[int, list[PartyName]] = defaultdict(list)
    latest_first = sorted(
        rows, key=lambda row: (row.starts_earliest or dt.date.min, row.pk), reverse=True
    )
    for name in latest_first:
        by_party[name.party_id].append(name)
    return {party: tuple(names) for party, names in by_party.items()}


def names_then(
    former: FormerNames, party: int | None, date: EdtfDate, day: dt.date | None = None
) -> tuple[PartyName, ...]:
    """Return the former names that a party surely bore on every day of a date.

    A name that it still bore on ``day``, as of which the page is read, is not a former one.
    """
    names = former.get(party, ()) if party is not None else ()
    return tuple(
        name
        for name in names
        if name.span.surely_covers(date)
        and (day is None or name.ends is None or name.ends.earliest <= day)
    )


def set_names_then(
    parties: Iterable[tuple[Party | None, EdtfDate]], day: dt.date | None = None
) -> None:
    """Let each of these parties be called as on the date beside it; the rows are never saved.

    One that did not exist then is flagged, as by :func:`set_outside_life`.
    """
    named = [(party, date) for party, date in parties if party is not None]
    former = former_names() if named else {}
    for party, date in named:
        party.names_then = names_then(former, party.pk, date, day)
    set_outside_life(named)


def set_outside_life(parties: Iterable[tuple[Party | None, EdtfDate | None]]) -> None:
    """Flag those of these parties that surely did not exist on some date beside them.

    The rows are never saved. No date, or none on which a party was outside its life, flags nothing.
    """
    for party, date in parties:
        if party is not None and date is not None:
            party.outside_life = party.outside_life or party.outside_life_on(date)
