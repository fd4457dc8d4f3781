"""An event with everything that its page shows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final, Generic, NamedTuple, TypeVar

from django.db.models import Prefetch

from timeline.core.codes import MembershipStanding, ParticipationRole, Publication, Stance
from timeline.core.dates import EdtfDate
from timeline.core.rotation import Turn
from timeline.core.searched import Clock
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    EventPlace,
    EventSector,
    EventStep,
    Involvement,
    Membership,
    Participation,
    Party,
    Person,
    Place,
    Statement,
)
from timeline.queries import (
    belongings,
    commitments,
    frameworks,
    instruments_named,
    names,
    public,
    searched,
)
from timeline.queries.as_of import AsOf
from timeline.queries.belongings import Belonging
from timeline.queries.citations import CitationsByRow, citations_of
from timeline.queries.commitments import CommitmentView
from timeline.queries.flags import Flag, flags, flags_by_fact
from timeline.queries.footnotes import Footnotes, Mark, by_fact
from timeline.queries.instruments_named import DoneThere
from timeline.queries.places import with_places
from timeline.queries.timeline import hosts_first, office_shown

T = TypeVar("T")

CitedPart = Participation | Attendance | Statement | EventStep

CitedRow = TypeVar("CitedRow", Participation, Attendance, Statement, EventStep)

_ANCHORS: Final = {
    **{name: name for name in ("date", "kind", "place", "state", "duration", "sectors")},
    "venue": "place",
    "parties": "participants",
    "people": "people",
    "framework": "framework",
    "takes_turn": "framework",
    "follows": "around",
}
"""Where on the page the sources of a field stand; those of all others stand at the lede, where the
title and the summary are, as support of the record as a whole."""

_LEDE: Final = "lede"

_HEAD: Final = ("date", "kind", "place", "state", "duration", _LEDE)
"""What stands at the head of the page, with its contradictions below; others have theirs beside."""


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A row with the numbers of the sources that support it, and what sources say otherwise."""

    row: T
    marks: list[Mark]
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Present:
    """A person at an event; ``capacities`` groups the attendances by the office held in them."""

    person: Person
    capacities: tuple[tuple[Fact[Attendance], ...], ...]


class SpellThatDay(NamedTuple):
    """A membership on the day of an event; ``possibly`` where some day may lie outside it."""

    membership: Membership
    possibly: bool


@dataclass(frozen=True, slots=True)
class Apart:
    """Parties with one standing in a bloc that took part, who did not take part through it."""

    standing: MembershipStanding
    spells: tuple[SpellThatDay, ...]


@dataclass(frozen=True, slots=True)
class EventPage:
    """What the page of an event shows; ``turn`` is the turn that it took in its framework.

    ``marks`` are those of the sources of its own fields, by where they stand on the page.
    ``belongings`` are the memberships that it began, ended or announced. ``neighbours`` are the
    published events before and after it in time.
    Whether a planned event is ``unconfirmed``, or ``unsearched``, is that of the ``clock``.
    """

    event: Event
    turn: Turn | None
    marks: Mapping[str, list[Mark]]
    places: list[Fact[EventPlace]]
    flags: tuple[Flag, ...]
    flags_beside: Mapping[str, tuple[Flag, ...]]
    notes: tuple[Citation, ...]
    participations: list[Fact[Participation]]
    involved: tuple[Involvement, ...]
    apart: tuple[Apart, ...]
    people: tuple[Present, ...]
    statements: list[Fact[Statement]]
    commitments: list[Fact[CommitmentView]]
    requests: list[Fact[CommitmentView]]
    texts: tuple[DoneThere, ...]
    belongings: tuple[Belonging, ...]
    steps: list[Fact[EventStep]]
    follows: Event | None
    followed_by: tuple[Event, ...]
    neighbours: tuple[Event | None, Event | None]
    footnotes: Footnotes
    unconfirmed: bool
    unsearched: bool
    clock: Clock


