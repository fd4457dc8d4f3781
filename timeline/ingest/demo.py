"""Load records from YAML files that a person can read and correct.

Records are identified by slug, code or key. A load adds missing records and never overwrites
existing ones, so an editor's changes survive the next load. Dates are loaded as they are written.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Final

import yaml
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from timeline.actions import commitments, events, memberships, publication
from timeline.core.codes import CommitmentRole, CommitmentStatus, EventState
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Event,
    EventPlace,
    EventSector,
    FormerSlug,
    Framework,
    HostOrder,
    Membership,
    MembershipRemark,
    Office,
    Participation,
    Party,
    PartyName,
    Person,
    PersonName,
    Place,
    Sector,
    Side,
    Source,
    Statement,
)

FOLDER: Final = Path(__file__).resolve().parent.parent / "demo"
"""The files of the demo timeline."""

RecordData = dict[str, Any]


class FileError(ValueError):
    """Raised for a record that cannot be loaded; the message names the file and the record."""


class _Loader(yaml.SafeLoader):
    """A loader that leaves dates as text and reads only true and false as booleans, not 'on'."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith(":timestamp") and not (tag.endswith(":bool") and first not in "tTfF")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> list[RecordData]:
    """Return the records of a file, none if it does not exist.

    Raises FileError for a file that is not a list of records.
    """
    if not path.exists():
        return []
    try:
        records = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 — a safe loader
    except yaml.YAMLError as error:
        raise FileError(f"{path.name}: {error}") from error
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise FileError(f"{path.name}: a list of records is expected.")
    return records


