"""The cards of events, cached by event revision and language.

What depends on the question or on today is not cached but added around the cached pieces: why the
event was found, that no source confirms it since its day passed, the list that its tags narrow, and
the heading above it. The day until which sources were searched is a part of the stamp of each card.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from django.utils.html import escape

from timeline.cache import VersionedCache, labels
from timeline.core import dates
from timeline.core.codes import EventState
from timeline.database import version
from timeline.jinja2 import language, pieces
from timeline.queries import timeline
from timeline.queries.identity import identity

CachedCard = tuple[str, str, str, str, str, int, int, int, int | None]
"""The fields of a CardMarkup as a plain tuple, so that no class of ours is pickled."""

_NARROWING: Final = "/narrowed/"
"""Stands in a cached card for the address of a list, up to the slug of one more sector."""

_cards: Final[VersionedCache[CachedCard]] = VersionedCache("card", scope=labels)


class CardMarkup(NamedTuple):
    """The markup of a card in three pieces, with what its place in a list depends on.

    Why the event was found goes between ``top`` and ``middle``. Before ``bottom`` goes, once the
    day of a planned event is past, that it is ``unconfirmed``, or what the end of the search lets
    say of it (``until``) if that is past too. ``awaited`` is the ordinal of the last day of a
    planned or postponed event, 0 for others, and ``searched_until`` that of the end of the search,
    0 if there is none.
    """

    top: str
    middle: str
    bottom: str
    unconfirmed: str
    until: str
    awaited: int
    searched_until: int
    year: int
    month: int | None

    def is_upcoming(self, today: dt.date) -> bool:
        """Whether the event is planned or postponed and its latest day is not past."""
        return self.awaited >= today.toordinal()

    def html(self, today: dt.date, narrowing: str, via_labels: str = "") -> str:
        """Return the whole card as of today, with the labels that say why it was found.

        ``narrowing`` is the address of its list, up to the slug of one more sector.
        """
        middle = self.middle.replace(f'"{_NARROWING}', f'"{escape(narrowing)}')
        return f"{self.top}{via_labels}{middle}{self._silence(today)}{self.bottom}"

    def _silence(self, today: dt.date) -> str:
        """Say what became of a planned event whose day is past."""
        day = today.toordinal()
        if self.awaited >= day:
            return ""
        return self.until if 0 < self.searched_until < day else self.unconfirmed


class CardsData(NamedTuple):
    """The cards of some events: those cached, and the rows of those still to be rendered.

    ``revisions`` is the revision of each event, in the order of the list, and ``searched_until``
    the end of the search for those without one of their own.
    """

    cached: Mapping[int, CardMarkup]
    rows: Mapping[int, timeline.EventCard]
    revisions: Mapping[int, int]
    searched_until: dt.date | None = None


NO_CARDS: Final = CardsData({}, {}, {})


def read(ids: Sequence[int]) -> CardsData:
    """Load the cards of events; those that the record no longer holds are left out."""
    if not ids:
        return NO_CARDS
    with version.snapshot() as snapshot:
        changed = version.revisions(ids) if snapshot is not None else {}
        revisions = {pk: changed.get(pk, 0) for pk in ids}
        until = identity().searched_until
        values = _cards.get_many(_stamps_by_key(revisions, until))
        cached = {pk: CardMarkup(*value) for (pk, _), value in values.items()}
        missing = [pk for pk in ids if pk not in cached]
        rows = {card.event.pk: card for card in timeline.cards(missing)} if missing else {}
    return CardsData(cached, rows, revisions, until)


def _stamps_by_key(
    revisions: Mapping[int, int], searched_until: dt.date | None
) -> dict[tuple[int, str], tuple[int, dt.date | None]]:
    reader_language = language()
    return {(pk, reader_language): (revision, searched_until) for pk, revision in revisions.items()}


def cards(data: CardsData) -> dict[int, CardMarkup]:
    """Render and cache the missing cards, and return all of them in order."""
    rendered = {pk: _rendered(row, data.searched_until) for pk, row in data.rows.items()}
    if rendered:
        reader_language = language()
        values = {(pk, reader_language): (*card,) for pk, card in rendered.items()}
        revisions = {pk: data.revisions[pk] for pk in rendered}
        _cards.set_many(_stamps_by_key(revisions, data.searched_until), values)
    cards = {**data.cached, **rendered}
    return {pk: cards[pk] for pk in data.revisions if pk in cards}


def _rendered(card: timeline.EventCard, searched_until: dt.date | None) -> CardMarkup:
    event = card.event
    until = event.searched_until or searched_until
    context = {"card": card, "searched_until": until, "narrowing": _NARROWING}
    markup = pieces("parts/event_card.html", context)
    heading = dates.heading(event.date)
    is_planned = event.state == EventState.PLANNED
    is_awaited = event.state in (EventState.PLANNED, EventState.POSTPONED)
    awaited = event.latest.toordinal() if is_awaited else 0
    return CardMarkup(
        str(markup.top),
        str(markup.middle),
        str(markup.bottom),
        str(markup.unconfirmed) if is_planned else "",
        str(markup.until) if is_planned else "",
        awaited,
        until.toordinal() if until else 0,
        heading.year,
        heading.month,
    )
