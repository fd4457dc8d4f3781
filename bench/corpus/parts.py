"""One event of a synthetic corpus with all its parts, as rows."""

from collections.abc import Sequence
from enum import IntEnum
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
    """What is left to chance at an event, each by a number of its own from 0 to below 1."""

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
    ROLE = 11
    """And of the six parties that the host may meet, one after the other."""


CHANCES: Final = Chance.ROLE + 6

_LATELY: Final = "2026-07-01"
_ATTENDED: Final = 0.5
_SPOKEN: Final = 0.6
_STATEMENT_CITED: Final = 1 / 3
_PROMISED: Final = 0.2
_DUE: Final = 0.3
_DOUBTED: Final = 0.1


class Drawn(NamedTuple):
    """What was drawn for one event; each sentence is where it starts and how long it is."""

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


class Parts:
    """Turns what was drawn for each event into rows."""

    def __init__(self, world: World, sectors: Sequence[int]) -> None:
        self._world, self._sectors = world, sectors
        self._next = world.keys.next

    def add(self, rows: Rows, number: int, one: Drawn, meeting: Meeting | None) -> None:
        """Add the rows of one event."""
        date = dated(meeting.date if meeting else one.date)
        parties = meeting.parties if meeting else self._parties(one, date)
        event = self._next("event")
        present = self._attendances(rows, event, one, date, parties)
        words = self._statement(rows, event, one, present)
        names = [name for each in sorted(present) for name in each.holder.names]
        for party in self._world.involved(parties, date):
            names += self._world.names[party]
        self._event(rows, event, number, one, date, parties[0], meeting, words, names)
        for place, party in enumerate(parties):
            role = _role(one.chances[Chance.ROLE + place - 1]) if place else "host"
            rows["participation"].append((self._next("participation"), event, party, role))
        sectors = self._sectors_of(one)
        for sector in sectors:
            rows["eventsector"].append((self._next("eventsector"), event, sector))
        self._cite(rows, one, Chance.SOURCE, event=event)
        if one.chances[Chance.PROMISED] < _PROMISED:
            self._commitment(rows, event, one, date, parties, sectors)

    def _parties(self, one: Drawn, date: Dated) -> list[int]:
        """The first different candidates, blocs only once they were founded."""
        chosen: dict[int, None] = {}
        for party in one.parties:
            if self._world.founded.get(party, 0) <= date.first:
                chosen[party] = None
                if len(chosen) == one.party_count:
                    break
        return list(chosen)

    def _sectors_of(self, one: Drawn) -> list[int]:
        return [self._sectors[rank] for rank in sorted(set(one.sectors[: one.sector_draws]))]

    def _event(
        self,
        rows: Rows,
        event: int,
        number: int,
        one: Drawn,
        date: Dated,
        host: int,
        meeting: Meeting | None,
        words: Sequence[str],
        names: Sequence[str],
    ) -> None:
        tape = self._world.tapes[one.language]
        titles = _in(one.language, tape.title(one.title_at, one.title_letters))
        summaries = _in(one.language, tape.sentences(one.sentences, one.letters))
        place = self._place(one, host)
        texts = search.Texts(
            search.bilingual(*titles),
            [LanguageText(said, language_of(one.language)) for said in words],
            [*search.bilingual(*summaries), *map(LanguageText, place.names if place else ())],
            names,
        )
        folded = search.folded_columns(texts)
        slug = fold(tape.part(one.title_at, 4)).replace(" ", "-")
        rows["event"].append(
            (
                *(event, f"{self._world.prefix}-{slug}-{number}", KINDS[one.kind]),
                *(_state(one, date), *titles, *summaries, *date[:5]),
                *(place.key if place else None, meeting.framework if meeting else None),
                *(meeting is not None, *folded),
            )
        )

    def _place(self, one: Drawn, host: int) -> Place | None:
        places = self._world.places.get(host, ())
        if not places:
            return None
        return places[int(one.chances[Chance.PLACE] ** 2 * len(places))]

    def _attendances(
        self, rows: Rows, event: int, one: Drawn, date: Dated, parties: Sequence[int]
    ) -> list[Present]:
        """The officials of the first two states, at half of the events."""
        if one.chances[Chance.ATTENDED] >= _ATTENDED:
            return []
        year = min(max(int(date.earliest[:4]), FIRST_YEAR), LAST_YEAR) - FIRST_YEAR
        states = [party for party in parties if party in self._world.holders][:2]
        office = int(one.chances[Chance.ATTENDED] / _ATTENDED * 2)
        present = [Present(self._world.holders[state][office][year], state) for state in states]
        for (person, held, _names), party in present:
            row = (self._next("attendance"), event, person, party, held, "head")
            rows["attendance"].append(row)
        return present

    def _statement(
        self, rows: Rows, event: int, one: Drawn, present: Sequence[Present]
    ) -> list[str]:
        """What the first official said, if anything."""
        if not present or one.chances[Chance.SPOKEN] >= _SPOKEN:
            return []
        key, tape = self._next("statement"), self._world.tapes[one.language]
        words = capital(tape.part(*one.sentences[-1]))
        (person, office, _names), party = present[0]
        rows["statement"].append((key, event, person, party, office, one.language, words))
        if one.chances[Chance.STATEMENT_SOURCE] < _STATEMENT_CITED:
            self._cite(rows, one, Chance.STATEMENT_SOURCE, statement=key)
        return [words]

    def _commitment(
        self,
        rows: Rows,
        event: int,
        one: Drawn,
        date: Dated,
        parties: Sequence[int],
        sectors: Sequence[int],
    ) -> None:
        """A promise of the first two parties, owed to the third, with its first step."""
        key = self._next("commitment")
        titles, wordings = _promise(self._world.tapes[one.language], one)
        titled = search.bilingual(*titles)
        due, chance = None, one.chances[Chance.DUE]
        if chance < _DUE:
            due = str(int(date.earliest[:4]) + 1 + int(chance / _DUE * 9))
        rows["commitment"].append(
            (
                *(key, f"{self._world.prefix}-promise-{key}", event, *titles, *wordings),
                *(
                    *days(due),
                    search_text(*titled),
                    search_text(*titled, *search.bilingual(*wordings)),
                ),
            )
        )
        for party, role in zip(parties, ("obligor", "obligor", "beneficiary"), strict=False):
            row = (self._next("commitmentparty"), key, party, role)
            rows["commitmentparty"].append(row)
        for sector in sectors[:2]:
            rows["commitmentsector"].append((self._next("commitmentsector"), key, sector))
        agreed = one.chances[Chance.AGREED] < 0.5
        status = CommitmentStatus.AGREED if agreed else CommitmentStatus.ANNOUNCED
        rows["statusupdate"].append(
            (self._next("statusupdate"), key, *date[:3], status.value, event)
        )
        self._cite(rows, one, Chance.COMMITMENT_SOURCE, commitment=key)

    def _cite(
        self,
        rows: Rows,
        one: Drawn,
        chance: Chance,
        *,
        event: int | None = None,
        statement: int | None = None,
        commitment: int | None = None,
    ) -> None:
        """Cite one of the sources, the first of them more often."""
        sources = self._world.sources
        source = sources[int(one.chances[chance] ** 2 * len(sources))]
        doubted = one.chances[Chance.DOUBTED] < _DOUBTED
        confidence = (Confidence.MEDIUM if doubted else Confidence.HIGH).value
        row = (self._next("citation"), source, event, statement, commitment, confidence)
        rows["citation"].append(row)


def _in(language: str, text: str) -> tuple[str, str]:
    """A text in the columns of the two languages, the other one empty."""
    return (text, "") if language == "fr" else ("", text)


def _promise(tape: Tape, one: Drawn) -> tuple[tuple[str, str], tuple[str, str]]:
    title = tape.title(one.sentences[-2][0], 70)
    wording = tape.sentences(one.sentences[-4:-2], 100)
    return _in(one.language, title), _in(one.language, wording)


def _state(one: Drawn, date: Dated) -> str:
    """Nearly all were held; of the latest, most are planned."""
    chance = one.chances[Chance.STATE]
    if chance >= 0.985:
        return (EventState.POSTPONED if chance < 0.99 else EventState.CANCELLED).value
    planned = date.earliest >= _LATELY and chance < 0.6
    return (EventState.PLANNED if planned else EventState.HELD).value


def _role(chance: float) -> str:
    """What a party was that did not receive."""
    if chance < 0.75:
        return "participant"
    return "signatory" if chance < 0.85 else "observer" if chance < 0.95 else "mediator"
