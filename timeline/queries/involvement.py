"""Who took part, worked out from the parties named and the memberships of blocs."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from timeline.core.dates import EdtfDate
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
    possibly so when some day may not. Of several memberships of one pair, the surest counts, then
    the earliest.
    """
    found = [Way(party, None, None, possibly=False) for party in direct]
    through: dict[tuple[int, int | None], Way] = {}
    for membership in sorted(memberships, key=lambda m: (m.starts_earliest, m.pk)):
        if membership.bloc_id not in direct or not membership.span.may_touch(date):
            continue
        possibly = not membership.span.surely_covers(date)
        key = (membership.party_id, membership.bloc_id)
        if key not in through or (through[key].possibly and not possibly):
            through[key] = Way(*key, membership.pk, possibly)
    return frozenset([*found, *through.values()])
