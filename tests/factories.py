"""Rows with plain defaults, made with the same actions as on the site."""

from itertools import count
from typing import Any

from timeline.actions import commitments, events, instruments, memberships
from timeline.core.codes import EventState, InstrumentAct
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    EventPlace,
    Framework,
    Instrument,
    InstrumentParty,
    InstrumentStep,
    Membership,
    Participation,
    Party,
    Person,
    Place,
    Sector,
    Side,
    Source,
)

_numbers = count(1)


def a_state(code: str, **values: Any) -> Party:
    """A state named by its code."""
    names = {"name_en": code.upper(), "name_fr": code.upper()}
    return Party.objects.create(code=code, kind="state", **{**names, **values})


def a_bloc(code: str, **values: Any) -> Party:
    """A bloc named by its code."""
    names = {"name_en": code.upper(), "name_fr": code.upper()}
    return Party.objects.create(code=code, kind="bloc", **{**names, **values})


def a_membership(
    party: Party,
    bloc: Party,
    starts: str = "2023-09-16",
    ends: str | None = None,
    **values: Any,
) -> Membership:
    """A membership of a party in a bloc, as a member unless another standing is given."""
    row = Membership.objects.create(party=party, bloc=bloc, starts=starts, ends=ends, **values)
    memberships.refresh_derived(bloc=bloc.pk)
    return row


def a_place(slug: str = "moscow", **values: Any) -> Place:
    """A city."""
    return Place.objects.create(slug=slug, **{"name_en": slug.title(), **values})


def also_at(event: Event, *places: Place, **values: Any) -> None:
    """An event took place there, too, after where it was before."""
    for place in places:
        EventPlace.objects.create(event=event, place=place, **values)
    events.refresh_derived(events=[event.pk])


def a_person(slug: str = "lavrov", **values: Any) -> Person:
    """An official."""
    return Person.objects.create(slug=slug, **{"name_en": slug.title(), **values})


def a_sector(slug: str = "trade", **values: Any) -> Sector:
    """A subject."""
    return Sector.objects.create(slug=slug, **{"name_en": slug.title(), **values})


def a_source(**values: Any) -> Source:
    """A document, of which nobody looked for an archived copy."""
    number = next(_numbers)
    defaults = {
        "title": f"Article {number}",
        "kind": "independent",
        "language": "fr",
        "url": f"https://example.org/text-{number}",
    }
    return Source.objects.create(**{**defaults, **values})


def an_event(*, parties: tuple[Party, ...] = (), host: Party | None = None, **values: Any) -> Event:
    """A draft of a meeting held on 3 April 2025, at a ``place`` or venue if one is given."""
    number = next(_numbers)
    defaults = {
        "slug": f"meeting-{number}",
        "kind": "meeting",
        "title_en": f"Meeting {number}",
        "date": "2025-04-03",
    }
    where = {key: values.pop(key) for key in ("place", "venue_fr", "venue_en") if key in values}
    event = Event.objects.create(**{**defaults, **values})
    if any(where.values()):
        EventPlace.objects.create(event=event, **where)
    for party in (*((host,) if host else ()), *parties):
        role = "host" if party == host else "participant"
        Participation.objects.create(event=event, party=party, role=role)
    events.refresh_derived(events=[event.pk])
    return event


def a_commitment(event: Event, **values: Any) -> Commitment:
    """A draft of a commitment made at an event, with its first step."""
    number = next(_numbers)
    defaults = {"slug": f"commitment-{number}", "title_en": f"Commitment {number}"}
    commitment = Commitment.objects.create(event=event, **{**defaults, **values})
    commitments.create_first_update(commitment=commitment)
    return commitment


def a_framework(*sides: Party, **values: Any) -> Framework:
    """A draft of a framework that alternates between its sides."""
    number = next(_numbers)
    defaults = {
        "slug": f"framework-{number}",
        "title_en": f"Framework {number}",
        "rotation": "alternating",
    }
    framework = Framework.objects.create(**{**defaults, **values})
    for position, party in enumerate(sides, start=1):
        Side.objects.create(framework=framework, party=party, position=position)
    return framework


