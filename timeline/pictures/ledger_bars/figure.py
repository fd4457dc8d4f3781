"""What the ledger shows beside its rows: its two clocks as options, its states by sector."""

from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from timeline.core.codes import CommitmentStatus
from timeline.core.question import LedgerQuestion
from timeline.formats.facets import Facet, Option
from timeline.index.ledger import LedgerAnswer
from timeline.models import Sector
from timeline.pictures.ledger_bars.layout import Part, stack


def clocks(question: LedgerQuestion, answer: LedgerAnswer) -> Facet:
    """The two clocks as options: past the due date, and without evidence for 270 days."""
    overdue = Option("1", _("Overdue"), answer.overdue, question.overdue, parameter="overdue")
    quiet = Option("1", _("Quiet for 270 days"), answer.quiet, question.quiet, parameter="quiet")
    shown = tuple(option for option in (overdue, quiet) if option.number or option.chosen)
    return Facet("clocks", _("Late or quiet"), shown)


class Piece(NamedTuple):
    """A part of a bar with the question that finds what it counts."""

    part: Part
    query: str


class Bar(NamedTuple):
    """A top sector with its commitments by state."""

    sector: Sector
    total: int
    query: str
    pieces: tuple[Piece, ...]


def bars(question: LedgerQuestion, answer: LedgerAnswer, sectors: tuple[Sector, ...]) -> list[Bar]:
    """The top sectors, the largest first, each with its states in order.

    They count as a filter's options do: what each would find as the only sector chosen.
    """
    tops = [one for one in sectors if one.parent_id is None and answer.by_sector.get(one.slug)]
    totals = {one.slug: sum(answer.by_sector[one.slug].values()) for one in tops}
    tops.sort(key=lambda one: (-totals[one.slug], one.slug))
    stacked = stack(
        [(code.value, answer.by_sector[one.slug].get(code.value, 0)) for code in CommitmentStatus]
        for one in tops
    )
    return [
        _bar(question.with_values("sector", [one.slug]), one, totals[one.slug], parts)
        for one, parts in zip(tops, stacked, strict=True)
    ]


def _bar(within: LedgerQuestion, sector: Sector, total: int, parts: tuple[Part, ...]) -> Bar:
    pieces = tuple(
        Piece(part, replace(within, statuses=(part.code,)).query_string()) for part in parts
    )
    return Bar(sector, total, within.query_string(), pieces)


def states(answer: LedgerAnswer) -> list[tuple[str, int]]:
    """How many stand in each state, whatever their sector, in the order of a commitment's life."""
    return [
        (code.value, answer.any_sector[code.value])
        for code in CommitmentStatus
        if code.value in answer.any_sector
    ]
