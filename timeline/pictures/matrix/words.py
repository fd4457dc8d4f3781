"""The texts of the matrix."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.core.numbers import Grouped
from timeline.jinja2 import language
from timeline.pictures.matrix.data import Axis, MatrixData


def title(data: MatrixData) -> str:
    return _("Who meets whom") if data.mutual else _("Who is active in what")


def description(data: MatrixData) -> str:
    """Say what the numbers count, and what is left out."""
    if data.mutual:
        parts = [
            _(
                "How many of the events found two parties share. Where a party meets itself stand "
                "all of its events."
            ),
            _parties_shown(data.rows),
        ]
    else:
        parts = [
            _("How many of the events found a party has a part in, sector by sector."),
            _parties_shown(data.rows),
            _sectors_shown(data.columns),
            _("Shown are the sectors chosen and those within them.")
            if data.columns.only_chosen
            else _("A sector counts those within it; choose it to see them apart."),
        ]
    return " ".join(part for part in parts if part)


def _parties_shown(axis: Axis) -> str:
    if len(axis.entries) < axis.total:
        form = ngettext(
            "Shown are the %(shown)s of %(n)s party with the most events.",
            "Shown are the %(shown)s of %(n)s parties with the most events.",
            axis.total,
        )
        return form % {"shown": len(axis.entries), "n": Grouped(axis.total, language())}
    return _("Shown are the parties chosen, any of which will do.") if axis.only_chosen else ""


def _sectors_shown(axis: Axis) -> str:
    if len(axis.entries) == axis.total:
        return ""
    form = ngettext(
        "Shown are the %(shown)s of %(n)s sector with the most events.",
        "Shown are the %(shown)s of %(n)s sectors with the most events.",
        axis.total,
    )
    return form % {"shown": len(axis.entries), "n": Grouped(axis.total, language())}
