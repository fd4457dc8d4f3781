"""Events with all that belongs to them but for commitments."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from timeline.actions import events, publication
from timeline.core.codes import EventState
from timeline.ingest.demo.files import RecordData, read
from timeline.ingest.demo.writing import Writer
from timeline.models import (
    Attendance,
    Event,
    EventPlace,
    EventSector,
    Framework,
    Participation,
    Person,
    Place,
    Sector,
    Statement,
)

_ONE_PLACE: Final = ("place", "venue_fr", "venue_en")
"""Keys of the record of an event that took place at one place or venue."""


def _places(record: RecordData) -> list[RecordData]:
    """Return where an event took place: several ``places``, or its only place or venue."""
    only = {key: record[key] for key in _ONE_PLACE if record.get(key)}
    return [*(record.get("places") or ()), *([only] if only else [])]


_NOT_OF_EVENT: Final = (
    *(*_ONE_PLACE, "places", "sectors", "participations", "attendances", "statements", "steps"),
    *("citations", "commitments", "follows", "former"),
)
"""Keys of the record of an event that are not fields of it."""


def add(
    writer: Writer, folder: Path
) -> tuple[list[tuple[Event, RecordData]], list[tuple[Event, RecordData]]]:
    """Create the events that are not on record; return them, and those that are.

    An event is left as it is, and out of both, if an editor gave it another slug.
    """
    added: list[tuple[Event, RecordData]] = []
    taken: list[tuple[Event, RecordData]] = []
    for path in sorted((folder / "events").glob("*.yaml")):
        for record in read(path):
            writer.where = f"{path.name}: {record.get('slug')}"
            if not writer.slug_is_taken(Event, record["slug"]):
                added.append((_event(writer, dict(record)), record))
            elif event := Event.objects.filter(slug=record["slug"]).first():
                _update_words(writer, event, record)
                _update_roles(writer, event, record)
                _update_places(writer, event, record)
                taken.append((event, record))
    return added, taken


def _update_words(writer: Writer, event: Event, record: RecordData) -> None:
    """Let an event of an earlier demo, of which the record has ``former`` values, say today's."""
    if writer.renew(event, record, record.get("former"), event=event):
        events.refresh_derived(events=[event.pk])


def _update_roles(writer: Writer, event: Event, record: RecordData) -> None:
    """Give the parties of an event of an earlier demo their present roles."""
    for values in record.get("participations") or ():
        former = values.get("former")
        rows = Participation.objects.filter(event=event, party__code=values["party"])
        stored = rows.filter(**former).first() if former else None
        if stored is not None and writer.is_untouched(stored, former):
            writer.update(stored, {"role": values["role"]})
            events.refresh_derived(events=[event.pk])


def _update_places(writer: Writer, event: Event, record: RecordData) -> None:
    """Add the places of an event of which an earlier demo knew the first alone."""
    places = _places(record)
    if len(places) < 2:
        return
    stored = list(event.place_links.values_list("place__slug", flat=True))
    edited = EventPlace.history.filter(event=event).exclude(history_user=None)
    if stored != [places[0].get("place")] or edited.exists():
        return
    for position, values in enumerate(places[1:], start=1):
        _event_place(writer, event, values, position)
    of_place = [one for one in record["citations"] if one.get("field") == "place"]
    writer.cite(of_place, event=event)
    events.refresh_derived(events=[event.pk])


