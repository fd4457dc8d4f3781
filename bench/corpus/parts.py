"""The rows of an event of a synthetic corpus and of all its parts."""

import datetime as dt
from collections.abc import Sequence
from enum import IntEnum
from itertools import chain
from typing import Final, NamedTuple

from bench.corpus.frameworks import Meeting
from bench.corpus.tables import Dated, Rows, dated, days
from bench.corpus.text import Tape, capital
from bench.corpus.world import FIRST_YEAR, LAST_YEAR, Holder, Place, World
from timeline.actions import search
from timeline.core.codes import CommitmentStatus, Confidence, EventKind, EventState
from timeline.core.folding import LanguageText, fold, search_text
from timeline.core.stemming import language_of

KINDS: Final = [kind.value for kind in EventKind]


class Chance(IntEnum):
    """The random numbers of an event, from 0 to below 1, by what they decide."""

    PLACE = 0
    STATE = 1
    ATTENDED = 2
    SPOKEN = 3
    PROMISED = 4
    DUE = 5
    AGREED = 6
    SOURCE = 7
    STATEMENT_SOURCE = 8
    COMMITMENT_SOURCE = 9
    DOUBTED = 10
    CONDITIONAL = 11
    MADE = 12
    ROLE = 13
    """The first of six numbers, one for each party that the host may meet."""


CHANCES: Final = Chance.ROLE + 6

_LATELY: Final = "2026-07-01"
_ATTENDED: Final = 0.5
_SPOKEN: Final = 0.6
_STATEMENT_CITED: Final = 1 / 3
_PROMISED: Final = 0.2
_DUE: Final = 0.3
_CONDITIONAL: Final = 0.1
_MADE: Final = 0.1
_DAYS_APART: Final = range(-14, 46)
"""Days from the first day of an event to the one on which what it says was promised."""
_DOUBTED: Final = 0.1
_TOURED: Final = 0.5
_CITIES_OF_A_TOUR: Final = 3


class Drawn(NamedTuple):
    """The values drawn for an event; a sentence is its start in the tape and its length."""

    language: str
    date: str
    kind: int
    title_at: int
    title_letters: int
    sentences: Sequence[Sequence[int]]
    letters: int
    sectors: Sequence[int]
    sector_draws: int
    parties: Sequence[int]
    party_count: int
    chances: Sequence[float]


class Present(NamedTuple):
    """A person at an event, for a party."""

    holder: Holder
    party: int


class Stay(NamedTuple):
    """A city of an event, with the days spent there if a source gives them."""

    city: Place
    days: str | None


