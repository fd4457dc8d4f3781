"""The cards of events, each made once for a revision of its event and a language, and kept.

What hangs on the question or on today is no part of what is kept: why the event was found, that
nothing was heard of it since, and the heading that it stands under are put around it.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from timeline.cache import VersionedCache, labels
from timeline.core import dates
from timeline.core.codes import EventState
from timeline.database import version
from timeline.jinja2 import language, pieces
from timeline.queries import timeline

Row = tuple[str, str, str, str, int, int, int | None]
"""A card as the cache holds it, without a class of ours."""


class Card(NamedTuple):
    """A card's markup in three pieces, with what its place in a list hangs on.

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

    def row(self) -> Row:
        """The card as the cache holds it."""
        return (*self,)

    def is_upcoming(self, today: dt.date) -> bool:
        """Whether it is planned or postponed and its latest day is not past."""
        return self.awaited >= today.toordinal()

    def html(self, today: dt.date, reasons: str = "") -> str:
        """The whole card as it reads today, with why it was found."""
        said = self.unconfirmed if self.awaited < today.toordinal() else ""
        return f"{self.top}{reasons}{self.middle}{said}{self.bottom}"


_cards: Final[VersionedCache[Row]] = VersionedCache("card", scope=labels)


def cards(ids: Sequence[int]) -> dict[int, Card]:
    """The cards of these events, in their order, where the record still holds them."""
    reader = language()
    with version.snapshot() as seen:
        changed = version.revisions(ids) if seen is not None else {}
        rows = _cards.get_or_load_many(
            {(pk, reader): changed.get(pk, 0) for pk in ids},
            lambda missing: {
                (pk, reader): card.row()
                for pk, card in _made([pk for pk, _reader in missing]).items()
            },
        )
    return {pk: Card(*rows[pk, reader]) for pk in ids if (pk, reader) in rows}


def _made(ids: Sequence[int]) -> dict[int, Card]:
    return {card.event.pk: _rendered(card) for card in timeline.cards(ids)}


def _rendered(card: timeline.Card) -> Card:
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