def a_text(*parties: Party, **values: Any) -> Instrument:
    """A draft of a treaty of 6 July 2024 that binds by ratification."""
    number = next(_numbers)
    defaults = {
        "slug": f"treaty-{number}",
        "kind": "treaty",
        "title_en": f"Treaty {number}",
        "date": "2024-07-06",
        "binds": "by_ratification",
    }
    instrument = Instrument.objects.create(**{**defaults, **values})
    for party in parties:
        InstrumentParty.objects.create(instrument=instrument, party=party)
    return instrument


def a_step(
    instrument: Instrument,
    act: str,
    party: Party | None = None,
    done: str = "2024-07-06",
    **values: Any,
) -> InstrumentStep:
    """A step of a text."""
    return instruments.record_step(
        instrument=instrument, act=InstrumentAct(act), party=party, done=done, **values
    )


def one_of_each() -> dict[str, Any]:
    """Make a published event, commitment, framework and text, each with its noun as slug.

    They cite or name a record of every other noun; the source has the key 7.
    """
    mali, russia = a_state("ml"), a_state("ru")
    framework = a_framework(russia, mali, slug="framework", publication="published")
    event = an_event(
        slug="event", host=russia, parties=(mali,), framework=framework, publication="published"
    )
    event.sectors.add(a_sector())
    Attendance.objects.create(event=event, person=a_person(), party=russia)
    Citation.objects.create(event=event, source=a_source(pk=7))
    commitment = a_commitment(event, slug="commitment", publication="published")
    text = a_text(mali, russia, slug="instrument", publication="published")
    a_step(text, "signed", mali)
    return {"event": event, "commitment": commitment, "framework": framework, "instrument": text}


def all_that_is_citable() -> dict[str, Any]:
    """Make a published record with everything that a source can support.

    Return a row for each foreign key of a citation; each has a value for every field of its noun.
    """
    mali = a_state("ml", founded="1960")
    sahel = a_bloc("sahel", founded="2023", dissolved="2030")
    bank = Party.objects.create(
        code="bank", kind="body", part_of=mali, name_en="Bank", founded="1962", dissolved="2030"
    )
    bank.successions.create(predecessor=Party.objects.create(code="till", kind="body", name_en="T"))
    framework = a_framework(
        *(mali, sahel),
        slug="framework",
        cadence_months=12,
        starts="2024",
        ended="2026",
        publication="published",
    )
    earlier = an_event(slug="earlier", date="2024-04-03", parties=(mali,), publication="published")
    event = an_event(
        slug="event",
        host=mali,
        parties=(sahel, bank, Party.objects.get(code="till")),
        place=a_place(),
        venue_en="Palace",
        duration_en="An hour",
        summary_en="They met.",
        framework=framework,
        takes_turn=True,
        follows=earlier,
        publication="published",
    )
    event.sectors.add(a_sector())
    person = a_person()
    office = person.offices.create(title_en="Minister", party=mali, starts="2020", ends="2027")
    text = a_text(mali, sahel, slug="instrument", summary_en="A pact.", publication="published")
    first = a_commitment(earlier, slug="first", publication="published")
    commitment = a_commitment(
        event,
        slug="commitment",
        wording_en="“We will.”",
        condition_en="if they agree",
        made_on="2025-04-04",
        due="2026",
        instrument=text,
        restates=first,
        restatement="same",
        publication="published",
    )
    commitment.party_links.create(party=mali, role="obligor")
    commitment.sectors.add(Sector.objects.get())
    membership = a_membership(mali, sahel, "2023-09-16", "2025-01-29", standing="observer")
    return {
        "party": bank,
        "party_name": sahel.names.create(
            name="Sahel", language="fr", kind="official", starts="2023", ends="2024"
        ),
        "membership": membership,
        "membership_remark": membership.remarks.create(kind="leaving_announced", date="2024"),
        "place": Place.objects.get(),
        "office": office,
        "event": event,
        "event_step": events.change(
            event=event, on="2025-03-01", state=EventState.HELD, date="2025-04-03"
        ),
        "participation": event.participations.get(party=mali),
        "attendance": Attendance.objects.create(
            event=event, person=person, party=mali, office=office
        ),
        "statement": event.statements.create(person=person, party=mali, text="Oui.", language="fr"),
        "commitment": commitment,
        "status_update": commitment.updates.get(),
        "framework": framework,
        "instrument": text,
        "instrument_step": a_step(text, "signed", mali, effect="2025-02", note_en="N"),
    }
