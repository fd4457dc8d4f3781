"""The cards of events, each made once for a revision of its event and a language, and kept.

What depends on the question or on today is no part of what is kept: why the event was found, that
nothing was heard of it since, and the heading that it stands under are put around it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from timeline.cache import VersionedCache, labels
from timeline.core import dates
from timeline.core.codes import EventState
from timeline.database import version
from timeline.jinja2 import language, pieces
from timeline.queries import timeline

Row = tuple[str, str, str, str, int, int, int | None]
"""A card as the cache holds it, without a class of ours."""

_cards: Final[VersionedCache[Row]] = VersionedCache("card", scope=labels)


class Card(NamedTuple):
    """A card's markup in three pieces, with what its place in a list depends on.

    Between the first two stands why it was found, between the last two that it is unconfirmed,
    which ``unconfirmed`` says of a planned one. ``awaited`` is the ordinal of the last day of one
    that is planned or postponed, else 0.
    """

    top: str
    middle: str
    bottom: str
    unconfirmed: str
    awaited: int
    year: int
    month: int | None

    def is_upcoming(self, today: dt.date) -> bool:
        """Whether it is planned or postponed and its latest day is not past."""
        return self.awaited >= today.toordinal()

    def html(self, today: dt.date, via_labels: str = "") -> str:
        """The whole card as it reads today, with why it was found."""
        unconfirmed = self.unconfirmed if self.awaited < today.toordinal() else ""
        return f"{self.top}{via_labels}{self.middle}{unconfirmed}{self.bottom}"


class CardsData(NamedTuple):
    """The cards of some events: those that are kept, and the rows of those still to be made.

    ``revisions`` is the revision of each event.
    """

    kept: Mapping[int, Card]
    rows: Mapping[int, timeline.EventCard]
    revisions: Mapping[int, int]


NO_CARDS: Final = CardsData({}, {}, {})


def read(ids: Sequence[int]) -> CardsData:
    """Read the cards of events; those that the record no longer holds are left out."""
    if not ids:
        return NO_CARDS
    with version.snapshot() as seen:
        changed = version.revisions(ids) if seen is not None else {}
        revisions = {pk: changed.get(pk, 0) for pk in ids}
        kept = {pk: Card(*row) for (pk, _), row in _cards.get_many(_keys(revisions)).items()}
        missing = [pk for pk in ids if pk not in kept]
        rows = {card.event.pk: card for card in timeline.cards(missing)} if missing else {}
    return CardsData(kept, rows, revisions)


def _keys(revisions: Mapping[int, int]) -> dict[tuple[int, str], int]:
    reader = language()
    return {(pk, reader): revision for pk, revision in revisions.items()}


def cards(data: CardsData) -> dict[int, Card]:
    """The cards in their order; those that are made are kept for the next page."""
    made = {pk: _rendered(row) for pk, row in data.rows.items()}
    if made:
        reader = language()
        values = {(pk, reader): (*card,) for pk, card in made.items()}
        _cards.set_many(_keys({pk: data.revisions[pk] for pk in made}), values)
    found = {**data.kept, **made}
    return {pk: found[pk] for pk in data.revisions if pk in found}


def _rendered(card: timeline.EventCard) -> Card:
    event = card.event
    made = pieces("parts/event_card.html", {"card": card})
    heading = dates.heading(event.date)
    unconfirmed = str(made.unconfirmed) if event.state == EventState.PLANNED else ""
    awaits = event.state in (EventState.PLANNED, EventState.POSTPONED)
    awaited = event.latest.toordinal() if awaits else 0
    return Card(
        str(made.top),
        str(made.middle),
        str(made.bottom),
        unconfirmed,
        awaited,
        heading.year,
        heading.month,
    )
