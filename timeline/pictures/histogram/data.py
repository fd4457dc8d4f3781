"""The data of the histogram: how many events touch each of the periods that bars stand for.

A bar counts what its link finds, so an event whose date spans several periods counts in each of
them. If the question asks for certain dates, a bar counts what is surely in its period.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from timeline.core.question import Question
from timeline.index.current import current
from timeline.index.interface import Answer, Period, Periods
from timeline.pictures.histogram import layout
from timeline.pictures.histogram.layout import Bin, TimeBins
from timeline.pictures.interface import AnsweredQuestion

STACKED_SECTORS: Final = 3
"""How many sectors have a part of their own in stacked bars."""


@dataclass(frozen=True, slots=True)
class HistogramData:
    """The bins of time, with the number of events in each.

    ``parts`` are the counts of the bins by sector; '' stands for all other events, which may be of
    ``other_sectors`` more sectors. Bars that are not stacked have no parts. ``chosen`` is the index
    of the bin that is the question's period, if there is one; ``linked_counts`` is then how many
    events the link of each bin finds.
    """

    answered: AnsweredQuestion
    bins: TimeBins
    sectors: Sequence[str]
    other_sectors: int
    counts: Sequence[int]
    parts: Mapping[str, Sequence[int]]
    chosen: int | None
    linked_counts: Sequence[int]


def read(answered: AnsweredQuestion) -> HistogramData:
    """Count the events of each bar; the answer must have at least one month."""
    question, answer = answered.question, answered.answer
    bins = layout.cut(*time_range(answer))
    largest = _largest_sectors(answered) if question.display.stacked else []
    sectors, others = largest[:STACKED_SECTORS], largest[STACKED_SECTORS:]
    chosen = _chosen_bin(question, bins)
    linked_periods = _linked_periods(bins.bins, chosen)
    counts, parts, linked_counts = _counts(question, bins, sectors, linked_periods)
    return HistogramData(answered, bins, sectors, len(others), counts, parts, chosen, linked_counts)


def time_range(answer: Answer) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of the months in which events begin."""
    return dt.date(*min(answer.months), 1), _last_day(max(answer.months))


def _last_day(month: tuple[int, int]) -> dt.date:
    year, number = month
    if number == 12:
        return dt.date(year, 12, 31)
    return dt.date(year, number + 1, 1) - dt.timedelta(days=1)


def _largest_sectors(answered: AnsweredQuestion) -> list[str]:
    """Return the top sectors with the most events, the largest first."""
    counts, branches = answered.answer.options["sector"], answered.vocabulary.offered.branches
    top_sectors = [slug for slug in counts if not branches.get(slug, ("", True))[1]]
    return sorted(top_sectors, key=lambda slug: (-counts[slug], slug))


def _counts(
    question: Question, bins: TimeBins, sectors: Sequence[str], linked_periods: Sequence[Period]
) -> tuple[Sequence[int], dict[str, Sequence[int]], Sequence[int]]:
    """Return the counts of the bins, those by sector, and those of the linked periods.

    An event of several of the sectors counts with the largest of them only.
    """
    periods = Periods(
        (*bins.bins, *linked_periods), "sector" if sectors else "", tuple(sectors), apart=True
    )
    counts_by_sector = current().period_counts(question, periods)
    size = len(bins.bins)
    counts, linked_counts = counts_by_sector[""][:size], counts_by_sector[""][size:]
    if not sectors:
        return counts, {}, linked_counts
    parts = {slug: counts_by_sector[slug][:size] for slug in sectors}
    others = [count - sum(column) for count, *column in zip(counts, *parts.values(), strict=True)]
    return counts, {**parts, "": others}, linked_counts


def _linked_periods(bins: Sequence[Bin], chosen: int | None) -> list[Period]:
    """Return for each bin the period that reaches from it to the chosen one; none if none is."""
    if chosen is None:
        return []
    return [
        (bins[min(index, chosen)].first, bins[max(index, chosen)].last)
        for index in range(len(bins))
    ]


def _chosen_bin(question: Question, bins: TimeBins) -> int | None:
    """Return the index of the bin that is the question's period, if there is one."""
    if question.period is None:
        return None
    matches = (index for index, bin in enumerate(bins.bins) if tuple(bin) == question.period)
    return next(matches, None)
