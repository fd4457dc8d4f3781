"""The cards of events, cached by event revision and language.

What depends on the question or on today is not cached but added around the cached pieces: why the
event was found, that no source confirms it since its day passed, and the heading above it.
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

CachedCard = tuple[str, str, str, str, int, int, int | None]
"""The fields of a CardMarkup as a plain tuple, so that no class of ours is pickled."""

_cards: Final[VersionedCache[CachedCard]] = VersionedCache("card", scope=labels)


class CardMarkup(NamedTuple):
    """The markup of a card in three pieces, with what its place in a list depends on.

    Why the event was found goes between ``top`` and ``middle``; ``unconfirmed``, which only planned
    events have, goes before ``bottom`` once their day is past. ``awaited`` is the ordinal of the
    last day of a planned or postponed event, 0 for others.
    """

    top: str
    middle: str
    bottom: str
    unconfirmed: str
    awaited: int
    year: int
    month: int | None

    def is_upcoming(self, today: dt.date) -> bool:
        """Whether the event is planned or postponed and its latest day is not past."""
        return self.awaited >= today.toordinal()

    def html(self, today: dt.date, via_labels: str = "") -> str:
        """Return the whole card as of today, with the labels that say why it was found."""
        unconfirmed = self.unconfirmed if self.awaited < today.toordinal() else ""
        return f"{self.top}{via_labels}{self.middle}{unconfirmed}{self.bottom}"


class CardsData(NamedTuple):
    """The cards of some events: those cached, and the rows of those still to be rendered.

    ``revisions`` is the revision of each event, in the order of the list.
    """

    cached: Mapping[int, CardMarkup]
    rows: Mapping[int, timeline.EventCard]
    revisions: Mapping[int, int]


NO_CARDS: Final = CardsData({}, {}, {})


def read(ids: Sequence[int]) -> CardsData:
    """Load the cards of events; those that the record no longer holds are left out."""
    if not ids:
        return NO_CARDS
    with version.snapshot() as snapshot:
        changed = version.revisions(ids) if snapshot is not None else {}
        revisions = {pk: changed.get(pk, 0) for pk in ids}
        values = _cards.get_many(_revisions_by_key(revisions))
        cached = {pk: CardMarkup(*value) for (pk, _), value in values.items()}
        missing = [pk for pk in ids if pk not in cached]
        rows = {card.event.pk: card for card in timeline.cards(missing)} if missing else {}
    return CardsData(cached, rows, revisions)


def _revisions_by_key(revisions: Mapping[int, int]) -> dict[tuple[int, str], int]:
    reader_language = language()
    return {(pk, reader_language): revision for pk, revision in revisions.items()}


def cards(data: CardsData) -> dict[int, CardMarkup]:
    """Render and cache the missing cards, and return all of them in order."""
    rendered = {pk: _rendered(row) for pk, row in data.rows.items()}
    if rendered:
        reader_language = language()
        values = {(pk, reader_language): (*card,) for pk, card in rendered.items()}
        _cards.set_many(_revisions_by_key({pk: data.revisions[pk] for pk in rendered}), values)
    cards = {**data.cached, **rendered}
    return {pk: cards[pk] for pk in data.revisions if pk in cards}


def _rendered(card: timeline.EventCard) -> CardMarkup:
    event = card.event
    markup = pieces("parts/event_card.html", {"card": card})
    heading = dates.heading(event.date)
    unconfirmed = str(markup.unconfirmed) if event.state == EventState.PLANNED else ""
    is_awaited = event.state in (EventState.PLANNED, EventState.POSTPONED)
    awaited = event.latest.toordinal() if is_awaited else 0
    return CardMarkup(
        str(markup.top),
        str(markup.middle),
        str(markup.bottom),
        unconfirmed,
        awaited,
        heading.year,
        heading.month,
    )
