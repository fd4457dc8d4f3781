"""The labels that say why an event was found for a party which took part only through blocs."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.cache import VersionedCache
from timeline.jinja2 import language, rendered
from timeline.models import Membership, Party
from timeline.queries import timeline

PartyWays = tuple[int, tuple[timeline.PartyWay, ...]]
"""The key of a party and the ways in which it took part: all that its label depends on."""

Through = tuple[Membership, Party]
"""A membership and its bloc."""

_labels: Final[VersionedCache[SafeString]] = VersionedCache("via")


class ViaData(NamedTuple):
    """The labels of events: the keys of each event's labels, and the labels in the cache.

    ``missing`` gives the party for each label still to be rendered, and its memberships with the
    blocs, called as on the day.
    """

    by_event: Mapping[int, Sequence[PartyWays]]
    cached: Mapping[PartyWays, SafeString]
    missing: Mapping[PartyWays, tuple[Party, Sequence[Through]]]


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
    missing = {
        key: (party, _through(key[1], memberships[party.pk])) for key, party in absent.items()
    }
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


def _through(ways: Sequence[timeline.PartyWay], memberships: Sequence[Membership]) -> list[Through]:
    """Return the memberships through which a party took part, and the blocs as called that day."""
    names = {way.membership: way.names for way in ways}
    through = []
    for membership in memberships:
        if membership.pk in names:
            bloc = copy(membership.bloc)
            bloc.names_then = names[membership.pk]
            through.append((membership, bloc))
    return through


def _label(key: PartyWays, party: Party, through: Sequence[Through]) -> SafeString:
    _party, ways = key
    context = {
        "party": party,
        "addressee": any(way.addressee for way in ways),
        "possibly": all(way.possibly for way in ways),
        "through": through,
    }
    return rendered("parts/reason.html", context)
