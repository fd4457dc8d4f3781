"""Since when readers see a record that has no state of publication: when it was first named."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.db.models import F, Min, Model, OuterRef, Subquery

from timeline.models import (
    Attendance,
    Citation,
    CommitmentParty,
    CommitmentSector,
    EventPlace,
    EventSector,
    InstrumentParty,
    Involvement,
    Membership,
    Participation,
    Side,
    Statement,
)
from timeline.models._shared import Recorded
from timeline.queries.public import published


class _Link(NamedTuple):
    """Rows that name a record in a published one.

    ``named`` is the column that names it, ``owner`` leads to the published record, and ``dated_by``
    to the row whose entry began it: the link itself, or a membership from which it follows.
    """

    model: type[Model]
    named: str
    owner: str
    dated_by: tuple[type[Model], str] | None = None


_LINKS: Final[Mapping[str, tuple[_Link, ...]]] = {
    "party": (
        _Link(Participation, "party", "event"),
        _Link(Involvement, "party", "event", (Membership, "membership")),
        _Link(CommitmentParty, "party", "commitment"),
        _Link(InstrumentParty, "party", "instrument"),
        _Link(Side, "party", "framework"),
        _Link(Statement, "party", "event"),
        _Link(EventPlace, "place__party", "event"),
        _Link(Membership, "party", "start_event"),
        _Link(Membership, "party", "end_event"),
        _Link(Membership, "bloc", "start_event"),
        _Link(Membership, "bloc", "end_event"),
    ),
    "person": (_Link(Attendance, "person", "event"), _Link(Statement, "person", "event")),
    "place": (_Link(EventPlace, "place", "event"),),
    "sector": (
        _Link(EventSector, "sector", "event"),
        _Link(EventSector, "sector__parent", "event"),
        _Link(CommitmentSector, "sector", "commitment"),
        _Link(CommitmentSector, "sector__parent", "commitment"),
    ),
    "source": (
        _Link(Citation, "source", "event"),
        _Link(Citation, "source", "commitment"),
        _Link(Citation, "source", "instrument"),
        _Link(Citation, "source", "framework"),
    ),
}

_MOST: Final = 50
"""How many links are looked at, those to the records that were published first."""


def first_named(noun: str, record: Recorded) -> dt.datetime | None:
    """Return when a published record was first known to name this one.

    A link counts from the time at which both it was entered and its record was public. Returns None
    where neither time was kept.
    """
    return min((when for link in _LINKS[noun] for when in _times(link, record)), default=None)


def _times(link: _Link, record: Recorded) -> list[dt.datetime]:
    dated, path = link.dated_by or (link.model, "pk")
    history: Any = dated.history  # type: ignore[attr-defined]
    entered = history.filter(id=OuterRef(path)).order_by().values("id")
    conditions = published(link.owner)
    owners = [f"{link.owner}__published_at"]
    if link.owner == "commitment":
        conditions &= published("commitment__event")
        owners.append("commitment__event__published_at")
    manager = link.model._default_manager
    rows = manager.filter(conditions, **{link.named: record.pk})
    first = rows.order_by(F(owners[0]).asc(nulls_last=True), "pk").values("pk")[:_MOST]
    times = (
        manager.filter(pk__in=first)
        .order_by()
        .values_list(*owners, Subquery(entered.annotate(first=Min("history_date")).values("first")))
    )
    return [max(known) for row in times if (known := [*filter(None, row)])]
