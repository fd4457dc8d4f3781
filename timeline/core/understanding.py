"""What the words of a query name: records, kinds of events, and dates.

'nucléaire Mali 2025' holds words that may be typed as they stand, and names a sector, a party and a
year, which are filters. The rules are plain, so that a reader can tell why something is offered: a
run of words that is a name of a record; else words that are a part of a name of a sector, a person
or a framework; and dates as people type them where there is only one reading. Nothing is applied by
itself: pages offer what is understood, and say it.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar

from timeline.core.codes import EventKind, Order
from timeline.core.dates import EdtfDate, parse
from timeline.core.folding import QUOTED, STOP_WORDS, words
from timeline.core.letters import WORD
from timeline.core.loose_dates import readings
from timeline.core.question import InstrumentQuestion, Question
from timeline.core.stemming import Language, Word, marks, query_marks

PARAMETERS: Final = ("party", "place", "sector", "framework", "person", "kind")
"""The filters of events that words may name. Of several for the same words the first is meant."""

KIND_OF_TEXT: Final = "kind of text"
"""The parameter of names of kinds of texts, which only the list of texts can filter by."""

MOST_MEANINGS: Final = 5
"""The largest number of records that the same words may name; words that name more name none."""

_MOST_WORDS: Final = 64
"""Words of a query that are read; a question holds no more."""

_MOST_IN_A_DATE: Final = 6

_LEAST_OF_A_PART: Final = {"framework": 2}
"""Words that a part of a name must have, where one says too little, such as 'commission'."""

_LEAST_LETTERS: Final = 3
"""Letters that a part of a name must have; names of fewer are understood in capitals or alone."""

_WORD: Final = re.compile(WORD)
_PERIOD: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)
_DAYS: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)
_YEARS: Final = re.compile(r"([0-9]{4}) ?[-–/] ?([0-9]{4})", re.ASCII)


def _folded(text: str) -> frozenset[str]:
    return frozenset(words(text))


_ASKING: Final = _folded(
    "what which who whom whose when where how why did does do done has have had was were is are be "
    "been a an about any all between during since until till its it they their there this that me "
    "show find list "
    "quoi quel quelle quels quelles qu est que qui quand où comment pourquoi a ont avait avaient "
    "t il elle ils elles on sont sera été être entre pendant depuis jusqu jusque se s y n ne pas "
    "son sa ses leur leurs cela ça tous toutes tout toute au sujet propos d l un une"
)
"""Question words, which name nothing."""

_PROMISING: Final = _folded(
    "promise promises promised promising pledge pledges pledged owe owes owed owing commit commits "
    "committed commitment commitments undertake undertakes undertook undertaken undertaking "
    "undertakings obligation obligations "
    "promis promise promises promet promettent promettre promettait promesse promesses "
    "doit doivent due dues engagement engagements engage engagent engagé engagée engagés engagées"
)
"""Words that ask for commitments: 'what did Russia promise Mali', 'ce que la Russie doit au Mali'.

