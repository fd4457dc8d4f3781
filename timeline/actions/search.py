"""The search form of each event: folded once when something that it says is written."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q

from timeline.core.folding import search_form
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

_BATCH: Final = 2000
"""Events read at a time: a database takes only so many values in one question."""


def refresh(*, events: Iterable[int] | None = None) -> list[int]:
    """Bring the searched text of these events (all when None) up to date; return which differed."""
    with transaction.atomic():
        changed = list(differing(events=events))
        Event.objects.bulk_update(changed, ["folded_title", "folded_text"], batch_size=200)
    return [event.pk for event in changed]


def differing(*, events: Iterable[int] | None = None) -> Iterable[Event]:
    """Fold anew what these events (all when None) say; yield, unsaved, each that it changes."""
    keys = Event.objects.order_by("pk").values_list("pk", flat=True) if events is None else events
    wanted = sorted(set(keys))
    for first in range(0, len(wanted), _BATCH):
        batch = wanted[first : first + _BATCH]
        beside = _texts_beside(batch)
        for event in Event.objects.select_related("place").filter(pk__in=batch).order_by("pk"):
            title = search_form(event.title_fr, event.title_en)
            text = search_form(*_own_texts(event), *beside[event.pk])
            if (event.folded_title, event.folded_text) != (title, text):
                event.folded_title, event.folded_text = title, text
                yield event


def _own_texts(event: Event) -> list[str]:
    texts = [
        event.title_fr,
        event.title_en,
        event.summary_fr,
        event.summary_en,
        event.venue_fr,
        event.venue_en,
    ]
    if event.place is not None:
        texts += [event.place.name_fr, event.place.name_en]
    return texts


def _texts_beside(events: list[int]) -> dict[int, list[str]]:
    """What an event's page says besides its own fields: quotations, names of parties and people."""
    texts: dict[int, list[str]] = defaultdict(list)
    for event, *words in Statement.objects.filter(event__in=events).values_list(
        "event", "text", "translation_fr", "translation_en"
    ):
        texts[event] += words
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
