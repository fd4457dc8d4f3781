"""The data of the map: the places of events, and the states that took part."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from timeline.core.codes import PartyKind
from timeline.index.current import current
from timeline.index.interface import Bins
from timeline.models import Place
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.map.layout import Shared, Site
from timeline.queries.places import places, standing_for


@dataclass(frozen=True, slots=True)
class MapData:
    """Places and states with the numbers of their events, the most first.

    An event counts at each of its places, or of those that the question asks for; ``shared`` names
    places that have events in common. ``elsewhere`` counts events at places whose position is not
    on record, ``nowhere`` those without a place. ``pairs`` are the states to join with an arc.
    """

    answered: AnsweredQuestion
    sites: Sequence[Site]
    shared: Sequence[Shared]
    states: Mapping[str, int]
    elsewhere: int
    nowhere: int
    pairs: Sequence[tuple[str, str]]


def read(answered: AnsweredQuestion) -> MapData:
    """Load the places and count the events of places and states."""
    counts, chosen = current().place_counts(answered.question), answered.question.places
    numbers = Counter[int]()
    for keys, n in counts.items():
        numbers.update(dict.fromkeys(keys, n))
    sites = {
        place.pk: Site(
            *(place.slug, str(place.name), _state(place), place.longitude, place.latitude),
            numbers[place.pk],
        )
        for place in places(numbers.keys())
        if place.longitude is not None
        and place.latitude is not None
        # A link to another place would leave out the filter that the events are found by.
        and (not chosen or place.slug in chosen)
    }
    on_map = Counter[frozenset[str]]()
    for keys, n in counts.items():
        on_map[frozenset(sites[key].slug for key in keys if key in sites)] += n
    return MapData(
        answered=answered,
        sites=sorted(sites.values(), key=lambda site: (-site.number, site.name, site.slug)),
        states=_states(answered),
        shared=[Shared(slugs, n) for slugs, n in on_map.items() if len(slugs) > 1],
        elsewhere=on_map[frozenset()],
        nowhere=answered.answer.total - on_map.total(),
        pairs=_pairs(answered),
    )


def _state(place: Place) -> str:
    """Return the code of a place's state, an annotation of the query; '' if it is unknown."""
    return getattr(place, "code", None) or ""


def _states(answered: AnsweredQuestion) -> dict[str, int]:
    """Count the matching events of each state that took part in any, the most first."""
    states = [
        party.code for party in answered.vocabulary.offered.parties if party.kind == PartyKind.STATE
    ]
    counts: Mapping[str, int] = answered.answer.options["party"]
    if answered.question.any_party and answered.question.parties:
        # The counts of options are those with each party added to the chosen ones, which is more.
        edges = [dt.date.min.toordinal(), dt.date.max.toordinal() + 1]
        spreads = current().spread(answered.question, Bins(edges, "party", states))
        counts = {code: sum(spread.counts) for code, spread in spreads.items()}
    names = answered.names["party"]
    took_part = [code for code in states if counts.get(code)]
    took_part.sort(key=lambda code: (-counts[code], names[code]))
    return {code: counts[code] for code in took_part}


def _pairs(answered: AnsweredQuestion) -> list[tuple[str, str]]:
    """Return the pairs of states to join if the question asks for two parties together."""
    chosen = answered.question.parties
    if len(chosen) != 2 or answered.question.any_party:
        return []
    first, second = standing_for(chosen, answered.today)
    return [pair for pair in product(first, second) if pair[0] != pair[1]]
