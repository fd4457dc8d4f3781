"""The ledger's two clocks as options of the filter form, and its bars of states by sector."""

from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from timeline.core.codes import CommitmentNature, CommitmentStatus
from timeline.core.question import LedgerQuestion
from timeline.formats.facets import Facet, Option
from timeline.index.ledger import LedgerAnswer
from timeline.models import Sector
from timeline.pictures.ledger_bars.layout import BarSegment, stack


def clocks(question: LedgerQuestion, answer: LedgerAnswer) -> Facet:
    """Return the two clocks as a facet: past the due date, and without evidence for 270 days."""
    overdue = Option("1", _("Overdue"), answer.overdue, question.overdue, parameter="overdue")
    quiet = Option("1", _("Quiet for 270 days"), answer.quiet, question.quiet, parameter="quiet")
    shown = tuple(option for option in (overdue, quiet) if option.number or option.chosen)
    return Facet("clocks", _("Late or quiet"), shown)


class LinkedSegment(NamedTuple):
    """A segment of a bar with the query string that finds its commitments."""

    segment: BarSegment
    query: str


class SectorBar(NamedTuple):
    """The bar of a top sector: its commitments by state."""

    sector: Sector
    total: int
    query: str
    segments: tuple[LinkedSegment, ...]


def bars(
    question: LedgerQuestion, answer: LedgerAnswer, sectors: tuple[Sector, ...]
) -> list[SectorBar]:
    """Return the bars of the top sectors, the largest first, with the states in order.

    They count as the options of a facet do: what each sector would find as the only one chosen.
    """
    counts = answer.by_sector
    top_sectors = [
        sector for sector in sectors if sector.parent_id is None and counts.get(sector.slug)
    ]
    totals = {sector.slug: sum(counts[sector.slug].values()) for sector in top_sectors}
    top_sectors.sort(key=lambda sector: (-totals[sector.slug], sector.slug))
    rows = stack(
        [(code.value, counts[sector.slug].get(code.value, 0)) for code in CommitmentStatus]
        for sector in top_sectors
    )
    return [
        _bar(question, sector, totals[sector.slug], segments)
        for sector, segments in zip(top_sectors, rows, strict=True)
    ]


def _bar(
    question: LedgerQuestion, sector: Sector, total: int, segments: tuple[BarSegment, ...]
) -> SectorBar:
    # Only undertakings have a state, so that only they are counted here.
    undertakings = replace(question, nature=CommitmentNature.UNDERTAKING)
    in_sector = undertakings.with_values("sector", [sector.slug])
    linked_segments = tuple(
        LinkedSegment(segment, replace(in_sector, statuses=(segment.code,)).query_string())
        for segment in segments
    )
    return SectorBar(sector, total, in_sector.query_string(), linked_segments)


def states(answer: LedgerAnswer) -> list[tuple[str, int]]:
    """Count the commitments in each state, in the order of a commitment's life."""
    return [
        (code.value, answer.any_sector[code.value])
        for code in CommitmentStatus
        if code.value in answer.any_sector
    ]
