"""What a page needs to know of a question, whoever works it out.

The question is :class:`timeline.core.question.Question`; an index answers it with
:class:`Answer`. Plain SQL (:mod:`timeline.index.sql`) is the reference that any faster index
must agree with.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from timeline.core.dates import Heading
from timeline.core.question import Cursor, Question

PAGE_SIZE: Final = 50
"""Events on a page."""

Counts = Mapping[str, int]


def whole_year(year: int) -> "Period":
    """The first and the last day of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


Period = tuple[dt.date, dt.date]
"""A first and a last day, both included."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that a list page says of a question, in numbers and keys.

    ``total`` counts each event once. ``surely`` is how many of them lie surely in the period
    asked for, and equals ``total`` when none is asked for. ``ids`` are the keys of one page in
    order, of which the first stands at ``first`` (from 1). ``following`` is the place that the
    next page begins after, or None on the last. ``options`` gives, for each group, the count of
    each value by slug or code; values that would find nothing are left out. ``indirect`` gives
    for each party how many of its events it is in only through a bloc. ``months``, by year and
    number, tells how many events may begin in each, the period left out so that time stays whole.
    ``years`` has each year in which some of those may begin, and how many events the same question
    finds with that year as its period. ``headings`` tells how many events of the whole list stand
    under each heading of the page, those to come left out, which ``coming`` counts by state: how
    many are planned and how many postponed. By relevance there are no headings.
    """

    total: int
    surely: int
    ids: tuple[int, ...]
    first: int
    following: Cursor | None
    options: Mapping[str, Counts]
    indirect: Counts
    months: Mapping[tuple[int, int], int]
    years: Mapping[int, int]
    headings: Mapping[Heading, int]
    coming: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Bins:
    """How events shall be spread over bins of time, for each of some values of a group.

    ``edges`` are rising ordinals of days, as :meth:`datetime.date.toordinal` gives them: a bin
    begins on one and ends before the next. An event counts once, in the bin that its earliest day
    is in, or in the first if it may begin before that and last into it; what cannot lie between
    the first edge and the last is left out. Without a group there is one spread, under the value
    ''. Keys are told of bins that hold up to ``most`` events.
    """

    edges: Sequence[int]
    group: str = ""
    values: Sequence[str] = ("",)
    most: int = 0


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods to count the events of, in the place of the question's own.

    They are counted as the question counts its own: an event lies in each that its date touches,
    or, where the question asks for what is certain, in each that surely holds it. So they may
    overlap, and an event may be counted in several. Where some ``values`` of a ``group`` are
    counted ``apart``, an event counts only with the first of them that it bears.
    """

    periods: tuple[Period, ...]
    group: str = ""
    values: tuple[str, ...] = ()
    apart: bool = False


class Spread(NamedTuple):
    """How events spread over bins of time.

    ``counts`` has a number for each bin; ``few`` gives the keys of the events, in order of time,
    of each bin that holds some but not more than was asked for.
    """

    counts: Sequence[int]
    singles: Mapping[int, tuple[int, ...]]


class Index(Protocol):
    """Answers questions from some committed state of the record."""

    def answer(self, question: Question, *, today: dt.date) -> Answer:
        """Work out total, page, counts and months; raise QuestionError for a foreign cursor."""
        ...

    def matching(self, question: Question, *, today: dt.date) -> tuple[int, ...]:
        """The keys of all events found, in order, for exports and feeds."""
        ...

    def spread(
        self,
        question: Question,
        bins: Bins,
    ) -> Mapping[str, Spread]:
        """Spread the events found over bins of time, under each of the values."""
        ...

    def held(self, question: Question, periods: Periods) -> Mapping[str, Sequence[int]]:
        """How many events the question finds with each of some periods as its own.

        The counts of all events stand under the value '', those that bear a value under it.
        """
        ...

    def crossed(
        self,
        question: Question,
        rows: tuple[str, Sequence[str]],
        columns: tuple[str, Sequence[str]],
    ) -> Mapping[tuple[str, str], int]:
        """How many of the events found bear both a value of one group and one of another.

        Each side is a group, 'party' or 'sector', with its values; pairs that no event bears are
        left out. A pair of a value with itself counts the events that bear it.
        """
        ...

    def places(self, question: Question) -> Mapping[int, int]:
        """How many of the events found met at each place, by its key."""
        ...
