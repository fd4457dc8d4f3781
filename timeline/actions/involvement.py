"""Who took part in an event: resolved when data is written, never when it is read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from django.db import IntegrityError, transaction

from timeline.database import constraints, version
from timeline.models import Attendance, Event, Involvement, Membership, Participation
from timeline.queries.involvement import Way, ways

_BATCH: Final = 5000
"""Events worked out at a time: a database takes only so many values in one question."""


class Difference(NamedTuple):
    """What a recomputation found at one event."""

    event: int
    missing: frozenset[Way]
    stale: frozenset[Way]


def resolve(*, events: Iterable[int] | None = None, without: int | None = None) -> list[Difference]:
    """Bring who took part up to date for these events (all when None); return what differed.

    ``without`` leaves out a membership that is about to go. Raises ValidationError when a
    person's attendance would be left without an involved party: nothing is changed then.
    """
    with transaction.atomic():
        take_turns()
        differences = list(differing(events=events, without=without))
        stale = [(difference.event, way) for difference in differences for way in difference.stale]
        fresh = [
            _row(difference.event, way) for difference in differences for way in difference.missing
        ]
        try:
            with transaction.atomic():
                _replace(stale, fresh)
        except IntegrityError as error:
            said = constraints.validation_error(error)
            if said is None:
                raise
            raise said from error
    return differences


def take_turns() -> None:
    """Wait, in a transaction, until nobody else is working out who took part.

    Two transactions that do not see each other's rows, a bloc put into an event here and a state
    put into the bloc there, would each leave out what the other one adds. SQLite's immediate
    transactions take turns anyway.
    """
    version.wait_for_turn()


def add_missing(*, events: Iterable[int]) -> None:
    """Add who takes part and is not on record yet, and take nobody away.

    Between a change of an event's parties and the attendances that go with it, both the old and
    the new parties must stand; :func:`resolve` takes the old ones away afterwards.
    """
    take_turns()
    for difference in list(differing(events=events)):
        held = {(way.party, way.via) for way in difference.stale}
        Involvement.objects.bulk_create(
            _row(difference.event, way)
            for way in difference.missing
            if (way.party, way.via) not in held
        )


def orphaned(*, events: Iterable[int], without: int | None = None) -> list[int]:
    """The events at which a person would attend for a party that no longer takes part.

    ``without`` leaves out a membership that is about to go.
    """
    found = []
    for difference in differing(events=events, without=without):
        kept = Involvement.objects.filter(event=difference.event).values_list("party", "via")
        gone = {(way.party, way.via) for way in difference.stale}
        parties = {party for party, via in kept if (party, via) not in gone}
        parties |= {way.party for way in difference.missing}
        if Attendance.objects.filter(event=difference.event).exclude(party__in=parties).exists():
            found.append(difference.event)
    return found


def _row(event: int, way: Way) -> Involvement:
    return Involvement(
        event_id=event,
        party_id=way.party,
        via_id=way.via,
        membership_id=way.membership,
        possibly=way.possibly,
        addressee=way.addressee,
    )


def _replace(stale: list[tuple[int, Way]], fresh: list[Involvement]) -> None:
    """Write what is new before taking away what is stale, so that no attendance stands alone."""
    keys = {(event, way.party, way.via): way for event, way in stale}
    changed = [row for row in fresh if (row.event_id, row.party_id, row.via_id) in keys]
    for row in changed:
        del keys[(row.event_id, row.party_id, row.via_id)]
        Involvement.objects.filter(event=row.event_id, party=row.party_id, via=row.via_id).update(
            membership=row.membership_id, possibly=row.possibly, addressee=row.addressee
        )
    kept = {id(row) for row in changed}
    Involvement.objects.bulk_create([row for row in fresh if id(row) not in kept], batch_size=500)
    for event, party, via in keys:
        Involvement.objects.filter(event=event, party=party, via=via).delete()


def differing(
    *, events: Iterable[int] | None = None, without: int | None = None
) -> Iterable[Difference]:
    """Recompute who took part and yield where the rows on record differ, drafts included."""
    by_bloc: dict[int, list[Membership]] = defaultdict(list)
    for membership in Membership.objects.select_related("party").order_by("pk"):
        if membership.pk == without:
            continue
        by_bloc[membership.bloc_id].append(membership)
    if events is None:
        yield from _differing(None, by_bloc)
        return
    wanted = sorted(set(events))
    for first in range(0, len(wanted), _BATCH):
        yield from _differing(wanted[first : first + _BATCH], by_bloc)


def _differing(
    wanted: list[int] | None, by_bloc: Mapping[int, list[Membership]]
) -> Iterable[Difference]:
    events = Event.objects.order_by("pk").values_list("pk", "date")
    named = Participation.objects.order_by().values_list("event", "party", "role")
    on_record = Involvement.objects.order_by()
    if wanted is not None:
        events = events.filter(pk__in=wanted)
        named = named.filter(event__in=wanted)
        on_record = on_record.filter(event__in=wanted)
    by_event: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for event, party, role in named:
        by_event[event].append((party, role))
    stored: dict[int, set[Way]] = defaultdict(set)
    for row in on_record.values_list("event", *Way._fields, named=True):
        stored[row.event].add(Way(*row[1:]))
    for event, date in events:
        parties = {party for party, _role in by_event[event]}
        memberships = [m for party in parties for m in by_bloc.get(party, ())]
        due = ways(date, by_event[event], memberships)
        if due != stored[event]:
            yield Difference(event, due - stored[event], frozenset(stored[event] - due))


def events_of_bloc(bloc: int) -> list[int]:
    """The events in which a bloc takes part directly: those that a membership's change touches."""
    return list(Participation.objects.filter(party=bloc).values_list("event", flat=True).distinct())
