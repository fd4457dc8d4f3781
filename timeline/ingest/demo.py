"""A record kept as YAML files that a person can read and correct, loaded into the database.

Records are known by slug, code or key. Loading adds what is missing and never overwrites: an
editor's change outlives the next load. Dates stay the strings that they are in the files.
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
    EventSector,
    FormerSlug,
    Framework,
    HostOrder,
    Membership,
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
"""Where the demo timeline is kept."""

Row = dict[str, Any]


class FileError(ValueError):
    """A record in the files that cannot be loaded, named by file and record."""


class _Text(yaml.SafeLoader):
    """YAML in which dates stay text, and only true and false are truth values ('on' is a key)."""


_Text.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in found
        if not tag.endswith(":timestamp") and not (tag.endswith(":bool") and first not in "tTfF")
    ]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> list[Row]:
    """Read one file of records; an absent file holds none. Raises FileError when it is no list."""
    if not path.exists():
        return []
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=_Text)  # noqa: S506 — a safe loader
    except yaml.YAMLError as error:
        raise FileError(f"{path.name}: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FileError(f"{path.name}: a list of records is expected.")
    return rows


class Load:
    """One load of a folder; rows made earlier in it are found by their keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources: dict[str, Source] = {}
        self.offices: dict[str, Office] = {}
        self.speakers: list[tuple[Source, str]] = []
        self.decided: list[tuple[Membership, Row]] = []
        self.spells: dict[tuple[Party, Party], bool] = {}
        self.added: dict[str, int] = {}
        self.where = ""

    def run(self) -> dict[str, int]:
        """Load the folder in one transaction; return how many records of each kind were added."""
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
        self._later_parties()
        self._each("memberships.yaml", self._membership)
        self._each("sectors.yaml", self._sector)
        self._each("places.yaml", self._place)
        self._each("people.yaml", self._person)
        self._each("frameworks.yaml", self._framework)
        made = self._events()
        self._follows(made)
        self._later_events()
        events.refresh_derived(events=[event.pk for event, _row in made])
        for event, row in made:
            self._attendances(event, row)
        for event, row in made:
            self._commitments(event, row)
        for _event, row in made:
            self._updates(row)
        events.refresh_derived(events=[event.pk for event, _row in made])

    def _each(self, name: str, load: Callable[[Row], None]) -> None:
        for row in read(self.folder / name):
            self.where = f"{name}: {row.get('slug') or row.get('code') or row.get('key') or row}"
            load(dict(row))

    def _save(self, row: models.Model) -> None:
        """Save a row, and let the database check its rules: asking first takes longer than saving.

        What it refuses is asked then, for the sentence that says why.
        """
        row.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            row.full_clean()
            raise
        kind = str(row._meta.model_name)
        self.added[kind] = self.added.get(kind, 0) + 1

    def _made(self, model: type[models.Model], row: Row, **more: Any) -> Any:
        """Make a row of a model from what is left of a record; unknown keys are refused."""
        self._only(row, {f.name for f in model._meta.get_fields() if not f.auto_created})
        made = model(**{key: value for key, value in row.items() if value is not None}, **more)
        self._save(made)
        return made

    def _only(self, row: Row, known: Set[str]) -> None:
        unknown = set(row) - known
        if unknown:
            raise FileError(f"{self.where}: unknown key {', '.join(sorted(unknown))}.")

    def _taken(self, model: type[models.Model], slug: str) -> bool:
        """Whether a record has this slug, or had it before an editor gave it another."""
        former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug)
        return model._default_manager.filter(slug=slug).exists() or former.exists()

    def _find(self, rows: "models.QuerySet[Any]", **key: Any) -> Any:
        found = rows.filter(**key).first()
        if found is None:
            raise FileError(f"{self.where}: {', '.join(map(str, key.values()))} is not on record.")
        return found

    def _party_named(self, code: str | None) -> Party | None:
        return self._find(Party.objects.all(), code=code) if code else None

    def _cite(self, rows: Iterable[Row] | None, **target: models.Model) -> None:
        for row in rows or ():
            cited = dict(row)
            key = cited.pop("source")
            if key not in self.sources:
                raise FileError(f"{self.where}: source {key} is not in sources.yaml.")
            self._made(Citation, cited, source=self.sources[key], **target)

    def _source(self, row: Row) -> None:
        key = row.pop("key")
        if key in self.sources:
            raise FileError(f"{self.where}: this key is given to two sources.")
        known = (
            Source.objects.filter(url=row["url"])
            if row.get("url")
            else Source.objects.filter(title=row["title"], publisher=row.get("publisher", ""))
        )
        speaks_for = row.pop("speaks_for", None)
        source = known.first()
        if source is None:
            source = self._made(Source, row)
            if speaks_for:
                self.speakers.append((source, speaks_for))
        self.sources[key] = source

    def _later_parties(self) -> None:
        """Sources come before parties, which cite them; whom they speak for is filled in after."""
        for source, code in self.speakers:
            source.speaks_for = self._party_named(code)
            Source.objects.filter(pk=source.pk).update(speaks_for=source.speaks_for)

    def _party(self, row: Row) -> None:
        names, cited = row.pop("names", ()), row.pop("citations", ())
        if Party.objects.filter(code=row["code"]).exists():
            return
        party = self._made(Party, row)
        for name in names:
            more = dict(name)
            self._cite(
                more.pop("citations", ()), party_name=self._made(PartyName, more, party=party)
            )
        self._cite(cited, party=party)

    def _membership(self, row: Row) -> None:
        """Make a spell, or bring one of an earlier demo up to date that nobody has changed.

        The spells of a pair that editors have made or changed stay as they are, all of them.
        """
        cited, former = row.pop("citations", ()), row.pop("former", None)
        events_named = {key: row.pop(key) for key in ("start_event", "end_event") if key in row}
        pair = self._party_named(row.pop("party")), self._party_named(row.pop("bloc"))
        rows = Membership.objects.filter(party=pair[0], bloc=pair[1])
        stored = rows.filter(starts=row["starts"]).first()
        if pair not in self.spells:
            self.spells[pair] = not rows.exists()
        if stored is None and self.spells[pair]:
            spell = self._made(Membership, row, party=pair[0], bloc=pair[1])
            self._cite(cited, membership=spell)
        elif stored is not None and former and self._is_untouched(stored, former):
            spell = self._renewed(stored, row)
            self._cite_again(cited, membership=spell)
            self.spells[pair] = True
        else:
            return
        if events_named:
            self.decided.append((spell, events_named))

    @staticmethod
    def _is_untouched(row: Any, former: Row) -> bool:
        """Whether a row still says what an earlier demo said, and nobody ever changed it."""
        same = all(str(getattr(row, key)) == str(value) for key, value in former.items())
        return same and not row.history.exclude(history_user=None).exists()

    def _renewed(self, stored: Any, row: Row) -> Any:
        for key, value in row.items():
            setattr(stored, key, value)
        self._save(stored)
        return stored

    def _cite_again(self, rows: Iterable[Row] | None, **target: models.Model) -> None:
        """Give a record the citations of the present demo; those of an earlier one go."""
        cited = [dict(row) for row in rows or ()]
        wanted = {(self.sources[row["source"]].pk, row.get("field", "")) for row in cited}
        kept, demo = set(), set(self.sources.values())
        for citation in Citation.objects.filter(**target):
            fact = (citation.source_id, citation.field)
            if fact in wanted:
                kept.add(fact)
            elif citation.source in demo and self._is_untouched(citation, {}):
                citation.delete()
        self._cite(
            (
                row
                for row in cited
                if (self.sources[row["source"]].pk, row.get("field", "")) not in kept
            ),
            **target,
        )

    def _later_events(self) -> None:
        """Memberships come before events; at which of them a spell was decided is filled in after.

        What follows from spells that were brought up to date is worked out then, too.
        """
        for spell, named in self.decided:
            for key, slug in named.items():
                setattr(spell, key, self._find(Event.objects.all(), slug=slug))
            spell.save()
        for bloc in sorted({bloc.pk for (_party, bloc), made in self.spells.items() if made}):
            memberships.refresh_derived(bloc=bloc)

    def _sector(self, row: Row) -> None:
        parent = row.pop("parent", None)
        if not Sector.objects.filter(slug=row["slug"]).exists():
            above = self._find(Sector.objects.all(), slug=parent) if parent else None
            self._made(Sector, row, parent=above)

    def _place(self, row: Row) -> None:
        party = self._party_named(row.pop("party", None))
        if not Place.objects.filter(slug=row["slug"]).exists():
            self._made(Place, row, party=party)

    def _person(self, row: Row) -> None:
        names, offices = row.pop("names", ()), row.pop("offices", ())
        person = Person.objects.filter(slug=row["slug"]).first()
        fresh = person is None
        if person is None:
            person = self._made(Person, row)
        for name in names if fresh else ():
            self._made(PersonName, dict(name), person=person)
        for office in offices:
            held = dict(office)
            key, cited = held.pop("key"), held.pop("citations", ())
            party = self._party_named(held.pop("party", None))
            known = Office.objects.filter(person=person, title_en=held.get("title_en", "")).first()
            if known is None and fresh:
                known = self._made(Office, held, person=person, party=party)
                self._cite(cited, office=known)
            if known is not None:
                self.offices[key] = known

    def _framework(self, row: Row) -> None:
        sides, cited = row.pop("sides"), row.pop("citations", ())
        fixed = self._party_named(row.pop("fixed_host", None))
        if self._taken(Framework, row["slug"]):
            return
        framework = self._made(Framework, row, fixed_host=fixed)
        for position, side in enumerate(sides, start=1):
            self._only(side, {"party", "member_order", "order"})
            party = self._party_named(side["party"])
            made = self._made(
                Side,
                {"member_order": side.get("member_order", "open")},
                framework=framework,
                party=party,
                position=position,
            )
            for place, code in enumerate(side.get("order", ()), start=1):
                self._made(HostOrder, {}, side=made, party=self._party_named(code), position=place)
        self._cite(cited, framework=framework)
        publication.publish(record=framework)

    def _events(self) -> list[tuple[Event, Row]]:
        made: list[tuple[Event, Row]] = []
        for path in sorted((self.folder / "events").glob("*.yaml")):
            for row in read(path):
                self.where = f"{path.name}: {row.get('slug')}"
                if self._taken(Event, row["slug"]):
                    self._renew_roles(row)
                    self._renew_mutual(row)
                else:
                    made.append((self._event(dict(row)), row))
        return made

    def _renew_roles(self, row: Row) -> None:
        """Give the parties of an event of an earlier demo their present roles."""
        event = Event.objects.filter(slug=row["slug"]).first()
        for part in row.get("participations") or () if event is not None else ():
            former = part.get("former")
            rows = Participation.objects.filter(event=event, party__code=part["party"])
            stored = rows.filter(**former).first() if former else None
            if stored is not None and self._is_untouched(stored, former):
                self._renewed(stored, {"role": part["role"]})
                events.refresh_derived(events=[event.pk])

    def _event(self, row: Row) -> Event:
        apart = (
            "sectors", "participations", "attendances", "statements", "steps", "citations",
            "commitments", "follows",
        )  # fmt: skip
        rest = {key: row.pop(key, None) or () for key in apart}
        place = row.pop("place", None)
        framework = row.pop("framework", None)
        side = self._party_named(row.pop("turn_side", None))
        event: Event = self._made(
            Event,
            row,
            place=self._find(Place.objects.all(), slug=place) if place else None,
            framework=self._find(Framework.objects.all(), slug=framework) if framework else None,
            turn_side=side,
        )
        for slug in rest["sectors"]:
            self._made(
                EventSector, {}, event=event, sector=self._find(Sector.objects.all(), slug=slug)
            )
        for one in rest["participations"]:
            part = {key: value for key, value in one.items() if key != "former"}
            cited, party = part.pop("citations", ()), self._party_named(part.pop("party"))
            self._cite(
                cited, participation=self._made(Participation, part, event=event, party=party)
            )
        self._statements(event, rest["statements"])
        for one in rest["steps"]:
            step = dict(one)
            self._only(step, {"on", "state", "date", "note_fr", "note_en", "citations"})
            cited = step.pop("citations", ())
            state = EventState(step.pop("state"))
            self._cite(cited, event_step=events.change(event=event, state=state, **step))
        self._cite(rest["citations"], event=event)
        publication.publish(record=event)
        return event

    def _statements(self, event: Event, rows: Sequence[Row]) -> None:
        for position, one in enumerate(rows, start=1):
            said = dict(one)
            said.pop("key", None)
            cited, office = said.pop("citations", ()), said.pop("office", None)
            person = self._find(Person.objects.all(), slug=said.pop("person"))
            party = self._party_named(said.pop("party", None))
            statement = self._made(
                Statement,
                said,
                event=event,
                person=person,
                party=party,
                office=self.offices.get(office) if office else None,
                position=position,
            )
            self._cite(cited, statement=statement)

    def _attendances(self, event: Event, row: Row) -> None:
        for one in row.get("attendances") or ():
            self.where = f"{event.slug}: attendance of {one.get('person')}"
            there = dict(one)
            cited, office = there.pop("citations", ()), there.pop("office", None)
            person = self._find(Person.objects.all(), slug=there.pop("person"))
            party = self._party_named(there.pop("party"))
            attendance = self._made(
                Attendance,
                there,
                event=event,
                person=person,
                party=party,
                office=self.offices.get(office) if office else None,
            )
            self._cite(cited, attendance=attendance)

    def _follows(self, made: list[tuple[Event, Row]]) -> None:
        for event, row in made:
            if row.get("follows"):
                self.where = f"{event.slug}: follows"
                event.follows = self._find(Event.objects.all(), slug=row["follows"])
                Event.objects.filter(pk=event.pk).update(follows=event.follows)

    def _commitments(self, event: Event, row: Row) -> None:
        for one in row.get("commitments") or ():
            self.where = f"{event.slug}: commitment {one.get('slug')}"
            made = {key: value for key, value in one.items() if key not in _APART_FROM_COMMITMENT}
            made.setdefault("mutual", self._is_mutual(one))
            restated = one.get("restates")
            commitment = self._made(
                Commitment,
                made,
                event=event,
                restates=self._find(Commitment.objects.all(), slug=restated) if restated else None,
            )
            for role, key in (
                (CommitmentRole.OBLIGOR, "obligors"),
                (CommitmentRole.BENEFICIARY, "beneficiaries"),
            ):
                for code in one.get(key) or ():
                    self._made(
                        CommitmentParty,
                        {"role": role.value},
                        commitment=commitment,
                        party=self._party_named(code),
                    )
            for slug in one.get("sectors") or ():
                sector = self._find(Sector.objects.all(), slug=slug)
                self._made(CommitmentSector, {}, commitment=commitment, sector=sector)
            self._cite(one.get("citations"), commitment=commitment)
            publication.publish(record=commitment)

    @staticmethod
    def _is_mutual(commitment: Row) -> bool:
        """Whether sides undertook it together and for nobody named."""
        return len(commitment.get("obligors") or ()) > 1 and not commitment.get("beneficiaries")

    def _renew_mutual(self, row: Row) -> None:
        """Make mutual what an earlier demo said that sides undertook together."""
        for one in row.get("commitments") or ():
            commitment = Commitment.objects.filter(slug=one["slug"]).first()
            mutual = one.get("mutual", self._is_mutual(one))
            if commitment and mutual and self._is_untouched(commitment, {"mutual": False}):
                self._renewed(commitment, {"mutual": True})

    def _updates(self, row: Row) -> None:
        for one in row.get("commitments") or ():
            self.where = f"{row['slug']}: updates of {one['slug']}"
            commitment = Commitment.objects.select_related("event").get(slug=one["slug"])
            opening = CommitmentStatus(one.get("status", CommitmentStatus.AGREED.value))
            commitments.create_first_update(commitment=commitment, status=opening)
            for step in one.get("updates") or ():
                told = dict(step)
                self._only(told, {"date", "status", "note_fr", "note_en", "event", "citations"})
                cited, seen = told.pop("citations", ()), told.pop("event", None)
                update = commitments.record_update(
                    commitment=commitment,
                    status=CommitmentStatus(told.pop("status")),
                    event=self._find(Event.objects.all(), slug=seen) if seen else None,
                    **told,
                )
                self._cite(cited, status_update=update)


_APART_FROM_COMMITMENT: Final = frozenset(
    {"obligors", "beneficiaries", "sectors", "restates", "citations", "updates", "status"}
)


def load(folder: Path = FOLDER) -> Mapping[str, int]:
    """Load a folder of records; return how many of each kind were added.

    Raises FileError naming file and record when one cannot be loaded; nothing is changed then.
    """
    return Load(folder).run()
