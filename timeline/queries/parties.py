"""The page of a party: its names, its members or blocs over time, and its events."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q

from timeline.core import dates
from timeline.core.question import Question
from timeline.index.current import totals
from timeline.index.interface import PAGE_SIZE
from timeline.models import (
    Event,
    EventStep,
    Framework,
    Involvement,
    Membership,
    Participation,
    Party,
    PartyName,
)
from timeline.queries import names, public
from timeline.queries.as_of import AsOf, begun, replayed
from timeline.queries.belongings import Belonging, belongings, cited_rows, with_decisions
from timeline.queries.citations import citations_of
from timeline.queries.flags import Flag, flags, flags_by_fact
from timeline.queries.footnotes import Footnotes, Mark, by_fact
from timeline.queries.involvement import Way, ways
from timeline.queries.timeline import EventRow, reason

Ways = tuple[Involvement, ...]
"""The ways in which a party is involved in one event."""


@dataclass(frozen=True, slots=True)
class PartyPage:
    """A party with its names, and its members or its blocs over time, as of a day.

    ``begun`` is False as of a day before it was founded, and ``named`` if neither a membership nor
    a framework names it by then. ``decisions`` are the public events at which spells of its members
    began or ended, in the order of their days. ``events`` counts the published events of each
    predecessor, successor and body, by code.
    """

    party: Party
    begun: bool
    named: bool
    dissolved: bool
    names: tuple[tuple[PartyName, list[Mark], tuple[Flag, ...]], ...]
    members: tuple[Belonging, ...]
    blocs: tuple[Belonging, ...]
    decisions: tuple[Event, ...]
    predecessors: tuple[Party, ...]
    successors: tuple[Party, ...]
    bodies: tuple[Party, ...]
    part_of: Party | None
    events: Mapping[str, int]
    marks: Mapping[str, list[Mark]]
    flags: Mapping[str, tuple[Flag, ...]]
    footnotes: Footnotes


def party_page(code: str, when: AsOf) -> PartyPage:
    """Fetch a party's page; raise Party.DoesNotExist if readers may not see it."""
    party = (
        public.parties()
        .prefetch_related(Prefetch("names", PartyName.objects.filter(slip=False)))
        .get(code=code)
    )
    memberships = public.memberships().filter(Q(party=party) | Q(bloc=party))
    spells = with_decisions(memberships).order_by("starts_earliest", "party__code", "pk")
    citations = citations_of([party, *party.names.all(), *cited_rows(spells)])
    members = begun([spell for spell in spells if spell.bloc_id == party.pk], when)
    blocs = begun([spell for spell in spells if spell.party_id == party.pk], when)
    footnotes = Footnotes()
    dissolved = party.dissolved is not None and when.knows(party.dissolved)
    seen = public.parties().order_by("sort_fr", "pk")
    predecessors = tuple(seen.filter(successions_of_others__party=party))
    successors = tuple(seen.filter(successions__predecessor=party))
    bodies = tuple(seen.filter(part_of=party))
    part_of = seen.filter(pk=party.part_of_id).first() if party.part_of_id else None
    shown = {
        "part_of": part_of is not None,
        "founded": party.founded is not None,
        "dissolved": dissolved,
        "successions": bool(predecessors),
    }
    cited = by_fact(
        (
            one
            for one in citations[party]
            if one.field != "dissolved" or when.knows(party.dissolved)
        ),
        {name: name if is_shown else "lede" for name, is_shown in shown.items()},
        "lede",
    )
    marks = {
        name: footnotes.mark(cited[name], name)
        for name in ("part_of", "founded", "dissolved", "lede")
    }
    listed = belongings(members, citations, when, footnotes, lambda spell: spell.party)
    joined = belongings(blocs, citations, when, footnotes, lambda spell: spell.bloc)
    marks["successions"] = footnotes.mark(cited["successions"], "successions")
    return PartyPage(
        party=party,
        begun=when.knows(party.founded),
        named=bool(members or blocs) or _is_a_side(party, when),
        dissolved=dissolved,
        names=tuple(
            (
                name,
                footnotes.mark(citations[name], f"partyname-{name.pk}", name.name),
                flags(name, citations[name]),
            )
            for name in begun(party.names.all(), when)
        ),
        members=listed,
        blocs=joined,
        decisions=_decisions(listed),
        predecessors=predecessors,
        successors=successors,
        bodies=bodies,
        part_of=part_of,
        events=_event_counts((*predecessors, *successors, *bodies)),
        marks=marks,
        flags=flags_by_fact(party, cited),
        footnotes=footnotes,
    )


