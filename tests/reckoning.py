"""Who took part, computed day by day from the rows, without any code of the application's rules."""

from collections.abc import Iterable
from typing import NamedTuple

from timeline.core.dates import EdtfDate
from timeline.models import Membership, Participation, Party


class Took(NamedTuple):
    """One way in which a party took part, by slug and codes."""

    event: str
    party: str
    via: str | None
    possibly: bool
    addressee: bool


class _Days(NamedTuple):
    """The days that may lie in a spell, and those that surely do; both half-open, as ordinals."""

    first: int
    end: int
    sure_first: int
    sure_end: int


_NEVER = 10**7


def _days(spell: Membership) -> _Days:
    ends = spell.ends
    return _Days(
        spell.starts.earliest.toordinal(),
        ends.latest.toordinal() if ends else _NEVER,
        spell.starts.latest.toordinal(),
        ends.earliest.toordinal() if ends else _NEVER,
    )


def _days_to_check(date: EdtfDate, spells: Iterable[_Days]) -> set[int]:
    """Return both ends of a date, each day within it that begins or ends a spell, and its eve.

    Between two of these days no spell changes.
    """
    first, last = date.earliest.toordinal(), date.latest.toordinal()
    turns = {day - eve for spell in spells for day in spell for eve in (0, 1)}
    return {first, last, *(day for day in turns if first < day < last)}


def _existed(party: Party, date: EdtfDate) -> bool:
    is_founded = party.founded is None or party.founded.earliest <= date.latest
    return is_founded and (party.dissolved is None or date.earliest <= party.dissolved.latest)


def reckoned() -> set[Took]:
    """Return who took part in each event on record, drafts included."""
    roles: dict[tuple[str, str], set[str]] = {}
    dates: dict[str, EdtfDate] = {}
    for row in Participation.objects.select_related("event", "party"):
        roles.setdefault((row.event.slug, row.party.code), set()).add(row.role)
        dates[row.event.slug] = row.event.date
    members: dict[str, dict[Party, list[_Days]]] = {}
    for spell in Membership.objects.filter(standing="member").select_related("party", "bloc"):
        of_bloc = members.setdefault(spell.bloc.code, {})
        of_bloc.setdefault(spell.party, []).append(_days(spell))
    ways: set[Took] = set()
    for (event, code), roles_of_party in roles.items():
        addressed = roles_of_party == {"addressee"}
        ways.add(Took(event, code, None, False, addressed))
        for party, spells in members.get(code, {}).items() if not addressed else ():
            days = _days_to_check(dates[event], spells)
            may = any(spell.first <= day < spell.end for day in days for spell in spells)
            surely = all(
                any(spell.sure_first <= day < spell.sure_end for spell in spells) for day in days
            )
            if may and _existed(party, dates[event]):
                ways.add(Took(event, party.code, code, not surely, False))
    return ways
