"""The search texts of events, folded when something that their pages say is written.

Titles, summaries and venues are stemmed in their column's language, quotations and translations
in theirs; names are not stemmed.

The database stores the revision of the code that made its search texts
(:data:`timeline.core.folding.REVISION`). If the code has another revision, the search texts of all
records are made again after migrating.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from django.apps import apps
from django.db import connection, models, transaction

from timeline.core.batches import batched
from timeline.core.folding import REVISION, LanguageText, search_text
from timeline.core.stemming import language_of
from timeline.database import fulltext, triggers
from timeline.fields import FoldedField
from timeline.models import (
    Attendance,
    Event,
    EventPlace,
    Involvement,
    Party,
    PartyName,
    Person,
    PersonName,
    RecordVersion,
    Statement,
)

FORMS: Final = ("folded_title", "folded_quotation", "folded_text")
"""Search columns of an event: titles, quotations, and all that its page says with both."""

_TEXT_COLUMNS: Final = ("title_fr", "title_en", "summary_fr", "summary_en")
"""Columns with the texts of an event itself."""

_READ_BATCH: Final = 2000
"""Rows read in one query: databases limit the number of its parameters."""

_WRITE_BATCH: Final = 500
"""Rows written in one transaction."""

_REPORT_EVERY: Final = 10_000
"""Events between two lines of progress."""


class Texts(NamedTuple):
    """The texts of an event's page, by kind; they are kept apart from each other."""

    titles: Sequence[LanguageText]
    quotations: Sequence[LanguageText]
    fields: Sequence[LanguageText]
    names: Sequence[str]
    """Names of the people who attended or spoke, then of the parties involved, each by key."""


def folded_columns(texts: Texts) -> tuple[str, ...]:
    """Return the values of the columns :data:`FORMS` for an event with these texts."""
    titles, quotations, fields, names = texts
    text = search_text(*titles, *quotations, *fields, names=names)
    return search_text(*titles), search_text(*quotations), text


def bilingual(fr: str, en: str) -> tuple[LanguageText, LanguageText]:
    """Return the two versions of a bilingual text with their languages."""
    return LanguageText(fr, "fr"), LanguageText(en, "en")


def refresh(*, events: Iterable[int] | None = None) -> list[int]:
    """Update the search texts of these events (all when None); return the keys that differed."""
    with transaction.atomic():
        return list(_written(Event, FORMS, differing(events=events)))


def _written(
    model: type[models.Model], names: Sequence[str], rows: Iterable[models.Model]
) -> Iterator[int]:
    """Write these columns of the rows in batches; yield the key of each row written."""
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(name)} = %s" for name in names)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608
    remaining = iter(rows)
    while batch := list(islice(remaining, _WRITE_BATCH)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                statement, [(*(getattr(row, name) for name in names), row.pk) for row in batch]
            )
        yield from (row.pk for row in batch)


def differing(*, events: Iterable[int] | None = None) -> Iterable[Event]:
    """Fold the texts of these events (all when None); yield, unsaved, each event that changes."""
    if events is None:
        events = Event.objects.order_by("pk").values_list("pk", flat=True)
    keys = sorted(set(events))
    for batch in batched(keys, _READ_BATCH):
        quotations, venues, names = _quotations(batch), _venues(batch), _names_beside(batch)
        rows = Event.objects.only(*_TEXT_COLUMNS, *FORMS)
        for event in rows.filter(pk__in=batch).order_by("pk"):
            if _fold(event, quotations[event.pk], venues[event.pk], names[event.pk]):
                yield event


def _fold(
    event: Event,
    quotations: Sequence[LanguageText],
    venues: Sequence[LanguageText],
    names: Sequence[str],
) -> bool:
    """Set an event's search texts; return whether one of them changed."""
    fields = [*bilingual(event.summary_fr, event.summary_en), *venues]
    titles = bilingual(event.title_fr, event.title_en)
    before = tuple(getattr(event, column) for column in FORMS)
    after = folded_columns(Texts(titles, quotations, fields, names))
    for column, form in zip(FORMS, after, strict=True):
        setattr(event, column, form)
    return before != after


def _quotations(events: Sequence[int]) -> dict[int, list[LanguageText]]:
    """Return the statements of each event, with their translations."""
    texts: dict[int, list[LanguageText]] = defaultdict(list)
    for row in Statement.objects.filter(event__in=events).order_by("event", "position", "pk"):
        texts[row.event_id] += [
            LanguageText(row.text, language_of(row.language)),
            *bilingual(row.translation_fr, row.translation_en),
        ]
    return texts


def _venues(events: Sequence[int]) -> dict[int, list[LanguageText]]:
    """Return the venues of each event with the names of their places, in order."""
    texts: dict[int, list[LanguageText]] = defaultdict(list)
    rows = EventPlace.objects.filter(event__in=events).order_by("position", "pk")
    for event, *venue, name_fr, name_en in rows.values_list(
        "event", "venue_fr", "venue_en", "place__name_fr", "place__name_en"
    ):
        texts[event] += bilingual(*venue)
        texts[event] += [LanguageText(name) for name in (name_fr, name_en) if name]
    return texts


