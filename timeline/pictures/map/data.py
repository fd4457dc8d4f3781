"""The data of the map: the places of events, and the states that took part."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from timeline.core.codes import PartyKind
from timeline.core.question import Question
from timeline.index.current import current, totals
from timeline.models import Place
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.map.layout import MapPlace, Shared
from timeline.queries.places import places, standing_for


@dataclass(frozen=True, slots=True)
class MapData:
    """Places and states with the numbers of their events, the most first.

    An event counts at each of its places, or of those that the question asks for; ``shared`` names
    places that have events in common. ``elsewhere`` counts events at places whose position is not
    on record, ``nowhere`` those without a place. ``pairs`` are the states to join with an arc, with
    the numbers of the events at which they met: those of ``met``, the question without events that
    only address a party. ``together`` counts the events at which the two chosen parties met.
    """

    answered: AnsweredQuestion
    met: Question
    sites: Sequence[MapPlace]
    shared: Sequence[Shared]
    states: Mapping[str, int]
    elsewhere: int
    nowhere: int
    pairs: Mapping[tuple[str, str], int]
    together: int


def read(answered: AnsweredQuestion) -> MapData:
    """Load the places and count the events of places and states."""
    counts, chosen = current().place_counts(answered.question), answered.question.places
    numbers = Counter[int]()
    for keys, n in counts.items():
        numbers.update(dict.fromkeys(keys, n))
    sites = {
        place.pk: MapPlace(
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
    met = replace(answered.question.without_page(), met=True)
    pairs, together = _pairs(met, answered.today)
    return MapData(
        answered=answered,
        met=met,
        sites=sorted(sites.values(), key=lambda site: (-site.number, site.name, site.slug)),
        states=_states(answered),
        shared=[Shared(slugs, n) for slugs, n in on_map.items() if len(slugs) > 1],
        elsewhere=on_map[frozenset()],
        nowhere=answered.answer.total - on_map.total(),
        pairs=pairs,
        together=together,
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
        counts = totals(answered.question, "party", states)
    names = answered.names["party"]
    took_part = [code for code in states if counts.get(code)]
    took_part.sort(key=lambda code: (-counts[code], names[code]))
    return {code: counts[code] for code in took_part}


def _pairs(met: Question, day: dt.date) -> tuple[dict[tuple[str, str], int], int]:
    """Count the events at which two chosen parties met, for each pair of their states and in all.

    There are none unless the question asks for two parties together.
    """
    chosen = met.parties
    if len(chosen) != 2 or met.any_party:
        return {}, 0
    first, second = standing_for(chosen, day)
    rows, columns = ("party", [chosen[0], *first]), ("party", [chosen[1], *second])
    counts = current().pair_counts(met, rows, columns)
    pairs: dict[tuple[str, str], int] = {}
    for one, other in product(first, second):
        if one != other and (other, one) not in pairs and (one, other) in counts:
            pairs[one, other] = counts[one, other]
    return pairs, counts.get(chosen, 0)