'dû' is another one; only its accent distinguishes it from 'du'."""

_LEAVING: Final = _folded(
    "left leave leaves leaving quit quits exit exits exited withdrew withdraw withdraws withdrawn "
    "quitte quittent quitté quittée quittés quitter quittant sorti sortie sortis sortir sort "
    "sortent retiré retirée retirés retire retirent retirer"
)
"""Words that ask who left a bloc that is named after them: 'who left ECOWAS'."""

_TO: Final = _folded("to towards toward for à au aux envers pour vers")
_FROM: Final = _folded("by from of par de du des d")
_ARTICLES: Final = _folded("the le la les l")
_SINCE: Final = _folded("since depuis from dès")
_UNTIL: Final = _folded("until till jusque jusqu jusqu'à jusqu'en") - _folded("à en")


class Meaning(NamedTuple):
    """A value of a filter. ``other`` is the name by which it is understood, if not its own."""

    parameter: str
    value: str
    other: object = None

    @property
    def pair(self) -> tuple[str, str]:
        """The parameter and the value."""
        return self.parameter, self.value

    def on(self, side: "CommitmentSide") -> "Meaning":
        """Return a party as a party on one side of a commitment."""
        return self._replace(parameter=side.value)


_WITHDRAWAL: Final = Meaning("kind", EventKind.WITHDRAWAL.value)


class Name(NamedTuple):
    """One name of a value of a filter.

    Words of a name that have ``parts`` name it, too: inflected, in a name that has a language.
    """

    text: str
    meaning: Meaning
    parts: bool = False
    language: Language | None = None


class NameIndex:
    """All names of what filters can find. ``parents`` has the sector above each sector."""

    def __init__(self, names: Iterable[Name], parents: Mapping[str, str]) -> None:
        self.names = tuple(names)
        self.parents = parents
        self.longest = 0
        self._whole: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._parts: dict[str, set[int]] = defaultdict(set)
        for number, name in enumerate(self.names):
            folded = words(name.text)
            if not folded:
                continue
            self._whole[folded].append(number)
            self.longest = max(self.longest, len(folded))
            if name.parts:
                for part in _WORD.findall(name.text):
                    for key in _keys_of_part(part, name.language):
                        self._parts[key].add(number)

    def whole(self, folded: tuple[str, ...]) -> Sequence[int]:
        """Return the numbers of the names that are these words."""
        return self._whole.get(folded, ())

    def kinds_of_texts(self, token: "_Token") -> frozenset[str]:
        """Return the kinds of texts that a word names."""
        names = (self.names[number] for number in self.part(token))
        return frozenset(
            name.meaning.value for name in names if name.meaning.parameter == KIND_OF_TEXT
        )

    def part(self, token: "_Token") -> set[int]:
        """Return the numbers of the names that have this word, or another form of it."""
        word = Word(token.folded, token.spelled)
        return set().union(*(self._parts.get(key, ()) for key in (word.folded, *query_marks(word))))


def _keys_of_part(part: str, language: Language | None) -> Iterator[str]:
    for folded in words(part):
        yield folded
        if language:
            yield from marks(Word(folded, part.casefold()), (language,))


class CommitmentSide(StrEnum):
    """On which side of a commitment a party is named."""

    OBLIGOR = "obligor"
    BENEFICIARY = "beneficiary"


@dataclass(frozen=True, slots=True)
class Named:
    """Words of a query with what they may mean, the likeliest first.

    They are ``clear`` if only one record of the first parameter is named so. ``side`` is that of a
    party which a preposition tells.
    """

    words: str
    meanings: tuple[Meaning, ...]
    clear: bool
    side: CommitmentSide | None = None

    @property
    def meaning(self) -> Meaning:
        """The likeliest meaning."""
        return self.meanings[0]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the words of a query name, and the ``rest`` of them.

    ``start`` and ``end`` are the period that they name; ``promised`` says that they ask what was
    promised. ``texts`` are the kinds of texts that they name, and ``rest_of_texts`` is the rest
    without the words that do, which are a part of the rest for everything else.
    """

    named: tuple[Named, ...] = ()
    start: EdtfDate | None = None
    end: EdtfDate | None = None
    promised: bool = False
    rest: str = ""
    texts: tuple[str, ...] = ()
    rest_of_texts: str = ""

    def __bool__(self) -> bool:
        return bool(self.named or self.start or self.end or self.texts)

    @property
    def applies(self) -> bool:
        """Whether there is a filter that is clear enough to be applied with all others."""
        return bool(self.start or self.end or any(named.clear for named in self.named))

    @property
    def clear(self) -> tuple[Named, ...]:
        """The filters that are clear."""
        return tuple(named for named in self.named if named.clear)

    def owed(self) -> "Understanding":
        """Return the filters of the ledger.

        Where the words ask for promises, parties become obligors and beneficiaries.
        """
        sides = self._sides() if self.promised else {}
        return replace(
            self,
            named=tuple(
                replace(one, meanings=(one.meaning.on(sides[one.meaning.value]), *one.meanings[1:]))
                if one.clear and one.meaning.parameter == "party" and sides
                else one
                for one in self.named
            ),
        )

    def _sides(self) -> dict[str, CommitmentSide]:
        """Return the side of each party that is clear, by code.

        Those without a preposition are obligor and beneficiary in the order in which they stand.
        """
        parties = [named for named in self.clear if named.meaning.parameter == "party"]
        sides = {named.meaning.value: named.side for named in parties if named.side}
        for named in parties:
            owing = CommitmentSide.OBLIGOR in sides.values()
            sides.setdefault(
                named.meaning.value, CommitmentSide.BENEFICIARY if owing else CommitmentSide.OBLIGOR
            )
        return sides