class Parts:
    """Converts the values drawn for each event to rows."""

    def __init__(self, world: World, sectors: Sequence[int]) -> None:
        self._world, self._sectors = world, sectors
        self._next = world.keys.next

    def add(self, rows: Rows, number: int, drawn: Drawn, meeting: Meeting | None) -> None:
        """Add the rows of one event."""
        date = dated(meeting.date if meeting else drawn.date)
        parties = meeting.parties if meeting else self._parties(drawn, date)
        event = self._next("event")
        present = self._attendances(rows, event, drawn, date, parties)
        words = self._statement(rows, event, drawn, present)
        names = [name for each in sorted(present) for name in each.holder.names]
        for party in self._world.involved(parties, date):
            names += self._world.names[party]
        stays = self._stays(drawn, date, parties)
        self._event(rows, event, number, drawn, date, stays, meeting, words, names)
        for position, (city, there) in enumerate(stays):
            stay = (self._next("eventplace"), event, city.key, position, *days(there))
            rows["eventplace"].append(stay)
        for place, party in enumerate(parties):
            role = _role(drawn.chances[Chance.ROLE + place - 1]) if place else "host"
            rows["participation"].append((self._next("participation"), event, party, role))
        sectors = self._sectors_of(drawn)
        for sector in sectors:
            rows["eventsector"].append((self._next("eventsector"), event, sector))
        self._cite(rows, drawn, Chance.SOURCE, event=event)
        if drawn.chances[Chance.PROMISED] < _PROMISED:
            self._commitment(rows, event, drawn, date, parties, sectors)

    def _parties(self, drawn: Drawn, date: Dated) -> list[int]:
        """Return the first different candidates, without blocs that were not founded yet."""
        chosen: dict[int, None] = {}
        for party in drawn.parties:
            if self._world.founded.get(party, 0) <= date.first:
                chosen[party] = None
                if len(chosen) == drawn.party_count:
                    break
        return list(chosen)

    def _sectors_of(self, drawn: Drawn) -> list[int]:
        return [self._sectors[rank] for rank in sorted(set(drawn.sectors[: drawn.sector_draws]))]

    def _event(
        self,
        rows: Rows,
        event: int,
        number: int,
        drawn: Drawn,
        date: Dated,
        stays: Sequence[Stay],
        meeting: Meeting | None,
        words: Sequence[str],
        names: Sequence[str],
    ) -> None:
        tape = self._world.tapes[drawn.language]
        titles = _in(drawn.language, tape.title(drawn.title_at, drawn.title_letters))
        summaries = _in(drawn.language, tape.sentences(drawn.sentences, drawn.letters))
        texts = search.Texts(
            search.bilingual(*titles),
            [LanguageText(text, language_of(drawn.language)) for text in words],
            [
                *search.bilingual(*summaries),
                *(LanguageText(name) for stay in stays for name in stay.city.names),
            ],
            names,
        )
        folded = search.folded_columns(texts)
        slug = fold(tape.part(drawn.title_at, 4)).replace(" ", "-")
        rows["event"].append(
            (
                *(event, f"{self._world.prefix}-{slug}-{number}", KINDS[drawn.kind]),
                *(_state(drawn, date), *titles, *summaries, *date[:5]),
                *(meeting.framework if meeting else None, meeting is not None, *folded),
            )
        )

    def _stays(self, drawn: Drawn, date: Dated, parties: Sequence[int]) -> list[Stay]:
        """Return a city of the host; half of the events of several days go on to other cities."""
        chance = drawn.chances[Chance.PLACE]
        first, _slash, last = date.text.partition("/")
        tour = chance < _TOURED and last not in ("", "..")
        cities = [
            found[int(chance**2 * len(found))]
            for party in (parties[:_CITIES_OF_A_TOUR] if tour else parties[:1])
            if (found := self._world.places.get(party))
        ]
        if len(cities) < 2:
            return [Stay(city, None) for city in cities]
        return [
            *(Stay(city, first if city is cities[0] else None) for city in cities[:-1]),
            Stay(cities[-1], last),
        ]

    def _attendances(
        self, rows: Rows, event: int, drawn: Drawn, date: Dated, parties: Sequence[int]
    ) -> list[Present]:
        """Add the officials of the first two states, at half of the events."""
        if drawn.chances[Chance.ATTENDED] >= _ATTENDED:
            return []
        year = min(max(int(date.earliest[:4]), FIRST_YEAR), LAST_YEAR) - FIRST_YEAR
        states = [party for party in parties if party in self._world.holders][:2]
        office = int(drawn.chances[Chance.ATTENDED] / _ATTENDED * 2)
        present = [Present(self._world.holders[state][office][year], state) for state in states]
        for (person, held, _names), party in present:
            row = (self._next("attendance"), event, person, party, held, "head")
            rows["attendance"].append(row)
        return present

    def _statement(
        self, rows: Rows, event: int, drawn: Drawn, present: Sequence[Present]
    ) -> list[str]:
        """Add what the first official said, if anything."""
        if not present or drawn.chances[Chance.SPOKEN] >= _SPOKEN:
            return []
        key, tape = self._next("statement"), self._world.tapes[drawn.language]
        words = capital(tape.part(*drawn.sentences[-1]))
        (person, office, _names), party = present[0]
        rows["statement"].append((key, event, person, party, office, drawn.language, words))
        if drawn.chances[Chance.STATEMENT_SOURCE] < _STATEMENT_CITED:
            self._cite(rows, drawn, Chance.STATEMENT_SOURCE, statement=key)
        return [words]

    def _commitment(
        self,
        rows: Rows,
        event: int,
        drawn: Drawn,
        date: Dated,
        parties: Sequence[int],
        sectors: Sequence[int],
    ) -> None:
        """Add a commitment of the first two parties, owed to the third, with its first step."""
        key = self._next("commitment")
        texts = _promise(self._world.tapes[drawn.language], drawn)
        titled, *worded = (search.bilingual(*pair) for pair in texts)
        due, chance = None, drawn.chances[Chance.DUE]
        if chance < _DUE:
            due = str(int(date.earliest[:4]) + 1 + int(chance / _DUE * 9))
        made_on = _day_made(drawn.chances[Chance.MADE], date)
        rows["commitment"].append(
            (
                *(key, f"{self._world.prefix}-promise-{key}", event),
                *(text for pair in texts for text in pair),
                *(*days(made_on), *days(due)),
                *(search_text(*titled), search_text(*titled, *chain.from_iterable(worded))),
            )
        )
        for party, role in zip(parties, ("obligor", "obligor", "beneficiary"), strict=False):
            row = (self._next("commitmentparty"), key, party, role)
            rows["commitmentparty"].append(row)
        for sector in sectors[:2]:
            rows["commitmentsector"].append((self._next("commitmentsector"), key, sector))
        agreed = drawn.chances[Chance.AGREED] < 0.5
        status = CommitmentStatus.AGREED if agreed else CommitmentStatus.ANNOUNCED
        rows["statusupdate"].append(
            (self._next("statusupdate"), key, *dated(made_on or date.text)[:3], status.value, event)
        )
        self._cite(rows, drawn, Chance.COMMITMENT_SOURCE, commitment=key)

    def _cite(
        self,
        rows: Rows,
        drawn: Drawn,
        chance: Chance,
        *,
        event: int | None = None,
        statement: int | None = None,
        commitment: int | None = None,
    ) -> None:
        """Cite one of the sources, the first ones more often."""
        sources = self._world.sources
        source = sources[int(drawn.chances[chance] ** 2 * len(sources))]
        doubted = drawn.chances[Chance.DOUBTED] < _DOUBTED
        confidence = (Confidence.MEDIUM if doubted else Confidence.HIGH).value
        row = (self._next("citation"), source, event, statement, commitment, confidence)
        rows["citation"].append(row)


