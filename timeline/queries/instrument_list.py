"""The index of the list of texts as of a day, and what the words of a question find."""

from collections.abc import Iterator
from threading import Lock
from typing import Final

from django.db.models import Q

from timeline import cache
from timeline.core.folding import Term
from timeline.core.question import InstrumentQuestion
from timeline.core.searched import Clock
from timeline.index.dated import Narrowed
from timeline.index.fulltext_lookup import all_of, holding, holding_one
from timeline.index.instruments import IndexedInstrument, InstrumentIndex
from timeline.models import Instrument, InstrumentParty, Party, PartyName
from timeline.queries import searched
from timeline.queries.as_of import AsOf
from timeline.queries.instrument_lives import Life, lives

_lives: Final[cache.VersionedCache[tuple[Life, ...]]] = cache.VersionedCache(
    "texts", alias=None, scope=cache.instruments
)
_indexes: Final[cache.VersionedCache[InstrumentIndex]] = cache.VersionedCache(
    "index of texts", alias=None, scope=cache.instruments
)

_PAST_DAYS: Final = 3
"""Largest number of indexes of past days cached in a process."""

_reading: Final = Lock()
"""Held while an index is made, which takes a second for many texts: others wait for it."""


def on(when: AsOf) -> InstrumentIndex:
    """Return the index of the published texts as they stand on a day."""
    key = when.day.toordinal() % _PAST_DAYS if when.is_past else "today"
    # Until when sources were searched changes no text, whose versions the index is kept for.
    clock = searched.clock(when)
    index = _indexes.get(key, (when, clock))
    if index is None:
        with _reading:
            index = _indexes.get_or_load(key, (when, clock), lambda: _read(when, clock))
    return index


def _read(when: AsOf, clock: Clock) -> InstrumentIndex:
    texts = _lives.get_or_load("all", None, lambda: tuple(lives()))
    return InstrumentIndex(_entries(texts, when, clock))


def _entries(texts: tuple[Life, ...], when: AsOf, clock: Clock) -> Iterator[IndexedInstrument]:
    """Yield the texts that were on record by a day, as they stood."""
    for life in texts:
        if not (when.knows(life.date) or any(s.done.earliest <= when.day for s in life.steps)):
            continue
        state, statuses = life.on(clock)
        yield IndexedInstrument(
            key=life.key,
            date=life.date,
            kind=life.kind,
            state=state.state,
            binds=life.binding,
            statuses={life.parties[party]: status.status for party, status in statuses.items()},
            waiting=[life.parties[party] for party, status in statuses.items() if status.waiting],
        )


def narrowed(question: InstrumentQuestion) -> Narrowed:
    """Return what the words of a question find: texts that say them, or whose parties bear them."""
    if not question.q:
        return {}
    rows = Instrument.objects.published().order_by()
    matching = {
        "q": rows.filter(all_of(_says(term) for term in question.terms)),
        "title": rows.filter(holding("folded_title", question.terms)),
    }
    return {name: frozenset(rows.values_list("pk", flat=True)) for name, rows in matching.items()}


def _says(term: Term) -> Q:
    """Return the condition that a text says a term, or that a name of one of its parties has it."""
    named = Party.objects.filter(
        holding_one("folded_names", term)
        | Q(pk__in=PartyName.objects.filter(holding_one("folded_name", term)).values("party"))
    )
    links = InstrumentParty.objects.filter(party__in=named)
    return holding_one("folded_text", term) | Q(pk__in=links.values("instrument"))