def detail(event: Event, *, today: dt.date) -> EventPage:
    """Fetch an event's page in a fixed number of queries; drafts too, for editors' previews."""
    row = (
        Event.objects.select_related("framework", "follows")
        .prefetch_related(
            with_places(),
            Prefetch(
                "participations", Participation.objects.select_related("party").order_by("pk")
            ),
            Prefetch(
                "involvements",
                Involvement.objects.select_related("party", "via", "membership")
                .exclude(via=None)
                .order_by("party__sort_fr", "party", "via__sort_fr", "pk"),
            ),
            Prefetch(
                "attendances",
                Attendance.objects.select_related("person", "party", "office").order_by("pk"),
            ),
            Prefetch(
                "statements",
                Statement.objects.select_related("person", "party", "office").order_by(
                    "position", "pk"
                ),
            ),
            "steps",
            Prefetch(
                "followed_by", Event.objects.filter(public.published()).order_by("earliest", "pk")
            ),
            Prefetch("sector_links", EventSector.objects.select_related("sector__parent")),
        )
        .get(pk=event.pk)
    )
    apart = _apart(row)
    texts = instruments_named.done_at(row, today)
    parties = _parties_named(row, apart, texts)
    names.set_names_then(((party, row.date) for party in parties), today)
    footnotes = Footnotes()
    cited = citations_of(_cited_rows(row))
    own_citations = cited[row]
    made = Commitment.objects.filter(event=row).order_by("pk")
    shown_of_made = made.published() if row.is_public else made
    # Most events have none, and to ask for no more takes a tenth of the time.
    views = commitments.views(shown_of_made, AsOf(today)) if made.exists() else []
    clock = searched.clock(AsOf(today)).searched_apart(row.searched_until)
    follows = row.follows if row.follows is not None and row.follows.is_public else None
    followed_by = tuple(row.followed_by.all())
    on_page = {
        "place": bool(row.place_links.all()),
        "duration": bool(row.duration),
        "people": bool(row.attendances.all()),
        "around": bool(follows or followed_by),
        "sectors": bool(row.sector_links.all()),
        "framework": row.framework is not None and row.framework.is_public,
    }
    shown = {
        name: anchor if on_page.get(anchor, True) else _LEDE for name, anchor in _ANCHORS.items()
    }
    by_anchor: dict[str, list[Citation]] = {anchor: [] for anchor in _ANCHORS.values()}
    by_anchor |= by_fact(own_citations, shown, _LEDE)
    # In the order of the page: what stands above the list of sources is numbered first.
    marks = {name: footnotes.mark(by_anchor[name], name) for name in _HEAD}
    places = [_place(link, cited, footnotes) for link in row.place_links.all()]
    promised = [_promise(view, footnotes) for view in views]
    changed = belongings.changed_at(row, AsOf(today), footnotes)
    statements = [_fact(part, cited, footnotes, part.person) for part in row.statements.all()]
    steps = [_fact(part, cited, footnotes, part.on) for part in row.steps.all()]
    marks |= {name: footnotes.mark(by_anchor[name], name) for name in ("around", "participants")}
    participations = [
        _fact(part, cited, footnotes, part.party) for part in hosts_first(row.participations.all())
    ]
    marks["people"] = footnotes.mark(by_anchor["people"], "people")
    people = _people(row, cited, footnotes)
    marks |= {name: footnotes.mark(by_anchor[name], name) for name in ("sectors", "framework")}
    return EventPage(
        event=row,
        turn=_turn(row, today),
        marks=marks,
        places=places,
        flags=flags(row, chain.from_iterable(by_anchor[name] for name in _HEAD)),
        flags_beside=flags_by_fact(
            row, {name: by_anchor[name] for name in by_anchor if name not in _HEAD}
        ),
        notes=tuple(c for c in own_citations if c.stance == Stance.INFERRED and c.note),
        participations=participations,
        involved=tuple(row.involvements.all()),
        apart=apart,
        people=people,
        statements=statements,
        commitments=[fact for fact in promised if not fact.row.commitment.is_request],
        requests=[fact for fact in promised if fact.row.commitment.is_request],
        texts=texts,
        belongings=changed,
        steps=steps,
        follows=follows,
        followed_by=followed_by,
        neighbours=_neighbours(row),
        footnotes=footnotes,
        unconfirmed=row.is_unconfirmed(clock),
        unsearched=row.is_unsearched(clock),
        clock=clock,
    )


def _cited_rows(event: Event) -> Iterator[Event | Place | CitedPart]:
    """Yield an event, its parts and its places, whose sources its page lists."""
    yield event
    yield from (link.place for link in event.place_links.all() if link.place is not None)
    for parts in (event.participations, event.attendances, event.statements, event.steps):
        yield from parts.all()


def _neighbours(event: Event) -> tuple[Event | None, Event | None]:
    """Return the published events before and after one, by first day, last day and key."""
    place = {"earliest": event.earliest, "latest": event.latest, "key": event.pk}
    before, after = (next(iter(Event.objects.raw(sql, place)), None) for sql in _NEIGHBOURS)
    return before, after


