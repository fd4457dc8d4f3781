"""Events with everything that belongs to them except commitments."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from timeline.actions import events
from timeline.core.codes import EventState
from timeline.ingest.demo.files import RecordData, read
from timeline.ingest.demo.writing import DemoWriter, FileRow
from timeline.models import (
    Attendance,
    Event,
    EventPlace,
    EventSector,
    EventStep,
    Framework,
    Participation,
    Person,
    Place,
    Sector,
    Statement,
)

_ONE_PLACE: Final = ("place", "venue_fr", "venue_en")
"""Keys of the record of an event that took place at one place or venue."""

_NOT_OF_EVENT: Final = (
    *(*_ONE_PLACE, "places", "sectors", "participations", "attendances", "statements", "steps"),
    *("citations", "commitments", "follows", "framework", "turn_side"),
)
"""Keys of the record of an event that are not fields of it, or are looked up."""

_OF_STEPS: Final = ("state", "date")
"""Fields of an event that its steps change."""


def write(writer: DemoWriter, folder: Path) -> list[tuple[Event, RecordData, bool]]:
    """Create events, or bring those on record up to date; return each and whether it changed.

    An event is left as it is, and out, if an editor gave it another slug.
    """
    written: list[tuple[Event, RecordData, bool]] = []
    for path in sorted((folder / "events").glob("*.yaml")):
        for record in read(path):
            writer.where = f"{path.name}: {record.get('slug')}"
            if not writer.slug_is_taken(Event, record["slug"]):
                written.append((_create(writer, record), record, True))
            elif event := Event.objects.filter(slug=record["slug"]).first():
                changed = writer.renew(event, _values(writer, record), record.get("citations"))
                changed |= _drop_attendances(writer, event, record)
                changed |= _write_rows(writer, event, record)
                _cite_steps(writer, event, record)
                written.append((event, record, changed))
    return written


def _values(writer: DemoWriter, record: RecordData) -> RecordData:
    """Return the values of an event that is on record; its steps have their own."""
    skipped = {*_NOT_OF_EVENT, *(_OF_STEPS if record.get("steps") else ())}
    own = {key: value for key, value in record.items() if key not in skipped}
    return writer.values(Event, own)


def _create(writer: DemoWriter, record: RecordData) -> Event:
    framework = record.get("framework")
    event: Event = writer.create(
        Event,
        {key: value for key, value in record.items() if key not in _NOT_OF_EVENT},
        framework=writer.find(Framework.objects.all(), slug=framework) if framework else None,
        turn_side=writer.party_with_code(record.get("turn_side")),
    )
    _write_rows(writer, event, record)
    for step in map(dict, record.get("steps") or ()):
        writer.check_keys(step, {"on", "state", "date", "note_fr", "note_en", "citations"})
        citations = step.pop("citations", ())
        state = EventState(step.pop("state"))
        writer.cite(citations, event_step=events.change(event=event, state=state, **step))
    writer.cite(record.get("citations"), event=event)
    writer.new.append(event)
    return event


def _write_rows(writer: DemoWriter, event: Event, record: RecordData) -> bool:
    """Write the rows of an event except people and steps; return whether any changed."""
    places = [*(record.get("places") or ()), _only_place(record)]
    changed = writer.write_rows(
        EventPlace,
        [
            FileRow({"position": position, "place": _place(writer, values), **_venue(values)})
            for position, values in enumerate(filter(None, places))
        ],
        key=("position",),
        event=event,
    )
    sectors = (writer.find(Sector.objects.all(), slug=one) for one in record.get("sectors") or ())
    changed |= writer.write_rows(
        EventSector, [FileRow({"sector": one}) for one in sectors], key=("sector_id",), event=event
    )
    changed |= writer.write_rows(
        Participation,
        [_participation(writer, dict(one)) for one in record.get("participations") or ()],
        key=("party_id", "role"),
        like="party_id",
        event=event,
    )
    statements = enumerate(record.get("statements") or (), start=1)
    return (
        writer.write_rows(
            Statement,
            [_words(writer, position=position, **one) for position, one in statements],
            key=("position",),
            event=event,
        )
        or changed
    )


def _cite_steps(writer: DemoWriter, event: Event, record: RecordData) -> None:
    """Give the steps of an event the present citations."""
    for step in record.get("steps") or ():
        for stored in EventStep.objects.filter(event=event, on=step["on"], state=step["state"]):
            writer.cite_again(stored, step.get("citations"))


def _only_place(record: RecordData) -> RecordData:
    return {key: record[key] for key in _ONE_PLACE if record.get(key)}


def _place(writer: DemoWriter, values: RecordData) -> Place | None:
    slug = values.get("place")
    return writer.find(Place.objects.all(), slug=slug) if slug else None


def _venue(values: RecordData) -> RecordData:
    return {key: value for key, value in values.items() if key != "place"}


def _participation(writer: DemoWriter, values: RecordData) -> FileRow:
    citations = values.pop("citations", ())
    values["party"] = writer.party_with_code(values["party"])
    return FileRow({"role": Participation().role, **values}, citations)


def _words(writer: DemoWriter, **values: Any) -> FileRow:
    """Return the row of somebody's words, or of somebody's presence, at an event."""
    citations, office = values.pop("citations", ()), values.pop("office", None)
    values["person"] = writer.find(Person.objects.all(), slug=values["person"])
    values["party"] = writer.party_with_code(values.get("party"))
    values["office"] = writer.offices.get(office) if office else None
    return FileRow(values, citations)


def _drop_attendances(writer: DemoWriter, event: Event, record: RecordData) -> bool:
    """Drop the presences of an earlier load, before the parties that they were for; say whether."""
    if not writer.rows_are_untouched(Attendance, event=event):
        return False
    member = Attendance().role
    present = {
        (one["person"], one["party"], one.get("role", member))
        for one in record.get("attendances") or ()
    }
    gone = [
        row
        for row in event.attendances.select_related("person", "party")
        if (row.person.slug, row.party.code, row.role) not in present
    ]
    for row in gone:
        writer.delete(row)
    return bool(gone)


def write_attendances(writer: DemoWriter, event: Event, record: RecordData) -> bool:
    """Write who was at an event, which needs to know which parties are involved."""
    writer.where = f"{event.slug}: attendances"
    records: Iterable[RecordData] = record.get("attendances") or ()
    if not writer.rows_are_untouched(Participation, event=event):
        involved = set(event.involvements.values_list("party__code", flat=True))
        records = [one for one in records if one["party"] in involved]
    return writer.write_rows(
        Attendance,
        [_words(writer, **{"role": Attendance().role, **one}) for one in records],
        key=("person_id", "party_id", "role"),
        event=event,
    )


def follow(writer: DemoWriter, written: Iterable[tuple[Event, RecordData, bool]]) -> None:
    """Let events follow those that their records name; all of them are on record now."""
    for event, record, _changed in written:
        writer.where = f"{event.slug}: follows"
        slug = record.get("follows")
        earlier = writer.find(Event.objects.all(), slug=slug) if slug else None
        if event.follows_id != (earlier and earlier.pk) and writer.is_untouched(event):
            event.follows = earlier
            Event.objects.filter(pk=event.pk).update(follows=earlier)
