"""The labels that say why an event was found for a party which took part only through blocs."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.cache import VersionedCache
from timeline.jinja2 import language, rendered
from timeline.models import Membership, Party
from timeline.queries import timeline

PartyWays = tuple[int, tuple[timeline.PartyWay, ...]]
"""The key of a party and the ways in which it took part: all that its label depends on."""

_labels: Final[VersionedCache[SafeString]] = VersionedCache("via")


class ViaData(NamedTuple):
    """The labels of events: the keys of each event's labels, and the labels in the cache.

    ``missing`` gives the party and its memberships for each label still to be rendered.
    """

    by_event: Mapping[int, Sequence[PartyWays]]
    cached: Mapping[PartyWays, SafeString]
    missing: Mapping[PartyWays, tuple[Party, Sequence[Membership]]]


NO_LABELS: Final = ViaData({}, {}, {})


def read(ids: Sequence[int], chosen: Sequence[Party]) -> ViaData:
    """Load the labels of these events for those of the chosen parties that came through blocs."""
    ways_by_pair = timeline.ways(ids, [party.pk for party in chosen])
    by_event: dict[int, list[PartyWays]] = {}
    parties: dict[PartyWays, Party] = {}
    for event in ids:
        for party in chosen:
            ways = tuple(ways_by_pair.get((event, party.pk), ()))
            if ways and not any(way.has_own_role for way in ways):
                by_event.setdefault(event, []).append((party.pk, ways))
                parties[party.pk, ways] = party
    if not parties:
        return NO_LABELS
    reader_language = language()
    values = _labels.get_many({(reader_language, *key): None for key in parties})
    cached = {(key[1], key[2]): label for key, label in values.items()}
    absent = {key: party for key, party in parties.items() if key not in cached}
    memberships = {party.pk: timeline.memberships(party.pk) for party in absent.values()}
    missing = {key: (party, memberships[party.pk]) for key, party in absent.items()}
    return ViaData(by_event, cached, missing)


def via_labels(data: ViaData) -> dict[int, SafeString]:
    """Render and cache the missing labels, and return the labels of each event that has some."""
    reader_language = language()
    new_labels = {key: _label(key, *data.missing[key]) for key in data.missing}
    if new_labels:
        values = {(reader_language, *key): label for key, label in new_labels.items()}
        _labels.set_many(dict.fromkeys(values), values)
    labels = {**data.cached, **new_labels}
    return {
        event: SafeString("".join(labels[key] for key in keys))
        for event, keys in data.by_event.items()
    }


def _label(key: PartyWays, party: Party, memberships: Sequence[Membership]) -> SafeString:
    _party, ways = key
    via = {way.membership for way in ways}
    context = {
        "party": party,
        "addressee": any(way.addressee for way in ways),
        "possibly": all(way.possibly for way in ways),
        "memberships": [membership for membership in memberships if membership.pk in via],
    }
    return rendered("parts/reason.html", context)
