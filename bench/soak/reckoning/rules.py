"""Who took part in what and who owes what to whom, by plain Python over the rows of a record.

Written from the rules of the domain alone and looking at one day after the other, so that it has
nothing in common with how the site works it out but the parsing of dates.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Final, NamedTuple

from django.db import connection

from timeline.core import dates
from timeline.core.question import LedgerQuestion, Question

Days = frozenset[int]
"""Days as ordinals."""

Parties = frozenset[str]
"""Codes of parties."""

FIRST: Final = dt.date(2000, 1, 1).toordinal()
END: Final = dt.date(2040, 1, 1).toordinal()
"""The days that are looked at. What began earlier has begun on the first of them, and what does not
end goes on until the last."""


def _days(first: dt.date | None, end: dt.date | None) -> Days:
    """Return the days from the first until the end, which is the first day outside."""
    return frozenset(
        range(
            max(first.toordinal() if first else FIRST, FIRST),
            min(end.toordinal() if end else END, END),
        )
    )


def _possible(text: str) -> Days:
    """Return the days on which something with this date may have happened."""
    date = dates.parse(text)
    after = None if date.ongoing else date.latest + dt.timedelta(days=1)
    days = _days(date.earliest, after)
    if date.earliest.toordinal() < FIRST or not days:
        raise ValueError(f"{text} is not among the days that are looked at.")
    return days


class Spell(NamedTuple):
    """A party in a bloc: the days that may lie in the spell, and those that surely do."""

    party: str
    bloc: str
    standing: str
    may: Days
    surely: Days


class Way(NamedTuple):
    """One way in which a party took part in an event, by slug and codes."""

    event: str
    party: str
    via: str | None
    possibly: bool
    addressee: bool


class Apart(NamedTuple):
    """A party that did not take part through its bloc for its standing on the day."""

    event: str
    party: str
    bloc: str
    standing: str
    possibly: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """An undertaking: those named as owing and as owed, and the days on which it may be made.

    ``due`` are the days on which it may be due; ``updates`` have the first and the last day that
    the date of each may mean, its number and its state.
    """

    slug: str
    made: Days
    mutual: bool
    due: Days
    obligors: list[str] = field(default_factory=list)
    beneficiaries: list[str] = field(default_factory=list)
    updates: list[tuple[dt.date, dt.date, int, str]] = field(default_factory=list)


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [*cursor.fetchall()]


class Record:
    """The rows on record that decide who took part and who owes what."""

    def __init__(self) -> None:
        """Read the rows, of drafts as well."""
        self.lives = {
            code: _days(
                dates.parse(founded).earliest if founded else None,
                dates.parse(dissolved).latest + dt.timedelta(days=1) if dissolved else None,
            )
            for code, founded, dissolved in _rows(
                "SELECT code, founded, dissolved FROM timeline_party"
            )
        }
        self.spells: dict[str, list[Spell]] = defaultdict(list)
        for party, bloc, standing, starts, ends in _rows(
            "SELECT p.code, b.code, m.standing, m.starts, m.ends FROM timeline_membership m "
            "JOIN timeline_party p ON p.id = m.party_id JOIN timeline_party b ON b.id = m.bloc_id"
        ):
            start, end = dates.parse(starts), dates.parse(ends) if ends else None
            may = _days(start.earliest, end.latest if end else None)
            surely = _days(start.latest, end.earliest if end else None)
            self.spells[bloc].append(Spell(party, bloc, standing, may, surely))
        events = _rows("SELECT slug, date, publication FROM timeline_event")
        self.events = {slug: _possible(date) for slug, date, _state in events}
        self.published = {slug for slug, _date, state in events if state == "published"}
        self.roles: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for event, party, role in _rows(
            "SELECT e.slug, p.code, x.role FROM timeline_participation x "
            "JOIN timeline_event e ON e.id = x.event_id JOIN timeline_party p ON p.id = x.party_id"
        ):
            self.roles[event][party].add(role)
        self.places: dict[str, set[str]] = defaultdict(set)
        for event, place in _rows(
            "SELECT e.slug, p.slug FROM timeline_eventplace x "
            "JOIN timeline_event e ON e.id = x.event_id JOIN timeline_place p ON p.id = x.place_id"
        ):
            self.places[place].add(event)
        self.promises = self._promises()
        self._members = {bloc: self._as_one(bloc) for bloc in self.spells}
        self.ways = set(self._ways())
        self._ways_of: dict[str, list[Way]] = defaultdict(list)
        for way in self.ways:
            self._ways_of[way.party].append(way)
        self._debts_of = {
            direct: {made.slug: [*self._debts(made, direct=direct)] for made in self.promises}
            for direct in (False, True)
        }

    def _promises(self) -> list[Promise]:
        promises = {
            slug: Promise(
                slug, _possible(made_on or date), bool(mutual), _possible(due) if due else Days()
            )
            for slug, date, made_on, mutual, due in _rows(
                "SELECT c.slug, e.date, c.made_on, c.mutual, c.due FROM timeline_commitment c "
                "JOIN timeline_event e ON e.id = c.event_id WHERE c.nature = 'undertaking' "
                "AND c.publication = 'published' AND e.publication = 'published'"
            )
        }
        for slug, party, role in _rows(
            "SELECT c.slug, p.code, x.role FROM timeline_commitmentparty x "
            "JOIN timeline_commitment c ON c.id = x.commitment_id "
            "JOIN timeline_party p ON p.id = x.party_id"
        ):
            if promise := promises.get(slug):
                named = {"obligor": promise.obligors, "beneficiary": promise.beneficiaries}
                named[role].append(party)
        for slug, date, entry, state in _rows(
            "SELECT c.slug, u.date, u.entry, u.status FROM timeline_statusupdate u "
            "JOIN timeline_commitment c ON c.id = u.commitment_id"
        ):
            if promise := promises.get(slug):
                day = dates.parse(date)
                promise.updates.append((day.earliest, day.latest, entry, state))
        return list(promises.values())

    # Who took part

    def found(self, question: Question) -> set[str]:
        """Return the published events that filters by party and by place find."""
        took_part = [
            self.took_part(party, direct=question.direct, met=question.met)
            for party in question.parties
        ]
        if took_part and question.any_party:
            took_part = [{event for events in took_part for event in events}]
        at_places = [self.places[place] for place in question.places]
        return self.published.intersection(*took_part, *at_places)

    def took_part(self, party: str, *, direct: bool, met: bool) -> set[str]:
        """Return the events in which a party took part, as a question may ask for it."""
        return {
            way.event
            for way in self._ways_of[party]
            if not (direct and way.via) and not (met and way.addressee)
        }

    def _ways(self) -> Iterator[Way]:
        """Yield each way in which a party took part in an event."""
        for event, roles_of in self.roles.items():
            days = self.events[event]
            for named, roles in roles_of.items():
                yield Way(event, named, None, possibly=False, addressee=roles == {"addressee"})
                if roles == {"addressee"}:
                    continue
                for party, (may, surely) in self._members.get(named, {}).items():
                    if days & may & self.lives[party]:
                        yield Way(event, party, named, possibly=not days <= surely, addressee=False)

    def apart(self) -> Iterator[Apart]:
        """Yield who is named apart at an event: suspended, observing or associated that day."""
        for event, roles_of in self.roles.items():
            days = self.events[event]
            for named, roles in roles_of.items():
                for spell in self.spells.get(named, ()) if roles != {"addressee"} else ():
                    if spell.standing != "member" and days & spell.may:
                        possibly = not days <= spell.surely
                        yield Apart(event, spell.party, named, spell.standing, possibly)

    def _as_one(self, bloc: str) -> dict[str, tuple[Days, Days]]:
        """Return the days on which each party may be, and surely is, a member of a bloc.

        Its spells are one stretch, without those outside its own life.
        """
        spells: dict[str, list[Spell]] = defaultdict(list)
        for spell in self.spells[bloc]:
            if spell.standing == "member" and spell.may & self.lives[spell.party]:
                spells[spell.party].append(spell)
        return {
            party: (_union(one.may for one in rows), _union(one.surely for one in rows))
            for party, rows in spells.items()
        }

    # Who owes what

    def late(self, clock: str, today: dt.date) -> set[str]:
        """Return the undertakings that are ``overdue`` or ``quiet``, as far as was searched."""
        (searched_until,) = _rows("SELECT searched_until FROM timeline_identity") or [(None,)]
        (end,) = searched_until
        end = dt.date.fromisoformat(str(end)) if end else today
        days = range(FIRST, min(end, today).toordinal() + 1)
        return {promise.slug for promise in self.promises if _is_late(promise, clock, days, today)}

    def owed(self, question: LedgerQuestion) -> set[str]:
        """Return the undertakings that filters by obligor and by beneficiary find."""
        return {
            slug
            for slug, debts in self._debts_of[question.direct].items()
            if any(
                (not question.obligors or owing & {*question.obligors})
                and (not question.beneficiaries or owed & {*question.beneficiaries})
                for owing, owed in debts
            )
        }

    def _debts(self, promise: Promise, *, direct: bool) -> Iterator[tuple[Parties, Parties]]:
        """Yield who owes a promise to whom; each side of what is mutual owes it to the others."""
        owing = [self._bound(promise, party, direct=direct) for party in promise.obligors]
        owed = [self._bound(promise, party, direct=direct) for party in promise.beneficiaries]
        if promise.mutual and len(owing) > 1:
            yield from permutations(owing, 2)
        else:
            yield _union(owing), _union(owed)

    def _bound(self, promise: Promise, party: str, *, direct: bool) -> Parties:
        """Return a party with those for which it undertakes, or is owed, as their bloc."""
        through = (
            spell.party
            for spell in self.spells.get(party, ())
            if spell.standing in ("member", "suspended")
            and promise.made & spell.may & self.lives[spell.party]
        )
        return frozenset({party} if direct else {party, *through})


def _is_late(promise: Promise, clock: str, days: range, today: dt.date) -> bool:
    """Whether a promise is open and, after all that was searched of these days, late."""
    known = [update for update in promise.updates if update[0] <= today]
    known.sort(key=lambda update: (update[1], update[0], update[2]))
    if known and known[-1][3] in ("fulfilled", "broken", "superseded"):
        return False
    if clock == "overdue":
        return bool(promise.due) and max(promise.due) < days[-1]
    return bool(known) and days[-1] - known[-1][1].toordinal() >= 270


def _union(sets: Iterable[frozenset[Any]]) -> frozenset[Any]:
    return frozenset().union(*sets)
