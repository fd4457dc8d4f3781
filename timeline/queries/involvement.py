"""Who took part, worked out from the parties named and the memberships of blocs."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from timeline.core.dates import EdtfDate
from timeline.core.intervals import surely_cover
from timeline.models import Membership


class Way(NamedTuple):
    """One way in which a party is involved; ``via`` and ``membership`` are None when direct."""

    party: int
    via: int | None
    membership: int | None
    possibly: bool


def ways(
    date: EdtfDate, direct: Collection[int], memberships: Iterable[Membership]
) -> frozenset[Way]:
    """Resolve who took part on a date, from the parties named and the memberships of blocs.

    A state is involved through a bloc when a day of the event may lie in its membership, and only
    possibly so when some day may not; memberships of one pair that touch are one stretch. Of
    several the one named is the first that surely holds all days, else the first.
    """
    found = [Way(party, None, None, possibly=False) for party in direct]
    held: dict[tuple[int, int], list[Membership]] = defaultdict(list)
    for membership in sorted(memberships, key=lambda m: (m.starts_earliest, m.pk)):
        if membership.bloc_id in direct and membership.span.may_touch(date):
            held[membership.party_id, membership.bloc_id].append(membership)
    for pair, touching in held.items():
        surest = next((m for m in touching if m.span.surely_covers(date)), touching[0])
        sure = surely_cover((m.span for m in touching), date.earliest, date.latest)
        found.append(Way(*pair, surest.pk, possibly=not sure))
    return frozenset(found)