# Words


class _Token(NamedTuple):
    """A folded word of a query, in lower case as spelled and as typed, with its place."""

    folded: str
    spelled: str
    typed: str
    start: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Whether the word only asks or connects, unless it is written like initials."""
        empty = self.spelled in STOP_WORDS or self.folded in _ASKING
        return empty and not self.in_capitals

    @property
    def in_capitals(self) -> bool:
        return len(self.typed) > 1 and self.typed.isupper()


def _tokens(query: str) -> list[_Token]:
    quoted = [match.span() for match in QUOTED.finditer(query)]
    tokens = [
        _Token(folded, word[0].casefold(), word[0], *word.span())
        for word in _WORD.finditer(query)
        if not any(start <= word.start() < end for start, end in quoted)
        for folded in words(word[0])
    ]
    return tokens[:_MOST_WORDS]


class _Query:
    """A query while it is read; each word is taken once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.free = [True] * len(self.tokens)
        self.unclear: set[int] = set()

    @property
    def is_one_word(self) -> bool:
        """Whether one word is the whole query."""
        return len(self.tokens) == 1

    def windows(self, longest: int) -> Iterator[tuple[int, int]]:
        """Yield the runs of words that are free when they are yielded, the longest first."""
        for length in range(min(longest, len(self.tokens)), 0, -1):
            for first in range(len(self.tokens) - length + 1):
                if all(self.free[first : first + length]):
                    yield first, first + length

    def take(self, first: int, end: int, *, clear: bool = True) -> str:
        """Take a run of words, and return it as typed; what is not clear is a part of the rest."""
        self.free[first:end] = [False] * (end - first)
        if not clear:
            self.unclear |= {*range(first, end)}
        return self.typed(first, end)

    def typed(self, first: int, end: int) -> str:
        return self.text[self.tokens[first].start : self.tokens[end - 1].end]

    def before(self, first: int) -> str:
        """Return the word before a place, articles left out."""
        for token in reversed(self.tokens[:first]):
            if token.folded not in _ARTICLES:
                return token.folded
        return ""

    def rest(self, without: Container[int] = ()) -> str:
        """Return the phrases, and the words that were not understood, without those passed."""
        # A sign such as ½ folds to several words.
        left = {
            token.start: token.typed
            for number, token in enumerate(self.tokens)
            if number not in without
            and (number in self.unclear or (self.free[number] and not token.is_empty))
        }
        phrases = [match[0] for match in QUOTED.finditer(self.text) if words(match[0])]
        return " ".join([*left.values(), *phrases])


def understand(text: str, names: NameIndex) -> Understanding:
    """Return what the words of a query name."""
    query = _Query(text)
    start, end = _period(query)
    placed = [*_whole_names(query, names), *_parts_of_names(query, names)]
    placed = sorted(placed, key=lambda found: found.first)
    placed = _leaving(query, placed)
    texts = {
        number: kinds
        for number, token in enumerate(query.tokens)
        if query.free[number] and not token.is_empty and (kinds := names.kinds_of_texts(token))
    }
    promised = False
    for number, token in enumerate(query.tokens):
        if query.free[number] and _asks_for_promises(token):
            query.free[number] = False
            promised = True
    return Understanding(
        _without_parents([found.named for found in placed], names.parents),
        start,
        end,
        promised,
        query.rest(),
        tuple(sorted(set().union(*texts.values()))),
        query.rest(without=texts) if texts else "",
    )


