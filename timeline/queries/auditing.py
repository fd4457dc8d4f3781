"""What an auditor would find in the published record: errors, notes, and how much is cited.

The number of queries does not depend on how large the record is, and rows are read a few at a time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any, Final, NamedTuple

from django.db.models import Count, Exists, F, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from timeline.cache import VersionedCache
from timeline.core import citable
from timeline.core.addresses import is_section_page
from timeline.core.codes import Stance
from timeline.models import (
    Attendance,
    Citation,
    Event,
    Source,
    Statement,
)
from timeline.models.sources import CITED
from timeline.queries import public
from timeline.queries.facts import KINDS, FactKind, of_fact
from timeline.queries.sources import record_of, with_records


class Fault(StrEnum):
    """What is wrong with a fact, a citation or a source."""

    UNCITED = "no source is cited for it"
    UNREASONED = "inferred without a reason"
    NO_SUCH_FIELD = "cited for a field that the record has not"
    VALUE_NOWHERE = "gives another value that no page shows"
    OFFICE_NOT_HELD = "office not held on the day, and no reason is kept"
    SECTION_PAGE = "the address is a section's, not a document's"
    OUTSIDE_LIFE = "a party outside its life, and no page says so"


class Note(StrEnum):
    """What could be better and is no error."""

    ONE_SOURCE = "one source only"
    NO_EXCERPT = "no excerpt"
    NO_COPY = "no archived copy"


class Finding(NamedTuple):
    """One thing found, with its address in the record.

    ``noun`` and ``record`` name the record whose page shows it, ``part`` the row of it, and
    ``field`` the fact.
    """

    kind: Fault | Note
    noun: str
    record: str
    part: str = ""
    field: str = ""


# Figures


def _with_support(kind: FactKind) -> QuerySet[Any]:
    """Annotate the ``number`` of sources that support the fact, and whether one states it."""
    supporting = Citation.objects.filter(of_fact(kind), value_given="").order_by()
    number = (
        supporting.annotate(one=Value(1)).values("one").annotate(n=Count("source", distinct=True))
    )
    rows: QuerySet[Any] = (
        kind.rows()
        .order_by()
        .annotate(
            number=Coalesce(Subquery(number.values("n"), output_field=IntegerField()), 0),
            is_stated=Exists(supporting.filter(stance=Stance.STATED)),
        )
    )
    return rows


@dataclass(frozen=True, slots=True)
class Figures:
    """How many facts are published, and how many of them are cited, inferred and contradicted.

    The rest counts the notes: facts with one source only, citations without an excerpt, sources
    without an archived copy.
    """

    published: int
    cited: int
    inferred: int
    contradicted: int
    one_source: int
    no_excerpt: int
    no_copy: int


def figures() -> Figures:
    """Count the facts of the published record in a fixed number of queries."""
    total: Counter[str] = Counter()
    for kind in KINDS:
        found = _with_support(kind).aggregate(
            published=Count("pk", distinct=True),
            cited=Count("pk", filter=Q(number__gt=0)),
            inferred=Count("pk", filter=Q(number__gt=0, is_stated=False)),
            one=Count("pk", filter=Q(number=1)),
        )
        total.update(found)
        if kind.required:
            total["single"] += found["one"]
    return Figures(
        published=total["published"],
        cited=total["cited"],
        inferred=total["inferred"],
        contradicted=_contradicted(),
        one_source=total["single"],
        no_excerpt=_without_excerpt().count(),
        no_copy=_without_copy().count(),
    )


def _contradicted() -> int:
    """Count the facts for which some source gives another value."""
    otherwise = public.citations().exclude(value_given="").order_by()
    return int(otherwise.values(*CITED, "field").distinct().count())


COUNTED: Final = 50_000
"""Largest number of published events whose facts are counted while a reader waits."""

_kept: Final[VersionedCache[Figures]] = VersionedCache("figures_of_the_record")


def kept_figures() -> Figures | None:
    """Return the figures of this version of the record; None if it is too large to wait for."""
    if Event.objects.published().order_by()[: COUNTED + 1].count() > COUNTED:
        return None
    return _kept.get_or_load("", None, figures)


# Errors


def errors() -> Iterator[Finding]:
    """Yield what is wrong in the published record, rule by rule."""
    yield from chain(
        _uncited(),
        _of_citations(Fault.UNREASONED, _unreasoned()),
        _of_citations(Fault.NO_SUCH_FIELD, _uncitable().filter(value_given="")),
        _of_citations(Fault.VALUE_NOWHERE, _uncitable().exclude(value_given="")),
        _offices_not_held(),
        _section_pages(),
        _outside_life(),
    )


def _uncited() -> Iterator[Finding]:
    for kind in KINDS:
        if kind.required:
            supporting = Citation.objects.filter(of_fact(kind), value_given="")
            rows = kind.rows().filter(~Exists(supporting)).order_by("pk")
            yield from _named(Fault.UNCITED, kind, rows)


def _named(found: Fault | Note, kind: FactKind, rows: QuerySet[Any]) -> Iterator[Finding]:
    """Yield a finding for each row, with its address."""
    for record, *part in rows.values_list(*kind.names).iterator(chunk_size=_CHUNK):
        yield Finding(found, kind.noun, record, _part(kind.target, part), kind.field)


def _part(row: str, names: Iterable[Any]) -> str:
    """Name a part of a record: what it is, and what tells it from the others."""
    words = [str(name) for name in names if name]
    return " ".join((row, *words)) if words else ""


def _unreasoned() -> QuerySet[Citation]:
    return public.citations().filter(stance=Stance.INFERRED, note_fr="", note_en="")


def _uncitable() -> QuerySet[Citation]:
    """Return citations for a field that the record has not, from before the lists were closed."""
    condition = Q()
    for target, fields in citable.FIELDS.items():
        condition |= Q(**{f"{target}__isnull": False}) & ~Q(field__in=("", *fields))
    return public.citations().filter(condition)


def _of_citations(found: Fault | Note, rows: QuerySet[Citation]) -> Iterator[Finding]:
    """Yield a finding for each citation, with the address of what it supports."""
    for citation in with_records(rows).order_by("pk").iterator(chunk_size=_CHUNK):
        record, subject = record_of(citation)
        name = str(getattr(record, "slug", "") or getattr(record, "code", ""))
        part = _part(citation.target_name, [subject])
        yield Finding(found, str(record._meta.model_name), name, part, citation.field)


def _offices_not_held() -> Iterator[Finding]:
    """Yield the offices with which people are recorded at events before or after they held them."""
    not_held = Q(office__starts_earliest__gt=F("event__latest")) | Q(
        office__ends_latest__lte=F("event__earliest")
    )
    for model in (Attendance, Statement):
        rows: QuerySet[Any] = model._default_manager.filter(
            not_held, public.published("event"), office_reason_fr="", office_reason_en=""
        )
        names = rows.order_by("pk").values_list("event__slug", "person__slug", "office__title_en")
        for event, *part in names.iterator(chunk_size=_CHUNK):
            said = _part(str(model._meta.model_name), part)
            yield Finding(Fault.OFFICE_NOT_HELD, "event", event, said, "office")


def _section_pages() -> Iterator[Finding]:
    for key, url in public.sources().order_by("pk").values_list("pk", "url").iterator():
        if is_section_page(url):
            yield Finding(Fault.SECTION_PAGE, "source", f"{key} {url}", field="url")


def _outside_life() -> Iterator[Finding]:
    """Yield the parties outside their lives that pages name without a flag.

    These are the side of whose turn an editor says that a session took it, and the party that a
    source speaks for; parties that take part, owe, sign, meet or are served in office are flagged.
    """
    turns = Event.objects.published().filter(_outside("turn_side", "earliest", "latest"))
    for event, party in turns.order_by("pk").values_list("slug", "turn_side__code"):
        yield Finding(Fault.OUTSIDE_LIFE, "event", event, party, "takes_turn")
    sources = public.sources().filter(
        _outside("speaks_for", "published_earliest", "published_latest")
    )
    for key, url, party in sources.order_by("pk").values_list("pk", "url", "speaks_for__code"):
        yield Finding(Fault.OUTSIDE_LIFE, "source", f"{key} {url}", party, "speaks_for")


def _outside(party: str, first: str, last: str) -> Q:
    """Return the condition that all days from the first to the last lie outside a party's life."""
    return Q(**{f"{party}__founded_earliest__gt": F(last)}) | Q(
        **{f"{party}__dissolved_latest__lt": F(first)}
    )


# Notes


def notes_by_record() -> dict[tuple[str, str], Counter[Note]]:
    """Count the notes of each record by kind; those of all sources together."""
    counts: dict[tuple[str, str], Counter[Note]] = {}
    for found in notes():
        record = "" if found.noun == "source" else found.record
        counts.setdefault((found.noun, record), Counter())[Note(found.kind)] += 1
    return counts


def notes() -> Iterator[Finding]:
    """Yield what could be better in the published record, kind by kind."""
    for kind in KINDS:
        if kind.required:
            yield from _named(
                Note.ONE_SOURCE, kind, _with_support(kind).filter(number=1).order_by("pk")
            )
    yield from _of_citations(Note.NO_EXCERPT, _without_excerpt())
    for key, url in _without_copy().order_by("pk").values_list("pk", "url").iterator():
        yield Finding(Note.NO_COPY, "source", f"{key} {url}", field="archive_url")


def _without_excerpt() -> QuerySet[Citation]:
    return public.citations().filter(excerpt="")


def _without_copy() -> QuerySet[Source]:
    return public.sources().filter(archive_url="", archive_file="")


_CHUNK: Final = 500
"""Rows read at a time."""
