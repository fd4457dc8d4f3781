"""Who took part in an event, worked out from the parties named and the members of blocs."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from timeline.core.dates import EdtfDate
from timeline.core.intervals import surely_cover
from timeline.models import Membership


class Way(NamedTuple):
    """One way in which a party is involved; ``via`` and ``membership`` are None if direct."""

    party: int
    via: int | None
    membership: int | None
    possibly: bool


def ways(
    date: EdtfDate, direct: Collection[int], memberships: Iterable[Membership]
) -> frozenset[Way]:
    """Resolve who took part on a date, from the parties named and the memberships of blocs.

    A state is involved through a bloc if a day of the event may lie in its membership, and only
    possibly so if some day may not; memberships of a state and a bloc that touch count as one.
    Of several memberships a way names the first that surely covers all days, else the first.
    """
    resolved = [Way(party, None, None, possibly=False) for party in direct]
    by_pair: dict[tuple[int, int], list[Membership]] = defaultdict(list)
    for membership in sorted(memberships, key=lambda m: (m.starts_earliest, m.pk)):
        if membership.bloc_id in direct and membership.span.may_touch(date):
            by_pair[membership.party_id, membership.bloc_id].append(membership)
    for pair, touching in by_pair.items():
        surest = next((m for m in touching if m.span.surely_covers(date)), touching[0])
        sure = surely_cover((m.span for m in touching), date.earliest, date.latest)
        resolved.append(Way(*pair, surest.pk, possibly=not sure))
    return frozenset(resolved)