def _leaving(query: _Query, placed: list["_NamedRun"]) -> list["_NamedRun"]:
    """Return what is named where words ask who left a party: withdrawals that name it.

    A bloc takes no part in what its members do when they leave, so it is words to find.
    """
    withdrawals = {found.first for found in placed if found.named.meaning == _WITHDRAWAL}
    kept = list(placed)
    for number, token in enumerate(query.tokens):
        asks = query.free[number] and token.folded in _LEAVING
        left = next((found for found in kept if found.first > number and found.is_party), None)
        if left is None or not (asks or number in withdrawals):
            continue
        kept.remove(left)
        query.unclear |= {*range(left.first, left.first + len(words(left.named.words)))}
        if asks:
            named = Named(query.take(number, number + 1), (_WITHDRAWAL,), clear=True)
            kept.append(_NamedRun(number, named))
    return sorted(kept, key=lambda found: found.first)


def _asks_for_promises(token: _Token) -> bool:
    return token.folded in _PROMISING or token.spelled in ("dû", "dus", "dûs")


# Dates


def _period(query: _Query) -> tuple[EdtfDate | None, EdtfDate | None]:
    """Take the dates of a query; return the first and the last of the period that they span."""
    starts: list[EdtfDate] = []
    ends: list[EdtfDate] = []
    since = until = False
    for first, end in query.windows(_MOST_IN_A_DATE):
        found = _dates(query.typed(first, end))
        if len(found) > 1:
            query.take(first, end, clear=False)
        for dates in found if len(found) == 1 else ():
            query.take(first, end)
            since |= query.before(first) in _SINCE
            until |= query.before(first) in _UNTIL
            starts.append(dates[0])
            ends.append(dates[1])
    if not starts:
        return None, None
    start = min(starts, key=lambda date: date.earliest)
    last = max(ends, key=lambda date: date.latest)
    if len(starts) == 1 and since != until:
        return (start, None) if since else (None, last)
    return start, last


def _dates(text: str) -> list[tuple[EdtfDate, EdtfDate]]:
    """Return the first and the last date of each period that a text may name."""
    periods = []
    if (years := _YEARS.fullmatch(text)) and years[1] < years[2]:
        periods = [years.groups()]
    for date in () if periods else readings(text):
        if _PERIOD.fullmatch(date):
            periods.append((date, date))
        elif days := _DAYS.fullmatch(date):
            periods.append(days.groups())
    return [(parse(first), parse(last)) for first, last in periods]


# Names


def _whole_names(query: _Query, names: NameIndex) -> list["_NamedRun"]:
    found = []
    for first, end in query.windows(names.longest):
        tokens = query.tokens[first:end]
        if end - first == 1 and not _may_be_a_name(tokens[0], alone=query.is_one_word):
            continue
        numbers = [
            number
            for number in names.whole(tuple(token.folded for token in tokens))
            if names.names[number].meaning.parameter != KIND_OF_TEXT
        ]
        if numbers and (named := _named(query, first, end, [names.names[n] for n in numbers])):
            found.append(_NamedRun(first, named))
    return found


def _may_be_a_name(token: _Token, *, alone: bool) -> bool:
    if token.is_empty or _asks_for_promises(token):
        return False
    return (
        alone
        or token.in_capitals
        or len(token.folded) >= _LEAST_LETTERS
        or not token.folded.isascii()
    )


