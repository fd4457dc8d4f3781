"""What events name: sources, parties, sectors, places, people and frameworks."""

from timeline.actions import publication
from timeline.ingest.demo.files import RecordData
from timeline.ingest.demo.writing import Writer
from timeline.models import (
    Framework,
    HostOrder,
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


def add_source(writer: Writer, record: RecordData) -> None:
    key = record.pop("key")
    if key in writer.sources:
        raise writer.error("this key is given to two sources.")
    existing = (
        Source.objects.filter(url=record["url"])
        if record.get("url")
        else Source.objects.filter(title=record["title"], publisher=record.get("publisher", ""))
    )
    speaks_for = record.pop("speaks_for", None)
    source = existing.first()
    if source is None:
        source = writer.create(Source, record)
        if speaks_for:
            writer.speakers.append((source, speaks_for))
    writer.sources[key] = source


def link_speakers(writer: Writer) -> None:
    """Link sources to the parties they speak for, which are loaded later as they cite them."""
    for source, code in writer.speakers:
        source.speaks_for = writer.party_with_code(code)
        Source.objects.filter(pk=source.pk).update(speaks_for=source.speaks_for)


def add_party(writer: Writer, record: RecordData) -> None:
    names, citations = record.pop("names", ()), record.pop("citations", ())
    if Party.objects.filter(code=record["code"]).exists():
        return
    part_of = writer.party_with_code(record.pop("part_of", None))
    party = writer.create(Party, record, part_of=part_of)
    for name in map(dict, names):
        name_citations = name.pop("citations", ())
        writer.cite(name_citations, party_name=writer.create(PartyName, name, party=party))
    writer.cite(citations, party=party)


def add_sector(writer: Writer, record: RecordData) -> None:
    slug = record.pop("parent", None)
    if not Sector.objects.filter(slug=record["slug"]).exists():
        parent = writer.find(Sector.objects.all(), slug=slug) if slug else None
        writer.create(Sector, record, parent=parent)


def add_place(writer: Writer, record: RecordData) -> None:
    party = writer.party_with_code(record.pop("party", None))
    if not Place.objects.filter(slug=record["slug"]).exists():
        writer.create(Place, record, party=party)


def add_person(writer: Writer, record: RecordData) -> None:
    names, offices = record.pop("names", ()), record.pop("offices", ())
    person = Person.objects.filter(slug=record["slug"]).first()
    is_new = person is None
    if person is None:
        person = writer.create(Person, record)
    for name in names if is_new else ():
        writer.create(PersonName, dict(name), person=person)
    for values in map(dict, offices):
        key, citations = values.pop("key"), values.pop("citations", ())
        party = writer.party_with_code(values.pop("party", None))
        title = values.get("title_en", "")
        office = Office.objects.filter(person=person, title_en=title).first()
        if office is None and is_new:
            office = writer.create(Office, values, person=person, party=party)
            writer.cite(citations, office=office)
        if office is not None:
            writer.offices[key] = office


def add_framework(writer: Writer, record: RecordData) -> None:
    sides, citations = record.pop("sides"), record.pop("citations", ())
    fixed_host = writer.party_with_code(record.pop("fixed_host", None))
    former = record.pop("former", None)
    if writer.slug_is_taken(Framework, record["slug"]):
        if stored := Framework.objects.filter(slug=record["slug"]).first():
            writer.renew(stored, {**record, "citations": citations}, former, framework=stored)
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
    publication.publish(record=framework)
