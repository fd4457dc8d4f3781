"""The search texts of each event: folded once when something that it says is written.

Titles, summaries and venues are stemmed in their column's language, quotations and translations
in theirs; names are not stemmed.

The database keeps the revision of the code that made its search texts
(:data:`timeline.core.folding.REVISION`). Where the code is of another, all of them are made anew
after a migrate, those of other records too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Q

from timeline.core.folding import REVISION, LanguageText, search_text
from timeline.core.stemming import language_of
from timeline.database import fulltext, triggers
from timeline.fields import FoldedField
from timeline.models import (
    Attendance,
    Event,
    Involvement,
    Party,
    PartyName,
    Person,
    PersonName,
    RecordVersion,
    Statement,
)

FORMS: Final = ("folded_title", "folded_quotation", "folded_text")
"""Columns of an event: its titles, its quotations, and all that its page says, those included."""

_READ: Final = (
    *("title_fr", "title_en", "summary_fr", "summary_en", "venue_fr", "venue_en"),
    *("place__name_fr", "place__name_en"),
)
"""Columns that an event's own texts are in."""

_BATCH: Final = 2000
"""Events read at a time: a database takes only so many values in one question."""

_TOLD_EVERY: Final = 10_000

_AT_ONCE: Final = 500
"""Rows written in one transaction."""


class Texts(NamedTuple):
    """What an event's page says, by where it says it; texts are kept apart from each other."""

    titles: Sequence[LanguageText]
    quotations: Sequence[LanguageText]
    fields: Sequence[LanguageText]
    names: Sequence[str]
    """Of the people who attended or spoke, then of the parties involved, each in order of keys."""


def folded_columns(texts: Texts) -> tuple[str, ...]:
    """What :data:`FORMS` hold for an event whose page says this."""
    titles, quotations, fields, names = texts
    text = search_text(*titles, *quotations, *fields, names=names)
    return search_text(*titles), search_text(*quotations), text


def bilingual(fr: str, en: str) -> tuple[LanguageText, LanguageText]:
    """A text of the record in its two languages."""
    return LanguageText(fr, "fr"), LanguageText(en, "en")


def refresh(*, events: Iterable[int] | None = None) -> list[int]:
    """Bring the searched text of these events (all when None) up to date; return which differed."""
    with transaction.atomic():
        return list(_written(Event, FORMS, differing(events=events)))


def _written(
    model: type[models.Model], names: Sequence[str], rows: Iterable[models.Model]
) -> Iterator[int]:
    """Write these columns of rows, some hundreds at a time; yield the key of each."""
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(name)} = %s" for name in names)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608
    left = iter(rows)
    while batch := list(islice(left, _AT_ONCE)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                statement, [(*(getattr(row, name) for name in names), row.pk) for row in batch]
            )
        yield from (row.pk for row in batch)


def differing(*, events: Iterable[int] | None = None) -> Iterable[Event]:
    """Fold anew what these events (all when None) say; yield, unsaved, each that it changes."""
    keys = Event.objects.order_by("pk").values_list("pk", flat=True) if events is None else events
    wanted = sorted(set(keys))
    for first in range(0, len(wanted), _BATCH):
        batch = wanted[first : first + _BATCH]
        quotations, names = _quotations(batch), _names_beside(batch)
        rows = Event.objects.select_related("place").only(*_READ, *FORMS)
        for event in rows.filter(pk__in=batch).order_by("pk"):
            if _fold_anew(event, quotations[event.pk], names[event.pk]):
                yield event


def _fold_anew(event: Event, quotations: Sequence[LanguageText], names: Sequence[str]) -> bool:
    """Set an event's search texts; return whether that changed any."""
    fields = [
        *bilingual(event.summary_fr, event.summary_en),
        *bilingual(event.venue_fr, event.venue_en),
        *map(LanguageText, (event.place.name_fr, event.place.name_en) if event.place else ()),
    ]
    titles = bilingual(event.title_fr, event.title_en)
    before = tuple(getattr(event, column) for column in FORMS)
    after = folded_columns(Texts(titles, quotations, fields, names))
    for column, form in zip(FORMS, after, strict=True):
        setattr(event, column, form)
    return before != after


def _quotations(events: list[int]) -> dict[int, list[LanguageText]]:
    """What was said at events, with its translations."""
    said: dict[int, list[LanguageText]] = defaultdict(list)
    for row in Statement.objects.filter(event__in=events).order_by("event", "position", "pk"):
        said[row.event_id] += [
            LanguageText(row.text, language_of(row.language)),
            *bilingual(row.translation_fr, row.translation_en),
        ]
    return said


