"""What the map shows: where events met, and which states took part."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from timeline.core.codes import PartyKind
from timeline.index.current import current
from timeline.index.interface import Bins
from timeline.models import Place
from timeline.pictures.interface import Answered
from timeline.pictures.map.layout import Site
from timeline.queries.places import places, standing_for


@dataclass(frozen=True, slots=True)
class MapData:
    """Places with their events, the most first, and states with theirs.

    ``elsewhere`` is how many events met at places whose position is not on record, ``nowhere`` how
    many have no place.
    """

    answered: Answered
    sites: Sequence[Site]
    states: Mapping[str, int]
    elsewhere: int
    nowhere: int
    pairs: Sequence[tuple[str, str]]


def read(answered: Answered) -> MapData:
    """Count the events of places and of states."""
    counts = current().place_counts(answered.question)
    rows = [(place, counts[place.pk]) for place in places(counts.keys())]
    sites = [
        Site(place.slug, str(place.name), _state(place), place.longitude, place.latitude, number)
        for place, number in rows
        if place.longitude is not None and place.latitude is not None
    ]
    placed = sum(counts.values())
    return MapData(
        answered=answered,
        sites=sorted(sites, key=lambda site: (-site.number, site.name, site.slug)),
        states=_states(answered),
        elsewhere=placed - sum(site.number for site in sites),
        nowhere=answered.answer.total - placed,
        pairs=_pairs(answered),
    )


def _state(place: Place) -> str:
    """The code of the state that a place lies in, as it was asked for with it."""
    return getattr(place, "code", None) or ""


def _states(answered: Answered) -> dict[str, int]:
    """How many of the events found each state took part in, the most first."""
    there = [one.code for one in answered.vocabulary.offered.parties if one.kind == PartyKind.STATE]
    counts: Mapping[str, int] = answered.answer.options["party"]
    if answered.question.any_party and answered.question.parties:
        # Options count what each would find beside the parties chosen, which is more.
        edges = [dt.date.min.toordinal(), dt.date.max.toordinal() + 1]
        spread = current().spread(answered.question, Bins(edges, "party", there))
        counts = {code: sum(one.counts) for code, one in spread.items()}
    names = answered.names["party"]
    took_part = [code for code in there if counts.get(code)]
    return {
        code: counts[code] for code in sorted(took_part, key=lambda one: (-counts[one], names[one]))
    }


def _pairs(answered: Answered) -> list[tuple[str, str]]:
    """The states to draw an arc between, where two parties are asked for together."""
    chosen = answered.question.parties
    if len(chosen) != 2 or answered.question.any_party:
        return []
    one, other = standing_for(chosen, answered.today)
    return [pair for pair in product(one, other) if pair[0] != pair[1]]