def _parts_of_names(query: _Query, names: NameIndex) -> list["_NamedRun"]:
    found = []
    for first, token in enumerate(query.tokens):
        if not (query.free[first] and _may_be_a_part(token)):
            continue
        numbers, end = names.part(token), first + 1
        while numbers and end < len(query.tokens) and query.free[end]:
            both = numbers & names.part(query.tokens[end])
            if not both:
                break
            numbers, end = both, end + 1
        candidates = [
            names.names[number]
            for number in sorted(numbers)
            if names.names[number].meaning.parameter != KIND_OF_TEXT
            and end - first >= _LEAST_OF_A_PART.get(names.names[number].meaning.parameter, 1)
        ]
        if candidates and (named := _named(query, first, end, candidates)):
            found.append(_NamedRun(first, named))
    return found


def _may_be_a_part(token: _Token) -> bool:
    return (
        not token.is_empty
        and len(token.folded) >= _LEAST_LETTERS
        and token.folded.isalpha()
        and not _asks_for_promises(token)
    )


class _NamedRun(NamedTuple):
    """What is named at a place."""

    first: int
    named: Named

    @property
    def is_party(self) -> bool:
        """Whether it is one party."""
        return self.named.clear and self.named.meaning.parameter == "party"


def _named(query: _Query, first: int, end: int, names: Iterable[Name]) -> Named | None:
    """Take the words that are these names; None if they name too many."""
    by_value: dict[tuple[str, str], Meaning] = {}
    for name in names:
        known = by_value.setdefault(name.meaning.pair, name.meaning)
        if known.other is not None and name.meaning.other is None:
            by_value[name.meaning.pair] = name.meaning
    meanings = sorted(by_value.values(), key=lambda meaning: PARAMETERS.index(meaning.parameter))
    if len(meanings) > MOST_MEANINGS:
        return None
    likeliest = [m for m in meanings if m.parameter == meanings[0].parameter]
    side = _side(query.before(first)) if meanings[0].parameter == "party" else None
    clear = len(likeliest) == 1
    return Named(query.take(first, end, clear=clear), tuple(meanings), clear, side)


def _side(before: str) -> CommitmentSide | None:
    if before in _TO:
        return CommitmentSide.BENEFICIARY
    return CommitmentSide.OBLIGOR if before in _FROM else None


def _without_parents(named: list[Named], parents: Mapping[str, str]) -> tuple[Named, ...]:
    """Leave out what was named before, and a sector beside a part of it, which says it better."""
    values = {n.meaning.value for n in named if n.clear and n.meaning.parameter == "sector"}
    above = {parents[value] for value in values if value in parents}
    kept: dict[tuple[str, str], Named] = {}
    for one in named:
        if not (one.clear and one.meaning.parameter == "sector" and one.meaning.value in above):
            kept.setdefault(one.meaning.pair, one)
    return tuple(kept.values())


# Questions

EventsQuestion = TypeVar("EventsQuestion", bound=Question)


def with_meaning(question: EventsQuestion, meaning: Meaning) -> EventsQuestion:
    """Return the first page of a question with one more filter."""
    parameter, value = meaning.pair
    return question.with_values(parameter, sorted({*question.values(parameter), value}))


def with_filters(question: EventsQuestion, understood: Understanding) -> EventsQuestion:
    """Return the first page of a question with all filters that are clear, and the other words."""
    order = question.order
    if order == Order.RELEVANCE and not understood.rest:
        order = Order.NEWEST
    asked = replace(question.without_page(), q=understood.rest, order=order)
    if understood.start or understood.end:
        asked = replace(asked, start=understood.start, end=understood.end)
    for named in understood.clear:
        asked = with_meaning(asked, named.meaning)
    return asked


def with_filters_of_texts(understood: Understanding) -> InstrumentQuestion | None:
    """Return the question about texts of the kinds that are named.

    None where no kind is, or where something else is meant that texts cannot be filtered by.
    """
    parties = [named.meaning for named in understood.clear]
    if not understood.texts or any(one.parameter != "party" for one in parties):
        return None
    return InstrumentQuestion(
        q=understood.rest_of_texts,
        kinds=understood.texts,
        parties=tuple(sorted({one.value for one in parties})),
        start=understood.start,
        end=understood.end,
    )