def _in(language: str, text: str) -> tuple[str, str]:
    """Return the columns of both languages, of which one is empty."""
    return (text, "") if language == "fr" else ("", text)


def _promise(tape: Tape, drawn: Drawn) -> tuple[tuple[str, str], ...]:
    """Return the title, the wording and the condition of a promise; one in ten has a condition."""
    condition = ""
    if drawn.chances[Chance.CONDITIONAL] < _CONDITIONAL:
        condition = f"{'si' if drawn.language == 'fr' else 'if'} {tape.part(*drawn.sentences[-5])}"
    texts = (
        tape.title(drawn.sentences[-2][0], 70),
        tape.sentences(drawn.sentences[-4:-2], 100),
        condition,
    )
    return tuple(_in(drawn.language, text) for text in texts)


def _day_made(chance: float, date: Dated) -> str | None:
    """Return the day on which a promise was made; of nine in ten it is that of the event."""
    if chance >= _MADE:
        return None
    days_apart = _DAYS_APART[int(chance / _MADE * len(_DAYS_APART))]
    return dt.date.fromordinal(date.first + days_apart).isoformat()


def _state(drawn: Drawn, date: Dated) -> str:
    """Draw the state: nearly all events were held, and most of the latest are planned."""
    chance = drawn.chances[Chance.STATE]
    if chance >= 0.985:
        return (EventState.POSTPONED if chance < 0.99 else EventState.CANCELLED).value
    planned = date.earliest >= _LATELY and chance < 0.6
    return (EventState.PLANNED if planned else EventState.HELD).value


def _role(chance: float) -> str:
    """Return the role of a party that was not the host."""
    if chance < 0.75:
        return "participant"
    return "signatory" if chance < 0.85 else "observer" if chance < 0.95 else "mediator"
