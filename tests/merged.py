"""A small record of every noun, drawn by a seed, in which two records of one thing are merged."""

from random import Random
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests import factories as make
from timeline.actions import events, memberships
from timeline.core.codes import EventState
from timeline.models import (
    Attendance,
    Citation,
    CommitmentParty,
    Correction,
    EventPlace,
    HostOrder,
    Membership,
    MembershipRemark,
    Office,
    Participation,
    PartyName,
    PersonName,
    Statement,
    StatusUpdate,
    Succession,
)
from timeline.models.sources import CITED
from timeline.queries.linked_rows import NOUNS
from timeline.queries.merge_plan import MergePlan
from timeline.queries.merging import plan

LEFT_OUT = frozenset({"merge", "recordversion", "eventrevision"})
"""Models whose rows are of the database or of merging itself."""

DAYS = ("2023", "2024-05", "2024-05-14", "2025-04-03", "2025-04-03/2025-04-05")
STARTS = ("1999", "2005-06", "2023-09-16", "2024")
ENDS = (None, None, "2010", "2024-01-28", "2026")


def table_rows() -> dict[str, list[Any]]:
    """Return the rows of every table of the record, without histories."""
    found = {}
    for model in apps.get_app_config("timeline").get_models():
        if model._meta.model_name in LEFT_OUT or hasattr(model, "history_object"):
            continue
        names = [column.attname for column in model._meta.concrete_fields]
        if model._meta.model_name == "involvement":
            names.remove("id")  # worked out anew
        rows = model._default_manager.order_by().values_list(*names)
        found[str(model._meta.model_name)] = sorted(rows, key=repr)
    return found