def _event(writer: Writer, record: RecordData) -> Event:
    children = {key: record.pop(key, None) or () for key in _NOT_OF_EVENT}
    framework = record.pop("framework", None)
    side = writer.party_with_code(record.pop("turn_side", None))
    event: Event = writer.create(
        Event,
        record,
        framework=writer.find(Framework.objects.all(), slug=framework) if framework else None,
        turn_side=side,
    )
    for position, values in enumerate(_places(children)):
        _event_place(writer, event, values, position)
    for slug in children["sectors"]:
        sector = writer.find(Sector.objects.all(), slug=slug)
        writer.create(EventSector, {}, event=event, sector=sector)
    for values in map(dict, children["participations"]):
        citations = values.pop("citations", ())
        values.pop("former", None)
        party = writer.party_with_code(values.pop("party"))
        participation = writer.create(Participation, values, event=event, party=party)
        writer.cite(citations, participation=participation)
    _statements(writer, event, children["statements"])
    for step in map(dict, children["steps"]):
        writer.check_keys(step, {"on", "state", "date", "note_fr", "note_en", "citations"})
        citations = step.pop("citations", ())
        state = EventState(step.pop("state"))
        writer.cite(citations, event_step=events.change(event=event, state=state, **step))
    writer.cite(children["citations"], event=event)
    publication.publish(record=event)
    return event


def _event_place(writer: Writer, event: Event, values: RecordData, position: int) -> None:
    slug = values.get("place")
    writer.create(
        EventPlace,
        {key: value for key, value in values.items() if key != "place"},
        event=event,
        place=writer.find(Place.objects.all(), slug=slug) if slug else None,
        position=position,
    )


def _statements(writer: Writer, event: Event, records: Sequence[RecordData]) -> None:
    for position, record in enumerate(map(dict, records), start=1):
        record.pop("key", None)
        citations, office = record.pop("citations", ()), record.pop("office", None)
        person = writer.find(Person.objects.all(), slug=record.pop("person"))
        party = writer.party_with_code(record.pop("party", None))
        statement = writer.create(
            Statement,
            record,
            event=event,
            person=person,
            party=party,
            office=writer.offices.get(office) if office else None,
            position=position,
        )
        writer.cite(citations, statement=statement)


def attend(writer: Writer, event: Event, record: RecordData) -> None:
    for values in record.get("attendances") or ():
        _attendance(writer, event, dict(values))


def _attendance(writer: Writer, event: Event, values: RecordData) -> None:
    writer.where = f"{event.slug}: attendance of {values.get('person')}"
    citations, office = values.pop("citations", ()), values.pop("office", None)
    person = writer.find(Person.objects.all(), slug=values.pop("person"))
    party = writer.party_with_code(values.pop("party"))
    attendance = writer.create(
        Attendance,
        values,
        event=event,
        person=person,
        party=party,
        office=writer.offices.get(office) if office else None,
    )
    writer.cite(citations, attendance=attendance)


def update_attendances(writer: Writer, event: Event, event_record: RecordData) -> None:
    """Give the people at an event of an earlier demo their present capacities.

    A person stays as an editor has it who created, changed or deleted one of the attendances.
    """
    history = Attendance.history.filter(event_id=event.pk)
    edited = set(history.exclude(history_user=None).values_list("person__slug", flat=True))
    stored = {
        (row.person.slug, row.party.code, row.role): row
        for row in event.attendances.select_related("person", "party")
    }
    involved = set(event.involvements.values_list("party__code", flat=True))
    records = {
        (record["person"], record["party"], record.get("role", "member")): record
        for record in event_record.get("attendances") or ()
        if record["person"] not in edited and record["party"] in involved
    }
    changed = {key[0] for key in records.keys() - stored.keys()}
    for key in [key for key in records if key not in stored]:
        same_party = (one for one in stored if one[:2] == key[:2] and one not in records)
        former = next(same_party, None)
        if former is None:
            _attendance(writer, event, dict(records[key]))
        else:
            stored[key] = writer.update(stored.pop(former), {"role": key[2]})
    for key in sorted(records.keys() & stored.keys()):
        if key[0] in changed:
            writer.cite_again(records[key].get("citations"), attendance=stored[key])
    if changed:
        events.refresh_derived(events=[event.pk])


def follow(writer: Writer, added: list[tuple[Event, RecordData]]) -> None:
    for event, record in added:
        if record.get("follows"):
            writer.where = f"{event.slug}: follows"
            event.follows = writer.find(Event.objects.all(), slug=record["follows"])
            Event.objects.filter(pk=event.pk).update(follows=event.follows)
