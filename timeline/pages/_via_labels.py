"""Why an event was found for a party that takes part in it only through blocs."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from django.utils.safestring import SafeString

from timeline.cache import VersionedCache
from timeline.jinja2 import language, rendered
from timeline.models import Party
from timeline.queries import timeline

_reasons: Final[VersionedCache[SafeString]] = VersionedCache("reason")


def reasons(ids: Sequence[int], chosen: Sequence[Party]) -> dict[int, SafeString]:
    """For each of these events the reasons why it was found for the parties chosen, if any."""
    if not chosen or not ids:
        return {}
    ways = timeline.ways(ids, [party.pk for party in chosen])
    reader = language()
    made: dict[tuple[int, tuple[timeline.Way, ...]], SafeString] = {}
    found: dict[int, SafeString] = {}
    for event in ids:
        for party in chosen:
            taken = tuple(ways.get((event, party.pk), ()))
            if not taken or any(way.membership is None for way in taken):
                continue
            key = (party.pk, taken)
            if key not in made:
                made[key] = _reasons.get_or_load(
                    (reader, *key), None, partial(_reason, party, taken)
                )
            found[event] = found.get(event, SafeString()) + made[key]
    return found


def _reason(party: Party, taken: Sequence[timeline.Way]) -> SafeString:
    memberships = {way.membership for way in taken}
    context = {
        "party": party,
        "possibly": all(way.possibly for way in taken),
        "memberships": [one for one in timeline.memberships(party.pk) if one.pk in memberships],
    }
    return rendered("parts/reason.html", context)
