"""Who took part in an event, worked out from the parties named and the members of blocs."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from timeline.core.codes import ParticipationRole
from timeline.core.dates import EdtfDate
from timeline.core.intervals import surely_cover
from timeline.models import Membership


class Way(NamedTuple):
    """One way in which a party is involved; ``via`` and ``membership`` are None when direct.

    ``addressee`` says that the party is named only as the one whom the event is aimed at.
    """

    party: int
    via: int | None
    membership: int | None
    possibly: bool
    addressee: bool = False


def ways(
    date: EdtfDate, named: Iterable[tuple[int, str]], memberships: Iterable[Membership]
) -> frozenset[Way]:
    """Resolve who took part on a date, from the parties named and the memberships of blocs.

    ``named`` are the keys of parties with a role each. One that has no other role than addressee is
    involved as such, and nobody takes part through a bloc that is only addressed. ``memberships``
    come with their parties.

    A party is involved through a bloc when a day of the event may lie in a spell as a member, and
    only possibly so when some day may not; spells as a member that touch are one stretch.
    Suspended, observing and associated parties are not involved, and a spell that surely lies
    outside the life of its party counts for nothing. Of several memberships the one named is the
    first that surely holds all days, else the first.
    """
    direct: set[int] = set()
    addressees: set[int] = set()
    for party, role in named:
        (addressees if role == ParticipationRole.ADDRESSEE else direct).add(party)
    resolved = [
        Way(party, None, None, possibly=False, addressee=party not in direct)
        for party in direct | addressees
    ]
    spells: dict[tuple[int, int], list[Membership]] = defaultdict(list)
    for spell in sorted(memberships, key=lambda m: (m.starts_earliest, m.pk)):
        if spell.is_member and spell.bloc_id in direct and spell.may_hold_on(date):
            spells[spell.party_id, spell.bloc_id].append(spell)
    for pair, touching in spells.items():
        surest = next((m for m in touching if m.span.surely_covers(date)), touching[0])
        sure = surely_cover((m.span for m in touching), date.earliest, date.latest)
        resolved.append(Way(*pair, surest.pk, possibly=not sure))
    return frozenset(resolved)
