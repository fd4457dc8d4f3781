"""The search forms of each event: folded once when something that it says is written.

Titles, summaries and venues are stemmed in their column's language, quotations and translations
in theirs; names are not stemmed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Q

from timeline.core.folding import Said, search_form
from timeline.core.stemming import language_of
from timeline.models import (
    Attendance,
    Event,
    Involvement,
    Party,
    PartyName,
    Person,
    PersonName,
    Statement,
)

FORMS: Final = ("folded_title", "folded_quotation", "folded_text")
"""Columns of an event: its titles, its quotations, and all that its page says, those included."""

_BATCH: Final = 2000
"""Events read at a time: a database takes only so many values in one question."""


class Texts(NamedTuple):
    """What an event's page says, by where it says it; texts are kept apart from each other."""

    titles: Sequence[Said]
    quotations: Sequence[Said]
    fields: Sequence[Said]
    names: Sequence[str]
    """Of the people who attended or spoke, then of the parties involved, each in order of keys."""


def folded_columns(texts: Texts) -> tuple[str, ...]:
    """What :data:`FORMS` hold for an event whose page says this."""
    titles, quotations, fields, names = texts
    text = search_form(*titles, *quotations, *fields, names=names)
    return search_form(*titles), search_form(*quotations), text


def bilingual(fr: str, en: str) -> tuple[Said, Said]:
    """A text of the record in its two languages."""
    return Said(fr, "fr"), Said(en, "en")


def refresh(*, events: Iterable[int] | None = None) -> list[int]:
    """Bring the searched text of these events (all when None) up to date; return which differed."""
    with transaction.atomic():
        changed = list(differing(events=events))
        Event.objects.bulk_update(changed, FORMS, batch_size=200)
    return [event.pk for event in changed]


def differing(*, events: Iterable[int] | None = None) -> Iterable[Event]:
    """Fold anew what these events (all when None) say; yield, unsaved, each that it changes."""
    keys = Event.objects.order_by("pk").values_list("pk", flat=True) if events is None else events
    wanted = sorted(set(keys))
    for first in range(0, len(wanted), _BATCH):
        batch = wanted[first : first + _BATCH]
        quotations, names = _quotations(batch), _names_beside(batch)
        for event in Event.objects.select_related("place").filter(pk__in=batch).order_by("pk"):
            if _fold_anew(event, quotations[event.pk], names[event.pk]):
                yield event


def _fold_anew(event: Event, quotations: Sequence[Said], names: Sequence[str]) -> bool:
    """Set an event's search forms; return whether that changed any."""
    fields = [
        *bilingual(event.summary_fr, event.summary_en),
        *bilingual(event.venue_fr, event.venue_en),
        *map(Said, (event.place.name_fr, event.place.name_en) if event.place else ()),
    ]
    titles = bilingual(event.title_fr, event.title_en)
    before = tuple(getattr(event, column) for column in FORMS)
    after = folded_columns(Texts(titles, quotations, fields, names))
    for column, form in zip(FORMS, after, strict=True):
        setattr(event, column, form)
    return before != after


def _quotations(events: list[int]) -> dict[int, list[Said]]:
    """What was said at events, with its translations."""
    said: dict[int, list[Said]] = defaultdict(list)
    for row in Statement.objects.filter(event__in=events).order_by("event", "position", "pk"):
        said[row.event_id] += [
            Said(row.text, language_of(row.language)),
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