def _names_beside(events: list[int]) -> dict[int, list[str]]:
    """The names of people and of parties, over time and language, that an event's page names."""
    texts: dict[int, list[str]] = defaultdict(list)
    people: dict[int, set[int]] = defaultdict(set)
    for rows in (
        Attendance.objects.filter(event__in=events).values_list("event", "person"),
        Statement.objects.filter(event__in=events).values_list("event", "person"),
    ):
        for event, person in rows:
            people[event].add(person)
    names = _names_of_people({person for known in people.values() for person in known})
    for event, known in people.items():
        for person in sorted(known):
            texts[event] += names[person]
    parties: dict[int, set[int]] = defaultdict(set)
    for event, party in Involvement.objects.filter(event__in=events).values_list("event", "party"):
        parties[event].add(party)
    called = _names_of_parties({party for known in parties.values() for party in known})
    for event, known in parties.items():
        for party in sorted(known):
            texts[event] += called[party]
    return texts


def _names_of_people(people: set[int]) -> dict[int, list[str]]:
    from_rows = (
        PersonName.objects.filter(person__in=people).order_by("pk").values_list("person", "name")
    )
    names: dict[int, list[str]] = defaultdict(list)
    for person, name_fr, name_en in Person.objects.filter(pk__in=people).values_list(
        "pk", "name_fr", "name_en"
    ):
        names[person] += [name_fr, name_en]
    for person, name in from_rows:
        names[person].append(name)
    return names


def _names_of_parties(parties: set[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for party, *known in Party.objects.filter(pk__in=parties).values_list(
        "pk", "name_fr", "name_en", "short_fr", "short_en"
    ):
        names[party] += known
    for party, name in (
        PartyName.objects.filter(party__in=parties).order_by("pk").values_list("party", "name")
    ):
        names[party].append(name)
    return names


def events_naming(
    *, parties: Iterable[int] = (), people: Iterable[int] = (), places: Iterable[int] = ()
) -> list[int]:
    """The events whose searched text holds a name of these parties, people or places."""
    found = Event.objects.filter(
        Q(involvements__party__in=list(parties))
        | Q(attendances__person__in=list(people))
        | Q(statements__person__in=list(people))
        | Q(place__in=list(places))
    )
    return list(found.values_list("pk", flat=True).distinct())


# All search texts, after a migrate


def _folding() -> Iterator[tuple[type[models.Model], list[FoldedField]]]:
    """The models that have columns folded from others of the same row, with these columns."""
    for model in apps.get_app_config("timeline").get_models():
        found = [one for one in model._meta.concrete_fields if isinstance(one, FoldedField)]
        if found and not hasattr(model, "history_object"):
            yield model, found


def differing_columns() -> Iterator[models.Model]:
    """Fold anew the columns of all rows but events; yield, unsaved, each row that it changes."""
    return chain.from_iterable(_differing_rows(*one) for one in _folding())


def _differing_rows(
    model: type[models.Model], columns: Sequence[FoldedField]
) -> Iterator[models.Model]:
    names = {name for column in columns for name in (column.name, *column.of)}
    last = 0
    rows = model._default_manager.order_by("pk").only(*names)
    while batch := list(rows.filter(pk__gt=last)[:_BATCH]):
        last = batch[-1].pk
        for row in batch:
            before = [getattr(row, column.name) for column in columns]
            after = [column.folded(row) for column in columns]
            for column, form in zip(columns, after, strict=True):
                setattr(row, column.name, form)
            if before != after:
                yield row


def refresh_columns() -> int:
    """Bring the folded columns of all rows but events up to date; return how many differed."""
    found = 0
    for model, columns in _folding():
        names = [column.name for column in columns]
        found += sum(1 for _key in _written(model, names, _differing_rows(model, columns)))
    return found


def make_anew(say: Callable[[str], None]) -> None:
    """Make all search texts anew where code of another revision made them.

    What an interrupted one wrote stays, and the next begins again. Full-text indexes and the
    record's version stand aside meanwhile.
    """
    if not _whole() or RecordVersion.objects.filter(search_forms=REVISION).exists():
        return
    total = Event.objects.count()
    if total or any(model._default_manager.exists() for model, _columns in _folding()):
        triggers.uninstall(connection)
        fulltext.uninstall(connection)
        refresh_columns()
        for number, _event in enumerate(_written(Event, FORMS, differing()), start=1):
            if number % _TOLD_EVERY == 0:
                say(f"  Search forms made anew: {number} of {total} events at the most")
        fulltext.install(connection)
        triggers.install(connection)
    RecordVersion.objects.update(search_forms=REVISION)


def _whole() -> bool:
    """Whether the database has all columns that are read here: a migrate may end before."""
    read: list[type[models.Model]] = [model for model, _columns in _folding()]
    read += (Event, Statement, Attendance, Involvement, RecordVersion)
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in read:
            table = model._meta.db_table
            if table not in there:
                return False
            found = connection.introspection.get_table_description(cursor, table)
            if {field.column for field in model._meta.concrete_fields} - {
                one.name for one in found
            }:
                return False
    return True
