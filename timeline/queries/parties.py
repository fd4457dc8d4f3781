"""The page of a party: its names, its members or blocs over time, and its events."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q

from timeline.core import dates
from timeline.core.question import Question
from timeline.index.current import totals
from timeline.index.interface import PAGE_SIZE
from timeline.models import (
    Citation,
    Event,
    EventStep,
    Framework,
    Involvement,
    Membership,
    MembershipRemark,
    Participation,
    Party,
    PartyName,
)
from timeline.queries import names, public
from timeline.queries.as_of import AsOf, begun, replayed
from timeline.queries.flags import Flag, flags, flags_by_fact
from timeline.queries.footnotes import Footnotes, Mark, by_fact
from timeline.queries.involvement import Way, ways
from timeline.queries.timeline import EventRow, reason

Ways = tuple[Involvement, ...]
"""The ways in which a party is involved in one event."""


class Remark(NamedTuple):
    """That joining or leaving was announced or notified, and the event that readers may see."""

    row: MembershipRemark
    event: Event | None
    marks: list[Mark]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Spell:
    """A membership as a page says it; ``left`` says that no other spell follows its end.

    ``outlived`` says that it surely begins or goes on when the party or the bloc does not exist.
    The events at which its start and its end were decided are those that readers may see.
    ``joining`` and ``leaving`` are what was remarked of them by the day. ``marks`` has those of its
    sources by the field that they support, ``flags`` what they say otherwise.
    """

    membership: Membership
    left: bool
    outlived: bool
    start_event: Event | None
    end_event: Event | None
    joining: tuple[Remark, ...]
    leaving: tuple[Remark, ...]
    marks: Mapping[str, list[Mark]]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Belonging:
    """A party in a bloc, with its spells in the order of their days."""

    party: Party
    bloc: Party
    spells: tuple[Spell, ...]


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
    citations = Prefetch("citations", Citation.objects.select_related("source").order_by("pk"))
    memberships = (
        public.memberships()
        .select_related("party", "bloc", "start_event", "end_event")
        .prefetch_related(
            citations,
            Prefetch(
                "remarks",
                MembershipRemark.objects.select_related("event")
                .prefetch_related(citations)
                .order_by("earliest", "latest", "pk"),
            ),
        )
    )
    party = (
        public.parties()
        .prefetch_related(
            citations,
            Prefetch("names", PartyName.objects.filter(slip=False).prefetch_related(citations)),
            Prefetch(
                "memberships", memberships.order_by("starts_earliest", "pk"), to_attr="as_member"
            ),
            Prefetch(
                "memberships_of_others",
                memberships.order_by("starts_earliest", "party__code", "pk"),
                to_attr="as_bloc",
            ),
        )
        .get(code=code)
    )
    members: list[Membership] = getattr(party, "as_bloc")  # noqa: B009 — made by to_attr
    blocs: list[Membership] = getattr(party, "as_member")  # noqa: B009 — made by to_attr
    members, blocs = begun(members, when), begun(blocs, when)
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
            for one in party.citations.all()
            if one.field != "dissolved" or when.knows(party.dissolved)
        ),
        {name: name if is_shown else "lede" for name, is_shown in shown.items()},
        "lede",
    )
    marks = {
        name: footnotes.mark(cited[name], name)
        for name in ("part_of", "founded", "dissolved", "lede")
    }
    listed = _belongings(members, when, footnotes, lambda spell: spell.party)
    joined = _belongings(blocs, when, footnotes, lambda spell: spell.bloc)
    marks["successions"] = footnotes.mark(cited["successions"], "successions")
    return PartyPage(
        party=party,
        begun=when.knows(party.founded),
        named=bool(members or blocs) or _is_a_side(party, when),
        dissolved=dissolved,
        names=tuple(
            (
                name,
                footnotes.mark(name.citations.all(), f"partyname-{name.pk}", name.name),
                flags(name, name.citations.all()),
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


def _belongings(
    memberships: Iterable[Membership],
    when: AsOf,
    footnotes: Footnotes,
    other: Callable[[Membership], Party],
) -> tuple[Belonging, ...]:
    """Spells by party and bloc, in the order of the first spell of each.

    ``other`` is the side of a spell by which the list of sources calls it.
    """
    by_pair: dict[tuple[int, int], list[Membership]] = {}
    for membership in memberships:
        by_pair.setdefault((membership.party_id, membership.bloc_id), []).append(membership)
    return tuple(
        Belonging(
            rows[0].party,
            rows[0].bloc,
            tuple(
                Spell(
                    row,
                    **_sources(row, when, footnotes, other(row)),
                    left=row.ends is not None and not any(_follows(row, other) for other in rows),
                    outlived=not all(
                        party.outside_life_on(date) is None
                        for party in (row.party, row.bloc)
                        for date in (row.starts, row.span.last_day)
                        if date is not None
                    ),
                    start_event=_if_shown(row.start_event, when),
                    end_event=_if_shown(row.end_event, when) if row.ends is not None else None,
                    joining=_remarks(row, when, footnotes, other(row), of_leaving=False),
                    leaving=_remarks(row, when, footnotes, other(row), of_leaving=True),
                )
                for row in rows
            ),
        )
        for rows in by_pair.values()
    )


def _sources(row: Membership, when: AsOf, footnotes: Footnotes, other: Party) -> dict[str, Any]:
    """Return the marks and the flags of a spell; those of an end that is not known yet are none.

    A source that knows of an end where the record has none contradicts the whole spell.
    """
    citations = [
        one for one in row.citations.all() if row.ends or one.field != "ends" or not when.asked
    ]
    cited = by_fact(citations, {"starts": "starts", "ends": "ends" if row.ends else ""})
    anchor = f"membership-{row.pk}"
    return {
        "marks": {name: footnotes.mark(rows, anchor, other.name) for name, rows in cited.items()},
        "flags": tuple(chain.from_iterable(flags_by_fact(row, cited).values())),
    }


def _remarks(
    membership: Membership, when: AsOf, footnotes: Footnotes, other: Party, *, of_leaving: bool
) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            row,
            _if_shown(row.event, when),
            footnotes.mark(row.citations.all(), f"membershipremark-{row.pk}", other.name),
            flags(row, row.citations.all()),
        )
        for row in membership.remarks.all()
        if row.of_leaving == of_leaving and when.knows(row.date)
    )


def _follows(spell: Membership, other: Membership) -> bool:
    """Whether another spell of the pair may begin on the first day after a spell."""
    return (
        other.pk != spell.pk
        and spell.ends is not None
        and other.starts_earliest <= spell.ends.latest
        and other.starts_latest >= spell.ends.earliest
    )


def _if_shown(event: Event | None, when: AsOf) -> Event | None:
    return event if event is not None and event.is_public and when.knows(event.date) else None


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
