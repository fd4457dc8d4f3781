"""Why an event was found for a party that takes part in it only through blocs."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.cache import VersionedCache
from timeline.jinja2 import language, rendered
from timeline.models import Membership, Party
from timeline.queries import timeline

Through = tuple[int, tuple[timeline.PartyWay, ...]]
"""A party and the ways in which it took part in an event: all that its label depends on."""

_labels: Final[VersionedCache[SafeString]] = VersionedCache("via")


class ViaData(NamedTuple):
    """The labels of events: which each event has, those that are kept, and what others say.

    ``missing`` gives the party and its memberships for each label still to be made.
    """

    of_events: Mapping[int, Sequence[Through]]
    kept: Mapping[Through, SafeString]
    missing: Mapping[Through, tuple[Party, Sequence[Membership]]]


NO_LABELS: Final = ViaData({}, {}, {})


def read(ids: Sequence[int], chosen: Sequence[Party]) -> ViaData:
    """Read for each of these events why it was found for the parties chosen, if through blocs."""
    ways = timeline.ways(ids, [party.pk for party in chosen])
    of_events: dict[int, list[Through]] = {}
    parties: dict[Through, Party] = {}
    for event in ids:
        for party in chosen:
            taken = tuple(ways.get((event, party.pk), ()))
            if taken and not any(way.has_own_role for way in taken):
                of_events.setdefault(event, []).append((party.pk, taken))
                parties[party.pk, taken] = party
    if not parties:
        return NO_LABELS
    reader = language()
    found = _labels.get_many({(reader, *key): None for key in parties})
    kept = {(key[1], key[2]): label for key, label in found.items()}
    absent = {key: party for key, party in parties.items() if key not in kept}
    held = {party.pk: timeline.memberships(party.pk) for party in absent.values()}
    missing = {key: (party, held[party.pk]) for key, party in absent.items()}
    return ViaData(of_events, kept, missing)


def via_labels(data: ViaData) -> dict[int, SafeString]:
    """The labels of each event that has some; those that are made are kept."""
    reader = language()
    made = {key: _label(key, *data.missing[key]) for key in data.missing}
    if made:
        revisions = {(reader, *key): None for key in made}
        _labels.set_many(revisions, {(reader, *key): label for key, label in made.items()})
    found = {**data.kept, **made}
    return {
        event: SafeString("".join(found[key] for key in keys))
        for event, keys in data.of_events.items()
    }


def _label(key: Through, party: Party, memberships: Sequence[Membership]) -> SafeString:
    _party, taken = key
    through = {way.membership for way in taken}
    context = {
        "party": party,
        "addressee": any(way.addressee for way in taken),
        "possibly": all(way.possibly for way in taken),
        "memberships": [one for one in memberships if one.pk in through],
    }
    return rendered("parts/reason.html", context)
