"""The identity of the site, and what events name: sources, parties, places, people, frameworks."""

from collections.abc import Iterable
from typing import Any

from timeline.ingest.demo.files import RecordData
from timeline.ingest.demo.writing import DemoWriter, FileRow
from timeline.models import (
    Framework,
    HostOrder,
    Identity,
    Office,
    Party,
    PartyName,
    Person,
    PersonName,
    Place,
    Sector,
    Side,
    Source,
)


def add_identity(writer: DemoWriter, record: RecordData) -> None:
    """Say that the site is an example, unless editors wrote what it is."""
    stored = Identity.objects.first()
    if stored is None:
        writer.create(Identity, record)
    else:
        writer.renew(stored, writer.values(Identity, record))


def add_source(writer: DemoWriter, record: RecordData) -> None:
    """Create a source, or bring the one with the same address or title up to date."""
    key, speaks_for = record.pop("key"), record.pop("speaks_for", None)
    if key in writer.sources:
        raise writer.error("this key is given to two sources.")
    existing = (
        Source.objects.filter(url=record["url"])
        if record.get("url")
        else Source.objects.filter(title=record["title"], publisher=record.get("publisher", ""))
    )
    source = existing.first()
    if source is None:
        source = writer.create(Source, record)
    else:
        writer.renew(source, writer.values(Source, record))
    writer.speakers.append((source, speaks_for))
    writer.sources[key] = source


def link_speakers(writer: DemoWriter) -> None:
    """Link sources to the parties they speak for, which are loaded later as they cite them."""
    for source, code in writer.speakers:
        party = writer.party_with_code(code)
        if source.speaks_for_id != (party and party.pk) and writer.is_untouched(source):
            source.speaks_for = party
            Source.objects.filter(pk=source.pk).update(speaks_for=party)


def add_party(writer: DemoWriter, record: RecordData) -> None:
    names, citations = record.pop("names", ()), record.pop("citations", ())
    values = writer.values(Party, {**record, "part_of": None})
    values["part_of"] = writer.party_with_code(record.get("part_of"))
    party = Party.objects.filter(code=record["code"]).first()
    if party is None:
        party = Party(**values)
        writer.save(party)
        writer.cite(citations, party=party)
    else:
        writer.renew(party, values, citations)
    writer.write_rows(PartyName, _names(names), key=("name", "language"), party=party)


def _names(records: Iterable[RecordData]) -> list[FileRow]:
    rows = []
    for name in map(dict, records):
        citations = name.pop("citations", ())
        rows.append(FileRow(name, citations))
    return rows


def add_sector(writer: DemoWriter, record: RecordData) -> None:
    slug = record.pop("parent", None)
    parent = writer.find(Sector.objects.all(), slug=slug) if slug else None
    _write(writer, Sector, {**writer.values(Sector, record), "parent": parent})


def add_place(writer: DemoWriter, record: RecordData) -> None:
    party = writer.party_with_code(record.pop("party", None))
    _write(writer, Place, {**writer.values(Place, record), "party": party})


def _write(writer: DemoWriter, model: Any, values: RecordData) -> Any:
    """Create a row, or bring the one with the same slug up to date; return it."""
    stored = model.objects.filter(slug=values["slug"]).first()
    if stored is None:
        writer.save(stored := model(**values))
    else:
        writer.renew(stored, values)
    return stored


def add_person(writer: DemoWriter, record: RecordData) -> None:
    names, offices = record.pop("names", ()), record.pop("offices", ())
    person = _write(writer, Person, writer.values(Person, record))
    writer.write_rows(PersonName, _names(names), key=("name", "language"), person=person)
    rows = []
    for values in map(dict, offices):
        citations = values.pop("citations", ())
        party = writer.party_with_code(values.pop("party", None))
        rows.append((values.pop("key"), FileRow({**values, "party": party}, citations)))
    writer.write_rows(
        Office, [row for _key, row in rows], key=("title_en",), like="party_id", person=person
    )
    for key, row in rows:
        held = Office.objects.filter(person=person, party=row.values["party"])
        title = row.values.get("title_en", "")
        if office := held.filter(title_en=title).first() or held.first():
            writer.offices[key] = office


def add_framework(writer: DemoWriter, record: RecordData) -> None:
    sides, citations = record.pop("sides"), record.pop("citations", ())
    fixed_host = writer.party_with_code(record.pop("fixed_host", None))
    if writer.slug_is_taken(Framework, record["slug"]):
        if stored := Framework.objects.filter(slug=record["slug"]).first():
            values = {**writer.values(Framework, record), "fixed_host": fixed_host}
            writer.renew(stored, values, citations)
        return
    framework = writer.create(Framework, record, fixed_host=fixed_host)
    for side_position, values in enumerate(sides, start=1):
        writer.check_keys(values, {"party", "member_order", "order"})
        side = writer.create(
            Side,
            {"member_order": values.get("member_order", "open")},
            framework=framework,
            party=writer.party_with_code(values["party"]),
            position=side_position,
        )
        for position, code in enumerate(values.get("order", ()), start=1):
            party = writer.party_with_code(code)
            writer.create(HostOrder, {}, side=side, party=party, position=position)
    writer.cite(citations, framework=framework)
    writer.new.append(framework)