class Load:
    """A load of a folder.

    ``sources`` and ``offices`` are those of the folder by key, ``speakers`` the sources with the
    code of the party that they speak for, and ``where`` is the record being loaded, for errors.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources: dict[str, Source] = {}
        self.offices: dict[str, Office] = {}
        self.speakers: list[tuple[Source, str]] = []
        self.decided: list[tuple[Membership, RecordData]] = []
        self.remarks: list[tuple[Membership, Iterable[RecordData]]] = []
        self.pairs: dict[tuple[Party | None, Party | None], bool] = {}
        self.added: dict[str, int] = {}
        self.where = ""

    def run(self) -> dict[str, int]:
        """Load the folder in one transaction; return the number of rows added for each model."""
        try:
            with transaction.atomic():
                self._load()
        except KeyError as error:
            raise FileError(f"{self.where}: the key {error.args[0]} is missing.") from error
        except ValidationError as error:
            raise FileError(f"{self.where}: {' '.join(error.messages)}") from error
        return self.added

    def _load(self) -> None:
        self._each("sources.yaml", self._source)
        self._each("parties.yaml", self._party)
        self._link_speakers()
        self._each("memberships.yaml", self._membership)
        self._each("sectors.yaml", self._sector)
        self._each("places.yaml", self._place)
        self._each("people.yaml", self._person)
        self._each("frameworks.yaml", self._framework)
        added, taken = self._events()
        self._follows(added)
        self._decisions()
        events.refresh_derived(events=[event.pk for event, _record in added])
        for event, record in added:
            self._attendances(event, record)
        for event, record in added:
            self._commitments(event, record)
        for _event, record in added:
            self._updates(record)
        for event, record in taken:
            self._update_attendances(event, record)
            self._update_commitments(event, record)
        events.refresh_derived(events=[event.pk for event, _record in added])

    def _each(self, name: str, load: Callable[[RecordData], None]) -> None:
        for record in read(self.folder / name):
            key = record.get("slug") or record.get("code") or record.get("key") or record
            self.where = f"{name}: {key}"
            load(dict(record))

    def _save(self, instance: models.Model) -> None:
        kind = str(instance._meta.model_name) + (" changed" if instance.pk else "")
        # Validating constraints takes longer than saving, so it is left to the database. Only if
        # that refuses, full_clean() is called again for the message.
        instance.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                instance.save()
        except IntegrityError:
            instance.full_clean()
            raise
        self.added[kind] = self.added.get(kind, 0) + 1

    def _create(self, model: type[models.Model], record: RecordData, **more: Any) -> Any:
        """Create an instance from the remaining keys of a record; refuse unknown keys."""
        self._check_keys(record, {f.name for f in model._meta.get_fields() if not f.auto_created})
        values = {key: value for key, value in record.items() if value is not None}
        instance = model(**values, **more)
        self._save(instance)
        return instance

    def _check_keys(self, record: RecordData, valid: Set[str]) -> None:
        if unknown := set(record) - valid:
            raise FileError(f"{self.where}: unknown key {', '.join(sorted(unknown))}.")

    def _slug_is_taken(self, model: type[models.Model], slug: str) -> bool:
        """Whether a row has this slug, or had it before an editor changed it."""
        former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug)
        return model._default_manager.filter(slug=slug).exists() or former.exists()

    def _find(self, queryset: "models.QuerySet[Any]", **key: Any) -> Any:
        instance = queryset.filter(**key).first()
        if instance is None:
            raise FileError(f"{self.where}: {', '.join(map(str, key.values()))} is not on record.")
        return instance

    def _party_with_code(self, code: str | None) -> Party | None:
        return self._find(Party.objects.all(), code=code) if code else None

    def _cite(self, citations: Iterable[RecordData] | None, **target: models.Model) -> None:
        for citation in citations or ():
            record = dict(citation)
            key = record.pop("source")
            if key not in self.sources:
                raise FileError(f"{self.where}: source {key} is not in sources.yaml.")
            self._create(Citation, record, source=self.sources[key], **target)

    def _source(self, record: RecordData) -> None:
        key = record.pop("key")
        if key in self.sources:
            raise FileError(f"{self.where}: this key is given to two sources.")
        existing = (
            Source.objects.filter(url=record["url"])
            if record.get("url")
            else Source.objects.filter(title=record["title"], publisher=record.get("publisher", ""))
        )
        speaks_for = record.pop("speaks_for", None)
        source = existing.first()
        if source is None:
            source = self._create(Source, record)
            if speaks_for:
                self.speakers.append((source, speaks_for))
        self.sources[key] = source

    def _link_speakers(self) -> None:
        """Link sources to the parties they speak for, which are loaded later as they cite them."""
        for source, code in self.speakers:
            source.speaks_for = self._party_with_code(code)
            Source.objects.filter(pk=source.pk).update(speaks_for=source.speaks_for)

    def _party(self, record: RecordData) -> None:
        names, citations = record.pop("names", ()), record.pop("citations", ())
        if Party.objects.filter(code=record["code"]).exists():
            return
        party = self._create(Party, record)
        for name in map(dict, names):
            name_citations = name.pop("citations", ())
            self._cite(name_citations, party_name=self._create(PartyName, name, party=party))
        self._cite(citations, party=party)

    def _membership(self, record: RecordData) -> None:
        """Create a spell, or bring one of an earlier demo up to date that nobody has changed.

        The spells of a pair that editors have created or changed stay as they are, all of them.
        """
        citations, former = record.pop("citations", ()), record.pop("former", None)
        remarks = record.pop("remarks", ())
        names = ("start_event", "end_event")
        decided: RecordData = {name: record.pop(name) for name in names if name in record}
        party = self._party_with_code(record.pop("party"))
        bloc = self._party_with_code(record.pop("bloc"))
        spells = Membership.objects.filter(party=party, bloc=bloc)
        stored = spells.filter(starts=record["starts"]).first()
        is_new = self.pairs.setdefault((party, bloc), not spells.exists())
        if stored is None and is_new:
            spell = self._create(Membership, record, party=party, bloc=bloc)
            self._cite(citations, membership=spell)
        elif stored is not None and former and self._is_untouched(stored, former):
            spell = self._update(stored, record)
            self._cite_again(citations, membership=spell)
            self.pairs[party, bloc] = True
        else:
            if stored is not None and self._is_untouched(stored, {}):
                self.remarks.append((stored, remarks))
            return
        self.decided.append((spell, decided))
        self.remarks.append((spell, remarks))

    @staticmethod
    def _says(instance: Any, values: RecordData) -> bool:
        return all(str(getattr(instance, key)) == str(value) for key, value in values.items())

    def _is_untouched(self, instance: Any, former: RecordData) -> bool:
        """Whether an instance still says what an earlier demo said, and nobody ever changed it."""
        by_editors = instance.history.exclude(history_user=None)
        return self._says(instance, former) and not by_editors.exists()

    def _update(self, instance: Any, values: RecordData) -> Any:
        """Let an instance say these values; save it only if it says others."""
        if not self._says(instance, values):
            for key, value in values.items():
                setattr(instance, key, value)
            self._save(instance)
        return instance

    def _cite_again(self, records: Iterable[RecordData] | None, **target: models.Model) -> None:
        """Give a record the citations of the present demo; those of an earlier one go."""
        cited = {
            (self.sources[record["source"]].pk, record.get("field", "")): record
            for record in records or ()
        }
        of_demo = set(self.sources.values())
        for citation in Citation.objects.filter(**target):
            record = cited.pop((citation.source_id, citation.field), None)
            if not self._is_untouched(citation, {}):
                continue
            if record is not None:
                values = {key: value for key, value in record.items() if key != "source"}
                self._update(citation, values)
            elif citation.source in of_demo:
                citation.delete()
        self._cite(cited.values(), **target)

    def _decisions(self) -> None:
        """Name the events at which spells were decided, and add what was remarked of spells.

        Memberships are loaded before events.

        Who took part because of spells that were brought up to date is worked out, too.
        """
        for spell, decided in self.decided:
            for key, slug in decided.items():
                setattr(spell, key, self._find(Event.objects.all(), slug=slug))
            if decided:
                spell.save()
        for spell, remarks in self.remarks:
            for remark in map(dict, remarks):
                self._remark(spell, remark)
        for bloc in sorted({spell.bloc_id for spell, _decided in self.decided}):
            memberships.refresh_derived(bloc=bloc)

    def _remark(self, spell: Membership, record: RecordData) -> None:
        """Remark something of a spell, unless this was ever remarked of it."""
        self.where = f"memberships.yaml: remark on {spell}"
        citations, event = record.pop("citations", ()), record.pop("event", None)
        made = MembershipRemark.history.filter(membership=spell.pk)
        if made.filter(kind=record["kind"], date=record["date"]).exists():
            return
        at = self._find(Event.objects.all(), slug=event) if event else None
        remark = self._create(MembershipRemark, record, membership=spell, event=at)
        self._cite(citations, membership_remark=remark)

    def _sector(self, record: RecordData) -> None:
        slug = record.pop("parent", None)
        if not Sector.objects.filter(slug=record["slug"]).exists():
            parent = self._find(Sector.objects.all(), slug=slug) if slug else None
            self._create(Sector, record, parent=parent)

    def _place(self, record: RecordData) -> None:
        party = self._party_with_code(record.pop("party", None))
        if not Place.objects.filter(slug=record["slug"]).exists():
            self._create(Place, record, party=party)

    def _person(self, record: RecordData) -> None:
        names, offices = record.pop("names", ()), record.pop("offices", ())
        person = Person.objects.filter(slug=record["slug"]).first()
        is_new = person is None
        if person is None:
            person = self._create(Person, record)
        for name in names if is_new else ():
            self._create(PersonName, dict(name), person=person)
        for values in map(dict, offices):
            key, citations = values.pop("key"), values.pop("citations", ())
            party = self._party_with_code(values.pop("party", None))
            title = values.get("title_en", "")
            office = Office.objects.filter(person=person, title_en=title).first()
            if office is None and is_new:
                office = self._create(Office, values, person=person, party=party)
                self._cite(citations, office=office)
            if office is not None:
                self.offices[key] = office

    def _framework(self, record: RecordData) -> None:
        sides, citations = record.pop("sides"), record.pop("citations", ())
        fixed_host = self._party_with_code(record.pop("fixed_host", None))
        if self._slug_is_taken(Framework, record["slug"]):
            return
        framework = self._create(Framework, record, fixed_host=fixed_host)
        for side_position, values in enumerate(sides, start=1):
            self._check_keys(values, {"party", "member_order", "order"})
            side = self._create(
                Side,
                {"member_order": values.get("member_order", "open")},
                framework=framework,
                party=self._party_with_code(values["party"]),
                position=side_position,
            )
            for position, code in enumerate(values.get("order", ()), start=1):
                party = self._party_with_code(code)
                self._create(HostOrder, {}, side=side, party=party, position=position)
        self._cite(citations, framework=framework)
        publication.publish(record=framework)

    def _events(self) -> tuple[list[tuple[Event, RecordData]], list[tuple[Event, RecordData]]]:
        """Create the events that are not on record; return them, and those that are.

        An event is left as it is, and out of both, if an editor gave it another slug.
        """
        added: list[tuple[Event, RecordData]] = []
        taken: list[tuple[Event, RecordData]] = []
        for path in sorted((self.folder / "events").glob("*.yaml")):
            for record in read(path):
                self.where = f"{path.name}: {record.get('slug')}"
                if not self._slug_is_taken(Event, record["slug"]):
                    added.append((self._event(dict(record)), record))
                elif event := Event.objects.filter(slug=record["slug"]).first():
                    self._update_roles(event, record)
                    self._update_places(event, record)
                    taken.append((event, record))
        return added, taken

    def _update_roles(self, event: Event, record: RecordData) -> None:
        """Give the parties of an event of an earlier demo their present roles."""
        for values in record.get("participations") or ():
            former = values.get("former")
            rows = Participation.objects.filter(event=event, party__code=values["party"])
            stored = rows.filter(**former).first() if former else None
            if stored is not None and self._is_untouched(stored, former):
                self._update(stored, {"role": values["role"]})
                events.refresh_derived(events=[event.pk])

    def _update_places(self, event: Event, record: RecordData) -> None:
        """Add the places of an event of which an earlier demo knew the first alone."""
        places = _places(record)
        if len(places) < 2:
            return
        stored = list(event.place_links.values_list("place__slug", flat=True))
        edited = EventPlace.history.filter(event=event).exclude(history_user=None)
        if stored != [places[0].get("place")] or edited.exists():
            return
        for position, values in enumerate(places[1:], start=1):
            self._event_place(event, values, position)
        of_place = [one for one in record["citations"] if one.get("field") == "place"]
        self._cite(of_place, event=event)
        events.refresh_derived(events=[event.pk])

    def _event(self, record: RecordData) -> Event:
        children = {key: record.pop(key, None) or () for key in _NOT_OF_EVENT}
        framework = record.pop("framework", None)
        side = self._party_with_code(record.pop("turn_side", None))
        event: Event = self._create(
            Event,
            record,
            framework=self._find(Framework.objects.all(), slug=framework) if framework else None,
            turn_side=side,
        )
        for position, values in enumerate(_places(children)):
            self._event_place(event, values, position)
        for slug in children["sectors"]:
            sector = self._find(Sector.objects.all(), slug=slug)
            self._create(EventSector, {}, event=event, sector=sector)
        for values in map(dict, children["participations"]):
            citations = values.pop("citations", ())
            values.pop("former", None)
            party = self._party_with_code(values.pop("party"))
            participation = self._create(Participation, values, event=event, party=party)
            self._cite(citations, participation=participation)
        self._statements(event, children["statements"])
        for step in map(dict, children["steps"]):
            self._check_keys(step, {"on", "state", "date", "note_fr", "note_en", "citations"})
            citations = step.pop("citations", ())
            state = EventState(step.pop("state"))
            self._cite(citations, event_step=events.change(event=event, state=state, **step))
        self._cite(children["citations"], event=event)
        publication.publish(record=event)
        return event

    def _event_place(self, event: Event, values: RecordData, position: int) -> None:
        slug = values.get("place")
        self._create(
            EventPlace,
            {key: value for key, value in values.items() if key != "place"},
            event=event,
            place=self._find(Place.objects.all(), slug=slug) if slug else None,
            position=position,
        )

    def _statements(self, event: Event, records: Sequence[RecordData]) -> None:
        for position, record in enumerate(map(dict, records), start=1):
            record.pop("key", None)
            citations, office = record.pop("citations", ()), record.pop("office", None)
            person = self._find(Person.objects.all(), slug=record.pop("person"))
            party = self._party_with_code(record.pop("party", None))
            statement = self._create(
                Statement,
                record,
                event=event,
                person=person,
                party=party,
                office=self.offices.get(office) if office else None,
                position=position,
            )
            self._cite(citations, statement=statement)

    def _attendances(self, event: Event, record: RecordData) -> None:
        for values in record.get("attendances") or ():
            self._attendance(event, dict(values))

    def _attendance(self, event: Event, values: RecordData) -> None:
        self.where = f"{event.slug}: attendance of {values.get('person')}"
        citations, office = values.pop("citations", ()), values.pop("office", None)
        person = self._find(Person.objects.all(), slug=values.pop("person"))
        party = self._party_with_code(values.pop("party"))
        attendance = self._create(
            Attendance,
            values,
            event=event,
            person=person,
            party=party,
            office=self.offices.get(office) if office else None,
        )
        self._cite(citations, attendance=attendance)

    def _update_attendances(self, event: Event, event_record: RecordData) -> None:
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
                self._attendance(event, dict(records[key]))
            else:
                stored[key] = self._update(stored.pop(former), {"role": key[2]})
        for key in sorted(records.keys() & stored.keys()):
            if key[0] in changed:
                self._cite_again(records[key].get("citations"), attendance=stored[key])
        if changed:
            events.refresh_derived(events=[event.pk])

    def _follows(self, added: list[tuple[Event, RecordData]]) -> None:
        for event, record in added:
            if record.get("follows"):
                self.where = f"{event.slug}: follows"
                event.follows = self._find(Event.objects.all(), slug=record["follows"])
                Event.objects.filter(pk=event.pk).update(follows=event.follows)

    def _commitments(self, event: Event, event_record: RecordData) -> None:
        for record in event_record.get("commitments") or ():
            self.where = f"{event.slug}: commitment {record.get('slug')}"
            self._commitment(event, record)

    def _commitment(self, event: Event, record: RecordData) -> None:
        values = {key: value for key, value in record.items() if key not in _NOT_OF_COMMITMENT}
        values.setdefault("mutual", self._is_mutual(record))
        commitment = self._create(
            Commitment,
            values,
            event=event,
            restates=self._commitment_with_slug(record.get("restates")),
            answers=self._commitment_with_slug(record.get("answers")),
        )
        for key, role in _ROLES.items():
            for code in record.get(key) or ():
                self._create(
                    CommitmentParty,
                    {"role": role.value},
                    commitment=commitment,
                    party=self._party_with_code(code),
                )
        for slug in record.get("sectors") or ():
            sector = self._find(Sector.objects.all(), slug=slug)
            self._create(CommitmentSector, {}, commitment=commitment, sector=sector)
        self._cite(record.get("citations"), commitment=commitment)
        commitments.check_roles(commitment=commitment)
        publication.publish(record=commitment)

    def _commitment_with_slug(self, slug: str | None) -> Commitment | None:
        return self._find(Commitment.objects.all(), slug=slug) if slug else None

    @staticmethod
    def _is_mutual(record: RecordData) -> bool:
        """Whether sides undertook a commitment together and for nobody named."""
        return len(record.get("obligors") or ()) > 1 and not record.get("beneficiaries")

    def _update_commitments(self, event: Event, event_record: RecordData) -> None:
        """Add what an earlier demo did not say of an event, and make mutual what it said is so.

        Commitments with ``former`` values take the present ones.
        """
        for record in event_record.get("commitments") or ():
            self.where = f"{event_record['slug']}: commitment {record.get('slug')}"
            if not self._slug_is_taken(Commitment, record["slug"]):
                self._commitment(event, record)
                self._updates_of(record)
                continue
            commitment = Commitment.objects.filter(slug=record["slug"]).first()
            if commitment is None:
                continue
            if self._is_mutual(record) and self._is_untouched(commitment, {"mutual": False}):
                self._update(commitment, {"mutual": record.get("mutual", True)})
            former = record.get("former")
            if former and self._is_untouched(commitment, former):
                values = {key: record.get(key, getattr(Commitment(), key)) for key in former}
                answers = self._commitment_with_slug(record.get("answers"))
                self._update(commitment, {**values, "answers": answers})
                self._cite_again(record.get("citations"), commitment=commitment)
                self._update_first_step(commitment, record)

    def _update_first_step(self, commitment: Commitment, record: RecordData) -> None:
        """Let the first step of a commitment's life have its present day and sources.

        A step is never changed: for another day, a new one corrects it.
        """
        first = commitment.updates.order_by("entry").first()
        if first is None:
            return
        if first.date != commitment.date_made:
            if first.corrected_by.exists():
                return
            first = commitments.record_update(
                commitment=commitment,
                date=commitment.date_made.text,
                status=CommitmentStatus(first.status),
                event=first.event,
                corrects=first,
            )
            self.added["statusupdate"] = self.added.get("statusupdate", 0) + 1
        citations = [
            {key: value for key, value in citation.items() if key != "field"}
            for citation in record.get("citations") or ()
            if citation.get("field", "") in commitments.OF_MAKING
        ]
        self._cite_again(citations, status_update=first)

    def _updates(self, event_record: RecordData) -> None:
        for record in event_record.get("commitments") or ():
            self.where = f"{event_record['slug']}: updates of {record['slug']}"
            self._updates_of(record)

    def _updates_of(self, record: RecordData) -> None:
        commitment = Commitment.objects.select_related("event").get(slug=record["slug"])
        first_status = CommitmentStatus(record.get("status", CommitmentStatus.AGREED.value))
        commitments.create_first_update(commitment=commitment, status=first_status)
        for step in map(dict, record.get("updates") or ()):
            self._check_keys(step, {"date", "status", "note_fr", "note_en", "event", "citations"})
            citations, slug = step.pop("citations", ()), step.pop("event", None)
            update = commitments.record_update(
                commitment=commitment,
                status=CommitmentStatus(step.pop("status")),
                event=self._find(Event.objects.all(), slug=slug) if slug else None,
                **step,
            )
            self._cite(citations, status_update=update)


_ROLES: Final = {
    "obligors": CommitmentRole.OBLIGOR,
    "beneficiaries": CommitmentRole.BENEFICIARY,
    "askers": CommitmentRole.ASKER,
    "asked": CommitmentRole.ASKED,
}
"""The roles of parties by the keys of the record of a commitment."""

_ONE_PLACE: Final = ("place", "venue_fr", "venue_en")
"""Keys of the record of an event that took place at one place or venue."""


def _places(record: RecordData) -> list[RecordData]:
    """Return where an event took place: several ``places``, or its only place or venue."""
    only = {key: record[key] for key in _ONE_PLACE if record.get(key)}
    return [*(record.get("places") or ()), *([only] if only else [])]


_NOT_OF_EVENT: Final = (
    *(*_ONE_PLACE, "places", "sectors", "participations", "attendances", "statements", "steps"),
    *("citations", "commitments", "follows"),
)
"""Keys of the record of an event that are not fields of it."""

_NOT_OF_COMMITMENT: Final = frozenset(
    {
        *("obligors", "beneficiaries", "askers", "asked", "sectors", "restates", "answers"),
        *("citations", "updates", "status", "former"),
    }
)
"""Keys of the record of a commitment that are not its own fields or are looked up."""


def load(folder: Path = FOLDER) -> Mapping[str, int]:
    """Load a folder of records; return the number of rows added for each model.

    Raises FileError for a record that cannot be loaded; nothing is loaded then.
    """
    return Load(folder).run()
