"""What a page needs to know of a question, whoever works it out.

The question is :class:`timeline.core.question.Question`; an index answers it with
:class:`Answer`. Plain SQL (:mod:`timeline.index.sql`) is the reference that any faster index
must agree with.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from timeline.core.question import Cursor, Question

PAGE_SIZE: Final = 50
"""Events on a page."""

OPTION_GROUPS: Final = ("sector", "party", "kind", "state", "source_kind", "framework")
"""The groups of options that carry a count for each of their values."""

Counts = Mapping[str, int]


class Bin(NamedTuple):
    """How many events begin in one month of one year."""

    year: int
    month: int
    events: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that a list page says of a question, in numbers and keys.

    ``total`` counts each event once. ``surely`` is how many of them lie surely in the period
    asked for, and equals ``total`` when none is asked for. ``ids`` are the keys of one page in
    order, of which the first stands at ``first`` (from 1). ``following`` is the place that the
    next page begins after, or None on the last. ``options`` gives, for each group, the count of
    each value by slug or code; values that would find nothing are left out. ``indirect`` gives
    for each party how many of its events it is in only through a bloc.
    """

    total: int
    surely: int
    ids: tuple[int, ...]
    first: int
    following: Cursor | None
    options: Mapping[str, Counts]
    indirect: Counts
    histogram: tuple[Bin, ...]


class Index(Protocol):
    """Answers questions from some committed state of the record."""

    def answer(self, question: Question, *, today: dt.date) -> Answer:
        """Work out total, page, counts and histogram; raise QuestionError for a foreign cursor."""
        ...

    def matching(self, question: Question, *, today: dt.date) -> tuple[int, ...]:
        """The keys of all events found, in order, for exports and feeds."""
        ...
