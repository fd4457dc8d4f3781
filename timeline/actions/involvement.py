"""Who took part in an event: resolved when data is written, never when it is read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from django.db import IntegrityError, transaction

from timeline.core.batches import batched
from timeline.database import constraints, version
from timeline.models import Attendance, Event, Involvement, Membership, Participation
from timeline.queries.involvement import Way, ways

_BATCH: Final = 5000
"""Events resolved in one query: databases limit the number of its parameters."""


class InvolvementDifference(NamedTuple):
    """How the rows of one event differ from a recomputation."""

    event: int
    missing: frozenset[Way]
    stale: frozenset[Way]


def resolve(
    *, events: Iterable[int] | None = None, without: int | None = None
) -> list[InvolvementDifference]:
    """Update who took part in these events (all when None); return what differed.

    ``without`` ignores a membership that is about to be deleted. Raises ValidationError, and
    changes nothing, when a person's attendance would be left without an involved party.
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
            refusal = constraints.validation_error(error)
            if refusal is None:
                raise
            raise refusal from error
    return differences


def take_turns() -> None:
    """Wait, in a transaction, until no other transaction resolves who took part.

    If one transaction adds a bloc to an event and another adds a state to the bloc, neither sees
    the other's rows, and both would miss the state's involvement. SQLite's immediate transactions
    take turns anyway.
    """
    version.wait_for_turn()


def add_missing(*, events: Iterable[int]) -> None:
    """Add the missing rows of these events, and delete none.

    Between a change of an event's parties and the change of its attendances, both the old and the
    new parties must be involved; :func:`resolve` deletes the old ones afterwards.
    """
    take_turns()
    rows = []
    for difference in differing(events=events):
        stored = {(way.party, way.via) for way in difference.stale}
        rows += [
            _row(difference.event, way)
            for way in difference.missing
            if (way.party, way.via) not in stored
        ]
    Involvement.objects.bulk_create(rows, batch_size=500)


def orphaned(*, events: Iterable[int], without: int | None = None) -> list[int]:
    """Return the events at which a person would attend for a party that no longer takes part.

    ``without`` ignores a membership that is about to be deleted.
    """
    keys = []
    for difference in differing(events=events, without=without):
        stored = Involvement.objects.filter(event=difference.event).values_list("party", "via")
        stale = {(way.party, way.via) for way in difference.stale}
        parties = {party for party, via in stored if (party, via) not in stale}
        parties |= {way.party for way in difference.missing}
        if Attendance.objects.filter(event=difference.event).exclude(party__in=parties).exists():
            keys.append(difference.event)
    return keys


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
    """Write new rows before deleting stale ones, so that no attendance loses its party between."""
    keys = {(event, way.party, way.via) for event, way in stale}
    changed = [row for row in fresh if (row.event_id, row.party_id, row.via_id) in keys]
    for row in changed:
        keys.remove((row.event_id, row.party_id, row.via_id))
        Involvement.objects.filter(event=row.event_id, party=row.party_id, via=row.via_id).update(
            membership=row.membership_id, possibly=row.possibly, addressee=row.addressee
        )
    updated = {id(row) for row in changed}
    created = [row for row in fresh if id(row) not in updated]
    Involvement.objects.bulk_create(created, batch_size=500)
    alike: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for event, party, via in sorted(keys, key=lambda key: key[0]):
        alike[party, via].append(event)
    for (party, via), events in alike.items():
        for batch in batched(events, _BATCH):
            Involvement.objects.filter(party=party, via=via, event__in=batch).delete()


def differing(
    *, events: Iterable[int] | None = None, without: int | None = None
) -> Iterable[InvolvementDifference]:
    """Recompute who took part and yield the events whose rows differ, drafts included."""
    by_bloc: dict[int, list[Membership]] = defaultdict(list)
    for membership in Membership.objects.select_related("party").order_by("pk"):
        if membership.pk == without:
            continue
        by_bloc[membership.bloc_id].append(membership)
    if events is None:
        yield from _differing(None, by_bloc)
        return
    keys = sorted(set(events))
    for batch in batched(keys, _BATCH):
        yield from _differing(batch, by_bloc)


def _differing(
    keys: Sequence[int] | None, by_bloc: Mapping[int, list[Membership]]
) -> Iterable[InvolvementDifference]:
    events = Event.objects.order_by("pk").values_list("pk", "date")
    participations = Participation.objects.order_by().values_list("event", "party", "role")
    involvements = Involvement.objects.order_by()
    if keys is not None:
        events = events.filter(pk__in=keys)
        participations = participations.filter(event__in=keys)
        involvements = involvements.filter(event__in=keys)
    roles: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for event, party, role in participations:
        roles[event].append((party, role))
    stored: dict[int, set[Way]] = defaultdict(set)
    for row in involvements.values_list("event", *Way._fields, named=True):
        stored[row.event].add(Way(*row[1:]))
    for event, date in events:
        parties = {party for party, _role in roles[event]}
        memberships = [m for party in parties for m in by_bloc.get(party, ())]
        computed = ways(date, roles[event], memberships)
        if computed != stored[event]:
            missing, stale = computed - stored[event], frozenset(stored[event] - computed)
            yield InvolvementDifference(event, missing, stale)


def events_of_bloc(bloc: int) -> list[int]:
    """Return the events in which a bloc takes part directly, which its memberships affect."""
    return list(Participation.objects.filter(party=bloc).values_list("event", flat=True).distinct())