def _neighbour(beyond: str, direction: str) -> str:
    """Return the SQL of the nearest event on a side.

    Each of the three parts of the order is a seek in the index of days; the first that has an event
    is it. Django takes much longer to write this than a database to answer it.
    """
    parts = (
        f"earliest = %(earliest)s AND latest = %(latest)s AND id {beyond} %(key)s",
        f"earliest = %(earliest)s AND latest {beyond} %(latest)s",
        f"earliest {beyond} %(earliest)s",
    )
    table = Event._meta.db_table
    rows = f"SELECT id FROM {table} WHERE publication = '{Publication.PUBLISHED.value}'"  # noqa: S608 — names of ours only
    order = f"earliest {direction}, latest {direction}, id {direction}"
    seeks = ", ".join(f"({rows} AND {part} ORDER BY {order} LIMIT 1)" for part in parts)
    return f"SELECT * FROM {table} WHERE id = COALESCE({seeks})"  # noqa: S608 — names of ours only


_NEIGHBOURS: Final = (_neighbour("<", "DESC"), _neighbour(">", "ASC"))


def _parties_named(
    event: Event, apart: Iterable[Apart], texts: Iterable[DoneThere]
) -> Iterator[Party | None]:
    """Yield the parties that the page of an event names."""
    for link in event.place_links.all():
        if link.place is not None:
            yield link.place.party
    for rows in (event.participations, event.attendances, event.statements):
        for row in rows.all():
            yield row.party
    for way in event.involvements.all():
        yield from (way.party, way.via)
    for group in apart:
        for spell in group.spells:
            yield from (spell.membership.party, spell.membership.bloc)
    for text in texts:
        for _act, parties in text.acts:
            yield from parties


def _apart(event: Event) -> tuple[Apart, ...]:
    """Who was suspended, an observer or an associate of a bloc that took part, on the day."""
    blocs = {
        row.party_id
        for row in event.participations.all()
        if row.party.is_bloc and row.role != ParticipationRole.ADDRESSEE
    }
    if not blocs:
        return ()
    rows = public.memberships() if event.is_public else Membership.objects.all()
    memberships = (
        rows.filter(bloc__in=blocs, starts_earliest__lte=event.latest)
        .exclude(standing=MembershipStanding.MEMBER)
        .select_related("party", "bloc")
        .order_by("starts_earliest", "pk")
    )
    spells: dict[str, list[SpellThatDay]] = defaultdict(list)
    for row in memberships:
        if row.span.may_touch(event.date):
            possibly = not row.span.surely_covers(event.date)
            spells[row.standing].append(SpellThatDay(row, possibly))
    return tuple(
        Apart(standing, tuple(spells[standing]))
        for standing in MembershipStanding
        if spells[standing]
    )


def _people(event: Event, cited: CitationsByRow, footnotes: Footnotes) -> tuple[Present, ...]:
    """The people present, each once, with all capacities in which they attended."""
    by_person: dict[Person, list[Fact[Attendance]]] = defaultdict(list)
    for row in event.attendances.all():
        by_person[row.person].append(_fact(row, cited, footnotes, row.person))

    return tuple(
        Present(
            person,
            tuple(tuple(run) for _, run in groupby(facts, lambda fact: office_shown(fact.row))),
        )
        for person, facts in by_person.items()
    )


def _turn(event: Event, today: dt.date) -> Turn | None:
    if event.framework is None or not event.framework.is_public:
        return None
    return frameworks.one_view(event.framework, AsOf(today)).turn_of(event)


def _fact(
    row: CitedRow,
    cited: CitationsByRow,
    footnotes: Footnotes,
    subject: Party | Person | EdtfDate,
) -> Fact[CitedRow]:
    """Mark a part of an event; ``subject`` tells it from others in the list of sources."""
    anchor = f"{row._meta.model_name}-{row.pk}"
    citations = cited[row]
    name = subject if isinstance(subject, EdtfDate) else subject.name
    marks = footnotes.mark(citations, anchor, name)
    return Fact(row, marks, flags(row, citations))


def _place(link: EventPlace, cited: CitationsByRow, footnotes: Footnotes) -> Fact[EventPlace]:
    """Mark a place with the sources of its own name and location."""
    if link.place is None:
        return Fact(link, [])
    citations = cited[link.place]
    marks = footnotes.mark(citations, "place", link.place.name)
    return Fact(link, marks, flags(link.place, citations))


def _promise(view: CommitmentView, footnotes: Footnotes) -> Fact[CommitmentView]:
    commitment = view.commitment
    anchor = f"commitment-{commitment.pk}"
    citations = commitment.citations.all()
    marks = footnotes.mark(citations, anchor, commitment.title)
    return Fact(view, marks, flags(commitment, citations))
