"""The cards of events, each made once for a revision of its event and a language, and kept.

What hangs on the question or on today is no part of what is kept: why the event was found, that
nothing was heard of it since, and the heading that it stands under are put around it.
"""

import datetime as dt
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from django.core.cache import cache

from timeline.core import dates
from timeline.core.codes import EventState
from timeline.database import version
from timeline.database.version import Version
from timeline.jinja2 import language, pieces
from timeline.queries import timeline
from timeline.rendering.edition import edition

log = logging.getLogger(__name__)

KEPT_FOR: Final = 7 * 24 * 3600
"""Seconds after which a card goes from a cache that would keep it for ever."""


NEAR: Final = 4_000
"""Cards that a worker has at hand, beside those in the cache, which may hold but few."""

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


_near: Final[dict[str, Card]] = {}


def cards(
    ids: Sequence[int], seen: Version | None, revisions: Mapping[int, int] | None = None
) -> dict[int, Card]:
    """The cards of these events, in their order, where the record still holds them.

    ``seen`` is the version of the record that was asked for; None keeps nothing. ``revisions``
    are those of the events, where they are known already.
    """
    if seen is None:
        return _made(ids)
    if revisions is None:
        revisions = version.revisions(ids)
    keys = _keys(ids, seen, revisions)
    there = {pk: card for pk, key in keys.items() if (card := _near.get(key)) is not None}
    if len(there) < len(keys):
        there |= _fetched({pk: key for pk, key in keys.items() if pk not in there})
    missing = [pk for pk in ids if pk not in there]
    if missing:
        there |= _added(missing)
    return {pk: there[pk] for pk in ids if pk in there}


def _fetched(keys: Mapping[int, str]) -> dict[int, Card]:
    """The cards that the cache holds under these keys, from now on near at hand."""
    found = _read(keys.values())
    there = {pk: Card(*found[key]) for pk, key in keys.items() if key in found}
    _have_near({keys[pk]: card for pk, card in there.items()})
    return there


def _have_near(cards: Mapping[str, Card]) -> None:
    """Have cards at hand from now on; of too many those that came first go."""
    if len(_near) + len(cards) > NEAR:
        for key in list(_near)[: NEAR // 4]:
            _near.pop(key, None)
    _near.update(cards)


def _keys(events: Iterable[int], seen: Version, revisions: Mapping[int, int]) -> dict[int, str]:
    """What each card hangs on, as a key of the cache."""
    shared = f"{edition()}:{seen.era}:{seen.wording}:{language()}"
    return {pk: f"{shared}:{pk}:{revisions.get(pk, 0)}" for pk in events}


def _added(missing: Sequence[int]) -> dict[int, Card]:
    """Make cards from one state of the record, and keep them as that state's."""
    with version.snapshot() as state:
        made = _made(missing)
        revisions = version.revisions(missing)
    if state is not None:
        keys = _keys(made, state, revisions)
        _have_near({keys[pk]: card for pk, card in made.items()})
        _keep({keys[pk]: card.row() for pk, card in made.items()})
    return made


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


def _read(keys: Collection[str]) -> dict[str, Row]:
    """What is kept under these keys; a cache that fails holds nothing."""
    try:
        return cache.get_many(keys)
    except Exception:
        log.warning("The cache cannot be read; cards are made anew.", exc_info=True)
        return {}


def _keep(made: dict[str, Row]) -> None:
    try:
        cache.set_many(made, timeout=KEPT_FOR)
    except Exception:
        log.warning("The cache cannot be written; cards are made anew each time.", exc_info=True)