class SmallRecord:
    """States, blocs, people, places, sources, events and what links them, with twins among them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        draw = random.choice
        self.states = [make.a_state(code) for code in ("ml", "ne", "ru", "bf")]
        self.blocs = [make.a_bloc(code) for code in ("aes", "ecowas", "union")]
        self.parties = [*self.states, *self.blocs]
        self.people = [make.a_person(slug) for slug in ("lavrov", "diop", "lavroff")]
        self.places = [make.a_place(slug) for slug in ("moscow", "bamako", "moskva")]
        self.sources = [make.a_source() for _number in range(3)]
        self.sectors = [make.a_sector(slug) for slug in ("trade", "energy")]
        self._parties()
        self.events = [
            make.an_event(
                parties=tuple(random.sample(self.parties, random.randint(1, 3))),
                date=draw(DAYS),
                place=draw((None, *self.places)),
                summary_en=draw(("", "They met.", "They met again.")),
            )
            for _number in range(4)
        ]
        self._events()
        self._beside()
        events.refresh_derived()

    def _try(self, model: Any, **values: Any) -> Any:
        """Save a row, unless it is one that no form would take."""
        try:
            with transaction.atomic():
                row = model(**values)
                row.full_clean()
                row.save()
        except (ValidationError, IntegrityError):
            return None
        return row

    def _save(self, row: Any) -> None:
        """Save changes of a row, unless they are such that no form would take."""
        try:
            row.full_clean()
        except ValidationError:
            return
        row.save()

    def _cite(self, row: Any, *fields: str) -> None:
        name = next(n for n in CITED if n.replace("_", "") == row._meta.model_name)
        for _number in range(self.random.randint(0, 2)):
            values = {name: row, "field": self.random.choice(("", *fields))}
            values |= {"source": self.random.choice(self.sources)}
            Citation.objects.create(excerpt=self.random.choice(("", "so")), **values)

    def _parties(self) -> None:
        draw = self.random.choice
        for _number in range(6):
            spell = self._try(
                Membership,
                party=draw(self.parties),
                bloc=draw(self.blocs),
                starts=draw(STARTS),
                ends=draw(ENDS),
            )
            if spell is not None:
                self._cite(spell, "starts", "ends")
                self._try(
                    MembershipRemark, membership=spell, kind="leaving_announced", date=draw(DAYS)
                )
        for party in self.parties:
            self._cite(party, "name", "founded")
            name = self._try(
                PartyName, party=party, name=draw(("Mali", "Niger")), language="fr", kind="short"
            )
            if name is not None:
                self._cite(name, "starts")
            self._try(Succession, party=party, predecessor=draw(self.parties))
            party.founded = draw((None, "1960", "2023"))
            party.save()
        for bloc in self.blocs:
            memberships.refresh_derived(bloc=bloc.pk)
        for person in self.people:
            self._try(PersonName, person=person, name=draw(("Лавров", "Diop")), language="ru")
            for _number in range(2):
                office = self._try(
                    Office,
                    person=person,
                    party=draw((None, *self.parties)),
                    title_en=draw(("minister", "president")),
                    starts=draw((None, *STARTS)),
                    ends=draw(ENDS),
                )
                if office is not None:
                    self._cite(office, "starts")

    def _events(self) -> None:
        draw = self.random.choice
        for event in self.events:
            self._cite(event, "date", "kind")
            for participation in event.participations.all():
                self._cite(participation, "role")
            event.sector_links.create(sector=draw(self.sectors))
            self._try(EventPlace, event=event, place=draw(self.places), venue_en=draw(("", "Hall")))
            self._try(Participation, event=event, party=draw(self.parties), role="addressee")
            events.refresh_derived(events=[event.pk])
            if self.random.random() < 0.5:
                step = events.change(
                    event=event, on="2025-06", state=EventState.HELD, date=event.date.text
                )
                self._cite(step, "date")
            if self.random.random() < 0.5:
                event.follows = draw([one for one in self.events if one != event])
                event.save()
            involved = list(event.involvements.values_list("party", flat=True))
            for _number in range(2):
                person = draw(self.people)
                offices = [None, *person.offices.all()]
                attendance = self._try(
                    Attendance,
                    event=event,
                    person=person,
                    party_id=draw(involved),
                    office=draw(offices),
                    office_reason_en="As the source has it.",
                )
                if attendance is not None:
                    self._cite(attendance, "role")
            said = self._try(
                Statement,
                event=event,
                person=draw(self.people),
                language="fr",
                text=draw(("Oui.", "Non.")),
            )
            if said is not None:
                self._cite(said, "text")

    def _beside(self) -> None:
        draw = self.random.choice
        self.commitments = [
            make.a_commitment(
                event, title_en=draw(("Trade", "More trade")), due=draw((None, "2030"))
            )
            for event in (*self.events[:2], self.events[0])
        ]
        for commitment in self.commitments:
            for party in self.random.sample(self.parties, 2):
                CommitmentParty.objects.create(commitment=commitment, party=party, role="obligor")
            commitment.sector_links.create(sector=draw(self.sectors))
            self._cite(commitment, "due")
            update = StatusUpdate.objects.create(
                commitment=commitment,
                date="2026",
                entry=9,
                status="stalled",
                event=draw(self.events),
            )
            self._cite(update, "status")
            corrected = draw((None, update))
            self._try(
                StatusUpdate,
                commitment=commitment,
                date="2027",
                entry=10,
                status="fulfilled",
                corrects=corrected,
            )
        first, second, third = self.commitments
        for later, earlier in ((second, first), (third, draw((first, second)))):
            if draw((True, False)):
                later.restates, later.restatement = earlier, draw(("same", "widened"))
                self._save(later)
        Correction.objects.create(commitment=first, made_on="2026-01-01", text_en="A slip.")
        framework = make.a_framework(*self.random.sample(self.parties, 3))
        for side in framework.sides.all():
            for position, party in enumerate(self.random.sample(self.states, 2), start=1):
                HostOrder.objects.create(side=side, party=party, position=position)
        text = make.a_text(*self.random.sample(self.parties, 3))
        for link in text.party_links.all():
            self._cite(make.a_step(text, "signed", link.party, event=draw(self.events)), "act")
        Correction.objects.create(event=draw(self.events), made_on="2026-01-01", text_en="A slip.")

    def two(self, kind: str) -> tuple[Any, Any]:
        """Return two records of a kind that may be one thing."""
        drawn: dict[str, Any] = {
            "party": self.random.choice((self.states, self.blocs)),
            "person": self.people,
            "place": self.places,
            "source": self.sources,
            "event": self.events,
            "commitment": self.commitments,
        }
        first, second = self.random.sample(drawn[kind], 2)
        return (
            NOUNS[kind]._default_manager.get(pk=first.pk),
            NOUNS[kind]._default_manager.get(pk=second.pk),
        )

    def choices(self, found: MergePlan) -> dict[str, str]:
        """Choose something for each collision and column."""
        chosen = {
            one.key: str(self.random.choice([*one.options]))
            for one in found.collisions
            if one.options
        }
        for column in found.columns:
            chosen[f"column-{column.name}"] = self.random.choice(("kept", "other"))
        return chosen


def decided(record: SmallRecord, kept: Any, other: Any) -> dict[str, str]:
    """Choose until nothing is open: what is chosen decides what else collides."""
    choices: dict[str, str] = {}
    for _number in range(5):
        found = plan(kept, other, choices)
        if not found.open_collisions(choices):
            break
        choices = {**record.choices(found), **choices}
    return choices
