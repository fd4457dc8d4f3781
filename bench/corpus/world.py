"""The parties, memberships, places, officials and sources of a synthetic corpus."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import count, pairwise, product
from typing import Final, NamedTuple

import numpy as np

from bench.corpus.tables import Dated, Rows, dated, days
from bench.corpus.text import Draw, Tape, capital, cumulated, made_up, zipf
from timeline.actions.search import bilingual
from timeline.core.folding import fold, search_text

FIRST_YEAR: Final = 1945
LAST_YEAR: Final = 2026
STATES: Final = 200
BLOCS: Final = 20
_CITIES: Final = 4
_TERMS: Final = 6
_EVENTS_PER_SOURCE: Final = 20
_START: Final = dt.date(FIRST_YEAR, 1, 1)
_CENTURY_END: Final = dt.date(2100, 1, 1)

OFFICES: Final = (
    ("ministre des Affaires étrangères", "Minister of Foreign Affairs"),
    ("chef du gouvernement", "Head of Government"),
)
_SOURCE_KINDS: Final = {"official": 30, "state_media": 25, "independent": 35, "research": 10}


class Place(NamedTuple):
    """The key and the names of a city."""

    key: int
    names: tuple[str, str]


class Holder(NamedTuple):
    """The holder of an office in a year, with all names of the person."""

    person: int
    office: int
    names: tuple[str, ...]


class Member(NamedTuple):
    """The days on which a state may belong to a bloc, as ordinals; ``last`` lies outside."""

    state: int
    first: int
    last: int


class Keys:
    """Counts the keys of each table from the first free one."""

    def __init__(self, first: Mapping[str, int]) -> None:
        self._counts = {name: count(key) for name, key in first.items()}

    def next(self, table: str) -> int:
        """Return the next key of a table."""
        return next(self._counts[table])


class World:
    """The parties, places, officials and sources that the events of a corpus name."""

    def __init__(self, draw: Draw, prefix: str, keys: Keys) -> None:
        self.prefix, self.keys, self._draw = prefix, keys, draw
        self.rows: Rows = defaultdict(list)
        self.tapes = {language: Tape(draw, language) for language in ("fr", "en")}
        self.names: dict[int, list[str]] = {}
        self.members: dict[int, list[Member]] = defaultdict(list)
        self.founded: dict[int, int] = {}
        self.places: dict[int, list[Place]] = {}
        self.holders: dict[int, list[list[Holder]]] = {}
        self.sources: list[int] = []
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        codes = ["".join(three) for three in product(letters, "AEIOUY", letters)]
        self._codes = iter([codes[number] for number in draw.shuffled(len(codes))])
        self._words = iter(made_up(draw, "en", STATES + BLOCS + STATES * (_CITIES + 2 * _TERMS)))
        self._first_names = [capital(word) for word in made_up(draw, "fr", 120)]
        self.states = [self._state() for _ in range(STATES)]
        sizes = [5 + 45 * rank // (BLOCS - 2) for rank in draw.shuffled(BLOCS - 1)]
        self.blocs = [self._bloc(rank, size) for rank, size in enumerate([*sizes, 190])]

    def involved(self, parties: Sequence[int], date: Dated) -> list[int]:
        """Return the parties that may have taken part on a date, themselves or through a bloc."""
        keys = set(parties)
        for party in parties:
            for member in self.members.get(party, ()):
                if member.first <= date.last and date.first < member.last:
                    keys.add(member.state)
        return sorted(keys)

    def _party(self, kind: str, name_fr: str, name_en: str, founded: str) -> int:
        key, code = self.keys.next("party"), next(self._codes)
        short = code if kind == "bloc" else ""
        self.rows["party"].append(
            (
                *(key, f"{self.prefix}-{code.lower()}", kind, name_fr, name_en, short, short),
                *(*days(founded), fold(name_fr), fold(name_en)),
                search_text(names=(name_fr, name_en, short, short)),
            )
        )
        self.names[key] = [name_fr, name_en, short, short]
        return key

    def _state(self) -> int:
        stem = capital(next(self._words))
        key = self._party("state", f"{stem}ie", f"{stem}land", str(FIRST_YEAR))
        if self._draw.uniform() < 0.2:
            self._former_name(key, f"Territoire de {stem}")
        self.places[key] = [self._place(key) for _ in range(_CITIES)]
        self.holders[key] = [self._office(key, titles) for titles in OFFICES]
        return key

    def _former_name(self, party: int, name: str) -> None:
        until = str(FIRST_YEAR + 10 + int(self._draw.below(40)))
        row = (self.keys.next("partyname"), party, name, "fr", "official")
        dates = *days(str(FIRST_YEAR)), *days(until)
        self.rows["partyname"].append((*row, *dates, search_text(names=[name])))
        self.names[party].append(name)

    def _place(self, state: int) -> Place:
        key, word = self.keys.next("place"), capital(next(self._words))
        latitude, longitude = (self._draw.uniform(2) * (130, 360) - (60, 180)).round(3).tolist()
        names = (f"{word}ville", f"{word} City")
        slug = f"{self.prefix}-{fold(names[0])}"
        folded = fold(names[0]), search_text(names=names)
        self.rows["place"].append((key, slug, *names, state, latitude, longitude, *folded))
        return Place(key, names)

    def _office(self, state: int, titles: tuple[str, str]) -> list[Holder]:
        """Add the holders of an office for all years; return them by year."""
        changes = sorted((self._draw.below(LAST_YEAR - FIRST_YEAR, _TERMS - 1) + 1).tolist())
        edges = [0, *changes, LAST_YEAR - FIRST_YEAR + 1]
        holders: list[Holder] = []
        for first, last in pairwise(edges):
            if first == last:
                continue
            starts = f"{FIRST_YEAR + first}-01-01"
            ends = f"{FIRST_YEAR + last}-01-01" if FIRST_YEAR + last <= LAST_YEAR else None
            person, names = self._person()
            office = self.keys.next("office")
            folded = search_text(*bilingual(*titles))
            row = (office, person, state, *titles, *days(starts), *days(ends), folded)
            self.rows["office"].append(row)
            holders += [Holder(person, office, names)] * (last - first)
        return holders

    def _person(self) -> tuple[int, tuple[str, ...]]:
        key, last = self.keys.next("person"), next(self._words)
        first = self._first_names[int(self._draw.below(len(self._first_names)))]
        family = capital(last)
        name = f"{first} {family}"
        slug = f"{self.prefix}-{fold(name).replace(' ', '-')}"
        folded = fold(family), search_text(names=(name, name))
        self.rows["person"].append((key, slug, name, name, family, family, *folded))
        if self._draw.uniform() >= 0.2:
            return key, (name, name)
        spelling = f"{first} {family}ov"
        row = (self.keys.next("personname"), key, spelling, "en", search_text(names=[spelling]))
        self.rows["personname"].append(row)
        return key, (name, name, spelling)

    def _bloc(self, rank: int, size: int) -> int:
        """Add a bloc; the last has nearly all states from early on, the others begin later."""
        years = 3 if size > STATES // 2 else 5 + 3 * rank
        founded = _START + dt.timedelta(days=int(self._draw.below(365 * years)))
        word = capital(next(self._words))
        key = self._party("bloc", f"Union de {word}", f"{word} Union", founded.isoformat())
        self.founded[key] = founded.toordinal()
        for number in self._draw.shuffled(STATES)[:size]:
            self._membership(self.states[number], key, founded)
        return key

    def _membership(self, state: int, bloc: int, founded: dt.date) -> None:
        """Add a state's memberships: some join later, some leave, and some of these come back."""
        later, left, back, when, stay = self._draw.uniform(5).tolist()
        start = founded + dt.timedelta(days=int(365 * 15 * when) if later < 0.4 else 0)
        if left >= 0.1:
            self._member(state, bloc, start, None)
            return
        end = start + dt.timedelta(days=365 + int(365 * 30 * stay))
        self._member(state, bloc, start, end)
        if back < 0.4:
            self._member(state, bloc, end + dt.timedelta(days=800), None)

    def _member(self, state: int, bloc: int, start: dt.date, end: dt.date | None) -> None:
        """Add a membership, with dates as precise as those of sources."""
        starts = dated(self._worded(start))
        ends = dated(self._worded(end)) if end else None
        row = (self.keys.next("membership"), state, bloc, *starts[:3])
        self.rows["membership"].append((*row, *(ends[:3] if ends else (None, None, None))))
        last = ends.last if ends else _CENTURY_END.toordinal()
        self.members[bloc].append(Member(state, starts.first, last))

    def _worded(self, day: dt.date) -> str:
        share = self._draw.uniform()
        return day.isoformat()[: 10 if share < 0.8 else 7 if share < 0.95 else 4]

    def add_sources(self, events: int) -> None:
        """Add the documents that so many events rely on."""
        total = -(-events // _EVENTS_PER_SOURCE)
        kinds = list(_SOURCE_KINDS)
        picked = self._draw.ranked(cumulated(np.array([*_SOURCE_KINDS.values()])), total).tolist()
        states = self._draw.ranked(zipf(STATES, 0.9), total).tolist()
        tapes = self._draw.below(2, total).tolist()
        places = self._draw.below(self.tapes["fr"].last, total).tolist()
        years = (FIRST_YEAR + self._draw.below(LAST_YEAR - FIRST_YEAR + 1, total)).tolist()
        for number in range(total):
            key, kind = self.keys.next("source"), kinds[picked[number]]
            language = ("fr", "en")[tapes[number]]
            title = self.tapes[language].title(places[number], 80)
            address = f"https://{self.prefix}.example.org/{number + 1}"
            voice = self.states[states[number]] if kind in ("official", "state_media") else None
            publisher = f"{self._first_names[number % 40]} Press"
            self.rows["source"].append(
                (
                    *(key, title, publisher, kind, voice, address, language),
                    *(
                        *days(str(years[number])),
                        f"{address}/copy",
                        fold(title),
                        search_text(names=(title, publisher)),
                    ),
                )
            )
            self.sources.append(key)