def _names_beside(events: Sequence[int]) -> dict[int, list[str]]:
    """Return all names, of every time and language, of the people and parties of each event."""
    names: dict[int, list[str]] = defaultdict(list)
    people: dict[int, set[int]] = defaultdict(set)
    for rows in (
        Attendance.objects.filter(event__in=events).values_list("event", "person"),
        Statement.objects.filter(event__in=events).values_list("event", "person"),
    ):
        for event, person in rows:
            people[event].add(person)
    names_of_people = _names_of_people({key for keys in people.values() for key in keys})
    for event, keys in people.items():
        for person in sorted(keys):
            names[event] += names_of_people[person]
    parties: dict[int, set[int]] = defaultdict(set)
    for event, party in Involvement.objects.filter(event__in=events).values_list("event", "party"):
        parties[event].add(party)
    names_of_parties = _names_of_parties({key for keys in parties.values() for key in keys})
    for event, keys in parties.items():
        for party in sorted(keys):
            names[event] += names_of_parties[party]
    return names


def _names_of_people(people: set[int]) -> dict[int, list[str]]:
    spellings = (
        PersonName.objects.filter(person__in=people).order_by("pk").values_list("person", "name")
    )
    names: dict[int, list[str]] = defaultdict(list)
    for person, name_fr, name_en in Person.objects.filter(pk__in=people).values_list(
        "pk", "name_fr", "name_en"
    ):
        names[person] += [name_fr, name_en]
    for person, name in spellings:
        names[person].append(name)
    return names


def _names_of_parties(parties: set[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for party, *own_names in Party.objects.filter(pk__in=parties).values_list(
        "pk", "name_fr", "name_en", "short_fr", "short_en"
    ):
        names[party] += own_names
    for party, name in (
        PartyName.objects.filter(party__in=parties).order_by("pk").values_list("party", "name")
    ):
        names[party].append(name)
    return names


def events_naming(
    *, parties: Iterable[int] = (), people: Iterable[int] = (), places: Iterable[int] = ()
) -> list[int]:
    """Return the events whose search text contains a name of these parties, people or places."""
    people = list(people)
    links: tuple[models.QuerySet[Any], ...] = (
        Involvement.objects.filter(party__in=list(parties)),
        Attendance.objects.filter(person__in=people),
        Statement.objects.filter(person__in=people),
        EventPlace.objects.filter(place__in=list(places)),
    )
    return sorted({event for rows in links for event in rows.values_list("event", flat=True)})


# All search texts, after migrating


def _folded_columns() -> Iterator[tuple[type[models.Model], list[FoldedField]]]:
    """Yield each model that has columns folded from others of the same row, with these columns."""
    for model in apps.get_app_config("timeline").get_models():
        columns = [field for field in model._meta.concrete_fields if isinstance(field, FoldedField)]
        if columns and not hasattr(model, "history_object"):
            yield model, columns


def differing_columns() -> Iterator[models.Model]:
    """Fold the columns of all rows but events; yield, unsaved, each row that changes."""
    return chain.from_iterable(
        _differing_rows(model, columns) for model, columns in _folded_columns()
    )


def _differing_rows(
    model: type[models.Model], columns: Sequence[FoldedField]
) -> Iterator[models.Model]:
    names = {name for column in columns for name in (column.name, *column.of)}
    last = 0
    rows = model._default_manager.order_by("pk").only(*names)
    while batch := list(rows.filter(pk__gt=last)[:_READ_BATCH]):
        last = batch[-1].pk
        for row in batch:
            before = [getattr(row, column.name) for column in columns]
            after = [column.folded(row) for column in columns]
            for column, form in zip(columns, after, strict=True):
                setattr(row, column.name, form)
            if before != after:
                yield row


def refresh_columns() -> int:
    """Update the folded columns of all rows but events; return how many rows differed."""
    count = 0
    for model, columns in _folded_columns():
        names = [column.name for column in columns]
        count += sum(1 for _key in _written(model, names, _differing_rows(model, columns)))
    return count


def recompute_forms(say: Callable[[str], None]) -> None:
    """Make all search texts again if code of another revision made them.

    If this is interrupted, what is written stays and the next call starts over. Full-text indexes
    and the triggers of the record's version are uninstalled meanwhile.
    """
    if not _has_all_columns() or RecordVersion.objects.filter(search_forms=REVISION).exists():
        return
    total = Event.objects.count()
    if total or any(model._default_manager.exists() for model, _columns in _folded_columns()):
        triggers.uninstall(connection)
        fulltext.uninstall(connection)
        refresh_columns()
        for number, _event in enumerate(_written(Event, FORMS, differing()), start=1):
            if number % _REPORT_EVERY == 0:
                say(f"  Search forms made anew: {number} of {total} events at the most")
        fulltext.install(connection)
        triggers.install(connection)
    RecordVersion.objects.update(search_forms=REVISION)


def _has_all_columns() -> bool:
    """Whether the database has all columns that are read here; a migrate may stop before."""
    required: list[type[models.Model]] = [model for model, _columns in _folded_columns()]
    required += (Event, EventPlace, Statement, Attendance, Involvement, RecordVersion)
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in required:
            table = model._meta.db_table
            if table not in tables:
                return False
            description = connection.introspection.get_table_description(cursor, table)
            columns = {column.name for column in description}
            if any(field.column not in columns for field in model._meta.concrete_fields):
                return False
    return True
