"""Why an event was found for a party that takes part in it only through blocs."""

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.cache import Ready
from timeline.database.version import Version
from timeline.jinja2 import rendered
from timeline.models import Membership, Party
from timeline.queries import timeline


class _Told(NamedTuple):
    """A party with its memberships, in the order in which they are told."""

    party: Party
    memberships: dict[int, Membership]


_told: Final[Ready[_Told]] = Ready(most=512)


def reasons(
    ids: Sequence[int], chosen: Sequence[Party], seen: Version | None
) -> dict[int, SafeString]:
    """For each of these events the reasons why it was found for the parties chosen, if any."""
    if not chosen or not ids:
        return {}
    ways = timeline.ways(ids, [party.pk for party in chosen])
    by_party = {party: _told.of(seen, party.pk, partial(_held, party)) for party in chosen}
    made: dict[tuple[int, tuple[timeline.Way, ...]], SafeString] = {}
    found: dict[int, SafeString] = {}
    for event in ids:
        for party in chosen:
            taken = tuple(ways.get((event, party.pk), ()))
            if not taken or any(way.membership is None for way in taken):
                continue
            key = (party.pk, taken)
            if key not in made:
                made[key] = _reason(by_party[party], taken)
            found[event] = found.get(event, SafeString()) + made[key]
    return found


def _held(party: Party) -> _Told:
    return _Told(party, {one.pk: one for one in timeline.memberships(party.pk)})


def _reason(told: _Told, taken: Sequence[timeline.Way]) -> SafeString:
    by_membership = {way.membership: way for way in taken}
    context = {
        "party": told.party,
        "possibly": all(way.possibly for way in taken),
        "memberships": [one for key, one in told.memberships.items() if key in by_membership],
    }
    return rendered("parts/reason.html", context)
