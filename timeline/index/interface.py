"""What an index answers, whichever implementation works it out.

An index answers a :class:`timeline.core.question.Question` with an :class:`Answer`. Plain SQL
(:mod:`timeline.index.sql`) is the reference with which any faster index must agree.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from timeline.core.dates import EdtfDate, Heading
from timeline.core.question import Cursor, Question

PAGE_SIZE: Final = 50
"""Records on a page of a list."""

Counts = Mapping[str, int]

PlaceCounts = Mapping[frozenset[int], int]
"""Numbers of events by the keys of all places at which each took place."""

Period = tuple[dt.date, dt.date]
"""A first and a last day, both included."""


def whole_year(year: int) -> Period:
    """Return the first and the last day of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that a list page shows of a question, as numbers and keys.

    ``total`` counts each event once. ``surely`` counts those that surely lie in the question's
    period; it equals ``total`` where the question has none. ``ids`` are the keys of one page in
    order, of which the first is number ``first`` of the list (from 1). ``following`` is the cursor
    of the next page, None on the last one, and ``preceding`` that of the page before, None where it
    is the first.

    ``options`` holds, for each group, the count of each value by slug or code; values that would
    find nothing are left out. ``indirect`` counts for each party the events in which it takes part
    only through a bloc. ``months``, by year and number, counts the events that may begin in each
    month; it ignores the period, so that the time line stays whole. ``years`` has each year in
    which some of those may begin, with the number of events that the same question finds with that
    year as its period.

    ``headings`` counts the events of the whole list under each heading of the page. It leaves out
    upcoming events, which ``coming`` counts by state: first the planned ones, then the postponed
    ones. There are no headings in the order of relevance.
    """

    total: int
    surely: int
    ids: tuple[int, ...]
    first: int
    following: Cursor | None
    preceding: Cursor | None
    options: Mapping[str, Counts]
    indirect: Counts
    months: Mapping[tuple[int, int], int]
    years: Mapping[int, int]
    headings: Mapping[Heading, int]
    coming: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Bins:
    """How to spread events over bins of time, for each of some values of a group.

    ``edges`` are ascending ordinals of days, as :meth:`datetime.date.toordinal` returns them: a bin
    begins on one and ends before the next. An event counts once, in the bin of its earliest day, or
    in the first bin if it may begin earlier and last into it; events that cannot lie between the
    first edge and the last are left out. Without a group there is one spread, under the value ''.
    Keys are returned for bins of up to ``most`` events.
    """

    edges: Sequence[int]
    group: str = ""
    values: Sequence[str] = ("",)
    most: int = 0


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods in which to count events, in place of the question's own.

    They are counted as the question counts its own: an event lies in each period that its date
    touches or, where the question asks for what is certain, in each that surely contains it. So
    they may overlap, and an event may be counted in several. Where some ``values`` of a ``group``
    are counted ``apart``, an event counts only under the first of them that it has.
    """

    periods: tuple[Period, ...]
    group: str = ""
    values: tuple[str, ...] = ()
    apart: bool = False


class Spread(NamedTuple):
    """How events spread over bins of time.

    ``counts`` has a number for each bin; ``singles`` holds the keys of the events, in the order of
    time, of each bin with some events but not more than :attr:`Bins.most`.
    """

    counts: Sequence[int]
    singles: Mapping[int, tuple[int, ...]]


class EventIndex(Protocol):
    """Answers questions from some committed state of the record."""

    def answer(self, question: Question, *, today: dt.date) -> Answer:
        """Work out everything that a list page shows.

        Raise QuestionError for a cursor of another question.
        """
        ...

    def page_at(self, question: Question, date: EdtfDate, *, today: dt.date) -> Cursor | None:
        """Return the cursor of the page that begins with the first event on a date or beyond it.

        Beyond is before it where the newest come first, else after it. It is the last page where
        nothing is, and None for the first. The question has to be in the order of time.
        """
        ...

    def matching(self, question: Question, *, today: dt.date) -> Sequence[int]:
        """Return the keys of all events found, in order, for exports and feeds.

        They are an array: a million take 8 MB, where Python's numbers would take 40.
        """
        ...

    def spread(
        self,
        question: Question,
        bins: Bins,
    ) -> Mapping[str, Spread]:
        """Spread the events found over bins of time, separately for each value."""
        ...

    def period_counts(self, question: Question, periods: Periods) -> Mapping[str, Sequence[int]]:
        """Count the events found with each of several periods in place of the question's own.

        The counts of all events are under the value '', those of the events with a value under it.
        """
        ...

    def pair_counts(
        self,
        question: Question,
        rows: tuple[str, Sequence[str]],
        columns: tuple[str, Sequence[str]],
    ) -> Mapping[tuple[str, str], int]:
        """Count the events found that have both a value of one group and one of another.

        Each side is a group, 'party' or 'sector', with its values; pairs without events are left
        out. A pair of a value with itself counts the events that have it.
        """
        ...

    def place_counts(self, question: Question) -> PlaceCounts:
        """Count the events found by the keys of all places at which each took place.

        Those without a place are left out.
        """
        ...
