"""What a page to keep shows beside the rows of a file: names, quotations and sources."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from timeline.core.batches import batched
from timeline.fields import LocalText, local_text
from timeline.models import Citation, Commitment, Event, Framework, Instrument
from timeline.queries import public
from timeline.queries.as_of import AsOf
from timeline.queries.rows import BATCH, READERS, Row

RecordNames = Mapping[str, Mapping[str, LocalText]]
"""The names of records in a language, by kind and by code or slug."""


class Quote(NamedTuple):
    """The words of a source on a record, in their language; ``source`` is its number."""

    source: int
    text: str
    language: str


_NAMED: Final[Mapping[str, tuple[Any, str, str]]] = {
    "party": (public.parties, "code", "name"),
    "place": (public.places, "slug", "name"),
    "sector": (public.sectors, "slug", "name"),
    "person": (public.people, "slug", "name"),
    "event": (Event.objects.published, "slug", "title"),
    "commitment": (Commitment.objects.published, "slug", "title"),
    "instrument": (Instrument.objects.published, "slug", "title"),
    "framework": (Framework.objects.published, "slug", "title"),
}
"""For each kind of record its public rows, the column of its code, and what it is called by."""


def names(codes: Mapping[str, Collection[str]], language: str) -> RecordNames:
    """Return what records are called in a language, by kind and code."""
    found: dict[str, dict[str, LocalText]] = {}
    for kind, wanted in codes.items():
        rows, column, name = _NAMED[kind]
        found[kind] = {
            getattr(record, column): local_text(record, name, language)
            for batch in batched(sorted(wanted), BATCH)
            for record in rows().filter(**{f"{column}__in": batch}).order_by()
        }
    return found


def quotes(noun: str, keys: Sequence[int]) -> dict[str, list[Quote]]:
    """Return the quotations of sources on records, by slug, each once and in order of citation."""
    model, citations, about = _QUOTED[noun]
    found: dict[str, list[Quote]] = defaultdict(list)
    for batch in batched(keys, BATCH):
        slugs = dict(model.objects.filter(pk__in=batch).order_by().values_list("pk", "slug"))
        rows = citations(batch).exclude(excerpt="").select_related("source").order_by("pk")
        for citation in rows:
            quote = Quote(
                citation.source_id,
                citation.excerpt,
                citation.excerpt_language or citation.source.language,
            )
            if quote not in (quotes := found[slugs[getattr(citation, about)]]):
                quotes.append(quote)
    return found


def _of_events(keys: Sequence[int]) -> "QuerySet[Any]":
    return Citation.objects.of_events([*keys]).with_event()


def _of_commitments(keys: Sequence[int]) -> "QuerySet[Any]":
    return _of("commitment", "status_update", keys)


def _of_instruments(keys: Sequence[int]) -> "QuerySet[Any]":
    return _of("instrument", "instrument_step", keys)


def _of(record: str, part: str, keys: Sequence[int]) -> "QuerySet[Any]":
    """Return the citations of records and of their parts, each with the key of the record."""
    own = Citation.objects.filter(**{f"{record}__in": keys}).order_by().values("pk")
    of_parts = Citation.objects.filter(**{f"{part}__{record}__in": keys}).order_by().values("pk")
    rows = Citation.objects.filter(pk__in=own.union(of_parts))
    return rows.annotate(about=Coalesce(f"{record}_id", f"{part}__{record}_id"))


_QUOTED: Final[Mapping[str, tuple[Any, Any, str]]] = {
    "events": (Event, _of_events, "about_event"),
    "commitments": (Commitment, _of_commitments, "about"),
    "instruments": (Instrument, _of_instruments, "about"),
}
"""For each noun that can be kept as a page its model, the citations of its records, and where those
say of which."""


def sources(identifiers: Iterable[str], when: AsOf) -> Iterator[Row]:
    """Yield the rows of sources, in the order of their numbers."""
    keys = sorted({int(identifier) for identifier in identifiers})
    for batch in batched(keys, BATCH):
        yield from READERS["sources"](batch, when)