def _event_counts(parties: Iterable[Party]) -> dict[str, int]:
    codes = [party.code for party in parties]
    return totals(Question(), "party", codes) if codes else {}


def _decisions(belongings: Iterable[Belonging]) -> tuple[Event, ...]:
    found = {
        event.pk: event
        for belonging in belongings
        for spell in belonging.spells
        for event in (spell.start_event, spell.end_event)
        if event is not None
    }
    return tuple(sorted(found.values(), key=lambda event: (event.earliest, event.pk)))


def _is_a_side(party: Party, when: AsOf) -> bool:
    frameworks = Framework.objects.published().filter(sides__party=party)
    return any(when.knows(framework.starts) for framework in frameworks)


def events_by(party: Party, when: AsOf) -> tuple[int, list[EventRow]]:
    """Count the published events in which a party was involved by a day; return the newest of them.

    For an event that was over by the day, the stored involvements hold. For one whose date changed,
    or that was still going on, they are resolved again from the memberships begun by then.
    """
    changed = EventStep.objects.filter(event=OuterRef("pk"))
    involved = Involvement.objects.filter(event=OuterRef("pk"), party=party)
    rows = Event.objects.published().with_headings()
    over = rows.filter(Exists(involved), ~Exists(changed), latest__lte=when.day)
    to_resolve = rows.filter(
        Exists(changed) | (Q(Exists(involved)) & Q(earliest__lte=when.day, latest__gt=when.day))
    )
    in_order = over.order_by("-heading", "-earliest", "latest", "-pk")  # type: ignore[misc]
    newest = list(in_order[:PAGE_SIZE])
    resolved = _resolved_ways(party, replayed(to_resolve, when), when)
    by_event = {**_stored_ways(party, newest), **resolved}
    shown = sorted(by_event, key=lambda event: _newest_first(event, when.day))[:PAGE_SIZE]
    vias = ((way.via, event.date) for event in shown for way in by_event[event])
    names.set_names_then(vias, when.day)
    total = over.count() + len(by_event) - len(newest)
    return total, [
        EventRow(
            event,
            tuple(filter(None, [reason(by_event[event])])),
            capacities=(),
            upcoming=event.is_upcoming(when.day),
        )
        for event in shown
    ]


def _stored_ways(party: Party, events: Iterable[Event]) -> dict[Event, Ways]:
    by_event: dict[Event, Ways] = dict.fromkeys(events, ())
    rows = Involvement.objects.filter(event__in=by_event, party=party).order_by("pk")
    for way in rows.select_related("event", "party", "via", "membership"):
        by_event[way.event] = (*by_event[way.event], way)
    return by_event


def _newest_first(event: Event, day: dt.date) -> tuple[int, ...]:
    earliest, latest = event.earliest.toordinal(), event.latest.toordinal()
    if event.is_upcoming(day):
        return 0, earliest, latest, event.pk
    return 1, -dates.heading(event.date).order, -earliest, latest, -event.pk


def _resolved_ways(party: Party, events: Iterable[Event], when: AsOf) -> dict[Event, Ways]:
    events_by_key = {event.pk: event for event in events}
    named: dict[int, list[tuple[int, str]]] = {key: [] for key in events_by_key}
    participations = Participation.objects.filter(event__in=events_by_key)
    for key, participant, role in participations.values_list("event", "party", "role"):
        named[key].append((participant, role))
    rows = Membership.objects.filter(party=party).select_related("party", "bloc")
    memberships = begun(rows, when)
    by_key = {membership.pk: membership for membership in memberships}
    by_event: dict[Event, Ways] = {}
    for key, event in events_by_key.items():
        resolved = ways(event.date, named[key], memberships)
        of_party = [way for way in resolved if way.party == party.pk]
        if of_party:
            by_event[event] = tuple(_involvement(event, party, way, by_key) for way in of_party)
    return by_event


def _involvement(
    event: Event, party: Party, way: Way, memberships: Mapping[int, Membership]
) -> Involvement:
    membership = None if way.membership is None else memberships[way.membership]
    return Involvement(
        event=event,
        party=party,
        via=membership.bloc if membership else None,
        membership=membership,
        possibly=way.possibly,
        addressee=way.addressee,
    )
