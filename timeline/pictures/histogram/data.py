"""What the histogram shows: how many events each period of a question's time touches.

A bar counts what its link finds, so an event whose date reaches over several periods counts in
each of them. Where the question asks for what is certain, a bar counts what is surely in it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from timeline.core.question import Question
from timeline.index.current import current
from timeline.index.interface import Answer, Period, Periods
from timeline.pictures.histogram import layout
from timeline.pictures.histogram.layout import Bin, Bins
from timeline.pictures.interface import Answered

STACKED: Final = 3
"""Sectors that bars are made of, when that is asked for."""


@dataclass(frozen=True, slots=True)
class HistogramData:
    """The bins of a question's time and how many events each finds.

    ``parts`` are the counts of each bin by sector, and by the empty text what is in none of them;
    without sectors there are none. ``chosen`` is the place of the bin whose period is asked for, if
    one is, and ``reached`` how many events the link of each bin finds then.
    """

    answered: Answered
    bins: Bins
    sectors: Sequence[str]
    counts: Sequence[int]
    parts: Mapping[str, Sequence[int]]
    chosen: int | None
    reached: Sequence[int]


def read(answered: Answered) -> HistogramData:
    """Count what each bar stands for; something must begin in some month."""
    question, answer = answered.question, answered.answer
    bins = layout.cut(*reach(answer))
    sectors = _largest(answered) if question.display.stacked else []
    chosen = _place(question, bins)
    counts, parts, reached = _counts(question, bins, sectors, _reached(bins.bins, chosen))
    return HistogramData(answered, bins, sectors, counts, parts, chosen, reached)


def reach(answer: Answer) -> tuple[dt.date, dt.date]:
    """The first and the last day of the months in which something began."""
    return dt.date(*min(answer.months), 1), _end_of(max(answer.months))


def _end_of(month: tuple[int, int]) -> dt.date:
    year, number = month
    if number == 12:
        return dt.date(year, 12, 31)
    return dt.date(year, number + 1, 1) - dt.timedelta(days=1)


def _largest(answered: Answered) -> list[str]:
    """The top sectors that most of what was found is about, the largest first."""
    counts, branches = answered.answer.options["sector"], answered.vocabulary.offered.branches
    tops = [slug for slug in counts if not branches.get(slug, ("", True))[1]]
    return sorted(tops, key=lambda slug: (-counts[slug], slug))[:STACKED]


def _counts(
    question: Question, bins: Bins, sectors: Sequence[str], reached: Sequence[Period]
) -> tuple[Sequence[int], dict[str, Sequence[int]], Sequence[int]]:
    """How many events each bin and each period reached finds, and of which sectors in a bin.

    Of those sectors each event counts with the largest.
    """
    periods = (*bins.bins, *reached)
    asked = Periods(periods, "sector" if sectors else "", tuple(sectors), apart=True)
    found = current().period_counts(question, asked)
    size = len(bins.bins)
    counts, further = found[""][:size], found[""][size:]
    if not sectors:
        return counts, {}, further
    parts = {slug: found[slug][:size] for slug in sectors}
    others = [count - sum(column) for count, *column in zip(counts, *parts.values(), strict=True)]
    return counts, {**parts, "": others}, further


def _reached(bins: Sequence[Bin], chosen: int | None) -> list[Period]:
    """The period that each bar leads to while the one at a place is chosen; none while none is."""
    if chosen is None:
        return []
    return [
        (bins[min(place, chosen)].first, bins[max(place, chosen)].last)
        for place in range(len(bins))
    ]


def _place(question: Question, bins: Bins) -> int | None:
    """The place of the bin whose period is asked for, if one is."""
    if question.period is None:
        return None
    places = (place for place, one in enumerate(bins.bins) if tuple(one) == question.period)
    return next(places, None)
